"""Devices as things that were bought: serial, age, warranty, place; what is spare, sent away or lost. Pure."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final

from console.ports import Look
from console.views.places import kecamatan_of, place_name
from console.views.sheet import holds
from console.views.sorting import Columns, in_order
from console.views.speech import day, number
from domain.language import _, n_
from domain.network import Device, DeviceStatus
from domain.states import State

SOON_DAYS: Final = 90
ORDER: Final = {
    DeviceStatus.LOST: 0, DeviceStatus.RMA: 1, DeviceStatus.SPARE: 2, DeviceStatus.PLANNED: 3, DeviceStatus.IN_USE: 4,
    DeviceStatus.RETIRED: 5,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """ending: whose warranty is over or ends soon."""

    text: str = ""
    statuses: frozenset[DeviceStatus] = frozenset()
    role: str = ""
    ending: bool = False
    sort: str = ""


@dataclass(frozen=True, slots=True)
class AssetRow:
    """days: of warranty left, negative when it is over, None where it was not given."""

    name: str
    serial: str
    asset_no: str
    model: str
    role: str
    status: DeviceStatus
    word: str
    shape: State
    place: str
    kecamatan: str
    owner: str
    bought: str
    warranty: str
    days: int | None
    mac: str
    used: bool


@dataclass(frozen=True, slots=True)
class AssetList:
    rows: tuple[AssetRow, ...]
    total: int
    counts: tuple[tuple[DeviceStatus, str, int], ...]
    roles: tuple[str, ...]
    without_serial: int


def list_of(look: Look, wanted: Wanted, today: date) -> AssetList:
    """Lost and sent away first, then spare ones, then what is in use."""
    rows = [_row(device, look, today) for device in look.inventory.devices]
    fitting = [row for row in rows if _fits(row, wanted)]
    shown = [row for row in fitting if not wanted.statuses or row.status in wanted.statuses]
    shown.sort(key=lambda row: (ORDER[row.status], row.kecamatan, row.name))
    shown = in_order(shown, COLUMNS, wanted.sort)
    counted = Counter(row.status for row in fitting)
    return AssetList(
        tuple(shown),
        len(rows),
        tuple((each, status_word(each), counted[each]) for each in ORDER if counted[each] or each in wanted.statuses),
        tuple(sorted({row.role for row in rows})),
        sum(not row.serial for row in rows if row.status is DeviceStatus.IN_USE),
    )


COLUMNS: Final[Columns[AssetRow]] = {
    "status": lambda row: ORDER[row.status],
    "name": lambda row: row.name,
    "serial": lambda row: row.serial,
    "asset": lambda row: row.asset_no,
    "model": lambda row: row.model,
    "place": lambda row: row.place,
    "owner": lambda row: row.owner,
    "bought": lambda row: row.bought,
    "warranty": lambda row: row.days,
}


def _row(device: Device, look: Look, today: date) -> AssetRow:
    site = look.inventory.site_by_slug.get(device.site)
    return AssetRow(
        device.name,
        device.serial,
        device.asset_no,
        device.model,
        device.role.value,
        device.status,
        status_word(device.status),
        _shape(device.status),
        place_name(site, look.names) if site else device.site,
        kecamatan_of(site.region_code, look.names) if site else "",
        device.owner,
        str(device.purchase_year) if device.purchase_year else "",
        day(device.warranty_until, today) if device.warranty_until else "",
        (device.warranty_until - today).days if device.warranty_until else None,
        device.mac,
        device.status is DeviceStatus.IN_USE,
    )


def _fits(row: AssetRow, wanted: Wanted) -> bool:
    if wanted.role not in ("", row.role):
        return False
    if wanted.ending and (row.days is None or row.days > SOON_DAYS):
        return False
    return holds((row.name, row.serial, row.asset_no, row.model, row.place, row.mac, row.owner), wanted.text)


def _shape(status: DeviceStatus) -> State:
    """Square for what is gone, hollow for what is away, a diamond for what is not there yet."""
    match status:
        case DeviceStatus.LOST:
            return State.DOWN
        case DeviceStatus.RMA | DeviceStatus.RETIRED:
            return State.UNREACHABLE
        case DeviceStatus.SPARE | DeviceStatus.PLANNED:
            return State.UNKNOWN
        case DeviceStatus.IN_USE:
            return State.UP


def answer(found: AssetList) -> str:
    return n_("{count} asset", "{count} assets", len(found.rows)).format(count=number(len(found.rows)))


def second(found: AssetList) -> str:
    """'3 spare · 1 sent away · 2 lost'"""
    parts = [f"{number(count)} {word.lower()}" for status, word, count in found.counts if count]
    return " · ".join(parts)


def status_word(status: DeviceStatus) -> str:
    words = {
        DeviceStatus.PLANNED: _("Planned"),
        DeviceStatus.IN_USE: _("In use"),
        DeviceStatus.SPARE: _("Spare"),
        DeviceStatus.RMA: _("Sent away for repair"),
        DeviceStatus.LOST: _("Lost"),
        DeviceStatus.RETIRED: _("Retired"),
    }
    return words[status]
