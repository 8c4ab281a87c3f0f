"""A hard limit: when it is over the connection is closed under whoever still waits for it."""

import threading
import time
from collections.abc import Callable


class Deadline:
    """`close` is called from a thread of its own once the time is over, unless `done` came first."""

    def __init__(self, seconds: float, close: Callable[[], None]) -> None:
        self._began = time.monotonic()
        self._seconds = seconds
        self._close = close
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self.is_over = False
        self._timer.start()

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self._began

    def within(self, seconds: float) -> float:
        """So many seconds, or what is left if that is less; never under a hundredth."""
        return max(min(seconds, self._seconds - self.elapsed), 0.01)

    def done(self) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        self.is_over = True
        self._close()
