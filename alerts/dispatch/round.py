"""One round of telling: what a step is handed, gathers on its way, and gives back to be stored with the decision."""

from dataclasses import dataclass, field
from datetime import datetime

from alerts.dispatch.memory import Memory
from alerts.dispatch.messages import Message
from domain.incidents import Act


@dataclass(frozen=True, slots=True)
class Step:
    """To be stored together with the decision. acts: lines of the machine for the timeline. nobody: incidents that may
    wake people, for whom nobody was found. wake_at: steady seconds when it wants to be asked again.
    """

    messages: tuple[Message, ...] = ()
    memories: tuple[Memory, ...] = ()
    acts: tuple[Act, ...] = ()
    nobody: tuple[str, ...] = ()
    wake_at: float = float("inf")

    def __bool__(self) -> bool:
        return bool(self.messages or self.memories or self.acts)


@dataclass(slots=True)
class Round:
    """What one step gathers. stirred: incidents that are looked at: something happened, or their time has come."""

    now: datetime
    stirred: set[str] = field(default_factory=set)
    mornings: dict[datetime, datetime] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    nobody: list[str] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
