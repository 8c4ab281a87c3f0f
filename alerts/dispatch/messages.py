"""What leaves for one recipient: a message with its reason, frozen when it was decided, and what became of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Fate(StrEnum):
    """Where a message is in its life. Only WAITING goes on."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    REFUSED = "refused"  # the receiver says that it will never take it
    GIVEN_UP = "given-up"  # tried for too long
    DROPPED = "dropped"  # too many waited for a dead receiver
    NOT_ANNOUNCED = "not-announced"  # the end of something whose beginning never arrived


@dataclass(frozen=True, slots=True)
class Message:
    """id: notice and channel, the same after a crash. topic: what must keep its order, usually the incident.

    channel: `scheme:recipient`, as in people.csv. event: a word of the webhook, or `digest`, `warning`, `test`.
    reason: why it is sent. after: the id of what announced it; it is only sent if that, or something else of the same
    topic, arrived on the channel. Empty: it is sent in any case.
    payload: plain JSON values: `text` and `subject` for people, `body` for machines.
    """

    id: str
    topic: str
    channel: str
    event: str
    reason: str
    at: datetime
    payload: Mapping[str, object] = field(default_factory=dict)
    person: str = ""
    after: str = ""

    @property
    def scheme(self) -> str:
        return self.channel.partition(":")[0]

    @property
    def recipient(self) -> str:
        return self.channel.partition(":")[2]


def message_id(notice: str, channel: str) -> str:
    return f"{notice}@{channel}"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that waits, with its place in the queue. tried: how often already."""

    number: int
    message: Message
    tried: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as the outbox remembers it. at: when it came to its end; None while it waits."""

    message: Message
    fate: Fate
    tried: int
    error: str
    ended_at: datetime | None


# -- what a channel says of one attempt ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Delivered:
    """The receiver has it. detail: its own word for it, an identifier."""

    detail: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """Not now: nobody there, busy, out of breath. seconds: what the receiver asked for, if it did."""

    reason: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Never: this message would be refused again."""

    reason: str


Result = Delivered | Later | Refused


class Channel(Protocol):
    """One way to deliver. Never raises for what the receiver does; may block up to its own timeout."""

    async def deliver(self, message: Message) -> Result: ...


class Outbox(Protocol):
    """Where messages wait. Every call is one short transaction; errors of the database are raised."""

    def waiting(self, most_per_channel: int) -> tuple[Outgoing, ...]:
        """The oldest of each channel, in the order in which they were decided."""
        ...

    def beginning(self, outgoing: Outgoing) -> Fate:
        """Whether what it continues has arrived: DELIVERED, still WAITING, or NOT_ANNOUNCED."""
        ...

    def end(self, number: int, fate: Fate, tried: int, error: str, at: datetime) -> None: ...

    def postpone(self, number: int, tried: int, error: str) -> None: ...

    def trim(self, most_per_channel: int, at: datetime) -> int:
        """Drop the oldest that wait beyond the limit; returns how many."""
        ...

    def undelivered(self, limit: int) -> Iterable[Sent]:
        """Those that wait after a failed attempt, and those that never arrived; newest first."""
        ...
