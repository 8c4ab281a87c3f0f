"""Which message goes next: in order within a topic and channel, side by side otherwise, never faster than allowed.

Pure: holds what waits in memory, a bounded window of the outbox. The sender does what it says.
"""

import random
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from alerts.dispatch.messages import Outgoing
from alerts.dispatch.rate_limits import Backoff, Circuit, Limit, Pace


@dataclass(frozen=True, slots=True)
class Limits:
    """overall: of everything that goes by one scheme (a bot, a gateway); each: of one recipient."""

    overall: tuple[Limit, ...] = ()
    each: tuple[Limit, ...] = ()


LimitsOf = Callable[[str], Limits]
"""scheme:recipient → what its receiver allows."""


@dataclass(slots=True)
class _Channel:
    name: str
    overall: list[Pace]
    each: list[Pace]
    circuit: Circuit = field(default_factory=Circuit)
    topics: dict[str, deque[Outgoing]] = field(default_factory=dict)
    flying: dict[int, str] = field(default_factory=dict)  # number → topic

    @property
    def waiting(self) -> int:
        return sum(len(queue) for queue in self.topics.values()) - len(self.flying)


class Lanes:
    """at_once: messages in the air; per_channel: of them to one recipient."""

    def __init__(
        self,
        limits_of: LimitsOf,
        backoff: Backoff,
        dice: random.Random,
        *,
        at_once: int = 16,
        per_channel: int = 4,
    ) -> None:
        self._limits_of = limits_of
        self._backoff = backoff
        self._dice = dice
        self._at_once = at_once
        self._per_channel = per_channel
        self._channels: dict[str, _Channel] = {}
        self._overall: dict[str, list[Pace]] = {}
        self._loaded_at: dict[int, float] = {}

    @property
    def flying(self) -> int:
        return sum(len(channel.flying) for channel in self._channels.values())

    @property
    def waiting(self) -> int:
        return sum(channel.waiting for channel in self._channels.values())

    def load(self, waiting: Iterable[Outgoing], now: float) -> None:
        """What the outbox holds now. What is in the air stays there; what has vanished is forgotten."""
        fresh: dict[str, dict[str, deque[Outgoing]]] = {}
        for outgoing in waiting:
            message = outgoing.message
            fresh.setdefault(message.channel, {}).setdefault(message.topic, deque()).append(outgoing)
            self._loaded_at.setdefault(outgoing.number, now)
        for name in fresh:
            if name not in self._channels:
                self._channels[name] = self._open(name)
        for name, channel in self._channels.items():
            flown = {number: self._in_flight(channel, number) for number in channel.flying}
            channel.topics = fresh.get(name, {})
            for number, outgoing in flown.items():
                queue = channel.topics.setdefault(outgoing.message.topic, deque())
                if all(each.number != number for each in queue):
                    queue.appendleft(outgoing)
        kept = {
            each.number for channel in self._channels.values() for queue in channel.topics.values() for each in queue
        }
        self._loaded_at = {number: at for number, at in self._loaded_at.items() if number in kept}

    def take(self, now: float) -> tuple[Outgoing, ...]:
        """Those that may go at once; they count as in the air."""
        taken: list[Outgoing] = []
        busy = self.flying
        for channel in self._channels.values():
            while busy < self._at_once:
                outgoing = self._next(channel, now)
                if outgoing is None:
                    break
                channel.flying[outgoing.number] = outgoing.message.topic
                for pace in (*channel.overall, *channel.each):
                    pace.go(now)
                taken.append(outgoing)
                busy += 1
        # Whoever came last comes first the next time.
        if taken and busy >= self._at_once:
            first = taken[-1].message.channel
            self._channels = {**{n: c for n, c in self._channels.items() if n != first}, first: self._channels[first]}
        return tuple(taken)

    def finished(self, outgoing: Outgoing, *, answered: bool) -> None:
        """It is at its end. answered: the receiver itself said so, whatever it said."""
        channel = self._channels[outgoing.message.channel]
        channel.flying.pop(outgoing.number, None)
        queue = channel.topics.get(outgoing.message.topic)
        if queue is not None:
            kept = deque(each for each in queue if each.number != outgoing.number)
            if kept:
                channel.topics[outgoing.message.topic] = kept
            else:
                del channel.topics[outgoing.message.topic]
        self._loaded_at.pop(outgoing.number, None)
        if answered:
            channel.circuit.answered()

    def put_back(self, outgoing: Outgoing, error: str, now: float, wait_seconds: float | None = None) -> None:
        """Not delivered, and kept as it is given. wait_seconds: what the receiver asked for; else longer each time."""
        channel = self._channels[outgoing.message.channel]
        channel.flying.pop(outgoing.number, None)
        queue = channel.topics.get(outgoing.message.topic, deque())
        for place, each in enumerate(queue):
            if each.number == outgoing.number:
                queue[place] = outgoing
        wait = wait_seconds
        if wait is None:
            wait = self._backoff.seconds(channel.circuit.failures + 1, self._dice)
        channel.circuit.failed(wait, error, now)

    def let_wait(self, outgoing: Outgoing, until: float) -> None:
        """Nothing was tried: what it continues is still on its way."""
        channel = self._channels[outgoing.message.channel]
        channel.flying.pop(outgoing.number, None)
        channel.circuit.closed_until = max(channel.circuit.closed_until, until)

    def all(self) -> Iterator[Outgoing]:
        """Everything in the window, also what is in the air."""
        for channel in self._channels.values():
            for queue in channel.topics.values():
                yield from queue

    def waited_seconds(self, outgoing: Outgoing, now: float) -> float:
        """Since this process first saw it."""
        return now - self._loaded_at.get(outgoing.number, now)

    def down(self, now: float) -> dict[str, tuple[float, str]]:
        """Receivers that fail: for how many seconds, and with what."""
        return {
            name: (now - channel.circuit.down_since, channel.circuit.last_error)
            for name, channel in self._channels.items()
            if channel.circuit.down_since is not None
        }

    def wake_at(self, now: float) -> float:
        """When `take` may give something that it does not give now; inf if only a load can."""
        if self.flying >= self._at_once:
            return float("inf")
        times = [
            self._free_at(channel, now)
            for channel in self._channels.values()
            if channel.waiting and not (channel.circuit.failures and channel.flying)
        ]
        return min(times, default=float("inf"))

    # -- parts --------------------------------------------------------------------------------------------------------

    def _open(self, name: str) -> _Channel:
        limits, scheme = self._limits_of(name), name.partition(":")[0]
        overall = self._overall.setdefault(scheme, [Pace(limit) for limit in limits.overall])
        return _Channel(name, overall, [Pace(limit) for limit in limits.each])

    def _in_flight(self, channel: _Channel, number: int) -> Outgoing:
        return next(each for each in channel.topics[channel.flying[number]] if each.number == number)

    def _free_at(self, channel: _Channel, now: float) -> float:
        paces = [pace.free_at(now) for pace in (*channel.overall, *channel.each)]
        return max([channel.circuit.closed_until, *paces], default=now)

    def _next(self, channel: _Channel, now: float) -> Outgoing | None:
        most = 1 if channel.circuit.failures else self._per_channel
        if len(channel.flying) >= most or self._free_at(channel, now) > now:
            return None
        busy = set(channel.flying.values())
        heads = [queue[0] for topic, queue in channel.topics.items() if topic not in busy]
        return min(heads, key=lambda each: each.number, default=None)
