"""The list of villages: how each stands, what is claimed and what is measured. Pure; also as CSV."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from console.ports import Look
from console.views.devices import LONGEST_FILTER, WORST_FIRST
from console.views.places import kecamatan_of
from console.views.sheet import sheet_of
from console.views.speech import number, state_word
from console.views.village import CONNECTED, village_state
from domain.accounts import Account, sees
from domain.coverage.words import reason_word
from domain.language import _
from domain.network import RegionLevel, Site, level_of
from domain.states import State

PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class VillagesWanted:
    """measured: served, not-served, unmeasured; connected: yes, no."""

    text: str = ""
    kecamatan: str = ""
    measured: str = ""
    page: int = 1


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


@dataclass(frozen=True, slots=True)
class VillageList:
    """rows: of one page. dark: of all that were found, those whose line is down or cut off."""

    rows: tuple[VillageRow, ...]
    found: int
    total: int
    kecamatan: tuple[str, ...]
    page: int
    pages: int
    dark: int


def all_of(look: Look, account: Account, coverage: Callable[[str], Mapping[str, Any] | None]) -> tuple[VillageRow, ...]:
    """Every village the account sees, the dark ones first."""
    sites: dict[str, list[Site]] = {}
    for site in look.inventory.sites:
        if site.region_code:
            sites.setdefault(site.region_code, []).append(site)
    codes = [code for code in look.names if level_of(code) is RegionLevel.VILLAGE and sees(account, code)]
    rows = [_row(code, sites.get(code, []), look, coverage(code) or {}) for code in codes]
    return tuple(
        sorted(rows, key=lambda row: (5 if row.state is None else WORST_FIRST[row.state], row.kecamatan, row.name))
    )


def fitting(rows: Iterable[VillageRow], wanted: VillagesWanted) -> list[VillageRow]:
    """Of every page."""
    text = wanted.text[:LONGEST_FILTER].casefold()
    return [
        row
        for row in rows
        if wanted.kecamatan in ("", row.kecamatan)
        and wanted.measured in ("", row.measured)
        and (not text or text in row.name.casefold() or text in row.code or text in row.kecamatan.casefold())
    ]


def list_of(rows: Iterable[VillageRow], wanted: VillagesWanted) -> VillageList:
    everything = tuple(rows)
    found = fitting(everything, wanted)
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(1, wanted.page), pages)
    return VillageList(
        tuple(found[(page - 1) * PAGE : page * PAGE]),
        len(found),
        len(everything),
        tuple(sorted({row.kecamatan for row in everything if row.kecamatan})),
        page,
        pages,
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
    )
