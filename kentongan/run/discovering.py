"""Finds out the shape of devices beside polling: a bounded queue, a few at a time, each device once, oldest first.

Who was never asked comes before who was asked in vain: a thousand silent devices do not keep a new one waiting, and
have one turn in four for themselves. A device that answers slowly gives its place to the next after SLOW_SECONDS and
goes on beside; as many such may go on as there are places. What this machine cannot do at the moment (no socket left)
says nothing of a device: it is asked again.

What a discovery ended with waits to be taken by the tick; nothing here touches fleet or database.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import structlog

from collectors.errors import (
    CollectorError,
    ExhaustedError,
    GarbledError,
    RefusedError,
    SilentError,
    UnauthorisedError,
)
from domain.polling import Outcome
from domain.polling.facts import Discovery
from kentongan.run.roster import Member

log = structlog.get_logger(__name__)

Ask = Callable[[Member], Awaitable[Discovery]]
WAITING_LIMIT: Final = 200_000
SLOW_SECONDS: Final = 20.0
LONGEST_SECONDS: Final = 900.0
"""The last resort: a discovery keeps its own time, see `collectors.discovery`."""

SHARE_OF_THE_FAILED: Final = 4  # every so many-th place is theirs, if others wait too
REST_SECONDS: Final = 1.0  # when the machine has nothing left to ask with


@dataclass(frozen=True, slots=True)
class Found:
    """How one discovery ended; `discovery` is None unless the device answered."""

    member: Member
    discovery: Discovery | None
    outcome: Outcome
    started_steady: float
    ended_steady: float


@dataclass(frozen=True, slots=True)
class _Wanted:
    member: Member
    since: float


@dataclass(frozen=True, slots=True)
class _Run:
    wanted: _Wanted
    started: float
    task: asyncio.Task[None]


class Discoverer:
    """`want` devices, `take` what was found. At most `at_once` are being asked and as many slow ones beside them; at
    most `limit` wait."""

    def __init__(self, ask: Ask, at_once: int, steady: Callable[[], float], limit: int = WAITING_LIMIT) -> None:
        self._ask = ask
        self._steady = steady
        self._at_once = at_once
        self._limit = limit
        self._new: dict[str, _Wanted] = {}
        self._failed: dict[str, _Wanted] = {}
        self._in_vain: set[str] = set()  # whose last discovery failed
        self._running: dict[str, _Run] = {}
        self._ending: set[asyncio.Task[None]] = set()  # cancelled, not ended yet
        self._found: deque[Found] = deque()
        self._begun = 0
        self._rest_until = float("-inf")
        self.dropped = 0
        self.exhausted = 0
        """Times the machine had nothing left to ask with."""

    @property
    def queue_length(self) -> int:
        return len(self._new) + len(self._failed) + len(self._running)

    @property
    def waiting_seconds(self) -> float:
        """How long the one that waits longest has waited; 0 if nobody waits. Those being asked do not count."""
        first = [next(iter(queue.values())).since for queue in (self._new, self._failed) if queue]
        return self._steady() - min(first) if first else 0.0

    def want(self, member: Member) -> bool:
        """Asking twice is asking once; a device whose discovery runs is not asked again until it ended.

        False if too many wait already.
        """
        name = member.device.name
        if name in self._running or name in self._new or name in self._failed:
            return True
        if len(self._new) + len(self._failed) >= self._limit:
            self.dropped += 1
            return False
        queue = self._failed if name in self._in_vain else self._new
        queue[name] = _Wanted(member, self._steady())
        self._fill()
        return True

    def forget(self, name: str) -> None:
        """Whatever is known or asked of it concerns another device, or one that is gone."""
        self._new.pop(name, None)
        self._failed.pop(name, None)
        self._in_vain.discard(name)
        self._found = deque(each for each in self._found if each.member.device.name != name)
        run = self._running.pop(name, None)
        if run is not None:
            self._ending.add(run.task)
            run.task.add_done_callback(self._ending.discard)
            run.task.cancel()
            self._fill()

    def take(self) -> list[Found]:
        found = list(self._found)
        self._found.clear()
        return found

    async def settled(self) -> None:
        """Until everybody who was wanted has been asked."""
        while self._running:
            await asyncio.gather(*(run.task for run in self._running.values()))

    async def stop(self) -> None:
        self._new.clear()
        self._failed.clear()
        tasks = [*(run.task for run in self._running.values()), *self._ending]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _fill(self) -> None:
        now = self._steady()
        if now < self._rest_until:
            return
        while (self._new or self._failed) and self._has_room(now):
            name, wanted = self._next()
            task = asyncio.create_task(self._discover(wanted), name=f"discover {name}")
            self._running[name] = _Run(wanted, now, task)
            task.add_done_callback(self._ended)
            asyncio.get_running_loop().call_later(SLOW_SECONDS, self._fill)

    def _has_room(self, now: float) -> bool:
        if len(self._running) >= 2 * self._at_once:
            return False
        quick = sum(now - run.started < SLOW_SECONDS for run in self._running.values())
        return quick < self._at_once

    def _next(self) -> tuple[str, _Wanted]:
        self._begun += 1
        failed = self._failed and (not self._new or self._begun % SHARE_OF_THE_FAILED == 0)
        queue = self._failed if failed else self._new
        name = next(iter(queue))
        return name, queue.pop(name)

    def _ended(self, task: asyncio.Task[None]) -> None:
        for name, run in self._running.items():
            if run.task is task:
                del self._running[name]
                break
        self._fill()

    async def _discover(self, wanted: _Wanted) -> None:
        member, started = wanted.member, self._steady()
        name = member.device.name
        discovery: Discovery | None = None
        outcome = Outcome.OK
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                discovery = await self._ask(member)
        except ExhaustedError as error:
            self._rest(name, wanted, error)
            return
        except (CollectorError, TimeoutError) as error:
            outcome = outcome_of(error)
            log.debug("discovery_failed", device=name, error=str(error))
        except Exception:
            # A device that answers what nobody thought of costs itself, not the service.
            outcome = Outcome.GARBLED
            log.exception("discovery_broke", device=name)
        if discovery is None:
            self._in_vain.add(name)
        else:
            self._in_vain.discard(name)
        self._found.append(Found(member, discovery, outcome, started, self._steady()))

    def _rest(self, name: str, wanted: _Wanted, error: ExhaustedError) -> None:
        """It was not asked at all: it goes back to where it stood in the queue."""
        if not self.exhausted:
            log.warning("nothing_left_to_ask_with", error=str(error))
        self.exhausted += 1
        self._new = dict(sorted([*self._new.items(), (name, wanted)], key=lambda each: each[1].since))
        self._rest_until = self._steady() + REST_SECONDS
        asyncio.get_running_loop().call_later(REST_SECONDS, self._fill)


def outcome_of(error: CollectorError | TimeoutError) -> Outcome:
    """The outcome of a poll that ended with this error."""
    match error:
        case SilentError():
            return Outcome.SILENT
        case RefusedError():
            return Outcome.REFUSED
        case UnauthorisedError():
            return Outcome.UNAUTHORISED
        case GarbledError():
            return Outcome.GARBLED
        case _:
            return Outcome.PARTIAL
