"""What another program says, asked beside the pages: whoever looks waits a moment for it at most, then has what it said
last. One question at a time; one that is not answered for SILENT_SECONDS counts as an answer that there is nobody."""

import threading
from collections.abc import Callable
from typing import Final, Generic, TypeVar

T = TypeVar("T")

FRESH_SECONDS: Final = 5.0
SILENT_SECONDS: Final = 8.0
PATIENCE_SECONDS: Final = 1.0


class Beside(Generic[T]):
    """read: asks, and never raises. away: what is shown while nobody answers."""

    def __init__(
        self,
        read: Callable[[], T],
        away: T,
        *,
        fresh_seconds: float = FRESH_SECONDS,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._read = read
        self._away = self._kept = away
        self._fresh_seconds = fresh_seconds
        self._patience_seconds = patience_seconds
        self._lock = threading.Lock()
        self._asked_at: float | None = None
        self._is_asking = False

    def newest(self, steady_seconds: float) -> T:
        with self._lock:
            waited = steady_seconds - self._asked_at if self._asked_at is not None else float("inf")
            is_due = not self._is_asking and waited >= self._fresh_seconds
            if is_due:
                self._asked_at, self._is_asking, waited = steady_seconds, True, 0.0
        if is_due:
            thread = threading.Thread(target=self._ask, name="beside", daemon=True)
            thread.start()
            thread.join(self._patience_seconds)
        with self._lock:
            return self._away if self._is_asking and waited >= SILENT_SECONDS else self._kept

    def forget(self) -> None:
        """What was said is asked again at the next look."""
        with self._lock:
            self._asked_at = None

    def _ask(self) -> None:
        found = self._away
        try:
            found = self._read()
        finally:
            with self._lock:
                self._kept, self._is_asking = found, False
