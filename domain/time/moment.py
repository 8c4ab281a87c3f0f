"""One instant, on two clocks: the wall's for people and samples, the steady one for intervals."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """An instant. Intervals come from `steady_seconds` only; a wall clock may jump.

    steady_seconds: monotonic, meaningless across restarts of the process.
    unix_seconds: seconds since 1970 UTC by the machine's wall clock.
    """

    steady_seconds: float
    unix_seconds: float

    @property
    def utc(self) -> datetime:
        return datetime.fromtimestamp(self.unix_seconds, UTC)


class Clock(Protocol):
    """Where the rim reads the time; tests hand in their own."""

    def now(self) -> Moment: ...
