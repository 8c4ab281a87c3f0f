"""An area of pages that is plugged in: its routes, what of it stands under /api/v1, and where it is found.

An area is made by a function of its port, `sites_part(sites: Sites) -> Part`, and named in
`kentongan.console_adapters.parts`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from console.web.visit import TheDesk, TheLook, TheVisitor
from domain.accounts import Account, Right, may


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the page of everything. title, says: made when it is shown, in the language of whoever looks. whole:
    for accounts that see the whole kabupaten."""

    path: str
    title: Callable[[], str]
    says: Callable[[], str]
    right: Right = Right.SEE
    or_right: Right | None = None
    whole: bool = False

    def is_for(self, account: Account) -> bool:
        role = account.role
        has_right = may(role, self.right) or (self.or_right is not None and may(role, self.or_right))
        return has_right and (account.sees_everything or not self.whole)


@dataclass(frozen=True, slots=True)
class Part:
    """router: pages. api: routes below /api/v1, None where there are none."""

    router: APIRouter
    entries: tuple[Entry, ...] = ()
    api: APIRouter | None = None


def everything_routes(parts: Sequence[Part]) -> APIRouter:
    """The page that leads to all the others."""
    router = APIRouter()
    entries = tuple(entry for part in parts for entry in part.entries)

    @router.get("/more")
    def more(request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook) -> Response:
        shown = [entry for entry in entries if entry.is_for(visitor.account)]
        return desk.pages.page(request, "more.html", visitor, look, entries=shown)

    return router
