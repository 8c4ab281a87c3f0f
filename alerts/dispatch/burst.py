"""So that no telephone is flooded: a burst of messages to a channel, and the rest in one message with their count."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from alerts.dispatch.memory import Memory

KIND: Final = "channel"
T = TypeVar("T")


@dataclass(slots=True)
class Load:
    """What has gone to one channel of people lately. held_total: messages that went in a summary, ever."""

    channel: str
    sent: list[datetime] = field(default_factory=list)
    held_total: int = 0

    def room(self, burst: int, window: timedelta, now: datetime) -> int:
        """How many may go now."""
        self.sent = [at for at in self.sent if now - at < window]
        return max(0, burst - len(self.sent))

    def free_at(self, window: timedelta) -> datetime | None:
        """When the next one may go, if none may go now."""
        return min(self.sent) + window if self.sent else None

    def shift(self, by: timedelta) -> None:
        self.sent = [at + by for at in self.sent]

    def as_memory(self) -> Memory:
        return Memory(KIND, self.channel, {"sent": [at.timestamp() for at in self.sent], "held": self.held_total})


def load_of(memory: Memory, now: datetime) -> Load:
    plain: Any = memory.document
    sent = [min(datetime.fromtimestamp(at, now.tzinfo), now) for at in plain["sent"]]
    return Load(memory.key, sent, int(plain["held"]))


def split(due: Sequence[T], room: int) -> tuple[Sequence[T], Sequence[T]]:
    """(alone, together): the last place is the summary's if not all have a place of their own."""
    if len(due) <= room:
        return due, ()
    return (due[: room - 1], due[room - 1 :]) if room else ((), ())
