"""Takes messages out of the outbox and delivers them: side by side, in order per topic, again and again, until each has
come to its end. Killed anywhere it goes on from the outbox: what was delivered and not yet noted goes twice, with the
same id.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, TypeVar

import structlog

from alerts.dispatch.lanes import Lanes, LimitsOf
from alerts.dispatch.messages import Channel, Delivered, Fate, Later, Message, Outbox, Outgoing, Refused, Result
from alerts.dispatch.rate_limits import Backoff
from domain.time import Clock

log = structlog.get_logger(__name__)

T = TypeVar("T")
SANE_DAYS: Final = 90  # older than this by the wall clock: the clock was wrong when it was written, or is now
STOP_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class SenderRules:
    """window: rows of one channel held in memory. keep: rows of one channel that may wait in the outbox, the oldest
    beyond are dropped and counted. late: a text that waited longer says so. attempt: one delivery, whatever it does.
    """

    at_once: int = 16
    per_channel: int = 4
    window: int = 200
    keep: int = 5000
    attempt_seconds: float = 30.0
    give_up_seconds: float = 24 * 3600.0
    late_seconds: float = 600.0
    look_seconds: float = 60.0
    backoff: Backoff = field(default_factory=Backoff)


@dataclass(slots=True)
class SenderTally:
    """Since the start. failing: receiver → (seconds, last error)."""

    delivered: int = 0
    failed: int = 0
    refused: int = 0
    given_up: int = 0
    dropped: int = 0
    not_announced: int = 0
    waiting: int = 0
    failing: dict[str, tuple[float, str]] = field(default_factory=dict)


class Sender:
    """`start`, then `wake` after each commit that put something in; `stop` leaves what is in the air to the next start.

    late: the line under a text that had to wait (seconds → text). on_end: told of every message that came to its end.
    """

    def __init__(
        self,
        outbox: Outbox,
        channels: Mapping[str, Channel],
        limits_of: LimitsOf,
        clock: Clock,
        rules: SenderRules,
        late: Callable[[float], str] = lambda seconds: "",
        on_end: Callable[[Message, Fate, datetime], None] = lambda message, fate, at: None,
    ) -> None:
        self._outbox = outbox
        self._channels = channels
        self._clock = clock
        self._rules = rules
        self._late = late
        self._on_end = on_end
        dice = random.Random()  # noqa: S311 - a jitter, not a secret
        self._lanes = Lanes(limits_of, rules.backoff, dice, at_once=rules.at_once, per_channel=rules.per_channel)
        self._woken = asyncio.Event()
        self._reload = True
        self._ended: set[int] = set()
        self._flights: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        self._database = ThreadPoolExecutor(1, thread_name_prefix="outbox")
        self.tally = SenderTally()

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._main = asyncio.create_task(self._run(), name="sender")

    async def stop(self) -> None:
        if self._main is None:
            return
        self._main.cancel()
        await asyncio.gather(self._main, return_exceptions=True)
        if self._flights:
            _done, pending = await asyncio.wait(self._flights, timeout=STOP_SECONDS)
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)
        self._database.shutdown(wait=True)
        self._main = None

    def wake(self) -> None:
        """Something was committed. May be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._look_again)

    def oldest_seconds(self) -> float:
        """How long the message has waited that waits the longest; 0 if none does."""
        return max((self._waited_seconds(each) for each in self._lanes.all()), default=0.0)

    def _look_again(self) -> None:
        self._reload = True
        self._woken.set()

    async def _run(self) -> None:
        look_at = 0.0
        while True:
            now = self._clock.now().steady_seconds
            if self._reload or now >= look_at:
                self._reload, look_at = False, now + self._rules.look_seconds
                await self._load()
            now = self._clock.now().steady_seconds
            for outgoing in self._lanes.take(now):
                task = asyncio.create_task(self._fly(outgoing))
                self._flights.add(task)
                task.add_done_callback(self._flights.discard)
            wait = max(0.0, min(self._lanes.wake_at(now), look_at) - now)
            self._woken.clear()
            if self._reload:
                continue
            try:
                async with asyncio.timeout(wait):
                    await self._woken.wait()
            except TimeoutError:
                pass

    async def _load(self) -> None:
        self._ended.clear()
        now = self._clock.now()
        try:
            dropped = await self._in_database(lambda: self._outbox.trim(self._rules.keep, now.utc))
            waiting = await self._in_database(lambda: self._outbox.waiting(self._rules.window))
        except Exception as error:  # a locked or full disk: what waits stays there
            log.warning("outbox_not_read", error=str(error))
            self._reload = True
            await asyncio.sleep(1.0)
            return
        if dropped:
            self.tally.dropped += dropped
            log.error("messages_dropped", count=dropped)
        self._lanes.load((each for each in waiting if each.number not in self._ended), now.steady_seconds)
        self.tally.waiting = self._lanes.waiting + self._lanes.flying
        self.tally.failing = self._lanes.down(now.steady_seconds)

    async def _fly(self, outgoing: Outgoing) -> None:
        try:
            if not outgoing.message.after or await self._has_begun(outgoing):
                await self._attempt(outgoing)
        finally:
            self._woken.set()

    async def _has_begun(self, outgoing: Outgoing) -> bool:
        """Whether what it continues has arrived. An end without a beginning is dropped, news is told all the same."""
        begun = await self._surely(lambda: self._outbox.beginning(outgoing))
        if begun is Fate.WAITING:
            self._lanes.let_wait(outgoing, self._clock.now().steady_seconds + 1.0)
            return False
        if begun is Fate.NOT_ANNOUNCED and outgoing.message.event == "resolved":
            await self._end(outgoing, Fate.NOT_ANNOUNCED, outgoing.tried, "its beginning never arrived", answered=False)
            return False
        return True

    async def _attempt(self, outgoing: Outgoing) -> None:
        channel = self._channels.get(outgoing.message.scheme)
        tried = outgoing.tried + 1
        if channel is None:
            scheme = outgoing.message.scheme
            await self._end(outgoing, Fate.REFUSED, tried, f"the channel {scheme} is not set up", answered=True)
            return
        result = await self._delivered(channel, self._with_lateness(outgoing))
        match result:
            case Delivered():
                await self._end(outgoing, Fate.DELIVERED, tried, "", answered=True)
            case Refused(reason):
                await self._end(outgoing, Fate.REFUSED, tried, reason, answered=True)
            case Later(reason, seconds):
                await self._postpone(outgoing, tried, reason, seconds)

    async def _delivered(self, channel: Channel, message: Message) -> Result:
        try:
            async with asyncio.timeout(self._rules.attempt_seconds):
                return await channel.deliver(message)
        except TimeoutError:
            return Later("no answer in time")
        except Exception as error:  # a channel that breaks is a receiver that fails
            log.exception("channel_broke", scheme=message.scheme)
            return Later(f"{type(error).__name__}")

    async def _postpone(self, outgoing: Outgoing, tried: int, reason: str, seconds: float | None) -> None:
        if self._waited_seconds(outgoing) >= self._rules.give_up_seconds:
            await self._end(outgoing, Fate.GIVEN_UP, tried, reason, answered=False)
            self.tally.failed += 1
            return
        await self._surely(lambda: self._outbox.postpone(outgoing.number, tried, reason))
        now = self._clock.now().steady_seconds
        name = outgoing.message.channel
        if name not in self._lanes.down(now):
            log.warning("receiver_fails", channel=_masked(name), reason=reason)
        self._lanes.put_back(replace(outgoing, tried=tried, error=reason), reason, now, seconds)
        self.tally.failed += 1
        self.tally.failing = self._lanes.down(now)

    async def _end(self, outgoing: Outgoing, fate: Fate, tried: int, error: str, *, answered: bool) -> None:
        at = self._clock.now().utc
        await self._surely(lambda: self._outbox.end(outgoing.number, fate, tried, error, at))
        self._ended.add(outgoing.number)
        name = outgoing.message.channel
        if answered and name in self._lanes.down(0.0):
            log.info("receiver_answers_again", channel=_masked(name))
        self._lanes.finished(outgoing, answered=answered)
        self._count(fate)
        if fate in (Fate.REFUSED, Fate.GIVEN_UP):
            log.error("message_not_delivered", id=outgoing.message.topic, fate=fate.value, reason=error)
        self._on_end(outgoing.message, fate, at)
        if self._lanes.waiting == 0:
            self._reload = True  # the window is empty; the outbox may hold more

    def _count(self, fate: Fate) -> None:
        match fate:
            case Fate.DELIVERED:
                self.tally.delivered += 1
            case Fate.REFUSED:
                self.tally.refused += 1
            case Fate.GIVEN_UP:
                self.tally.given_up += 1
            case Fate.NOT_ANNOUNCED:
                self.tally.not_announced += 1
            case Fate.DROPPED | Fate.WAITING:
                pass

    def _with_lateness(self, outgoing: Outgoing) -> Message:
        message, seconds = outgoing.message, self._waited_seconds(outgoing)
        text = message.payload.get("text")
        if not isinstance(text, str) or seconds < self._rules.late_seconds:
            return message
        return replace(message, payload={**message.payload, "text": f"{text}\n{self._late(seconds)}".rstrip()})

    def _waited_seconds(self, outgoing: Outgoing) -> float:
        """By the wall clock where that can be true, else since this process has known it."""
        now = self._clock.now()
        by_wall = now.unix_seconds - outgoing.message.at.timestamp()
        seen = self._lanes.waited_seconds(outgoing, now.steady_seconds)
        return max(seen, by_wall) if 0 <= by_wall < SANE_DAYS * 86_400 else seen

    async def _surely(self, work: Callable[[], T]) -> T:
        """What the receiver has must be noted: a locked database is waited for, as long as it takes."""
        failures = 0
        while True:
            try:
                return await self._in_database(work)
            except Exception as error:
                failures += 1
                if failures == 1:
                    log.warning("outbox_not_written", error=str(error))
                await asyncio.sleep(min(5.0, 0.2 * failures))

    async def _in_database(self, work: Callable[[], T]) -> T:
        assert self._loop is not None
        return await self._loop.run_in_executor(self._database, work)


def _masked(channel: str) -> str:
    """For the log: a webhook's address may hold a key in its path, a telephone number belongs to somebody."""
    scheme, _colon, recipient = channel.partition(":")
    if scheme in ("webhook", "alertmanager"):
        return f"{scheme}:{recipient.split('://')[-1].split('/')[0].rpartition('@')[2]}"
    return f"{scheme}:…{recipient[-4:]}"
