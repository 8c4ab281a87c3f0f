"""How fast villages are connected, when the rest will be, and how late a promise is.

The method is simple and stated with every forecast: the pace is the mean of the last 24 months (or of what there is,
six months at least); the spread takes the slowest and the fastest half of them in a row, of 24 months a year, and the
mean lies in it always. Who connected nobody in that time has no forecast: at this pace it never ends.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

LOOK_BACK_MONTHS: Final = 24
LEAST_MONTHS: Final = 6
YEAR_MONTHS: Final = 12
_MONTH_DAYS: Final = 365.25 / 12
_FARTHEST: Final = date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Forecast:
    """expected: when the last one is connected at the mean pace; earliest and latest: at that of the fastest and the
    slowest half of those months. None: never at that pace. pace: villages a month, not rounded: every date is reckoned
    from the same one. months: how many were looked at.
    """

    pace: float
    months: int
    expected: date | None
    earliest: date | None
    latest: date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One promise against what was reached. reached: on the day it was due, or so far. reached_on: when the number was
    reached, if it was. slip_days: how much later than promised, below nought if earlier; so far, while it is open.
    forecast: when it will be, by the pace; None: it is reached, or never at this pace.
    """

    due_on: date
    value: int
    reached: int
    short: int
    reached_on: date | None
    slip_days: int
    forecast: date | None = None


def month_ends(first: date, last: date) -> list[date]:
    """The last days of the months from that of `first` on, and `last` itself."""
    found: list[date] = []
    year, month = first.year, first.month
    while True:
        year, month = (year, month + 1) if month < YEAR_MONTHS else (year + 1, 1)
        end = date(year, month, 1) - timedelta(days=1)
        if end >= last:
            return [*found, last]
        found.append(end)


def months_before(on: date, months: int) -> date:
    """The same day so many months earlier; of the last day of a month the last one, as of a day that is not there."""
    year, month = divmod(on.year * YEAR_MONTHS + on.month - 1 - months, YEAR_MONTHS)
    last, own = (_last_day(*each) for each in ((year, month + 1), (on.year, on.month)))
    return date(year, month + 1, last if on.day == own else min(on.day, last))


def forecast_of(count_at: Callable[[date], int], on: date, whole: int, first: date | None) -> Forecast | None:
    """When `whole` villages will be connected, as seen on a day.

    count_at: how many were connected at the end of a day. first: the day the first one was. None: too short a history,
    or nothing is left to do.
    """
    done = count_at(on)
    if first is None or done >= whole:
        return None
    lived = (on.year - first.year) * YEAR_MONTHS + on.month - first.month
    months = min(LOOK_BACK_MONTHS, lived)
    if months < LEAST_MONTHS:
        return None
    counts = [count_at(months_before(on, back)) for back in range(months, 0, -1)] + [done]
    stretch = months // 2
    pace = (counts[-1] - counts[0]) / months
    paces = [pace, *((counts[at + stretch] - counts[at]) / stretch for at in range(len(counts) - stretch))]
    left = whole - done
    return Forecast(pace, months, *(_after(on, left, each) for each in (pace, max(paces), min(paces))))


def first_reached(value: int, first: date, on: date, count_at: Callable[[date], int]) -> date | None:
    """The day on which the count was reached, looked for in the first month that ended with it; None: not yet."""
    if first > on:
        return None
    begin = first
    for end in month_ends(first, on):
        if count_at(end) >= value:
            return next(day for day in _days(begin, end) if count_at(day) >= value)
        begin = end + timedelta(days=1)
    return None


def standing_of(
    value: int, due_on: date, on: date, count_at: Callable[[date], int], reached_on: date | None, pace: float
) -> Standing:
    """One promise, as seen on a day. reached_on: see `first_reached`. pace: villages a month."""
    reached = count_at(min(due_on, on))
    late = (reached_on or on) - due_on
    slip = late.days if reached_on is not None or on > due_on else 0
    foreseen = None if reached_on is not None else _after(on, value - count_at(on), pace)
    return Standing(due_on, value, reached, max(0, value - reached), reached_on, slip, foreseen)


def _last_day(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def _days(first: date, last: date) -> Iterator[date]:
    yield from (first + timedelta(days=number) for number in range((last - first).days + 1))


def _after(on: date, left: int, pace: float) -> date | None:
    if pace <= 0:
        return None
    days = left / pace * _MONTH_DAYS
    return on + timedelta(days=round(days)) if days < (_FARTHEST - on).days else None
