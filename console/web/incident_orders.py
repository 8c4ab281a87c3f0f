"""Two numbers that are one fault, one number that is two: what merging and splitting would do, then the order."""

from typing import Annotated, Final

from fastapi import APIRouter, HTTPException, Query, Request
from starlette.responses import RedirectResponse, Response

from console.entrance import Visitor
from console.ports import Look, OrderFailedError
from console.views.incident import members_of
from console.views.incident_joining import Foreseen, candidates_of, merging, nearest_first, splitting
from console.web.incidents import is_seen_whole, seen_incident
from console.web.visit import Desk, OwnForm, TheDesk, TheHandler, TheLook, seen_whole, text_of
from domain.incidents import Act, ActKind, Incident
from domain.language import _

router = APIRouter()
MOST: Final = 200
MOST_NAMES: Final = 100_000
BETWEEN: Final = "|"
Text = Annotated[str, Query(max_length=MOST)]


@router.get("/incidents/{id_}/merge")
def merge_first(
    request: Request, desk: TheDesk, visitor: TheHandler, look: TheLook, id_: str, into: Text = "", why: Text = ""
) -> Response:
    """What it would do. Nothing is done."""
    return _merge_page(request, desk, visitor, look, whole_incident(desk, look, id_), into.strip(), why.strip())


@router.post("/incidents/{id_}/merge")
def merge(request: Request, desk: TheDesk, visitor: TheHandler, look: TheLook, form: OwnForm, id_: str) -> Response:
    child = whole_incident(desk, look, id_)
    into, why = text_of(form, "into", MOST), text_of(form, "why", MOST)
    foreseen = merging(child, whole_incident(desk, look, into), look, desk.zone)
    values = {"into": into, "why": why}
    act = Act(id_, desk.utc(), visitor.account.name, ActKind.MERGED, why, values)
    error = _given(desk, visitor, act, foreseen, form)
    if error:
        return _merge_page(request, desk, visitor, look, child, into, why, error, 409)
    return RedirectResponse(f"/incidents/{into}", 303)


@router.get("/incidents/{id_}/split")
def split_first(
    request: Request,
    desk: TheDesk,
    visitor: TheHandler,
    look: TheLook,
    id_: str,
    member: Annotated[list[str], Query(default_factory=list, max_length=5000)],
    why: Text = "",
) -> Response:
    """What it would do. Nothing is done."""
    return _split_page(request, desk, visitor, look, whole_incident(desk, look, id_), member, why.strip())


@router.post("/incidents/{id_}/split")
def split(request: Request, desk: TheDesk, visitor: TheHandler, look: TheLook, form: OwnForm, id_: str) -> Response:
    incident = whole_incident(desk, look, id_)
    given = [name for name in text_of(form, "members", MOST_NAMES).split(BETWEEN) if name]
    names, why = nearest_first(given, look), text_of(form, "why", MOST)
    values = {"members": BETWEEN.join(names), "why": why}
    act = Act(id_, desk.utc(), visitor.account.name, ActKind.SPLIT, why, values)
    error = _given(desk, visitor, act, splitting(incident, names), form)
    if error:
        return _split_page(request, desk, visitor, look, incident, list(names), why, error, 409)
    return RedirectResponse(f"/incidents/{id_}", 303)


def whole_incident(desk: Desk, look: Look, id_: str) -> Incident:
    """All of it is for this account to see. Raises HTTPException 404: there is none; 403: a part of it is outside."""
    found = seen_incident(desk, look, id_)
    if not is_seen_whole(desk, found):
        raise HTTPException(403, _("Part of this incident lies outside your area. Ask who sees all of it."))
    return found


def _whole_ones(desk: Desk, look: Look) -> list[Incident]:
    """Open ones of which nothing lies outside of what this account sees."""
    members = {each.id: len(each.members) for each in seen_whole(desk).open}
    return [each for each in look.open if len(each.members) == members.get(each.id)]


def _given(desk: Desk, visitor: Visitor, act: Act, foreseen: Foreseen, form: OwnForm) -> str:
    """Why the order was not given; empty: it is carried out."""
    if foreseen.why_not:
        return foreseen.why_not
    if not act.text:
        return _("Write why, in a few words.")
    if text_of(form, "mark") != foreseen.mark:
        return _("Something has changed since. This is what it would do now; confirm it once more.")
    try:
        desk.orders.act(act)
    except OrderFailedError as failed:
        return str(failed)
    return ""


def _merge_page(
    request: Request,
    desk: Desk,
    visitor: Visitor,
    look: Look,
    child: Incident,
    into: str,
    why: str,
    error: str = "",
    status: int = 200,
) -> Response:
    foreseen = merging(child, whole_incident(desk, look, into), look, desk.zone) if into else None
    if foreseen is not None and foreseen.why_not:
        error, status = error or foreseen.why_not, 409
    candidates = candidates_of(child, _whole_ones(desk, look), look, desk.speak, desk.zone)
    return desk.pages.page(
        request, "incident_merge.html", visitor, look, status, id=child.id, words=desk.speak(child), into=into, why=why,
        candidates=candidates, foreseen=foreseen, error=error,
    )  # fmt: skip


def _split_page(
    request: Request,
    desk: Desk,
    visitor: Visitor,
    look: Look,
    incident: Incident,
    names: list[str],
    why: str,
    error: str = "",
    status: int = 200,
) -> Response:
    chosen = nearest_first(names, look)
    foreseen = splitting(incident, chosen) if chosen else None
    if foreseen is not None and foreseen.why_not:
        error, status = error or foreseen.why_not, 409
    return desk.pages.page(
        request, "incident_split.html", visitor, look, status, id=incident.id, words=desk.speak(incident), why=why,
        members=members_of(incident, look, desk.zone), chosen=set(chosen), given=BETWEEN.join(chosen),
        foreseen=foreseen, error=error,
    )  # fmt: skip
