"""A calendar month, half-year or year in the kabupaten's own zone."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

from domain.availability.spans import Span, micros_of
from domain.language import _

_MONTH: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
_HALF: Final = re.compile(r"(20\d\d)-?[HhSs]?([12])")
_YEAR: Final = re.compile(r"20\d\d")


class PeriodError(ValueError):
    """A text that names no month, half-year or year, or one that has not begun."""


@dataclass(frozen=True, slots=True)
class Period:
    """[start, end) in UTC. until: how far it is known: its end, or now while it lasts."""

    label: str
    start: datetime
    end: datetime
    until: datetime

    @property
    def span(self) -> Span:
        return micros_of(self.start), micros_of(self.until)

    @property
    def is_over(self) -> bool:
        return self.until >= self.end


def month(text: str, zone: tzinfo, now: datetime) -> Period:
    """`2026-10`. Raises PeriodError."""
    match = _MONTH.fullmatch(text.strip())
    if match is None:
        raise PeriodError(_("'{text}' is no month. Write for example 2026-10.").format(text=text))
    return _months(match[0], int(match[1]), int(match[2]), 1, zone, now)


def half(text: str, zone: tzinfo, now: datetime) -> Period:
    """`2026-H1`, `2026-S1` or `2026-1`: January to June; the label is the first of them. Raises PeriodError."""
    match = _HALF.fullmatch(text.strip())
    if match is None:
        raise PeriodError(_("'{text}' is no half-year. Write for example 2026-1.").format(text=text))
    return _months(f"{match[1]}-H{match[2]}", int(match[1]), 6 * int(match[2]) - 5, 6, zone, now)


def period_of(text: str, zone: tzinfo, now: datetime) -> Period:
    """A month `2026-10`, a half-year `2026-H1` or a year `2026`. Raises PeriodError."""
    wanted = text.strip()
    if _MONTH.fullmatch(wanted):
        return month(wanted, zone, now)
    if _YEAR.fullmatch(wanted):
        return _months(wanted, int(wanted), 1, 12, zone, now)
    if _HALF.fullmatch(wanted) and wanted[-2].isalpha():  # 2026-1 may be meant as January
        return half(wanted, zone, now)
    raise PeriodError(_("'{text}' is no period. Write for example 2026-10, 2026-H1 or 2026.").format(text=text))


def months_of(period: Period, zone: tzinfo) -> tuple[Period, ...]:
    """The months that a period is made of, as far as they have begun."""
    first = period.start.astimezone(zone)
    found = []
    for number in range(12):
        year, month_number = first.year + (first.month - 1 + number) // 12, (first.month - 1 + number) % 12 + 1
        if datetime(year, month_number, 1, tzinfo=zone) >= period.until:
            break
        found.append(_months(f"{year}-{month_number:02}", year, month_number, 1, zone, period.until))
    return tuple(found)


def _months(label: str, year: int, first: int, count: int, zone: tzinfo, now: datetime) -> Period:
    start, end = (
        datetime(year + (number - 1) // 12, (number - 1) % 12 + 1, 1, tzinfo=zone).astimezone(UTC)
        for number in (first, first + count)
    )
    if start >= now:
        raise PeriodError(_("{text} has not begun yet.").format(text=label))
    return Period(label, start, end, min(end, now.astimezone(UTC).replace(microsecond=0)))
