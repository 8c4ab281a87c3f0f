"""Incidents: the list, one of them whole, and what people do about it."""

from datetime import datetime, timedelta, tzinfo
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import RedirectResponse, Response

from console.cutting import Cutter, cut_incidents, named
from console.ports import Look, OrderFailedError
from console.scope import shows
from console.views.incident import page_of
from console.views.incidents import SPANS_DAYS, IncidentsWanted, fitting, list_of, sheet_head, sheet_row
from console.views.sheet import sheet_of
from console.web.sheet import PageNumber, Search, Sort, as_sheet
from console.web.visit import Desk, OwnForm, TheDesk, TheHandler, TheLook, TheVisitor, text_of
from domain.incidents import Act, ActKind, ClosingCause, Incident
from domain.language import _

router = APIRouter()
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


def wanted_of(
    q: Search = "",
    kecamatan: Search = "",
    ended: bool = False,
    days: Annotated[int, Query(ge=1, le=SPANS_DAYS[-1])] = SPANS_DAYS[0],
    page: PageNumber = 1,
    sort: Sort = "",
) -> IncidentsWanted:
    return IncidentsWanted(q.strip(), kecamatan, ended, days, page, sort)


TheWanted = Annotated[IncidentsWanted, Depends(wanted_of)]


@router.get("/incidents")
def incidents(request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook, wanted: TheWanted) -> Response:
    found = list_of(_asked(desk, look, wanted), look, wanted, desk.speak, desk.zone)
    return desk.pages.page(request, "incidents.html", visitor, look, list=found, wanted=wanted, spans=SPANS_DAYS)


@router.get("/incidents.csv")
def incidents_csv(desk: TheDesk, look: TheLook, wanted: TheWanted) -> Response:
    there = look.at.astimezone(desk.zone)
    found = fitting(_asked(desk, look, wanted), look, wanted, desk.speak)
    text = sheet_of(sheet_head(f"{there:%Z}"), (sheet_row(each, look, desk.speak, desk.zone) for each in found))
    return as_sheet("incidents", there.date(), text)


def _asked(desk: Desk, look: Look, wanted: IncidentsWanted) -> list[Incident]:
    """Of the open ones or of those that ended, before anything is filtered."""
    if not wanted.ended:
        return list(look.open)
    over = desk.sources.between(look.at - timedelta(days=wanted.days), look.at + timedelta(days=1))
    return cut_incidents(look, (each for each in over if not each.is_open and shows(look, each)))


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
    found = seen_incident(desk, look, id_)
    page = page_of(found, Cutter(look).acts(desk.sources.timeline(id_)), look, desk.speak, desk.zone)
    causes = [cause.value for cause in ClosingCause]
    is_whole = look.sees_all or is_seen_whole(desk, found)
    words = {"causes": causes, "error": error, "ticket_steps": TICKET_STEPS, "is_whole": is_whole}
    return desk.pages.page(request, "incident.html", visitor, look, status, page=page, **words)


def is_seen_whole(desk: Desk, seen: Incident) -> bool:
    """Whether nothing of it was cut off. seen: as the account sees it."""
    kept = desk.sources.incident(seen.id)
    return kept is not None and len(seen.members) == len(kept.members)


def seen_incident(desk: Desk, look: Look, id_: str) -> Incident:
    """Raises HTTPException 404: there is none, or it is not for this account; nobody is told which."""
    found = desk.sources.incident(id_)
    if found is None or not shows(look, found):
        raise HTTPException(404, _("There is no incident of this number."))
    return Cutter(look).incident(found)
