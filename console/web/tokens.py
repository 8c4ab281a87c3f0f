"""A person's own tokens: keys for programs that ask in their name, shown once, good until they end."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from console.entrance import Visitor
from console.ports import Look
from console.ports.people import RefusedError, Tokens
from console.views.people import token_rows
from console.web.visit import Desk, OwnForm, TheDesk, TheLook, TheVisitor, text_of
from domain.language import _

DAYS = (7, 30, 90, 366)
MOST = 20
"""Good ones of one account."""


def token_routes(tokens: Tokens) -> APIRouter:
    router = APIRouter()

    def page(
        request: Request,
        desk: Desk,
        visitor: Visitor,
        look: Look,
        status: int = 200,
        error: str = "",
        secret: str = "",
    ) -> Response:
        rows = token_rows(tokens.of(visitor.account.name), look.at, desk.zone)
        return desk.pages.page(
            request, "tokens.html", visitor, look, status, rows=rows, days=DAYS, error=error, secret=secret
        )

    @router.get("/tokens")
    def own(request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook) -> Response:
        return page(request, desk, visitor, look)

    @router.post("/tokens")
    def add(request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook, form: OwnForm) -> Response:
        name = visitor.account.name
        days, note = text_of(form, "days", 4), text_of(form, "note", 200)
        try:
            if days not in map(str, DAYS):
                raise RefusedError(_("Choose from the list how long it is good."))
            if sum(each.expires_at > look.at for each in tokens.of(name)) >= MOST:
                raise RefusedError(
                    _("You have {count} tokens. Revoke one that is not needed any more.").format(count=MOST)
                )
            read_only = text_of(form, "may") != "act"
            key, _token = tokens.add(name, name, int(days), read_only=read_only, note=note)
        except RefusedError as refused:
            return page(request, desk, visitor, look, 422, str(refused))
        return page(request, desk, visitor, look, secret=key.reveal())

    @router.post("/tokens/revoke")
    def revoke(request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook, form: OwnForm) -> Response:
        name, id_ = visitor.account.name, text_of(form, "id", 40)
        try:
            if id_ not in {each.id for each in tokens.of(name)}:
                raise RefusedError(_("You have no such token."))
            tokens.revoke(name, id_)
        except RefusedError as refused:
            return page(request, desk, visitor, look, 422, str(refused))
        return RedirectResponse("/tokens", 303)

    return router
