"""Coverage for planners: three numbers side by side, what was promised, how it grew, and each kecamatan.

Read from the document that the command line prints, so that both say the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from console.views.choropleth import Choropleth, choropleth
from console.views.sorting import Columns, in_order
from console.views.speech import day, months, number
from domain.accounts import Account, sees
from domain.coverage.words import reason_word
from domain.language import _, n_

Document = Mapping[str, Any]
SUMMED: Final = ("villages", "connected", "served", "notServed", "unmeasured", "onPaper", "connectedUnmeasured")


@dataclass(frozen=True, slots=True)
class Part:
    """Of the bar, in percent of its length. name: served, on-paper, claimed, unmeasured, none."""

    name: str
    word: str
    count: str
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class District:
    name: str
    villages: int
    connected: int
    served: int
    unmeasured: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class VillageRow:
    code: str
    name: str
    kecamatan: str
    percent: str
    why: str


@dataclass(frozen=True, slots=True)
class TargetRow:
    """x, y: its place on the curve, in percent; None beyond its edge."""

    value: str
    due: str
    kind: str
    document: str
    said: str
    is_reached: bool
    before: str
    x: float | None
    y: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """points: of a line in a box of 100 by 100. years: (x, year). levels: (y, count). forecast, fan: from the last
    point to where all are connected, as expected and between the earliest and the latest; empty where there is none.
    """

    points: str
    years: tuple[tuple[float, int], ...]
    levels: tuple[tuple[float, str], ...]
    last_x: float
    last_y: float
    forecast: str = ""
    fan: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """From one day to another. gained, lost: kecamatan with the names of their villages."""

    word: str
    before: str
    now: str
    more: str
    gained: tuple[tuple[str, list[str]], ...]
    lost: tuple[tuple[str, list[str]], ...]


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """since, steps: the earlier day that was asked for, and what was connected and served since; else empty."""

    on: date
    said_on: str
    villages: int
    connected: int
    served: int
    unmeasured: int
    claimed_unmeasured: int
    beside: str
    of_connected: str
    kelurahan: str
    notes: tuple[str, ...]
    parts: tuple[Part, ...]
    targets: tuple[TargetRow, ...]
    curve: Curve | None
    map: Choropleth | None
    districts: tuple[District, ...]
    on_paper: tuple[VillageRow, ...]
    claimed: tuple[VillageRow, ...]
    pace: str
    since: str
    steps: tuple[Step, ...]


DISTRICT_COLUMNS: Final[Columns[District]] = {
    "kecamatan": lambda each: each.name,
    "desa": lambda each: each.villages,
    "connected": lambda each: each.connected,
    "served": lambda each: each.served,
    "unmeasured": lambda each: each.unmeasured,
}


def page_of(
    document: Document,
    curve: Sequence[tuple[date, int]],
    outlines: Mapping[str, Any],
    account: Account,
    sort: str = "",
) -> CoveragePage:
    """Of the regions that the account sees: the sums are of those alone."""
    on = date.fromisoformat(document["at"])
    districts = [each for each in document["kecamatan"] if sees(account, each["code"])]
    desa, kelurahan = (_sum(each[kind] for each in districts) for kind in ("desa", "kelurahan"))
    villages = [each for each in document["villages"] if sees(account, each["code"]) and each["kind"] == "desa"]
    drawn = _Box(curve, desa["villages"], _dues(document)) if curve and account.sees_everything else None
    return CoveragePage(
        on,
        _whole_day(on),
        desa["villages"],
        desa["connected"],
        desa["served"],
        desa["unmeasured"],
        desa["connectedUnmeasured"],
        _("{count} are claimed as well").format(count=number(desa["connectedUnmeasured"])),
        _("{percent} % of {count}").format(
            percent=number(100 * desa["served"] / desa["connected"]), count=number(desa["connected"])
        )
        if desa["connected"]
        else "",
        n_(
            "{count} kelurahan counted apart: {connected} connected, {served} served.",
            "{count} kelurahan counted apart: {connected} connected, {served} served.",
            kelurahan["villages"],
        ).format(**{key: number(kelurahan[name]) for key, name in _KELURAHAN.items()}),
        tuple(document["notes"]) if account.sees_everything else (),
        _parts(desa),
        tuple(_target(each, on, drawn) for each in document["targets"] if each["indicator"] == "desa")
        if account.sees_everything
        else (),
        drawn.curve(document["forecast"]) if drawn else None,
        choropleth(outlines, districts),
        tuple(in_order((_district(each) for each in districts), DISTRICT_COLUMNS, sort)),
        tuple(_village(each) for each in villages if each["connected"] and each["measured"] == "not-served"),
        tuple(_village(each) for each in villages if each["connected"] and each["measured"] == "unmeasured"),
        _pace(document["forecast"], on) if account.sees_everything else "",
        _whole_day(date.fromisoformat(document["since"]["at"])) if "since" in document else "",
        tuple(_steps(document, desa, account)),
    )


def _whole_day(on: date) -> str:
    """With its year, always: what was so on a day is told years later."""
    return f"{on.day} {months()[on.month - 1]} {on.year}"


def _steps(document: Document, desa: Mapping[str, int], account: Account) -> Iterator[Step]:
    if "since" not in document:
        return
    for key, word in (("connected", _("Connected")), ("served", _("Served"))):
        gained, lost = (
            [each for each in document["since"][key][name] if sees(account, each["code"])]
            for name in ("gained", "lost")
        )
        more = len(gained) - len(lost)
        sign = "+" if more > 0 else "±" if more == 0 else ""
        yield Step(
            word,
            number(desa[key] - more),
            number(desa[key]),
            f"{sign}{number(more)}",
            _by_kecamatan(gained),
            _by_kecamatan(lost),
        )


def _by_kecamatan(villages: Iterable[Mapping[str, str]]) -> tuple[tuple[str, list[str]], ...]:
    names: dict[str, list[str]] = {}
    for each in villages:
        names.setdefault(each["kecamatan"], []).append(each["name"])
    return tuple((f"{_('Kec.')} {kecamatan}", found) for kecamatan, found in names.items())


_KELURAHAN: Final = {"count": "villages", "connected": "connected", "served": "served"}


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    found = dict.fromkeys(SUMMED, 0)
    for each in counts:
        for name in SUMMED:
            found[name] += each[name]
    return found


def _parts(counts: Mapping[str, int]) -> tuple[Part, ...]:
    """Served, claimed but not served, claimed but not measured, measured by nobody: together all villages."""
    whole = counts["villages"] or 1
    claimed = counts["connectedUnmeasured"]
    rest = counts["villages"] - counts["served"] - counts["onPaper"] - claimed
    named = (
        ("served", _("served"), counts["served"]),
        ("on-paper", _("connected, not served"), counts["onPaper"]),
        ("claimed", _("connected, not measured"), claimed),
        ("none", _("not connected"), rest),
    )
    parts, left = [], 0.0
    for name, word, count in named:
        width = round(100 * count / whole, 2)
        parts.append(Part(name, word, number(count), round(left, 2), width))
        left += width
    return tuple(parts)


def _district(each: Mapping[str, Any]) -> District:
    desa = each["desa"]
    return District(each["name"], desa["villages"], desa["connected"], desa["served"], desa["unmeasured"], _parts(desa))


def _village(each: Mapping[str, Any]) -> VillageRow:
    percent = each["availabilityPercent"]
    return VillageRow(
        each["code"],
        each["name"],
        each["kecamatan"],
        "" if percent is None else f"{number(percent, 1)} %",
        reason_word(each["reason"]),
    )


def _target(each: Mapping[str, Any], on: date, box: "_Box | None") -> TargetRow:
    due = date.fromisoformat(each["dueOn"])
    if each["reachedOn"]:
        said = _("reached on {day}").format(day=day(date.fromisoformat(each["reachedOn"]), on))
    elif due > on:
        said = _("{count} to go").format(count=number(each["short"]))
    else:
        said = _("missed by {count}, {days} days late so far").format(
            count=number(each["short"]), days=number(each["slipDays"])
        )
    before = ", ".join(f"{number(old['value'])} ({old['document']})" for old in each["replaced"])
    return TargetRow(
        number(each["value"]),
        _whole_day(due),
        each["kind"],
        each["document"],
        said,
        bool(each["reachedOn"]),
        before,
        box.x(due) if box else None,
        box.y(each["value"]) if box else None,
    )


def _pace(forecast: Mapping[str, Any] | None, on: date) -> str:
    if not forecast:
        return ""
    if not forecast["expected"]:
        return _("Nobody was connected in the last {months} months: there is no forecast.").format(
            months=forecast["months"]
        )
    earliest, expected, latest = (
        day(date.fromisoformat(forecast[key]), on) if forecast[key] else "…"
        for key in ("earliest", "expected", "latest")
    )
    return _("{pace} a month; all by about {expected} ({earliest} to {latest}).").format(
        pace=number(forecast["pacePerMonth"], 1), expected=expected, earliest=earliest, latest=latest
    )


def _dues(document: Document) -> list[date]:
    return [date.fromisoformat(each["dueOn"]) for each in document["targets"] if each["indicator"] == "desa"]


class _Box:
    """From days and counts to percents of the drawing, which holds the curve and every target."""

    def __init__(self, curve: Sequence[tuple[date, int]], whole: int, dues: Sequence[date]) -> None:
        self._curve = curve
        self._whole = max(whole, 1)
        self._first = min([curve[0][0], *dues])
        self._days = max((max([curve[-1][0], *dues]) - self._first).days, 1)

    def x(self, on: date) -> float:
        return round(100 * (on - self._first).days / self._days, 2)

    def y(self, count: int) -> float:
        return round(100 - 92 * count / self._whole, 2)

    def curve(self, forecast: Mapping[str, Any] | None) -> Curve:
        points = " ".join(f"{self.x(on)},{self.y(count)}" for on, count in self._curve)
        last = date.fromordinal(self._first.toordinal() + self._days)
        years = range(self._first.year + 1, last.year + 1)
        round_ = next(step for step in (5, 10, 25, 50, 100, 250, 1000, 5000, 10**6) if step * 4 >= self._whole)
        levels = [
            *(level for level in range(round_, self._whole, round_) if self._whole - level > round_ / 3),
            self._whole,
        ]
        return Curve(
            points,
            tuple((self.x(date(year, 1, 1)), year) for year in years),
            tuple((self.y(level), number(level)) for level in levels),
            self.x(self._curve[-1][0]),
            self.y(self._curve[-1][1]),
            *self._ahead(forecast),
        )

    def _ahead(self, forecast: Mapping[str, Any] | None) -> tuple[str, str]:
        on, count = self._curve[-1]
        if not forecast or not forecast["expected"]:
            return "", ""
        last = date.fromordinal(self._first.toordinal() + 2 * self._days).isoformat()
        earliest, expected, latest = (
            f"{self.x(date.fromisoformat(forecast[key] or last))},{self.y(self._whole)}"
            for key in ("earliest", "expected", "latest")
        )
        begin = f"{self.x(on)},{self.y(count)}"
        return f"{begin} {expected}", f"{begin} {earliest} {latest}"
