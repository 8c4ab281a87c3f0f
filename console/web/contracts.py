"""Contracts with providers: the list, the same as CSV, and one of them with what hangs on it."""

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from console.api.contracts import contracts_api
from console.ports.contracts import Contracts
from console.views.contracts import answer, bound_of, contract_rows, page_of
from console.views.quotas import months_back, quotas_of
from console.views.sheet import leaf_of, sheet_of
from console.web.part import Entry, Part
from console.web.sheet import PageNumber, Search, Sort, as_sheet
from console.web.visit import TheDesk, TheLook, TheVisitor
from domain.language import _


def contracts_part(contracts: Contracts) -> Part:
    router = APIRouter()

    @router.get("/contracts")
    def list_(
        request: Request,
        desk: TheDesk,
        visitor: TheVisitor,
        look: TheLook,
        q: Search = "",
        page: PageNumber = 1,
        sort: Sort = "",
    ) -> Response:
        month, today = contracts.month(), look.at.astimezone(desk.zone).date()
        bound = bound_of(visitor.account, contracts.inventory())
        rows, found = contract_rows(bound, month, today), contract_rows(bound, month, today, q, sort)
        return desk.pages.page(
            request, "contracts.html", visitor, look, leaf=leaf_of(found, page), q=q, total=len(rows),
            answer=answer(rows), month=month, whole=visitor.account.sees_everything,
        )  # fmt: skip

    @router.get("/contracts.csv")
    def csv(desk: TheDesk, visitor: TheVisitor, look: TheLook, q: Search = "", sort: Sort = "") -> Response:
        today = look.at.astimezone(desk.zone).date()
        rows = contract_rows(bound_of(visitor.account, contracts.inventory()), contracts.month(), today, q, sort)
        head = [_("contract"), _("provider"), _("state"), _("days left"), _("ends"), _("SLA %"), _("available %"),
                _("price a month"), _("owed from detection"), _("owed from ticket time"), _("sites"), _("links"),
                _("Mbit/s"), _("quota GB")]  # fmt: skip
        cells = (
            (row.id, row.provider, row.word, row.days, row.ends, row.sla, row.available, row.price, row.owed,
             row.owed_ticket, row.sites, row.links, row.mbps, row.quota)
            for row in rows
        )  # fmt: skip
        return as_sheet("contracts", today, sheet_of(head, cells))

    @router.get("/contracts/one")
    def one(request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook, id: str = "") -> Response:
        """By a query: numbers of contracts hold slashes."""
        inventory = contracts.inventory()
        bound = next((each for each in bound_of(visitor.account, inventory) if each.contract.id == id), None)
        if bound is None:
            raise HTTPException(404, _("There is no such contract."))
        month = contracts.month()
        page = page_of(bound, month, look, inventory, desk.zone)
        period = months_back(f"{look.at.astimezone(desk.zone):%Y-%m}")
        limited = {link.name for link in bound.links if link.quota_gb}
        quotas = quotas_of(bound.links, contracts.used(limited, period[-1]), period) if limited else None
        return desk.pages.page(
            request, "contract.html", visitor, look, page=page, month=month, whole=bound.whole, quotas=quotas
        )

    entry = Entry(
        "/contracts", lambda: _("Contracts"), lambda: _("Which ends first, what is promised, what this month owes.")
    )
    return Part(router, (entry,), contracts_api(contracts))
