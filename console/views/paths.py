"""Links as the pages show them: their ends, how they stand, what a contract says of them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from console.ports import Look
from console.views.devices import LONGEST_FILTER, WORST_FIRST
from console.views.places import kecamatan_of, place_name
from console.views.rows import shape_of
from console.views.sheet import Leaf, leaf_of, sheet_of
from console.views.sorting import Columns, in_order
from console.views.speech import moment, number, state_word
from domain.incidents import CauseKind
from domain.language import _
from domain.network import Contract, Link, Medium
from domain.network.words import medium_word
from domain.states import State


@dataclass(frozen=True, slots=True)
class End:
    """One end. device: empty where it is a provider's or not for this account; said: then what stands there."""

    device: str
    interface: str
    place: str
    state: State | None
    word: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class LinkRow:
    """state: as its a end, which it serves, unless it is the cause itself; None where no end is watched."""

    name: str
    state: State | None
    word: str
    a: End
    z: End
    medium: str
    purpose: str
    provider: str
    capacity: str
    since: str
    kecamatan: str
    capacity_mbps: float | None
    since_seconds: float | None


@dataclass(frozen=True, slots=True)
class LinkList:
    """leaf: of one page. not_up: of all that were found, those that are watched and not healthy."""

    leaf: Leaf[LinkRow]
    total: int
    media: tuple[str, ...]
    providers: tuple[str, ...]
    not_up: int


@dataclass(frozen=True, slots=True)
class LinksWanted:
    text: str = ""
    medium: str = ""
    provider: str = ""
    page: int = 1
    sort: str = ""


def fitting(look: Look, wanted: LinksWanted, zone: tzinfo) -> list[LinkRow]:
    """Of every page; the worst first, or as it is wanted."""
    text = wanted.text[:LONGEST_FILTER].casefold()
    found = [
        row
        for row in (row_of(link, look, zone) for link in look.inventory.links)
        if wanted.medium in ("", row.medium)
        and wanted.provider in ("", row.provider)
        and (not text or any(text in part.casefold() for part in _parts(row)))
    ]
    found.sort(key=lambda row: (_gravity(row), row.name))
    return in_order(found, COLUMNS, wanted.sort)


def _gravity(row: LinkRow) -> int:
    return 5 if row.state is None else WORST_FIRST[row.state]


COLUMNS: Final[Columns[LinkRow]] = {
    "state": _gravity,
    "name": lambda row: row.name,
    "from": lambda row: row.a.device or row.a.said,
    "to": lambda row: row.z.device or row.z.said,
    "medium": lambda row: medium_word(Medium(row.medium)),
    "provider": lambda row: row.provider,
    "capacity": lambda row: row.capacity_mbps,
    "since": lambda row: row.since_seconds,
}


def list_of(look: Look, wanted: LinksWanted, zone: tzinfo) -> LinkList:
    links, found = look.inventory.links, fitting(look, wanted, zone)
    return LinkList(
        leaf_of(found, wanted.page),
        len(links),
        tuple(sorted({link.medium.value for link in links})),
        tuple(sorted({provider for link in links if (provider := provider_of(link, look))})),
        sum(row.state not in (None, State.UP) for row in found),
    )


def row_of(link: Link, look: Look, zone: tzinfo) -> LinkRow:
    a, z = (end_of(link, side, look) for side in ("a", "z"))
    state = link_state(link, look)
    told = [look.states[name] for name in (link.a_device, link.z_device) if name in look.states]
    since = max((each.since for each in told if each.state is state), default=None)
    device = look.inventory.used_by_name.get(link.a_device)
    site = look.inventory.site_by_slug.get(device.site) if device else None
    return LinkRow(
        link.name,
        state,
        state_word(state) if state else "",
        a,
        z,
        link.medium.value,
        link.purpose.value,
        provider_of(link, look),
        mbps(link.capacity_mbps),
        moment(since, zone, look.at.astimezone(zone).date()) if since else "",
        kecamatan_of(site.region_code, look.names) if site else "",
        link.capacity_mbps,
        since.timestamp() if since else None,
    )


def link_state(link: Link, look: Look) -> State | None:
    """As the open incidents say that name it as their cause; else as the end is that it serves."""
    told = {shape_of(each) for each in look.open if each.cause.kind is CauseKind.LINK and each.cause.name == link.name}
    if State.DOWN in told:
        return State.DOWN
    ends = [look.states[name].state for name in (link.a_device, link.z_device) if name in look.states]
    served = ends[0] if ends else None
    return State.DEGRADED if State.DEGRADED in told and served in (State.UP, None) else served


def end_of(link: Link, side: str, look: Look) -> End:
    name, interface = (link.a_device, link.a_interface) if side == "a" else (link.z_device, link.z_interface)
    device = look.inventory.used_by_name.get(name)
    if device is None:
        said = provider_of(link, look) or _("the provider") if not name else _("outside what you see")
        if name and look.sees_all:
            said = name
        return End("", interface if look.sees_all else "", "", None, "", said)
    site = look.inventory.site_by_slug.get(device.site)
    held = look.states.get(name)
    return End(
        name,
        interface,
        place_name(site, look.names) if site else device.site,
        held.state if held else None,
        state_word(held.state) if held else "",
    )


def contract_of(id_: str, look: Look) -> Contract | None:
    return next((each for each in look.inventory.contracts if id_ and each.id == id_), None)


def provider_of(link: Link, look: Look) -> str:
    contract = contract_of(link.contract, look)
    return link.provider or (contract.provider if contract else "")


def mbps(value: float | None) -> str:
    """'20 Mbit/s', '1 Gbit/s'; blank where nobody says."""
    if value is None:
        return ""
    if value >= 1000:
        return f"{number(value / 1000, 0 if value % 1000 == 0 else 1)} Gbit/s"
    return f"{number(value, 0 if value == int(value) else 1)} Mbit/s"


def csv_of(rows: Iterable[LinkRow]) -> str:
    head = (
        _("link"), _("state"), _("from"), _("port"), _("to"), _("port"), _("medium"), _("provider"), _("capacity"),
    )  # fmt: skip
    cells = (
        (
            row.name, row.word, row.a.device or row.a.said, row.a.interface, row.z.device or row.z.said,
            row.z.interface, row.medium, row.provider, row.capacity,
        )
        for row in rows
    )  # fmt: skip
    return sheet_of(head, cells)


def _parts(row: LinkRow) -> tuple[str, ...]:
    return row.name, row.a.device, row.a.place, row.z.device, row.z.place, row.z.said, row.provider
