"""The list of villages: how each stands, what is claimed and what is measured. Pure; also as CSV."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from console.ports import Look
from console.views.devices import LONGEST_FILTER, WORST_FIRST
from console.views.places import kecamatan_of
from console.views.sheet import Leaf, leaf_of, sheet_of
from console.views.sorting import Columns, in_order
from console.views.speech import number, state_word
from console.views.village import CONNECTED, village_state
from domain.accounts import Account, sees
from domain.coverage.words import reason_word
from domain.language import _
from domain.network import RegionLevel, Site, level_of
from domain.states import State


@dataclass(frozen=True, slots=True)
class VillagesWanted:
    """measured: served, not-served, unmeasured; connected: yes, no."""

    text: str = ""
    kecamatan: str = ""
    measured: str = ""
    page: int = 1
    sort: str = ""


@dataclass(frozen=True, slots=True)
class VillageRow:
    code: str
    name: str
    kecamatan: str
    state: State | None
    word: str
    connected: bool
    measured: str
    why: str
    percent: str
    available: float | None


@dataclass(frozen=True, slots=True)
class VillageList:
    """leaf: of one page. dark: of all that were found, those whose line is down or cut off."""

    leaf: Leaf[VillageRow]
    total: int
    kecamatan: tuple[str, ...]
    dark: int


def all_of(look: Look, account: Account, coverage: Callable[[str], Mapping[str, Any] | None]) -> tuple[VillageRow, ...]:
    """Every village the account sees, the dark ones first."""
    sites: dict[str, list[Site]] = {}
    for site in look.inventory.sites:
        if site.region_code:
            sites.setdefault(site.region_code, []).append(site)
    codes = [code for code in look.names if level_of(code) is RegionLevel.VILLAGE and sees(account, code)]
    rows = [_row(code, sites.get(code, []), look, coverage(code) or {}) for code in codes]
    return tuple(sorted(rows, key=lambda row: (_gravity(row), row.kecamatan, row.name)))


def fitting(rows: Iterable[VillageRow], wanted: VillagesWanted) -> list[VillageRow]:
    """Of every page."""
    text = wanted.text[:LONGEST_FILTER].casefold()
    found = [
        row
        for row in rows
        if wanted.kecamatan in ("", row.kecamatan)
        and wanted.measured in ("", row.measured)
        and (not text or text in row.name.casefold() or text in row.code or text in row.kecamatan.casefold())
    ]
    return in_order(found, COLUMNS, wanted.sort)


def _gravity(row: VillageRow) -> int:
    return 5 if row.state is None else WORST_FIRST[row.state]


COLUMNS: Final[Columns[VillageRow]] = {
    "state": _gravity,
    "name": lambda row: row.name,
    "kecamatan": lambda row: row.kecamatan,
    "connected": lambda row: not row.connected,
    "measured": lambda row: measured_word(row.measured),
    "why": lambda row: row.why,
    "available": lambda row: row.available,
}


def list_of(rows: Iterable[VillageRow], wanted: VillagesWanted) -> VillageList:
    everything = tuple(rows)
    found = fitting(everything, wanted)
    return VillageList(
        leaf_of(found, wanted.page),
        len(everything),
        tuple(sorted({row.kecamatan for row in everything if row.kecamatan})),
        sum(row.state in (State.DOWN, State.UNREACHABLE) for row in found),
    )


def measured_word(measured: str) -> str:
    words = {"served": _("served"), "not-served": _("not served"), "unmeasured": _("not measured")}
    return words.get(measured, measured)


def csv_of(rows: Iterable[VillageRow]) -> str:
    head = (
        _("code"), _("village"), _("kecamatan"), _("state"), _("connected"), _("measured"), _("why"), _("available"),
    )  # fmt: skip
    cells = (
        (
            row.code, row.name, row.kecamatan, row.word, _("yes") if row.connected else _("no"),
            measured_word(row.measured), row.why, row.percent,
        )
        for row in rows
    )  # fmt: skip
    return sheet_of(head, cells)


def _row(code: str, sites: list[Site], look: Look, covered: Mapping[str, Any]) -> VillageRow:
    stood = village_state(sites, look)
    percent = covered.get("availabilityPercent")
    return VillageRow(
        code,
        look.names[code],
        kecamatan_of(code, look.names),
        stood[0] if stood else None,
        state_word(stood[0]) if stood else "",
        bool(covered.get("connected", any(site.stage in CONNECTED and site.counts_for_coverage for site in sites))),
        str(covered.get("measured", "unmeasured")),
        reason_word(str(covered["reason"])) if "reason" in covered else "",
        "" if percent is None else f"{number(percent, 1)} %",
        percent,
    )
