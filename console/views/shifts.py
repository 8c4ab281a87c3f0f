"""Which stretch of time is handed over: a shift by the office's hours, or the last hours. Pure."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta, tzinfo
from typing import Final

from console.ports.handover import Span
from domain.language import _

NOW: Final = "now"
BEFORE: Final = "before"
LAST: Final = {"8h": timedelta(hours=8), "12h": timedelta(hours=12), "24h": timedelta(hours=24)}
KEYS: Final = (NOW, BEFORE, *LAST)


def span_of(key: str, begins: Sequence[time], now: datetime, zone: tzinfo) -> Span:
    """now: the shift that is being worked; before: the one before it. What is none of KEYS is the present one."""
    if key in LAST:
        return Span(key, now - LAST[key], now)
    starts = _starts(begins, now, zone)
    if key == BEFORE:
        return Span(BEFORE, starts[-2], starts[-1])
    return Span(NOW, starts[-1], now)


def _starts(begins: Sequence[time], now: datetime, zone: tzinfo) -> list[datetime]:
    """Those of the last days that are over, the newest last."""
    today = now.astimezone(zone).date()
    found = [
        datetime.combine(today - timedelta(days=back), begin, zone)
        for back in range(4)
        for begin in sorted(set(begins))
    ]
    return sorted(each.astimezone(now.tzinfo) for each in found if each <= now)


def span_word(key: str) -> str:
    words = {
        NOW: _("This shift"),
        BEFORE: _("The shift before"),
        "8h": _("The last 8 hours"),
        "12h": _("The last 12 hours"),
        "24h": _("The last 24 hours"),
    }
    return words[key]
