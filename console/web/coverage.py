"""Coverage for planners: at any date, against an earlier one, and what to build next."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from pydantic import BeforeValidator
from starlette.responses import Response

from console.views.candidates import candidates_of, seen_of
from console.views.coverage import page_of
from console.web.visit import TheDesk, TheLook, TheVisitor

router = APIRouter()
MOST_MILLIONS: Final = 1_000_000


def _none_if_empty(value: object) -> object:
    """A form sends also the field that was left empty."""
    return value or None


@router.get("/coverage")
def coverage(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    look: TheLook,
    at: Annotated[date | None, Query()] = None,
    since: Annotated[date | None, BeforeValidator(_none_if_empty), Query()] = None,
) -> Response:
    """since: an earlier day."""
    today = look.at.astimezone(desk.zone).date()
    on = min(at or today, today)
    before = since if since and since < on else None
    page = page_of(desk.coverage.document(on, before), desk.coverage.curve(on), visitor.account)
    return desk.pages.page(request, "coverage.html", visitor, look, page=page, today=today, before=before or "")


@router.get("/coverage/plan")
def plan(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    look: TheLook,
    millions: Annotated[int, Query(ge=0, le=MOST_MILLIONS)] = 1000,
) -> Response:
    """millions: the budget in millions of rupiah."""
    page = candidates_of(seen_of(desk.coverage.plan(millions * 1_000_000), visitor.account))
    return desk.pages.page(request, "candidates.html", visitor, look, page=page, millions=millions)
