"""The handover of a shift, to be read, printed or kept as CSV; and 'I take over', which is written in the journal."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from console.api.handover import handover_api
from console.entrance import Visitor
from console.ports import Look
from console.ports.handover import Shifts, Span, TakenOver
from console.views.handover import AHEAD, Handover, handover_of, lines_of, running_out
from console.views.sheet import sheet_of
from console.views.shifts import KEYS, span_of, span_word
from console.web.part import Entry, Part
from console.web.sheet import as_sheet
from console.web.visit import Desk, OwnForm, TheDesk, TheHandler, TheLook, TheVisitor, text_of
from domain.accounts import Account
from domain.language import _

LOOK_BACK: Final = timedelta(days=30)
TAKEN_BACK: Final = timedelta(days=7)
Key = Annotated[str, Query(alias="span", max_length=10)]


def made_handover(shifts: Shifts, desk: Desk, look: Look, account: Account, key: str) -> Handover:
    span = span_of(key, shifts.begins(), look.at, desk.zone)
    oldest = min((each.started_at for each in look.open), default=span.since)
    acts = shifts.acts(max(min(oldest, span.since), look.at - LOOK_BACK), look.at + timedelta(days=1))
    return handover_of(
        look,
        account,
        span,
        desk.sources.between(span.since, span.until),
        acts,
        shifts.works(look.at, look.at + AHEAD),
        shifts.taken(look.at - TAKEN_BACK),
        desk.speak,
        desk.zone,
    )


def handover_part(shifts: Shifts) -> Part:
    router = APIRouter()

    def shown(
        request: Request, desk: Desk, visitor: Visitor, look: Look, key: str, status: int = 200, error: str = ""
    ) -> Response:
        page = made_handover(shifts, desk, look, visitor.account, key)
        return desk.pages.page(
            request, "handover.html", visitor, look, status, page=page, error=error, running_out=running_out(page),
            choices=[(each, span_word(each)) for each in KEYS], duty=_names(shifts.on_duty(), visitor.account),
        )  # fmt: skip

    @router.get("/handover")
    def handover(request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook, key: Key = "now") -> Response:
        return shown(request, desk, visitor, look, key)

    @router.get("/handover.csv")
    def handover_csv(desk: TheDesk, visitor: TheVisitor, look: TheLook, key: Key = "now") -> Response:
        page = made_handover(shifts, desk, look, visitor.account, key)
        head = [_("part"), _("what"), _("since"), _("until"), _("who"), _("text")]
        return as_sheet("handover", look.at.astimezone(desk.zone).date(), sheet_of(head, lines_of(page)))

    @router.post("/handover")
    def take(visitor: TheHandler, desk: TheDesk, form: OwnForm) -> Response:
        shifts.take(TakenOver(desk.utc(), visitor.account.name, visitor.account.area, text_of(form, "note", 500)))
        return RedirectResponse("/handover", 303)

    entry = Entry(
        "/handover",
        lambda: _("Shift handover"),
        lambda: _("What is open, what came and went, what is ahead, who has it."),
    )
    return Part(router, (entry,), handover_api(shifts, made_handover))


def _names(on_duty: Sequence[str], account: Account) -> str:
    """Who sees one kecamatan is not told the whole roster."""
    return ", ".join(on_duty) if account.sees_everything else ""


__all__ = ["Span", "handover_part", "made_handover"]
