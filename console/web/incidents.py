"""Incidents: the list, one of them whole, and what people do about it."""

from datetime import datetime, timedelta, tzinfo

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from console.cutting import Cutter, cut_incidents, named
from console.ports import Look, OrderFailedError
from console.scope import shows
from console.views.incident import page_of
from console.views.rows import row_of, weight
from console.web.visit import Desk, OwnForm, TheDesk, TheHandler, TheLook, TheVisitor, text_of
from domain.incidents import Act, ActKind, ClosingCause, Incident
from domain.language import _

router = APIRouter()
ENDED = timedelta(days=7)
TICKET_STEPS = {
    kind.value: kind
    for kind in (
        ActKind.TICKET_OPENED,
        ActKind.TICKET_PROMISED,
        ActKind.TICKET_CLAIMED_DONE,
        ActKind.TICKET_CLOCK_STOPPED,
        ActKind.TICKET_CLOCK_WENT_ON,
        ActKind.TICKET_CLOSED,
    )
}
STEPS = {kind.value: kind for kind in (ActKind.ACKNOWLEDGED, ActKind.DEPARTED, ActKind.ON_SITE, ActKind.DONE)}


@router.get("/incidents")
def incidents(request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook, ended: bool = False) -> Response:
    found = list(look.open)
    if ended:
        over = desk.sources.between(look.at - ENDED, look.at + timedelta(days=1))
        found = cut_incidents(look, (each for each in over if not each.is_open and shows(look, each)))
    rows = [row_of(each, look, desk.speak, desk.zone) for each in sorted(found, key=weight, reverse=True)]
    return desk.pages.page(request, "incidents.html", visitor, look, rows=rows, ended=ended)


@router.get("/incidents/{id_}")
def incident(request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook, id_: str) -> Response:
    return _shown(request, desk, visitor, look, id_)


@router.post("/incidents/{id_}/acts")
def act(request: Request, desk: TheDesk, visitor: TheHandler, look: TheLook, form: OwnForm, id_: str) -> Response:
    """A step, a note, the closing cause, or what the provider says of its ticket."""
    seen_incident(desk, look, id_)
    text, step, cause = text_of(form, "text"), text_of(form, "step"), text_of(form, "cause", 60)
    if step in TICKET_STEPS:
        try:
            values = ticket_values(text_of(form, "number", 60), text_of(form, "promised", 20), desk.zone)
        except ValueError as wrong:
            return _shown(request, desk, visitor, look, id_, 422, str(wrong))
        order = Act(id_, desk.utc(), visitor.account.name, TICKET_STEPS[step], text, values)
    elif step in STEPS:
        order = Act(id_, desk.utc(), visitor.account.name, STEPS[step], text)
    elif cause in set(ClosingCause):
        order = Act(id_, desk.utc(), visitor.account.name, ActKind.CLOSED, text, {"cause": cause})
    elif text and not step and not cause:
        order = Act(id_, desk.utc(), visitor.account.name, ActKind.NOTE, text)
    else:
        return _shown(request, desk, visitor, look, id_, 422, _("Nothing was written. Choose a step or write a note."))
    try:
        dark = desk.orders.act(order)
    except OrderFailedError as failed:
        return _shown(request, desk, visitor, look, id_, 409, str(failed))
    if dark:
        still = _("Not over: still dark are {names}.").format(names=", ".join(named(look, dark)[:10]))
        return _shown(request, desk, visitor, look, id_, 409, still)
    return RedirectResponse(f"/incidents/{id_}", 303)


def ticket_values(number: str, promised: str, zone: tzinfo) -> dict[str, str]:
    """promised: 2026-11-22T18:00 by the kabupaten's clock, as a browser sends it. Raises ValueError."""
    values = {"number": number} if number else {}
    if promised:
        try:
            at = datetime.fromisoformat(promised)
        except ValueError:
            raise ValueError(_("Write by when it was promised as 2026-11-22T18:00.")) from None
        values["promised"] = (at if at.tzinfo else at.replace(tzinfo=zone)).isoformat()
    return values


def _shown(
    request: Request, desk: Desk, visitor: TheVisitor, look: Look, id_: str, status: int = 200, error: str = ""
) -> Response:
    page = page_of(
        seen_incident(desk, look, id_), Cutter(look).acts(desk.sources.timeline(id_)), look, desk.speak, desk.zone
    )
    causes = [cause.value for cause in ClosingCause]
    words = {"causes": causes, "error": error, "ticket_steps": TICKET_STEPS}
    return desk.pages.page(request, "incident.html", visitor, look, status, page=page, **words)


def seen_incident(desk: Desk, look: Look, id_: str) -> Incident:
    """Raises HTTPException 404: there is none, or it is not for this account; nobody is told which."""
    found = desk.sources.incident(id_)
    if found is None or not shows(look, found):
        raise HTTPException(404, _("There is no incident of this number."))
    return Cutter(look).incident(found)
