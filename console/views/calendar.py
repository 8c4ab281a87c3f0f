"""Availability as a calendar: a row for each month, a cell for each day, its dark part filled. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from typing import Final

from console.ports.network import CalendarMonth, ClosedFigure, CorrectedFigure
from console.views.speech import months as month_words
from console.views.speech import number
from domain.availability import Kind
from domain.availability.kinds import KNOWN
from domain.language import _

CELL: Final = 20
HEIGHT: Final = 14.0
LEAST: Final = 1.4
"""Height of the shortest outage that is still seen."""

_FILLED: Final = ((Kind.DOWN, "k-d"), (Kind.UNREACHABLE, "k-x"), (Kind.PLANNED, "k-m"), (Kind.UNKNOWN, "k-k"))


@dataclass(frozen=True, slots=True)
class Fill:
    css: str
    x: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class MonthRow:
    """xs: where a day's cell begins. available: 99,5 %, blank where nothing is known; seen: only if not nearly all.

    stands: whether the figure is as it was closed, or may still change. corrected: what a closed month reads since.
    """

    word: str
    available: str
    seen: str
    xs: tuple[int, ...]
    fills: tuple[Fill, ...]
    stands: str = ""
    is_closed: bool = False
    corrected: str = ""


def calendar_rows(
    months: Sequence[CalendarMonth], closed: Mapping[str, ClosedFigure] | None = None, zone: tzinfo = UTC
) -> tuple[MonthRow, ...]:
    """Months before anything was known are left out. closed: of those that are; None: months of this are never closed.

    A closed month counts as it was closed; its days are drawn from today's records all the same.
    """
    known = [
        place for place, month in enumerate(months) if any(set(day.shares) & KNOWN for day in month.days)
    ]  # a Sunday tells nothing of service hours, and is seen all the same
    shown = months[known[0] :] if known else ()
    if closed is None:
        return tuple(_row(month) for month in shown)
    last = months[-1].label if months else ""
    return tuple(_standing(month, closed.get(month.label), zone, is_last=month.label == last) for month in shown)


def _standing(month: CalendarMonth, closed: ClosedFigure | None, zone: tzinfo, *, is_last: bool) -> MonthRow:
    if closed is None:
        return replace(_row(month), stands=_("so far") if is_last else _("open"))
    as_closed = replace(month, available=closed.available, seen=closed.seen)
    return replace(
        _row(as_closed),
        stands=_("closed"),
        is_closed=True,
        corrected=_corrected(closed.corrected, zone) if closed.corrected else "",
    )


def _corrected(figure: CorrectedFigure, zone: tzinfo) -> str:
    on = figure.at.astimezone(zone).date()
    when = f"{on.day} {month_words()[on.month - 1]} {on.year}"
    if figure.available is None:
        return _("Corrected {day}: no figure. {why}").format(day=when, why=figure.why)
    return _("Corrected {day}: {percent} %. {why}").format(
        day=when, percent=number(figure.available, 1), why=figure.why
    )


def _row(month: CalendarMonth) -> MonthRow:
    year, at = month.label.split("-")
    percent = "" if month.available is None else f"{number(month.available, 1)} %"
    seen = "" if month.seen is None or month.seen >= 99 else f"{number(month.seen)} %"
    return MonthRow(
        f"{month_words()[int(at) - 1]} {year[2:]}",
        percent,
        seen,
        tuple(CELL * (day.on.day - 1) for day in month.days),
        tuple(fill for day in month.days for fill in _fills(CELL * (day.on.day - 1), day.shares.items())),
    )


def _fills(x: int, shares: Iterable[tuple[Kind, float]]) -> Iterable[Fill]:
    by_kind, bottom = dict(shares), HEIGHT + 1
    for kind, css in _FILLED:
        share = by_kind.get(kind, 0.0)
        if share * 86400 >= 1:
            height = round(min(bottom - 1, max(LEAST, share * HEIGHT)), 1)
            bottom = round(bottom - height, 1)
            yield Fill(css, x, bottom, height)
