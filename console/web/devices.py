"""The list of devices, and the same as CSV."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from console.views.devices import LONGEST_FILTER, Wanted, csv_of, list_of
from console.web.sheet import PageNumber, Sort, as_sheet
from console.web.visit import TheDesk, TheLook, TheVisitor
from domain.states import State

router = APIRouter()


def wanted_of(
    state: Annotated[list[State], Query(default_factory=list)],
    q: Annotated[str, Query(max_length=LONGEST_FILTER)] = "",
    role: Annotated[str, Query(max_length=LONGEST_FILTER)] = "",
    kecamatan: Annotated[str, Query(max_length=LONGEST_FILTER)] = "",
    page: PageNumber = 1,
    sort: Sort = "",
) -> Wanted:
    return Wanted(q.strip(), frozenset(state), role, kecamatan, page, sort)


TheWanted = Annotated[Wanted, Depends(wanted_of)]


@router.get("/devices")
def devices(request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook, wanted: TheWanted) -> Response:
    found = list_of(look, wanted, desk.zone)
    return desk.pages.page(request, "devices.html", visitor, look, list=found, wanted=wanted, say=desk.sources.reason)


@router.get("/devices.csv")
def devices_csv(desk: TheDesk, look: TheLook, wanted: TheWanted) -> Response:
    return as_sheet("devices", look.at.astimezone(desk.zone).date(), csv_of(list_of(look, wanted, desk.zone).all))
