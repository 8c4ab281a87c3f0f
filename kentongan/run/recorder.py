"""Writes what was decided to the database beside the poller: a locked or full disk must not stop polling.

Changes wait in memory, bounded, in order; what does not fit is counted. One transaction takes all that wait.
"""

import threading
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Generic, TypeVar

import structlog

log = structlog.get_logger(__name__)

RETRY_SECONDS = 2.0
WAITING_LIMIT = 200_000

T = TypeVar("T")


class Recorder(Generic[T]):
    """`put` never blocks and never raises; `stop` writes what still waits. T: whatever `write` takes."""

    def __init__(
        self,
        write: Callable[[Sequence[T]], None],
        limit: int = WAITING_LIMIT,
        observe_seconds: Callable[[float], None] = lambda seconds: None,
        what: str = "states",
    ) -> None:
        """what: is written, for our own log."""
        self._write = write
        self._what = what
        self._observe_seconds = observe_seconds
        self._limit = limit
        self._waiting: list[T] = []
        self._changed = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=f"recorder of {what}", daemon=True)
        self.dropped = 0
        self.failures = 0
        self.last_error = ""

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def start(self) -> None:
        self._thread.start()

    def put(self, decided: Sequence[T]) -> None:
        if not decided:
            return
        with self._changed:
            room = self._limit - len(self._waiting)
            self._waiting.extend(decided[: max(room, 0)])
            self.dropped += max(len(decided) - room, 0)
            self._changed.notify()

    def stop(self, timeout_seconds: float = 10.0) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(timeout_seconds)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._stopping)
                batch = list(self._waiting)
            if not batch:
                return
            if self._wrote(batch):
                with self._changed:
                    del self._waiting[: len(batch)]
            elif self._stopping:
                return
            else:
                with self._changed:
                    self._changed.wait_for(lambda: self._stopping, RETRY_SECONDS)

    def _wrote(self, batch: Sequence[T]) -> bool:
        began = perf_counter()
        try:
            self._write(batch)
            self._observe_seconds(perf_counter() - began)
        except Exception as error:  # a reaction to an event: log the first, count, go on
            if not self.last_error:
                log.error(f"{self._what}_not_recorded", waiting=len(batch), error=str(error))
            self.failures += 1
            self.last_error = str(error)
            return False
        if self.last_error:
            log.info(f"{self._what}_recorded_again", failures=self.failures, written=len(batch))
            self.last_error = ""
        return True
