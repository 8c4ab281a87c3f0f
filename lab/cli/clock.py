"""The time of a simulated device: runs with the monotonic clock, can be faster, can be moved forward by a test."""

import time


class LabClock:
    """Seconds since 1970, UTC. `speed` 60 makes a minute of the device from a second of ours."""

    def __init__(self, start: float | None = None, *, speed: float = 1.0) -> None:
        self.speed = speed
        self._start = time.time() if start is None else start
        self._begun = time.monotonic()
        self._moved = 0.0

    def now(self) -> float:
        return self._start + self._moved + (time.monotonic() - self._begun) * self.speed

    def advance(self, seconds: float) -> None:
        """Forward only: devices do not live backwards."""
        if seconds < 0:
            raise ValueError("time on a device does not go back")
        self._moved += seconds
