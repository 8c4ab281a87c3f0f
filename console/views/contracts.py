"""Contracts: which ends first, what is promised, what this month owes so far, and what hangs on it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal
from typing import Final

from console.ports import Look
from console.ports.contracts import MonthSoFar
from console.views.devices import WORST_FIRST
from console.views.places import place_name
from console.views.sheet import holds
from console.views.sorting import Columns, in_order
from console.views.speech import day, number
from domain.accounts import Account, sees_site
from domain.language import _, n_
from domain.network import Contract, Device, Inventory, Link, Site
from domain.states import State
from domain.time.hours_said import hours_said

SOON_DAYS: Final = 60
"""The runbook KentonganContractEnding speaks of the same."""


@dataclass(frozen=True, slots=True)
class ContractRow:
    """days: until its end, negative when it is over, None where no end was given. owed: rupiah, as text.

    figures: what the columns are sorted by whose text is a figure; None where it is blank.
    """

    id: str
    provider: str
    shape: State
    word: str
    days: int | None
    ends: str
    sla: str
    available: str
    missed: bool
    price: str
    owed: str
    owed_ticket: str
    problem: str
    sites: int
    links: int
    mbps: str
    quota: str
    figures: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class LinkRow:
    name: str
    medium: str
    place: str
    circuit: str
    mbps: str
    quota: str


@dataclass(frozen=True, slots=True)
class ContractPage:
    row: ContractRow
    facts: tuple[tuple[str, str], ...]
    sites: tuple[tuple[str, str], ...]
    links: tuple[LinkRow, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """A contract with what hangs on it, as far as an account sees it. whole: all of it is seen."""

    contract: Contract
    sites: tuple[Site, ...]
    links: tuple[Link, ...]
    whole: bool


def bound_of(account: Account, inventory: Inventory) -> tuple[Bound, ...]:
    """Of who sees a part: the contracts on which something of it hangs."""
    devices = {device.name: device for device in inventory.devices}
    whole = account.sees_everything
    sites: dict[str, list[Site]] = {}
    for site in inventory.sites:
        if site.contract and (sees_site(account, site)):
            sites.setdefault(site.contract, []).append(site)
    links: dict[str, list[Link]] = {}
    for link in inventory.links:
        if link.contract and (whole or _is_seen(link, account, inventory, devices)):
            links.setdefault(link.contract, []).append(link)
    found = []
    for contract in inventory.contracts:
        own = tuple(sites.get(contract.id, ())), tuple(links.get(contract.id, ()))
        if whole or any(own):
            found.append(Bound(contract, *own, whole))
    return tuple(found)


def _is_seen(link: Link, account: Account, inventory: Inventory, devices: dict[str, Device]) -> bool:
    ends = [devices[name] for name in (link.a_device, link.z_device) if name in devices]
    places = [inventory.site_by_slug[device.site] for device in ends if device.site in inventory.site_by_slug]
    return any(sees_site(account, place) for place in places)


COLUMNS: Final[Columns[ContractRow]] = {
    "state": lambda row: WORST_FIRST[row.shape],
    "contract": lambda row: row.id,
    "provider": lambda row: row.provider,
    "days": lambda row: row.days,
    "ends": lambda row: row.days,
    "sla": lambda row: row.figures["sla"],
    "available": lambda row: row.figures["available"],
    "owed": lambda row: row.figures["owed"],
    "sites": lambda row: row.sites or None,
    "links": lambda row: row.links or None,
    "mbps": lambda row: row.figures["mbps"],
    "quota": lambda row: row.figures["quota"],
}


def contract_rows(
    bound: Iterable[Bound], month: MonthSoFar, today: date, text: str = "", sort: str = ""
) -> tuple[ContractRow, ...]:
    """What is over or ends soonest first, without an end last; or as it is wanted."""
    rows = [row_of(each, month, today) for each in bound if holds((each.contract.id, each.contract.provider), text)]
    rows.sort(key=lambda row: (row.days is None, row.days or 0, row.provider, row.id))
    return tuple(in_order(rows, COLUMNS, sort))


def row_of(bound: Bound, month: MonthSoFar, today: date) -> ContractRow:
    contract = bound.contract
    days = (contract.ends_on - today).days if contract.ends_on else None
    shape, word = _standing(contract, days, today)
    owed = month.owed.get(contract.id) if bound.whole else None
    quota = [link.quota_gb for link in bound.links if link.quota_gb is not None]
    mbps = [link.capacity_mbps for link in bound.links if link.capacity_mbps is not None]
    available = owed.available_percent if owed else None
    return ContractRow(
        contract.id,
        contract.provider,
        shape,
        word,
        days,
        day(contract.ends_on, today) if contract.ends_on else "",
        number(contract.sla_percent, 2) if contract.sla_percent is not None else "",
        number(available, 2) if available is not None else "",
        available is not None and contract.sla_percent is not None and available < contract.sla_percent,
        rupiah(contract.price_month) if bound.whole else "",
        rupiah(owed.from_detection) if owed else "",
        rupiah(owed.from_ticket) if owed else "",
        owed.problem if owed else "",
        len(bound.sites),
        len(bound.links),
        number(sum(mbps)) if mbps else "",
        number(sum(quota)) if quota else "",
        {
            "sla": _float(contract.sla_percent),
            "available": _float(available),
            "owed": _float(owed.from_detection) if owed else None,
            "mbps": sum(mbps) if mbps else None,
            "quota": sum(quota) if quota else None,
        },
    )


def _float(value: Decimal | float | None) -> float | None:
    return None if value is None else float(value)


def _standing(contract: Contract, days: int | None, today: date) -> tuple[State, str]:
    if contract.starts_on is not None and contract.starts_on > today:
        return State.UNKNOWN, _("Not begun")
    if days is None:
        return State.UNKNOWN, _("No end given")
    if days < 0:
        return State.DOWN, _("Over")
    if days <= SOON_DAYS:
        return State.DEGRADED, _("Ends soon")
    return State.UP, _("Runs")


def rupiah(amount: Decimal | None) -> str:
    return "" if amount is None else f"Rp {number(float(amount))}"


def answer(rows: Iterable[ContractRow]) -> str:
    ending = sum(row.shape in (State.DEGRADED, State.DOWN) for row in rows)
    if not ending:
        return _("No contract ends within {days} days").format(days=SOON_DAYS)
    text = n_(
        "{count} contract ends within {days} days, or is over",
        "{count} contracts end within {days} days, or are over",
        ending,
    )
    return text.format(count=number(ending), days=SOON_DAYS)


def page_of(bound: Bound, month: MonthSoFar, look: Look, inventory: Inventory, zone: tzinfo) -> ContractPage:
    today = look.at.astimezone(zone).date()
    contract, devices = bound.contract, {device.name: device for device in inventory.devices}
    facts = (
        (_("Begins"), day(contract.starts_on, today) if contract.starts_on else ""),
        (_("Ends"), day(contract.ends_on, today) if contract.ends_on else ""),
        (_("Promised availability, %"), number(contract.sla_percent, 2) if contract.sla_percent is not None else ""),
        (_("Service hours"), hours_said(contract.service_hours)),
        (_("Penalty"), contract.penalty_rule),
        (_("Planned work left out"), _("yes") if contract.planned_work_excluded else _("no")),
        (_("Price a month"), rupiah(contract.price_month) if bound.whole else ""),
        (_("Budget line"), contract.budget_line if bound.whole else ""),
        (_("Provider's NOC, telephone"), contract.noc_phone),
        (_("Provider's NOC, mail"), contract.noc_email),
    )
    return ContractPage(
        row_of(bound, month, today),
        tuple((name, value) for name, value in facts if value),
        tuple((site.slug, place_name(site, look.names)) for site in sorted(bound.sites, key=lambda each: each.name)),
        tuple(_link(link, inventory, devices, look) for link in bound.links),
    )


def _link(link: Link, inventory: Inventory, devices: dict[str, Device], look: Look) -> LinkRow:
    device = devices.get(link.a_device)
    site = inventory.site_by_slug.get(device.site) if device else None
    return LinkRow(
        link.name,
        link.medium.value,
        place_name(site, look.names) if site else "",
        link.circuit_id,
        number(link.capacity_mbps) if link.capacity_mbps is not None else "",
        number(link.quota_gb) if link.quota_gb is not None else "",
    )
