"""Kept configurations for people: who needs somebody first, what changed between two, what drifted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Final

from console.ports import Look
from console.ports.backups import BackupRow, Drifting, Kept
from console.views.places import kecamatan_of, place_name
from console.views.sheet import Leaf, holds, leaf_of
from console.views.sorting import Columns, in_order
from console.views.speech import lasting, moment, number
from console.views.text_difference import DiffLine, difference
from domain.language import _
from domain.shell.words import cause_word

LONGEST_FILTER = 100
LINES = 2000


class Fresh(StrEnum):
    """How a device's kept configuration is."""

    FAILED = "failed"
    STALE = "stale"
    NEVER = "never"
    GOOD = "good"


SHAPES: Mapping[Fresh, str] = {
    Fresh.FAILED: "degraded",
    Fresh.STALE: "degraded",
    Fresh.NEVER: "unknown",
    Fresh.GOOD: "up",
}
DRIFT_SHAPES: Mapping[Drifting, str] = {
    Drifting.DRIFTED: "degraded",
    Drifting.UNREAD: "unknown",
    Drifting.NO_INTENT: "unknown",
    Drifting.MATCHES: "up",
}


DriftRow = tuple[str, str, Drifting, str, str]
"""(device, place, state, word, shape)"""


@dataclass(frozen=True, slots=True)
class Wanted:
    text: str = ""
    fresh: frozenset[Fresh] = frozenset()
    kecamatan: str = ""
    page: int = 1
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """*_seconds, size: the same as age, changed and lines, for sorting; None where they are blank."""

    device: str
    place: str
    kecamatan: str
    platform: str
    fresh: Fresh
    shape: str
    word: str
    why: str
    read: str
    age: str
    changed: str
    lines: str
    age_seconds: float | None
    changed_seconds: float | None
    size: int | None


@dataclass(frozen=True, slots=True)
class BackupList:
    rows: Leaf[Line]
    all: tuple[Line, ...]
    counts: tuple[tuple[Fresh, str, str, int], ...]
    kecamatan: tuple[str, ...]
    devices: int


def seen_in(look: Look, devices: Sequence[BackupRow]) -> list[BackupRow]:
    """Those that stand at a site that is seen."""
    return [each for each in devices if each.device in look.inventory.used_by_name]


def list_of(look: Look, rows: Sequence[BackupRow], wanted: Wanted, zone: tzinfo) -> BackupList:
    """Stale ones first, the oldest before the others."""
    seen = seen_in(look, rows)
    lines = [_line(each, look, zone) for each in seen]
    fitting = [
        line
        for line in lines
        if wanted.kecamatan in ("", line.kecamatan)
        and holds((line.device, line.place, line.platform, line.why), wanted.text[:LONGEST_FILTER])
    ]
    shown = [line for line in fitting if not wanted.fresh or line.fresh in wanted.fresh]
    order = {each: place for place, each in enumerate(Fresh)}
    read = {each.device: each.good_at.timestamp() if each.good_at else 0.0 for each in seen}
    shown.sort(key=lambda line: (order[line.fresh], read[line.device], line.device))
    shown = in_order(shown, COLUMNS, wanted.sort)
    counts = tuple(
        (each, SHAPES[each], fresh_word(each), sum(line.fresh is each for line in fitting)) for each in Fresh
    )
    kecamatan = tuple(sorted({line.kecamatan for line in lines if line.kecamatan}))
    return BackupList(leaf_of(shown, wanted.page), tuple(shown), counts, kecamatan, len(seen))


COLUMNS: Final[Columns[Line]] = {
    "state": lambda line: tuple(Fresh).index(line.fresh),
    "device": lambda line: line.device,
    "place": lambda line: line.place,
    "platform": lambda line: line.platform,
    "age": lambda line: line.age_seconds,
    "changed": lambda line: line.changed_seconds,
    "lines": lambda line: line.size,
    "why": lambda line: line.why,
}


def fresh_of(row: BackupRow) -> Fresh:
    if row.good_at is None:
        return Fresh.NEVER
    if row.stale:
        return Fresh.STALE
    return Fresh.FAILED if row.cause else Fresh.GOOD


def _line(row: BackupRow, look: Look, zone: tzinfo) -> Line:
    site = look.inventory.site_by_slug.get(row.site)
    today = look.at.astimezone(zone).date()
    fresh = fresh_of(row)
    why = row.trouble or (cause_word(row.cause) if row.cause else "")
    if row.under_way:
        why = _("is being read now")
    age = look.at - row.good_at if row.good_at else None
    return Line(
        row.device,
        place_name(site, look.names) if site else row.site,
        kecamatan_of(site.region_code, look.names) if site else "",
        row.platform,
        fresh,
        "maintenance" if row.under_way else SHAPES[fresh],
        fresh_word(fresh),
        why,
        moment(row.good_at, zone, today) if row.good_at else "",
        lasting(age) if age is not None else "",
        moment(row.changed_at, zone, today) if row.changed_at else "",
        number(row.lines) if row.lines else "",
        age.total_seconds() if age is not None else None,
        row.changed_at.timestamp() if row.changed_at else None,
        row.lines or None,
    )


def fresh_word(fresh: Fresh) -> str:
    return {
        Fresh.FAILED: _("Last try failed"),
        Fresh.STALE: _("Stale"),
        Fresh.NEVER: _("Never read"),
        Fresh.GOOD: _("Good"),
    }[fresh]


def drift_word(drift: Drifting) -> str:
    return {
        Drifting.MATCHES: _("as intended"),
        Drifting.DRIFTED: _("drifted"),
        Drifting.NO_INTENT: _("no intent"),
        Drifting.UNREAD: _("not read yet"),
    }[drift]


# -- one device ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compared:
    """lines: of this page. plus, minus: of the whole difference."""

    old: str
    new: str
    lines: Leaf[DiffLine]
    plus: int
    minus: int


def compared(old: tuple[str, str], new: tuple[str, str], page: int) -> Compared:
    """Each side: (revision, text)."""
    lines = difference(old[1].splitlines(), new[1].splitlines())
    plus, minus = (sum(line.sign == sign for line in lines) for sign in "+-")
    return Compared(old[0], new[0], leaf_of(lines, page, LINES), plus, minus)


def kept_rows(kept: Sequence[Kept], zone: tzinfo, now: datetime) -> list[tuple[str, str, str, str, int, int]]:
    today = now.astimezone(zone).date()
    return [(each.id, moment(each.at, zone, today), each.who, each.why, each.added, each.removed) for each in kept]


def drift_rows(
    look: Look, found: Mapping[str, Drifting], text: str = "", state: Drifting | None = None, sort: str = ""
) -> list[DriftRow]:
    """What drifted first, or as it is wanted. text: in the name or the place."""
    order = {each: place for place, each in enumerate(DRIFT_SHAPES)}
    rows: list[DriftRow] = []
    for device, drift in found.items():
        held = look.inventory.used_by_name.get(device)
        if held is None:
            continue
        site = look.inventory.site_by_slug.get(held.site)
        place = place_name(site, look.names) if site else held.site
        if holds((device, place), text) and state in (None, drift):
            rows.append((device, place, drift, drift_word(drift), DRIFT_SHAPES[drift]))
    rows.sort(key=lambda row: (order[row[2]], row[0]))
    columns: Columns[DriftRow] = {
        "state": lambda row: order[row[2]], "device": lambda row: row[0], "place": lambda row: row[1],
    }  # fmt: skip
    return in_order(rows, columns, sort)
