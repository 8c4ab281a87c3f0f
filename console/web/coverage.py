"""Coverage for planners, at any date."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from console.views.coverage import page_of
from console.web.visit import TheDesk, TheLook, TheVisitor

router = APIRouter()


@router.get("/coverage")
def coverage(
    request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook, at: Annotated[date | None, Query()] = None
) -> Response:
    today = look.at.astimezone(desk.zone).date()
    on = min(at or today, today)
    page = page_of(desk.coverage.document(on, None), desk.coverage.curve(on), visitor.account)
    return desk.pages.page(request, "coverage.html", visitor, look, page=page, today=today)
