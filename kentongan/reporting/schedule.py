"""Which reports are sent by themselves, to whom and when; out of `reports.toml`. Reads no clock and sends nothing.

[[report]]
name = "opd-bulanan"                  # its own, kept to know what was sent
kind = "availability"
by = "opd"
every = "month"                       # month, half or year
day = 3                               # this many days after the period has ended
at = "07.00"
formats = ["pdf", "xlsx"]
to = ["kepala.dinas@example.go.id"]
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from domain.availability import By
from domain.language import _
from kentongan.reporting.records import Format, ReportError, ReportKind

MOST_DAYS: Final = 180
_ADDRESS: Final = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_TIME: Final = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)")
_NAME: Final = re.compile(r"[\w.-]{1,60}")


class ScheduleError(ReportError):
    """The file of the schedule cannot be used; the message names the report and the key."""


class Every(StrEnum):
    MONTH = "month"
    HALF = "half"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Schedule:
    """One report that is sent again and again. day: the first of the days after the period is 1."""

    name: str
    kind: ReportKind
    to: tuple[str, ...]
    every: Every = Every.MONTH
    by: str = ""
    day: int = 3
    at: time = time(7)
    formats: tuple[Format, ...] = (Format.PDF,)


@dataclass(frozen=True, slots=True)
class Due:
    """A period whose report is to be sent. period: as the desk takes it. at: when it was due."""

    period: str
    at: datetime


def read_schedule(path: Path) -> tuple[Schedule, ...]:
    """Empty if the file is not there. Raises ScheduleError."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ScheduleError(_("{where} cannot be read: {error}").format(where=path, error=error)) from None
    tables = document.pop("report", [])
    if document or not isinstance(tables, list):
        raise ScheduleError(_("{where}: write each report as a table [[report]].").format(where=path))
    found = tuple(_Table(str(path), number, each).read() for number, each in enumerate(tables, 1))
    twice = {each.name for each in found if [one.name for one in found].count(each.name) > 1}
    if twice:
        raise ScheduleError(_("{where}: two reports are called {name}.").format(where=path, name=min(twice)))
    return found


def due_between(schedule: Schedule, since: datetime, until: datetime, zone: tzinfo) -> list[Due]:
    """Those that came due in (since, until], oldest first."""
    return [each for each in _all(schedule, since.astimezone(zone).year - 1, zone, until) if since < each.at <= until]


def next_due(schedule: Schedule, now: datetime, zone: tzinfo) -> Due:
    """The first that is not due yet."""
    later = _all(schedule, now.astimezone(zone).year - 1, zone, now + timedelta(days=2 * 366 + MOST_DAYS))
    return next(each for each in later if each.at > now)


def _all(schedule: Schedule, first_year: int, zone: tzinfo, until: datetime) -> Iterator[Due]:
    for year in range(first_year, until.astimezone(zone).year + 1):
        for label, end in _periods(schedule, year):
            at = datetime.combine(end + timedelta(days=schedule.day - 1), schedule.at, zone)
            yield Due(label, at)


def _periods(schedule: Schedule, year: int) -> Iterator[tuple[str, date]]:
    """Its label and the first day after it."""
    step = {Every.MONTH: 1, Every.HALF: 6, Every.YEAR: 12}[schedule.every]
    for first in range(1, 13, step):
        after = first + step
        end = date(year + (after - 1) // 12, (after - 1) % 12 + 1, 1)
        if schedule.kind is ReportKind.COVERAGE:
            yield (end - timedelta(days=1)).isoformat(), end
        elif schedule.every is Every.MONTH:
            yield f"{year}-{first:02}", end
        else:
            yield f"{year}-H{1 + first // 7}" if schedule.every is Every.HALF else str(year), end


@dataclass(frozen=True, slots=True)
class _Table:
    """One table of the file, read with complaints that name it."""

    where: str
    number: int
    values: Any

    def read(self) -> Schedule:
        if not isinstance(self.values, Mapping):
            raise self._wrong(_("this is no table"))
        strange = sorted(set(self.values) - {field.name for field in fields(Schedule)})
        if strange:
            known = ", ".join(field.name for field in fields(Schedule))
            raise self._wrong(_("'{key}' is not known here; use: {known}").format(key=strange[0], known=known))
        kind = ReportKind(self._one("kind", "", tuple(ReportKind)))
        usual = Every.HALF if kind is ReportKind.EVALUATION else Every.MONTH
        every = Every(self._one("every", usual.value, tuple(Every)))
        if kind is ReportKind.EVALUATION and every is not Every.HALF:
            raise self._wrong(_("{key}: the evaluation is half-yearly; write half").format(key="every"))
        available = kind is ReportKind.AVAILABILITY
        return Schedule(
            self._name(),
            kind,
            self._addresses(),
            every,
            self._one("by", By.DESA.value, tuple(By)) if available else self._nothing("by"),
            self._day(),
            self._time(),
            tuple(Format(each) for each in self._several("formats", (Format.PDF.value,), tuple(Format))),
        )

    def _name(self) -> str:
        name = self._text("name", "")
        if not _NAME.fullmatch(name):
            raise self._wrong(_("{key}: give it a short name of its own, without spaces").format(key="name"))
        return name

    def _addresses(self) -> tuple[str, ...]:
        found = self._texts("to", ())
        wrong = [each for each in found if not _ADDRESS.fullmatch(each)]
        if wrong or not found:
            said = wrong[0] if wrong else ""
            raise self._wrong(_("{key}: '{value}' is not one mail address.").format(key="to", value=said))
        return found

    def _day(self) -> int:
        day = self.values.get("day", 3)
        if not isinstance(day, int) or isinstance(day, bool) or not 1 <= day <= MOST_DAYS:
            raise self._wrong(_("{key}: write a whole number from 1 to {most}").format(key="day", most=MOST_DAYS))
        return day

    def _time(self) -> time:
        match = _TIME.fullmatch(self._text("at", "07.00"))
        if match is None:
            raise self._wrong(_("{key}: this is not a time of the day; write for example 07.30").format(key="at"))
        return time(int(match[1]), int(match[2]))

    def _one(self, key: str, usual: str, known: Sequence[str]) -> str:
        value = self._text(key, usual)
        if value not in known:
            raise self._wrong(
                _("{key}: '{value}' is not one of: {known}.").format(key=key, value=value, known=", ".join(known))
            )
        return value

    def _several(self, key: str, usual: tuple[str, ...], known: Sequence[str]) -> tuple[str, ...]:
        found = self._texts(key, usual) or usual
        for value in found:
            if value not in known:
                raise self._wrong(
                    _("{key}: '{value}' is not one of: {known}.").format(key=key, value=value, known=", ".join(known))
                )
        return tuple(dict.fromkeys(found))

    def _nothing(self, key: str) -> str:
        if self._text(key, ""):
            raise self._wrong(_("{key}: only availability is made by something").format(key=key))
        return ""

    def _text(self, key: str, usual: str) -> str:
        value = self.values.get(key, usual)
        if not isinstance(value, str):
            raise self._wrong(_("{key}: write a text").format(key=key))
        return value

    def _texts(self, key: str, usual: tuple[str, ...]) -> tuple[str, ...]:
        value = self.values.get(key, list(usual))
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self._wrong(_("{key}: write a list of texts").format(key=key))
        return tuple(value)

    def _wrong(self, problem: str) -> ScheduleError:
        name = self.values.get("name") if isinstance(self.values, Mapping) else None
        return ScheduleError(f"{self.where}: [[report]] {name or self.number}: {problem}")
