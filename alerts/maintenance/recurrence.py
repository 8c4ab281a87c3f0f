"""When work comes back: each week (`Sen,Kam 22.00-24.00`) or each month (`bulanan tgl 15 22.00-02.00`,
`bulanan minggu ke-2 01.00-03.00`, `monthly last sunday 01.00-03.00`). Hours are those of `domain.time.WeeklyHours`.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from domain.language import _
from domain.time import HoursError, WeeklyHours

LAST: Final = -1
_MONTHLY: Final = re.compile(r"\s*(?:bulanan|monthly|(?:setiap|tiap) bulan|every month)\b[\s,:]*(?P<rest>.*)", re.I)
_DATE: Final = re.compile(r"(?:tgl|tanggal|day|on)\.?\s*(?P<day>\d{1,2})\s+(?P<hours>.+)", re.I)
_NTH: Final = re.compile(
    r"(?P<name>[a-z']+)\s+(?:ke-?\s*(?P<after>[1-5])|(?P<last>terakhir))\s+(?P<hours>.+)"
    r"|(?P<before>[1-5])(?:st|nd|rd|th)\s+(?P<english>[a-z]+)\s+(?P<h2>.+)"
    r"|last\s+(?P<l2>[a-z]+)\s+(?P<h3>.+)",
    re.I,
)


class RecurrenceError(ValueError):
    """A rhythm that cannot be read; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """hours: of the week, or of one day each month. day: of the month, 1 to 31, the last one if a month is shorter.
    nth: of `weekday` (0 is Monday) in the month, LAST for the last; None for both: each week.
    """

    hours: WeeklyHours
    day: int | None = None
    nth: int | None = None
    weekday: int = 0

    def intervals(self, since: datetime, until: datetime, zone: tzinfo) -> tuple[tuple[datetime, datetime], ...]:
        """The stretches inside [since, until), in UTC, sorted."""
        if self.day is None and self.nth is None:
            return self.hours.intervals(since, until, zone)
        first = since.astimezone(zone).date() - timedelta(days=2)
        kept = []
        for day in sorted(set(self._days(first, until.astimezone(zone).date()))):
            begin = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
            for one, other in self._on(day.weekday()).intervals(begin, begin + timedelta(days=2), zone):
                if other > since and one < until:
                    kept.append((max(one, since.astimezone(UTC)), min(other, until.astimezone(UTC))))
        return tuple(kept)

    def _on(self, weekday: int) -> WeeklyHours:
        """The hours of that day alone: a stretch past midnight belongs to the day it begins on."""
        return WeeklyHours(tuple(spans if number == weekday else () for number, spans in enumerate(self.hours.days)))

    def _days(self, first: date, last: date) -> Iterator[date]:
        year, month = first.year, first.month
        while (year, month) <= (last.year, last.month):
            length = monthrange(year, month)[1]
            if self.day is not None:
                yield date(year, month, min(self.day, length))
            elif (day := self._nth_day(year, month, length)) is not None:
                yield day
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)

    def _nth_day(self, year: int, month: int, length: int) -> date | None:
        fitting = [day for day in range(1, length + 1) if date(year, month, day).weekday() == self.weekday]
        if self.nth == LAST:
            return date(year, month, fitting[-1])
        assert self.nth is not None
        return date(year, month, fitting[self.nth - 1]) if self.nth <= len(fitting) else None


def read_recurrence(text: str) -> Recurrence:
    """Raises RecurrenceError."""
    try:
        monthly = _MONTHLY.fullmatch(text)
        if monthly is None:
            return Recurrence(WeeklyHours.parse(text))
        return _monthly(monthly["rest"], text)
    except HoursError as error:
        raise RecurrenceError(str(error)) from None


def _monthly(rest: str, text: str) -> Recurrence:
    if (by_date := _DATE.fullmatch(rest)) and 1 <= int(by_date["day"]) <= 31:
        return Recurrence(WeeklyHours.parse(by_date["hours"]), day=int(by_date["day"]))
    if found := _NTH.fullmatch(rest):
        name = found["name"] or found["english"] or found["l2"]
        hours = found["hours"] or found["h2"] or found["h3"]
        number = found["after"] or found["before"]
        return Recurrence(WeeklyHours.parse(hours), nth=int(number) if number else LAST, weekday=_weekday(name))
    raise RecurrenceError(
        _("'{text}': write for example 'bulanan tgl 15 22.00-02.00' or 'bulanan minggu ke-2 01.00-03.00'").format(
            text=text
        )
    )


def _weekday(name: str) -> int:
    """By the names that hours of a week know."""
    days = WeeklyHours.parse(f"{name} 00.00-24.00").days
    fitting = [number for number, spans in enumerate(days) if spans]
    if len(fitting) != 1:
        raise RecurrenceError(_("'{name}' is not one day of the week.").format(name=name))
    return fitting[0]
