"""Availability as a calendar: a row for each month, a cell for each day, its dark part filled. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from console.ports.network import CalendarMonth
from console.views.speech import months as month_words
from console.views.speech import number
from domain.availability import Kind
from domain.availability.kinds import KNOWN

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
    """xs: where a day's cell begins. available: 99,5 %, blank where nothing is known; seen: only if not nearly all."""

    word: str
    available: str
    seen: str
    xs: tuple[int, ...]
    fills: tuple[Fill, ...]


def calendar_rows(months: Sequence[CalendarMonth]) -> tuple[MonthRow, ...]:
    """Months before anything was known are left out."""
    known = [
        place for place, month in enumerate(months) if any(set(day.shares) & KNOWN for day in month.days)
    ]  # a Sunday tells nothing of service hours, and is seen all the same
    return tuple(_row(month) for month in months[known[0] :]) if known else ()


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
