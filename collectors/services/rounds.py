"""The loop that makes service checks. It decides nothing: outcomes go to `take`, which may ask for another look."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import assert_never

import structlog

from collectors.dns import check_dns
from collectors.http import HttpChecker
from collectors.rtsp import RtspChecker
from collectors.services.timetable import Timetable
from collectors.tcp import check_tcp
from domain.services import (
    DnsCheck,
    Finding,
    HttpCheck,
    PlannedCheck,
    RtspCheck,
    ServiceCheck,
    ServiceOutcome,
    ServiceWord,
    TcpCheck,
)
from domain.time import Clock, Moment

AT_ONCE = 24
AGAIN_SECONDS = 5.0
LONGEST_WAIT_SECONDS = 1.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Checkers:
    """One checker for each kind."""

    http: HttpChecker
    rtsp: RtspChecker

    async def ask(self, check: ServiceCheck, now: Moment) -> ServiceOutcome:
        """Raises only for a fault of our own."""
        match check:
            case HttpCheck():
                return await self.http.check(check, now)
            case RtspCheck():
                return await self.rtsp.check(check, now)
            case TcpCheck():
                return await check_tcp(check, now)
            case DnsCheck():
                return await check_dns(check, now)
        assert_never(check)


@dataclass(slots=True)
class RoundCounts:
    """For our own metrics. skipped: its turn came while it was still being asked."""

    made: int = 0
    failed: int = 0
    skipped: int = 0
    late: int = 0
    in_flight: int = field(default=0)


class ServiceRounds:
    """`start` begins, `stop` ends at once. take: called in the loop's thread with each outcome, must not block; True
    asks for another look in `again_seconds`.
    """

    def __init__(
        self,
        ask: Callable[[ServiceCheck, Moment], Awaitable[ServiceOutcome]],
        take: Callable[[ServiceOutcome], bool],
        clock: Clock,
        *,
        at_once: int = AT_ONCE,
        again_seconds: float = AGAIN_SECONDS,
        longest_wait_seconds: float = LONGEST_WAIT_SECONDS,
    ) -> None:
        self._ask = ask
        self._take = take
        self._clock = clock
        self._slots = asyncio.Semaphore(at_once)
        self._again_seconds = again_seconds
        self._longest_wait = longest_wait_seconds
        self._timetable = Timetable()
        self._checks: dict[str, ServiceCheck] = {}
        self._in_flight: dict[str, asyncio.Task[None]] = {}
        self._moved = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self.counts = RoundCounts()

    def replace(self, planned: Iterable[PlannedCheck]) -> None:
        """The checks there are from now on."""
        checks = {each.check.code: each for each in planned}
        self._checks = {code: each.check for code, each in checks.items()}
        intervals = {code: each.interval_seconds for code, each in checks.items()}
        self._timetable.replace(intervals, self._clock.now().steady_seconds)
        self._moved.set()

    def ask_soon(self, codes: Iterable[str]) -> None:
        """Ask these at once: somebody wants to know."""
        now = self._clock.now().steady_seconds
        for code in codes:
            self._timetable.soon(code, now)
        self._moved.set()

    async def start(self) -> None:
        self._loop = asyncio.create_task(self._run(), name="service-rounds")

    async def stop(self) -> None:
        """Ends the checks in flight; a second call does nothing."""
        tasks = [task for task in (self._loop, *self._in_flight.values()) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._loop = None

    async def _run(self) -> None:
        while True:
            now = self._clock.now().steady_seconds
            for code, late_seconds in self._timetable.due(now):
                self._begin(code, late_seconds)
            due = self._timetable.next_at
            wait = self._longest_wait if due is None else min(max(due - now, 0.0), self._longest_wait)
            self._moved.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), wait)

    def _begin(self, code: str, late_seconds: float) -> None:
        if code in self._in_flight:
            self.counts.skipped += 1
            return
        self.counts.late += late_seconds > LONGEST_WAIT_SECONDS
        task = asyncio.create_task(self._made(code), name=f"check-{code}")
        self._in_flight[code] = task
        task.add_done_callback(lambda _done: self._in_flight.pop(code, None))

    async def _made(self, code: str) -> None:
        async with self._slots:
            check = self._checks.get(code)
            if check is None:
                return
            self.counts.in_flight += 1
            now = self._clock.now()
            try:
                outcome = await self._ask(check, now)
            except Exception as error:  # our own fault must cost one check, not the loop
                self.counts.failed += 1
                _log.exception("service_check_failed", code=code)
                finding = Finding(ServiceWord.NOT_CHECKABLE, code, {"reason": type(error).__name__})
                outcome = ServiceOutcome(code, check.kind, now, (finding,))
            finally:
                self.counts.in_flight -= 1
        self.counts.made += 1
        if self._checks.get(code) == check and self._take(outcome):
            self._timetable.soon(code, self._clock.now().steady_seconds + self._again_seconds)
            self._moved.set()
