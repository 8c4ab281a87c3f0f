"""Foreign DHCP servers out of a router's log: what it heard within the last hour of its own clock. Pure.

A log forgets nothing when somebody pulls the plug of his router; what is older than an hour counts as gone, as RouterOS
counts it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from domain.lan import Stranger, mac_text

LAST: Final = timedelta(hours=1)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_STAMP: Final = re.compile(r"\b([A-Z][a-z]{2}) +(\d{1,2})(?: +(\d{4}))? +(\d{1,2}):(\d\d):(\d\d)")
_MAC: Final = re.compile(r"\b[0-9a-fA-F]{4}[.-][0-9a-fA-F]{4}[.-][0-9a-fA-F]{4}\b")


def heard(lines: Iterable[str], now: datetime | None, place: Callable[[str], tuple[str, str]]) -> tuple[Stranger, ...]:
    """now: of the router's clock, as it writes it. place: interface and address in a line, '' where it has none. A line
    without a time of day (uptime stamps) tells nothing, nor does any where the clock is not known."""
    found: dict[tuple[str, str], Stranger] = {}
    for line in lines:
        mac, at = _MAC.search(line), _at(line, now)
        if mac is None or now is None or at is None or not timedelta(minutes=-5) <= now - at <= LAST:
            continue
        interface, address = place(line)
        known = mac_text(mac[0])
        found[known, interface] = Stranger(known, interface, address)
    return tuple(sorted(found.values(), key=lambda each: (each.interface, each.mac)))


def _at(line: str, now: datetime | None) -> datetime | None:
    """Without a year: the last one that is not to come."""
    match = _STAMP.search(line)
    if match is None or now is None or match[1].lower() not in _MONTHS:
        return None
    for year in (int(match[3]),) if match[3] else (now.year + 1, now.year, now.year - 1):
        at = _date(year, match)
        if at is not None and (match[3] or at - now <= timedelta(days=1)):
            return at
    return None


def _date(year: int, match: re.Match[str]) -> datetime | None:
    try:
        month = _MONTHS.index(match[1].lower()) + 1
        return datetime(year, month, int(match[2]), int(match[4]), int(match[5]), int(match[6]))
    except ValueError:
        return None


def clock(text: str) -> datetime | None:
    """IOS `*06:10:12.345 UTC Sun Nov 22 2026`, VRP `2026-11-22 06:10:12`; in whatever zone the router is."""
    if found := re.search(r"(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)", text):
        return datetime(*map(int, found.groups()))  # type: ignore[arg-type]
    found = re.search(r"(\d{1,2}):(\d\d):(\d\d)(?:\.\d+)? \S+ [A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d{4})", text)
    if found is None or found[4].lower() not in _MONTHS:
        return None
    month = _MONTHS.index(found[4].lower()) + 1
    return datetime(int(found[6]), month, int(found[5]), int(found[1]), int(found[2]), int(found[3]))


def rows(text: str, pattern: str) -> Iterator[re.Match[str]]:
    """Lines that are rows of a table."""
    return (found for line in text.splitlines() if (found := re.match(pattern, line)))
