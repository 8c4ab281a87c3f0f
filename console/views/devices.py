"""The list of devices: the worst first, filtered by what somebody looks for; the same as CSV."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from console.ports import Look
from console.views.places import kecamatan_of, place_name
from console.views.sheet import Leaf, leaf_of, sheet_of
from console.views.sorting import Columns, in_order
from console.views.speech import moment, state_word
from domain.language import _
from domain.states import State

LONGEST_FILTER = 100
WORST_FIRST = {State.DOWN: 0, State.UNREACHABLE: 1, State.DEGRADED: 2, State.UNKNOWN: 3, State.UP: 4}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; everything empty shows all. text: in name, address, model or place."""

    text: str = ""
    states: frozenset[State] = frozenset()
    role: str = ""
    kecamatan: str = ""
    page: int = 1
    sort: str = ""


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """since_seconds: the same as since, in unix seconds."""

    name: str
    place: str
    kecamatan: str
    role: str
    model: str
    address: str
    state: State
    word: str
    reason: str
    since: str
    since_seconds: float


@dataclass(frozen=True, slots=True)
class DeviceList:
    """leaf: of one page; all: of every page. counts: of every state, before it was filtered by state; not_up: of
    them, all but the healthy."""

    leaf: Leaf[DeviceRow]
    all: tuple[DeviceRow, ...]
    total: int
    counts: tuple[tuple[State, str, int], ...]
    not_up: int
    roles: tuple[str, ...]
    kecamatan: tuple[str, ...]


def list_of(look: Look, wanted: Wanted, zone: tzinfo) -> DeviceList:
    sites = look.inventory.site_by_slug
    today = look.at.astimezone(zone).date()
    rows = []
    devices = [device for device in look.inventory.used_by_name.values() if device.name in look.states]
    for device in devices:
        site = sites.get(device.site)
        state = look.states[device.name]
        rows.append(
            DeviceRow(
                device.name,
                place_name(site, look.names) if site else device.site,
                kecamatan_of(site.region_code, look.names) if site else "",
                device.role.value,
                device.model,
                device.address,
                state.state,
                state_word(state.state),
                state.reason if state.state is not State.UP else "",
                moment(state.since, zone, today),
                state.since.timestamp(),
            )
        )
    fitting = [row for row in rows if _fits(row, wanted)]
    shown = [row for row in fitting if not wanted.states or row.state in wanted.states]
    shown.sort(key=lambda row: (WORST_FIRST[row.state], row.kecamatan, row.name))
    shown = in_order(shown, COLUMNS, wanted.sort)
    return DeviceList(
        leaf_of(shown, wanted.page),
        tuple(shown),
        len(rows),
        tuple((state, state_word(state), sum(row.state is state for row in fitting)) for state in WORST_FIRST),
        sum(row.state is not State.UP for row in fitting),
        tuple(sorted({row.role for row in rows})),
        tuple(sorted({row.kecamatan for row in rows if row.kecamatan})),
    )


COLUMNS: Final[Columns[DeviceRow]] = {
    "state": lambda row: WORST_FIRST[row.state],
    "name": lambda row: row.name,
    "place": lambda row: row.place,
    "role": lambda row: row.role,
    "model": lambda row: row.model,
    "address": lambda row: row.address,
    "reason": lambda row: row.reason,
    "since": lambda row: row.since_seconds,
}


def _fits(row: DeviceRow, wanted: Wanted) -> bool:
    if wanted.role not in ("", row.role) or wanted.kecamatan not in ("", row.kecamatan):
        return False
    text = wanted.text[:LONGEST_FILTER].casefold()
    return not text or any(text in part.casefold() for part in (row.name, row.place, row.model, row.address))


def csv_of(rows: Iterable[DeviceRow]) -> str:
    head = (_("name"), _("place"), _("role"), _("model"), _("address"), _("state"), _("reason"), _("since"))
    return sheet_of(
        head,
        ((row.name, row.place, row.role, row.model, row.address, row.word, row.reason, row.since) for row in rows),
    )
