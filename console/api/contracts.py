"""Contracts under /api/v1."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from console.api.answers import LONGEST, TAGGED, USUAL, After, Limit, of_content, page
from console.api.cursor import sort_by
from console.api.document import Document
from console.api.problems import described
from console.api.visit import TheBearer, TheLook
from console.ports.contracts import Contracts, MonthSoFar, QuotaMonth
from console.views.contracts import Bound, bound_of
from console.views.quotas import OCTETS_A_GB, months_back
from console.views.sorting import Columns
from console.web.visit import TheDesk


class ContractDocument(Document):
    """sites, links: that are seen. Sums are rupiah of this month so far; null for who sees a part of the kabupaten, or
    where problem says why. quota_bytes: of the links that are seen, a month; null where none has one. used_bytes: by
    month, of this one and twelve before it; a month in which nothing was counted is left out."""

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
    quota_bytes: int | None
    used_bytes: dict[str, int]


class ContractPage(Document):
    """period: the month that the sums are of; empty while they are worked out."""

    items: list[ContractDocument]
    next: str | None
    period: str


COLUMNS: Final[Columns[Bound]] = {
    "id": lambda each: each.contract.id,
    "provider": lambda each: each.contract.provider,
    "startsOn": lambda each: each.contract.starts_on.toordinal() if each.contract.starts_on else None,
    "endsOn": lambda each: each.contract.ends_on.toordinal() if each.contract.ends_on else None,
    "slaPercent": lambda each: each.contract.sla_percent,
}


def contracts_api(contracts: Contracts) -> APIRouter:
    router = APIRouter(tags=["contracts"])

    @router.get("/contracts", response_model=ContractPage, responses={**TAGGED, **described(401, 404, 422, 429)})
    def list_(
        request: Request,
        desk: TheDesk,
        bearer: TheBearer,
        look: TheLook,
        limit: Limit = USUAL,
        after: After = "",
        sort: Annotated[str, sort_by(COLUMNS)] = "",
    ) -> Response:
        """Contracts, by their number."""
        month = contracts.month()
        bound = bound_of(bearer.account, contracts.inventory())
        limited = {link.name for each in bound for link in each.links if link.quota_gb}
        since = months_back(f"{look.at.astimezone(desk.zone):%Y-%m}")[-1]
        used = contracts.used(limited, since) if limited else ()
        shown, more = page(bound, lambda each: each.contract.id[:LONGEST], limit, after, columns=COLUMNS, sort=sort)
        items = [_contract(each, month, used) for each in shown]
        return of_content(request, ContractPage(items=items, next=more, period=month.period))

    return router


def _contract(bound: Bound, month: MonthSoFar, used: Iterable[QuotaMonth]) -> ContractDocument:
    contract = bound.contract
    limits = {link.name: link.quota_gb for link in bound.links if link.quota_gb}
    by_month: Counter[str] = Counter()
    for each in used:
        if each.link in limits:
            by_month[each.month] += each.octets
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
        quota_bytes=round(sum(limits.values()) * OCTETS_A_GB) if limits else None,
        used_bytes=dict(sorted(by_month.items())),
    )
