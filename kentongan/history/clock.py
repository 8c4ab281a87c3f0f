"""The clock of a history: it stands until it is moved, and both of its faces always agree."""

from datetime import UTC, datetime

from domain.time import Moment

STEADY_AT_START = 100_000.0


class FastClock:
    """Implements Clock. unix_seconds: where it stands."""

    not_before = datetime(2000, 1, 1, tzinfo=UTC)

    def __init__(self, unix_seconds: float) -> None:
        self.unix_seconds = unix_seconds
        self._offset = unix_seconds - STEADY_AT_START

    def now(self) -> Moment:
        return Moment(self.unix_seconds - self._offset, self.unix_seconds)

    def move_to(self, unix_seconds: float) -> None:
        """Never back."""
        self.unix_seconds = max(self.unix_seconds, unix_seconds)

    def steady(self, unix_seconds: float) -> float:
        """The steady face at a moment of the other one."""
        return unix_seconds - self._offset

    def unix(self, steady_seconds: float) -> float:
        return steady_seconds + self._offset
