"""Numbers, times and durations as they are written for people, in the active language and the kabupaten's zone."""

from datetime import date, datetime, timedelta, tzinfo
from typing import assert_never

from domain.language import _, active_language
from domain.states import State


def number(value: float, digits: int = 0) -> str:
    """1842.5 → '1.842,5' in Indonesian, '1,842.5' in English; a true minus."""
    text = f"{value:,.{digits}f}".replace("-", "−")
    return text.translate(str.maketrans(",.", ".,")) if active_language() == "id" else text


def clock(at: datetime, zone: tzinfo) -> str:
    """'17.26'"""
    return f"{at.astimezone(zone):%H.%M}"


def moment(at: datetime, zone: tzinfo, today: date) -> str:
    """'17.26' today, else '12 Okt 17.26'."""
    there = at.astimezone(zone)
    return clock(at, zone) if there.date() == today else f"{day(there.date(), today)} {clock(at, zone)}"


def day(on: date, today: date) -> str:
    """'12 Okt', with its year where that is not the present one."""
    text = f"{on.day} {months()[on.month - 1]}"
    return text if on.year == today.year else f"{text} {on.year}"


def whole_day(on: date) -> str:
    """'12 Okt 2021', with its year always: what was so on a day is read years later."""
    return f"{on.day} {months()[on.month - 1]} {on.year}"


def months() -> list[str]:
    return _("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()


def lasting(span: timedelta) -> str:
    """'31 m', '1 j 16 m', '9 hari'."""
    minutes = max(0, int(span.total_seconds()) // 60)
    if minutes < 60:
        return _("{minutes} m").format(minutes=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return _("{hours} h {minutes:02d} m").format(hours=hours, minutes=minutes)
    return _("{days} d").format(days=hours // 24)


def state_word(state: State) -> str:
    match state:
        case State.UP:
            return _("Up")
        case State.DEGRADED:
            return _("Degraded")
        case State.DOWN:
            return _("Down")
        case State.UNREACHABLE:
            return _("Unreachable")
        case State.UNKNOWN:
            return _("Unknown")
        case _:
            assert_never(state)
