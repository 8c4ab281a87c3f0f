"""A calendar month in the kabupaten's own zone."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

from domain.availability.spans import Span, micros_of
from domain.language import _

_MONTH: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


class PeriodError(ValueError):
    """A text that names no month, or a month that has not begun."""


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
    year, number = int(match[1]), int(match[2])
    start = datetime(year, number, 1, tzinfo=zone).astimezone(UTC)
    end = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=zone).astimezone(UTC)
    if start >= now:
        raise PeriodError(_("{text} has not begun yet.").format(text=text))
    return Period(match[0], start, end, min(end, now.astimezone(UTC).replace(microsecond=0)))
