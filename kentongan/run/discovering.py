"""Finds out the shape of devices beside polling: a bounded queue, a few at a time, each device once.

What a discovery ended with waits to be taken by the tick; nothing here touches fleet or database.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from collectors.errors import CollectorError, GarbledError, RefusedError, SilentError, UnauthorisedError
from domain.polling import Outcome
from domain.polling.facts import Discovery
from kentongan.run.roster import Member

log = structlog.get_logger(__name__)

Ask = Callable[[Member], Awaitable[Discovery]]
WAITING_LIMIT = 200_000


@dataclass(frozen=True, slots=True)
class Found:
    """How one discovery ended; `discovery` is None unless the device answered."""

    member: Member
    discovery: Discovery | None
    outcome: Outcome
    started_steady: float
    ended_steady: float


class Discoverer:
    """`want` devices, `take` what was found. At most `at_once` are being asked, at most `limit` wait."""

    def __init__(self, ask: Ask, at_once: int, steady: Callable[[], float], limit: int = WAITING_LIMIT) -> None:
        self._ask = ask
        self._steady = steady
        self._at_once = at_once
        self._limit = limit
        self._waiting: dict[str, Member] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._found: deque[Found] = deque()
        self.dropped = 0

    @property
    def queue_length(self) -> int:
        return len(self._waiting) + len(self._running)

    def want(self, member: Member) -> None:
        """Asking twice is asking once; a device whose discovery runs is not asked again until it ended."""
        name = member.device.name
        if name in self._running or name in self._waiting:
            return
        if len(self._waiting) >= self._limit:
            self.dropped += 1
            return
        self._waiting[name] = member
        self._fill()

    def forget(self, name: str) -> None:
        self._waiting.pop(name, None)
        task = self._running.get(name)
        if task:
            task.cancel()

    def take(self) -> list[Found]:
        found = list(self._found)
        self._found.clear()
        return found

    async def settled(self) -> None:
        """Until everybody who was wanted has been asked."""
        while self._running:
            await asyncio.gather(*self._running.values())

    async def stop(self) -> None:
        self._waiting.clear()
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _fill(self) -> None:
        while self._waiting and len(self._running) < self._at_once:
            name = next(iter(self._waiting))
            member = self._waiting.pop(name)
            task = asyncio.create_task(self._discover(member), name=f"discover {name}")
            self._running[name] = task
            task.add_done_callback(lambda _task, name=name: self._ended(name))  # type: ignore[misc]

    def _ended(self, name: str) -> None:
        del self._running[name]
        self._fill()

    async def _discover(self, member: Member) -> None:
        started = self._steady()
        discovery: Discovery | None = None
        outcome = Outcome.OK
        try:
            discovery = await self._ask(member)
        except CollectorError as error:
            outcome = outcome_of(error)
            log.debug("discovery_failed", device=member.device.name, error=str(error))
        except Exception:
            # A device that answers what nobody thought of costs itself, not the service.
            outcome = Outcome.GARBLED
            log.exception("discovery_broke", device=member.device.name)
        self._found.append(Found(member, discovery, outcome, started, self._steady()))


def outcome_of(error: CollectorError) -> Outcome:
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
