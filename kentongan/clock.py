"""The machine's two clocks, read at the rim only."""

import time
from datetime import UTC, datetime
from typing import Protocol

from domain.time import Clock, Moment

WRITTEN = datetime(2026, 11, 1, tzinfo=UTC)  # no clock can rightly stand before the program was written


class DatedClock(Clock, Protocol):
    """not_before: what it says before that is wrong."""

    not_before: datetime


class SystemClock:
    not_before = WRITTEN

    def now(self) -> Moment:
        return Moment(time.monotonic(), time.time())
