"""Contracts under /api/v1."""

from datetime import date
from decimal import Decimal

from fastapi import APIRouter, Request
from starlette.responses import Response

from console.api.answers import LONGEST, TAGGED, USUAL, After, Limit, of_content, page
from console.api.document import Document
from console.api.problems import described
from console.api.visit import TheBearer
from console.ports.contracts import Contracts, MonthSoFar
from console.views.contracts import Bound, bound_of


class ContractDocument(Document):
    """sites, links: that are seen. Sums are rupiah of this month so far; null for who sees a part of the kabupaten, or
    where problem says why."""

    id: str
    provider: str
    starts_on: date | None
    ends_on: date | None
    sla_percent: float | None
    service_hours: str
    price_month: Decimal | None
    available_percent: float | None
    owed_from_detection: Decimal | None
    owed_from_ticket: Decimal | None
    problem: str
    sites: list[str]
    links: list[str]


class ContractPage(Document):
    """period: the month that the sums are of; empty while they are worked out."""

    items: list[ContractDocument]
    next: str | None
    period: str


def contracts_api(contracts: Contracts) -> APIRouter:
    router = APIRouter(tags=["contracts"])

    @router.get("/contracts", response_model=ContractPage, responses={**TAGGED, **described(401, 422, 429)})
    def list_(request: Request, bearer: TheBearer, limit: Limit = USUAL, after: After = "") -> Response:
        """Contracts, by their number."""
        month = contracts.month()
        found = [_contract(each, month) for each in bound_of(bearer.account, contracts.inventory())]
        shown, more = page(found, lambda each: each.id[:LONGEST], limit, after)
        return of_content(request, ContractPage(items=shown, next=more, period=month.period))

    return router


def _contract(bound: Bound, month: MonthSoFar) -> ContractDocument:
    contract = bound.contract
    owed = month.owed.get(contract.id) if bound.whole else None
    return ContractDocument(
        id=contract.id,
        provider=contract.provider,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        sla_percent=contract.sla_percent,
        service_hours=contract.service_hours,
        price_month=contract.price_month if bound.whole else None,
        available_percent=owed.available_percent if owed else None,
        owed_from_detection=owed.from_detection if owed else None,
        owed_from_ticket=owed.from_ticket if owed else None,
        problem=owed.problem if owed else "",
        sites=[site.slug for site in bound.sites],
        links=[link.name for link in bound.links],
    )
