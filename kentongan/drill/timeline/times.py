"""Times as the lines of a timeline give them: `90s`, `5m`, `1h30m` since it began, or `10:00` on the clock."""

import re
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Asia/Jakarta")
_SPAN: Final = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?")
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


def span(text: str) -> float:
    """Seconds of `90s`, `5m`, `2h`, `1h30m`, `1d`. Raises ValueError."""
    found = _SPAN.fullmatch(text)
    if not text or found is None:
        raise ValueError(text)
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return days * 86400 + hours * 3600 + minutes * 60 + seconds


def moment(text: str, began: float) -> float:
    """Seconds since `began` (unix): a span, or the next time the clock shows it. Raises ValueError."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        return span(text)
    hour, minute, second = (int(part or 0) for part in found.groups())
    start = datetime.fromtimestamp(began, ZONE)
    shown = start.replace(hour=hour, minute=minute, second=second, microsecond=0)
    if shown < start:
        shown += timedelta(days=1)
    return (shown - start).total_seconds()


def instant(date: str, clock: str) -> float:
    """Unix seconds of `2026-11-02 06:00` in the kabupaten's zone. Raises ValueError."""
    return datetime.fromisoformat(f"{date} {clock}").replace(tzinfo=ZONE).timestamp()
