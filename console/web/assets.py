"""Devices as assets: the list, found by serial, and the same as CSV."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from console.api.assets import router as api
from console.views.assets import Wanted, answer, list_of, second
from console.views.sheet import LONGEST_FILTER, leaf_of, sheet_of
from console.web.part import Entry, Part
from console.web.sheet import PageNumber, Search, Sort, as_sheet
from console.web.visit import TheDesk, TheLook, TheVisitor
from domain.language import _
from domain.network import DeviceStatus


def wanted_of(
    q: Search = "",
    status: Annotated[list[DeviceStatus] | None, Query(max_length=20)] = None,
    role: Annotated[str, Query(max_length=LONGEST_FILTER)] = "",
    ending: bool = False,
    sort: Sort = "",
) -> Wanted:
    return Wanted(q.strip(), frozenset(status or ()), role, ending, sort)


TheWanted = Annotated[Wanted, Depends(wanted_of)]


def assets_part() -> Part:
    router = APIRouter()

    @router.get("/assets")
    def assets(
        request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook, wanted: TheWanted, page: PageNumber = 1
    ) -> Response:
        found = list_of(look, wanted, look.at.astimezone(desk.zone).date())
        return desk.pages.page(
            request, "assets.html", visitor, look, list=found, leaf=leaf_of(found.rows, page), wanted=wanted,
            answer=answer(found), second=second(found),
        )  # fmt: skip

    @router.get("/assets.csv")
    def csv(desk: TheDesk, look: TheLook, wanted: TheWanted) -> Response:
        today = look.at.astimezone(desk.zone).date()
        head = [_("name"), _("serial"), _("asset number"), _("model"), _("role"), _("status"), _("place"), _("owner"),
                _("bought"), _("warranty until"), "MAC"]  # fmt: skip
        cells = (
            (row.name, row.serial, row.asset_no, row.model, row.role, row.word, row.place, row.owner, row.bought,
             row.warranty, row.mac)
            for row in list_of(look, wanted, today).rows
        )  # fmt: skip
        return as_sheet("assets", today, sheet_of(head, cells))

    entry = Entry(
        "/assets", lambda: _("Assets"), lambda: _("Every device as it was bought: serial, warranty, spare or lost.")
    )
    return Part(router, (entry,), api)
