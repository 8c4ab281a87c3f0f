"""How patient the telling is, and when the night is. Pure: every instant is an argument."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from domain.time import WeeklyHours

_LOOK_AHEAD = timedelta(days=9)  # beyond the longest quiet stretch that a week can hold


@dataclass(frozen=True, slots=True)
class Timing:
    """group_wait: what happens to one channel within this goes together. group_interval: updates of one incident to
    people, at most one in this. repeat: nobody has acknowledged. escalate: to the next ring. acknowledged: how long an
    acknowledgement holds. burst messages to people's channel within window, the rest is held and counted.
    """

    zone: tzinfo = field(default_factory=lambda: ZoneInfo("Asia/Jakarta"))
    quiet: WeeklyHours = field(default_factory=lambda: WeeklyHours.parse("21.00-07.30"))
    holidays: Collection[date] = ()
    group_wait_seconds: float = 10.0
    group_interval_seconds: float = 300.0
    repeat_seconds: float = 4 * 3600.0
    escalate_seconds: float = 900.0
    acknowledged_seconds: float = 4 * 3600.0
    burst: int = 6
    window_seconds: float = 600.0

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def morning_after(self, at: datetime) -> datetime:
        """When the quiet ends in which `at` lies; `at` itself if it is not quiet."""
        for begin, end in self.quiet.intervals(at, at + _LOOK_AHEAD, self.zone, self.holidays):
            if begin <= at < end:
                return end
            break
        return at.astimezone(UTC)
