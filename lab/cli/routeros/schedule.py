"""When a router's scheduler entries run. Source: help.mikrotik.com "Scheduler" (start-date, start-time, interval).

An entry without start gets the moment it was made; with an interval it first runs one interval later. `startup` is
three seconds after the console starts. Without interval it runs once.
"""

import re
from datetime import UTC, datetime, timedelta, timezone

from lab.cli.routeros.values import seconds_of

STARTUP_SECONDS = 3.0
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def printed_date(moment: datetime, *, iso: bool) -> str:
    """`2026-11-22` from 7.10 on, `nov/22/2026` before."""
    return moment.strftime("%Y-%m-%d") if iso else f"{_MONTHS[moment.month - 1]}/{moment:%d/%Y}"


def start_of(given: dict[str, str], booted: float, zone_seconds: float) -> float:
    """Seconds since 1970 of an entry's start."""
    if given.get("start-time") == "startup":
        return booted + STARTUP_SECONDS
    zone = timezone(timedelta(seconds=zone_seconds))
    date, clock = given.get("start-date", "1970-01-01"), given.get("start-time", "00:00:00")
    if matched := re.fullmatch(r"([a-z]{3})/(\d+)/(\d+)", date.lower()):
        year, month, day = int(matched[3]), _MONTHS.index(matched[1]) + 1, int(matched[2])
    else:
        year, month, day = (int(part) for part in date.split("-"))
    begins = datetime(year, month, day, tzinfo=zone).astimezone(UTC).timestamp()
    return begins + seconds_of("start-time", clock)


def next_run(given: dict[str, str], booted: float, after: float, zone_seconds: float) -> float | None:
    """The first run later than `after`; None: never again."""
    start = start_of(given, booted, zone_seconds)
    interval = seconds_of("interval", given.get("interval", "0s"))
    if start > after:
        return start
    if interval <= 0:
        return None
    turns = int((after - start) // interval) + 1
    return start + turns * interval
