"""What is done again and again beside polling, each in its own cadence, by the steady clock alone.

A wall clock that goes back two hours stops nothing for two hours, and one that wakes in 2021 and is set right makes no
five years of turns to be counted. A job still running at its turn is not begun again, one that fails has the next one.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from collectors.services import Timetable

log = structlog.get_logger(__name__)

Job = Callable[[], Awaitable[None]]
LONGEST_SLEEP_SECONDS = 1.0


class Cadences:
    """`add` jobs, `start` in the running loop. `missed` counts turns that found the last one still going."""

    def __init__(self, steady: Callable[[], float]) -> None:
        self._steady = steady
        self._jobs: dict[str, Job] = {}
        self._seconds: dict[str, float] = {}
        self._timetable = Timetable()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._failing: dict[str, int] = {}
        self._task: asyncio.Task[None] | None = None
        self.missed = 0

    def add(self, name: str, job: Job, seconds: float, *, at_once: bool = False) -> None:
        """Its first turn comes within its first interval, or at once."""
        now = self._steady()
        self._jobs[name], self._seconds[name] = job, seconds
        self._timetable.replace(self._seconds, now)
        if at_once:
            self._timetable.soon(name, now)

    def start(self) -> None:
        self._task = asyncio.create_task(self._go_on(), name="cadences")

    def stop(self) -> None:
        for task in (*self._running.values(), *([self._task] if self._task else [])):
            task.cancel()
        self._task = None

    def turn(self) -> None:
        """Begin what is due."""
        for name, _late in self._timetable.due(self._steady()):
            if name in self._running:
                self.missed += 1
                continue
            task = asyncio.create_task(self._run(name), name=name)
            self._running[name] = task
            task.add_done_callback(lambda _task, name=name: self._running.pop(name))  # type: ignore[misc]

    async def _go_on(self) -> None:
        while True:
            self.turn()
            next_at = self._timetable.next_at
            wait = LONGEST_SLEEP_SECONDS if next_at is None else next_at - self._steady()
            await asyncio.sleep(min(max(wait, 0.0), LONGEST_SLEEP_SECONDS))

    async def _run(self, name: str) -> None:
        try:
            await self._jobs[name]()
        except Exception as error:
            if name not in self._failing:
                log.warning("job_failed", job=name, error=str(error))
            self._failing[name] = self._failing.get(name, 0) + 1
            return
        failures = self._failing.pop(name, 0)
        if failures:
            log.info("job_works_again", job=name, failures=failures)
