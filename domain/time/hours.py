"""Hours of a week as offices write them: `24/7`, `Sen-Jum 07.30-16.00`, `06-18`, `Mon-Thu 8-16; Fri 08:00-11:00`.

The one parser of `service_hours` and `duty_hours`. Days and words in Indonesian and English; times with a point or a
colon; a span may go past midnight (`22.00-06.00`) and belongs to the day it begins on. Clauses without days mean every
day. Hours that name some days only are closed on holidays, hours of every day are not; `termasuk libur` (also on
holidays) and `kecuali libur` (except holidays) say it outright. Holidays are an argument (`domain.time.holidays`).
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Final

from domain.language import _

DAY_MINUTES: Final = 1440
EVERY_DAY: Final = frozenset(range(7))

Spans = tuple[tuple[int, int], ...]
"""Minutes since midnight, sorted; an end beyond 1440 lies on the next day."""

_DAYS: Final[dict[str, frozenset[int]]] = {
    word: frozenset({number})
    for number, words in enumerate(
        (
            "senin sen sn mon monday",
            "selasa sel sls sl tue tues tuesday",
            "rabu rab rb wed wednesday",
            "kamis kam kms km thu thur thurs thursday",
            "jumat jum jmt jm fri friday",
            "sabtu sab sbt sb sat saturday",
            "minggu min mgg mg ahad sun sunday",
        )
    )
    for word in words.split()
}
_DAY_WORDS: Final[dict[str, frozenset[int]]] = _DAYS | {
    "setiaphari": EVERY_DAY,
    "harikerja": frozenset(range(5)),
    "weekdays": frozenset(range(5)),
    "akhirpekan": frozenset({5, 6}),
    "weekend": frozenset({5, 6}),
}
_SAME: Final = (  # what offices write → what is read
    (r"\b(also|open|even) on (public )?holidays\b|\bincluding holidays\b|\btermasuk (hari )?libur\b", " +libur "),
    (r"\b(except|closed) (on )?(public )?holidays\b|\b(kecuali|selain) (hari )?libur( nasional)?\b", " -libur "),
    (r"\b(24 ?[/x] ?7|7 ?[/x] ?24)\b|\b(always|selalu|setiap saat|terus menerus)\b", " setiaphari 00.00-24.00 "),
    (r"\b24 ?(jam|hours|h)\b", " 00.00-24.00 "),
    (r"\b(setiap|tiap) hari\b|\b(daily|every day|everyday)\b", " setiaphari "),
    (r"\bhari kerja\b|\b(work(ing)? ?days?|weekdays?)\b", " harikerja "),
    (r"\bakhir pekan\b|\bweekends?\b", " akhirpekan "),
    (r"\bs\.? ?[/.] ?d\.?(?=[\s\d]|$)|\b(sd|sampai|hingga|to|until|till|through)\b|[‐-―−~]", "-"),
    (r"\b(pukul|pkl|jam|hari|at|from|dari|mulai|wib|wita|wit)\b\.?", " "),
    (r"[,;/&|\n]|\b(dan|and|serta)\b", " , "),
)
_TOKEN: Final = re.compile(r"\s*(?:(\d{1,2})(?:[.:](\d{2}))?(?!\d)|([+-]libur)|(-)|(,)|([^\W\d_][\w']*)\.?|(\S+))")
_CLOSED: Final = frozenset({"libur", "tutup", "closed", "off"})


class HoursError(ValueError):
    """A text that cannot be read as hours of a week; the message names the part and what would be right."""


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """days: seven entries, Monday first."""

    days: tuple[Spans, ...]
    on_holidays: bool = True

    @classmethod
    def parse(cls, text: str) -> "WeeklyHours":
        """An empty text means always. Raises HoursError."""
        return _read(text) if text.strip() else ALWAYS

    @property
    def is_always(self) -> bool:
        return self.on_holidays and self.days == ALWAYS.days

    def covers(self, local: datetime, holidays: Collection[date] = ()) -> bool:
        """local: a wall time in the place's zone; its tzinfo is not looked at."""
        day = local.date()
        minute = local.hour * 60 + local.minute
        return any(begin <= minute < end for begin, end in self._of(day, holidays)) or any(
            begin <= minute + DAY_MINUTES < end for begin, end in self._of(day - timedelta(days=1), holidays)
        )

    def intervals(
        self, start: datetime, end: datetime, zone: tzinfo, holidays: Collection[date] = ()
    ) -> tuple[tuple[datetime, datetime], ...]:
        """The open stretches inside [start, end), in UTC, sorted, apart from each other. start and end are aware."""
        if start >= end:
            return ()
        found: list[tuple[datetime, datetime]] = []
        for begin, until in self._stretches(start, end, zone, holidays):
            begin, until = max(begin, start.astimezone(UTC)), min(until, end.astimezone(UTC))
            if begin >= until:
                continue
            if found and begin <= found[-1][1]:
                found[-1] = (found[-1][0], max(found[-1][1], until))
            else:
                found.append((begin, until))
        return tuple(found)

    def _stretches(
        self, start: datetime, end: datetime, zone: tzinfo, holidays: Collection[date]
    ) -> Iterator[tuple[datetime, datetime]]:
        day = start.astimezone(zone).date() - timedelta(days=1)
        last = end.astimezone(zone).date()
        while day <= last:
            for begin, until in self._of(day, holidays):
                yield _instant(day, begin, zone), _instant(day, until, zone)
            day += timedelta(days=1)

    def _of(self, day: date, holidays: Collection[date]) -> Spans:
        return () if not self.on_holidays and day in holidays else self.days[day.weekday()]


ALWAYS: Final = WeeklyHours((((0, DAY_MINUTES),),) * 7)


def _instant(day: date, minutes: int, zone: tzinfo) -> datetime:
    days, rest = divmod(minutes, DAY_MINUTES)
    wall = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), zone)
    return wall.astimezone(UTC)


def _read(text: str) -> WeeklyHours:
    clauses, holidays = _clauses(text)
    week: list[list[tuple[int, int]]] = [[] for _day in range(7)]
    for days, spans in clauses:
        for day in days:
            week[day] = week[day] + spans if spans else []
    if not any(week):
        raise HoursError(_("'{text}': no hours are named. Write for example 'Sen-Jum 07.30-16.00'.").format(text=text))
    merged = tuple(_merged(spans) for spans in week)
    return WeeklyHours(merged, all(merged) if holidays is None else holidays)


def _clauses(text: str) -> tuple[list[tuple[frozenset[int], list[tuple[int, int]]]], bool | None]:
    """(days, spans) in the order they stand, no spans for a closed day; and what is said of holidays."""
    tokens = _tokens(text)
    clauses: list[tuple[frozenset[int], list[tuple[int, int]]]] = []
    days: frozenset[int] = frozenset()
    spans: list[tuple[int, int]] = []
    holidays: bool | None = None
    complete = True  # whether the days read so far have been given hours
    position = 0
    while position < len(tokens):
        kind, value = tokens[position]
        if kind == "days":
            if complete:
                days, spans, complete = frozenset(), [], False
            named, position = _day_range(tokens, position, text)
            days |= named
        elif kind == "time":
            span, position = _span(tokens, position, text)
            if complete and clauses and clauses[-1][1] is spans:
                spans.append(span)
            else:
                spans = [span]
                clauses.append((days or EVERY_DAY, spans))
            complete = True
        elif kind == "closed":
            if not days:
                raise HoursError(_("'{text}': say which days are closed.").format(text=text))
            clauses.append((days, []))
            days, complete, position = frozenset(), True, position + 1
        elif kind == "holidays":
            holidays, position = value == 1, position + 1
        elif kind == ",":
            position += 1
        else:
            raise HoursError(_("'{text}': a dash stands between two days or two times.").format(text=text))
    if not complete:
        raise HoursError(_("'{text}': days without hours. Write for example 'Sen-Jum 07.30-16.00'.").format(text=text))
    return clauses, holidays


def _day_range(tokens: list[tuple[str, int]], position: int, text: str) -> tuple[frozenset[int], int]:
    first = tokens[position][1]
    if position + 1 >= len(tokens) or tokens[position + 1][0] != "-":
        return _days_of(first), position + 1
    if position + 2 >= len(tokens) or tokens[position + 2][0] != "days":
        raise HoursError(_("'{text}': after a day and a dash comes another day.").format(text=text))
    begin, end = min(_days_of(first)), max(_days_of(tokens[position + 2][1]))
    return frozenset((begin + step) % 7 for step in range((end - begin) % 7 + 1)), position + 3


def _span(tokens: list[tuple[str, int]], position: int, text: str) -> tuple[tuple[int, int], int]:
    kinds = [kind for kind, _value in tokens[position : position + 3]]
    if kinds != ["time", "-", "time"]:
        raise HoursError(_("'{text}': a time stands alone. Write from and to: '07.30-16.00'.").format(text=text))
    begin, end = tokens[position][1], tokens[position + 2][1]
    if begin == end:
        raise HoursError(
            _("'{text}': begins and ends at the same time. For the whole day write '24 jam'.").format(text=text)
        )
    return (begin % DAY_MINUTES, end if end > begin else end + DAY_MINUTES), position + 3


def _tokens(text: str) -> list[tuple[str, int]]:
    """`days` carry their seven bits, `time` its minutes, `holidays` 1 for open."""
    plain = text.lower().replace("’", "'").replace("jum'at", "jumat")
    for pattern, same in _SAME:
        plain = re.sub(pattern, same, plain)
    found: list[tuple[str, int]] = []
    for hours, minutes, holiday, dash, comma, word, rest in _TOKEN.findall(plain.rstrip(" .")):
        if hours:
            found.append(("time", _minutes(hours, minutes, text)))
        elif holiday:
            found.append(("holidays", int(holiday[0] == "+")))
        elif dash or comma:
            found.append((dash or comma, 0))
        elif word in _DAY_WORDS:
            found.append(("days", sum(1 << day for day in _DAY_WORDS[word])))
        elif word in _CLOSED:
            found.append(("closed", 0))
        else:
            raise HoursError(
                _("'{text}': '{part}' is neither a day nor a time. Write for example 'Sen-Jum 07.30-16.00'.").format(
                    text=text, part=word or rest
                )
            )
    return found


def _minutes(hours: str, minutes: str, text: str) -> int:
    value = int(hours) * 60 + int(minutes or 0)
    if value > DAY_MINUTES or int(minutes or 0) > 59:
        raise HoursError(
            _("'{text}': {time} is not a time of the day.").format(text=text, time=f"{hours}.{minutes or '00'}")
        )
    return value


def _days_of(bits: int) -> frozenset[int]:
    return frozenset(day for day in range(7) if bits >> day & 1)


def _merged(spans: list[tuple[int, int]]) -> Spans:
    kept: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if kept and begin <= kept[-1][1]:
            kept[-1] = (kept[-1][0], max(kept[-1][1], end))
        else:
            kept.append((begin, end))
    assert all(one[1] < other[0] for one, other in pairwise(kept))
    return tuple(kept)
