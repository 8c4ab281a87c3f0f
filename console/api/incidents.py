"""Incidents: the list, one of them whole, and what is said of one."""

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Body, Path, Query, Request
from starlette.responses import Response

from console.api.answers import LONGEST, TAGGED, USUAL, After, Limit, of_content, of_look, page
from console.api.cursor import sort_by
from console.api.orders import MergeOrder, Order, SplitOrder, act_of
from console.api.problems import ConflictError, described
from console.api.said import ActDocument, IncidentPage, IncidentWhole, act_document, incident_document, whole_document
from console.api.visit import TheBearer, TheHandler, TheLook
from console.cutting import Cutter, cut_incidents, named
from console.ports import Look, OrderFailedError
from console.scope import shows
from console.views.sorting import Columns
from console.web.incident_orders import whole_incident
from console.web.incidents import seen_incident
from console.web.visit import Desk, TheDesk
from domain.incidents import Incident, why_not_merged, why_not_split
from domain.language import _

router = APIRouter(tags=["incidents"])
MOST_DAYS = 400
Id = Annotated[str, Path(alias="id", pattern="^[a-z0-9-]{1,40}$", description="Such as k7f3-2qxm.")]
COLUMNS: Final[Columns[Incident]] = {
    "startedAt": lambda each: each.started_at.timestamp(),
    "endedAt": lambda each: each.resolved_at.timestamp() if each.resolved_at else None,
    "villages": lambda each: len(each.impact.villages),
    "devices": lambda each: each.impact.devices,
    "cause": lambda each: str(each.cause),
}
Days = Annotated[int, Query(ge=0, le=MOST_DAYS, description="Also those that ended in the last days.")]


@router.get("/incidents", response_model=IncidentPage, responses={**TAGGED, **described(401, 404, 422, 429)})
def incidents(
    request: Request,
    desk: TheDesk,
    bearer: TheBearer,
    look: TheLook,
    limit: Limit = USUAL,
    after: After = "",
    ended_days: Days = 0,
    sort: Annotated[str, sort_by(COLUMNS)] = "",
) -> Response:
    """Open incidents, the newest first."""

    def made() -> IncidentPage:
        found = {each.id: each for each in (*_ended(desk, look, ended_days), *look.open)}
        shown, more = page(found.values(), _key, limit, after, down=True, columns=COLUMNS, sort=sort)
        return IncidentPage(items=[incident_document(each, desk.speak(each)) for each in shown], next=more)

    return of_content(request, made()) if ended_days else of_look(request, look, bearer, made)


@router.get("/incidents/{id}", response_model=IncidentWhole, responses={**TAGGED, **described(401, 404, 422, 429)})
def incident(request: Request, desk: TheDesk, look: TheLook, id_: Id) -> Response:
    """One incident with its evidence, its members, its timeline, and the order that is sent to people."""
    found = seen_incident(desk, look, id_)
    return of_content(request, whole_document(found, desk.speak(found), Cutter(look).acts(desk.sources.timeline(id_))))


@router.post(
    "/incidents/{id}/acts",
    status_code=201,
    response_model=ActDocument,
    responses=described(400, 401, 403, 404, 409, 422, 429),
)
def act(desk: TheDesk, bearer: TheHandler, look: TheLook, id_: Id, order: Annotated[Order, Body()]) -> ActDocument:
    """Acknowledge, go there, say that it is done or what it was, merge, split, or write a note, as the account.

    Merging and splitting are refused where the machine would undo it at its next look.
    """
    seen_incident(desk, look, id_)
    if isinstance(order, MergeOrder | SplitOrder) and (why := _why_not(desk, look, id_, order)):
        raise ConflictError(why)
    given = act_of(order, id_, desk.utc(), bearer.account.name)
    try:
        dark = desk.orders.act(given, bearer.token.id)
    except OrderFailedError as error:
        raise ConflictError(str(error)) from error
    if dark:
        dark = named(look, dark)
        raise ConflictError(_("Not over: still dark are {names}.").format(names=", ".join(dark[:10])), dark)
    return act_document(given)


def _why_not(desk: Desk, look: Look, id_: str, order: MergeOrder | SplitOrder) -> str:
    """Raises HTTPException 403 where a part of one of them is outside, 404 where there is none."""
    incident = whole_incident(desk, look, id_)
    if isinstance(order, MergeOrder):
        return why_not_merged(incident, whole_incident(desk, look, order.merge_into))
    return why_not_split(incident, order.split_off)


def _ended(desk: Desk, look: Look, days: int) -> list[Incident]:
    if not days:
        return []
    found = desk.sources.between(look.at - timedelta(days=days), look.at + timedelta(days=1))
    return cut_incidents(look, (each for each in found if not each.is_open and shows(look, each)))


def _key(incident: Incident) -> str:
    """Sorts as text by time; the id tells those of one moment apart."""
    return f"{incident.started_at.isoformat(timespec='microseconds')[:26]}Z {incident.id}"[:LONGEST]
