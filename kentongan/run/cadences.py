"""What is done again and again beside polling, each in its own cadence. APScheduler keeps them; never one per device.

APScheduler 3 reckons in wall time. A clock that goes back two hours must not stop everything for two hours, and one
that wakes in 2021 and is set right must not have five years of turns counted: decision 0020.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.events import EVENT_JOB_MAX_INSTANCES, JobSubmissionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

log = structlog.get_logger(__name__)

Job = Callable[[], Awaitable[None]]
LOOK_SECONDS = 1.0


class Every(BaseTrigger):  # type: ignore[misc]
    """The first turn from now on, of those that lie whole intervals from the last.

    Turns that went by are skipped in one step; `IntervalTrigger` gives out each of them.
    """

    __slots__ = ("interval",)

    def __init__(self, interval: timedelta) -> None:
        self.interval = interval

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Later than now by at most one interval, whatever the clock did since the last turn."""
        if previous_fire_time is None:
            return now + self.interval
        turns: int = (now - previous_fire_time) // self.interval + 1
        return previous_fire_time + turns * self.interval


class Cadences:
    """`add` jobs, `start` in the running loop. A job that still runs at its turn is not begun again, one that fails has
    its next turn. `missed` counts turns that found the last one still going."""

    def __init__(self, look_seconds: float = LOOK_SECONDS) -> None:
        self._look_seconds = look_seconds
        self._failing: dict[str, int] = {}
        self._looking: asyncio.Task[None] | None = None
        # No turn is ever too late: whatever slept, or came back from a jump of the clock, is done once and now.
        once = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=once)
        self._scheduler.add_listener(self._count, EVENT_JOB_MAX_INSTANCES)
        self.missed = 0

    def add(self, name: str, job: Job, seconds: float, *, at_once: bool = False) -> None:
        """Its first turn comes after its first interval, or at once."""
        first = {"next_run_time": datetime.now(UTC)} if at_once else {}
        self._scheduler.add_job(
            self._careful(name, job), Every(timedelta(seconds=seconds)), id=name, name=name, **first
        )

    def start(self) -> None:
        self._scheduler.start()
        self._looking = asyncio.create_task(self._look_at_the_clock(), name="cadences")

    def stop(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
            self._scheduler.shutdown(wait=False)

    async def _look_at_the_clock(self) -> None:
        """No job is further away than its interval: if it is, the clock went back."""
        while True:
            await asyncio.sleep(self._look_seconds)
            now = datetime.now(UTC)
            for job in self._scheduler.get_jobs():
                if job.next_run_time - now > job.trigger.interval:
                    job.modify(next_run_time=now + job.trigger.interval)

    def _count(self, _event: JobSubmissionEvent) -> None:
        self.missed += 1

    def _careful(self, name: str, job: Job) -> Job:
        async def run() -> None:
            try:
                await job()
            except asyncio.CancelledError:
                return  # the service stops; the scheduler would call this a failure
            except Exception as error:
                if name not in self._failing:
                    log.warning("job_failed", job=name, error=str(error))
                self._failing[name] = self._failing.get(name, 0) + 1
                return
            if failures := self._failing.pop(name, 0):
                log.info("job_works_again", job=name, failures=failures)

        return run
