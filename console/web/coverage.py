"""Coverage for planners: at any date, against an earlier one, and what to build next."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from console.views.candidates import candidates_of, seen_of
from console.views.coverage import page_of
from console.views.coverage_sheets import candidate_head, candidate_rows, village_head, village_rows
from console.views.sheet import sheet_of
from console.web.sheet import Sort, as_sheet
from console.web.visit import TheDesk, TheLook, TheVisitor

router = APIRouter()
MOST_MILLIONS: Final = 1_000_000


def _day(text: str) -> date | None:
    """A form sends also the field that was left empty. Raises RequestValidationError for what is no day."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise RequestValidationError([{"loc": ("query", "since"), "msg": str(error)}]) from error


@router.get("/coverage")
def coverage(
    request: Request,
    desk: TheDesk,
    visitor: TheVisitor,
    look: TheLook,
    at: Annotated[date | None, Query()] = None,
    since: Annotated[str, Query(max_length=10)] = "",
    sort: Sort = "",
) -> Response:
    """since: an earlier day."""
    today = look.at.astimezone(desk.zone).date()
    on = min(at or today, today)
    before = _day(since)
    before = before if before and before < on else None
    covered = desk.coverage
    page = page_of(covered.document(on, before), covered.curve(on), covered.outlines(), visitor.account, sort)
    return desk.pages.page(request, "coverage.html", visitor, look, page=page, today=today, before=before or "")


@router.get("/coverage.csv")
def coverage_sheet(
    desk: TheDesk, visitor: TheVisitor, look: TheLook, at: Annotated[date | None, Query()] = None
) -> Response:
    """Every village that the account sees, as of that day."""
    today = look.at.astimezone(desk.zone).date()
    on = min(at or today, today)
    rows = village_rows(desk.coverage.document(on, None), visitor.account)
    return as_sheet("coverage", on, sheet_of(village_head(), rows))


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


@router.get("/coverage/plan.csv")
def plan_sheet(
    desk: TheDesk,
    visitor: TheVisitor,
    look: TheLook,
    millions: Annotated[int, Query(ge=0, le=MOST_MILLIONS)] = 1000,
) -> Response:
    """All that are ranked, and those that are not, with the reason."""
    document = seen_of(desk.coverage.plan(millions * 1_000_000), visitor.account)
    today = look.at.astimezone(desk.zone).date()
    return as_sheet("what-to-build-next", today, sheet_of(candidate_head(), candidate_rows(document)))
