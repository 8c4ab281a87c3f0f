"""What is believed to be wrong at one moment, before anybody decided to make an incident of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from domain.incidents import BY_SIGHT as BY_SIGHT
from domain.incidents import Cause, CauseKind, Condition, Evidence, Incident, Suspect, Urgency
from domain.time import Moment

SHARED_KINDS = frozenset({CauseKind.SEGMENT, CauseKind.FEEDER, CauseKind.SITE, CauseKind.PROVIDER})
"""Causes that join devices which stand on their own: only those that fell together are joined."""

Key = tuple[Condition, Cause, str]
"""What makes two faults the same one."""


@dataclass(frozen=True, slots=True)
class Fault:
    """members: names that are dark (or not well) because of it. roots: those of them that border on what is lit.

    unseen: members that we only cannot look at: nobody says that their users are in the dark.
    settle_seconds: how long it must stand before it counts; None: the desk's own window. urgency None: by its impact.
    """

    condition: Condition
    cause: Cause
    reason: str
    members: frozenset[str]
    roots: frozenset[str] = frozenset()
    indistinct: tuple[Cause, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    urgency: Urgency | None = None
    detail: str = ""
    settle_seconds: float | None = None
    unseen: frozenset[str] = frozenset()

    @property
    def key(self) -> Key:
        """Two faults of one key are the same fault. An outage is known by its cause alone."""
        return self.condition, self.cause, "" if self.condition in BY_SIGHT else self.reason

    @property
    def is_shared(self) -> bool:
        return self.cause.kind in SHARED_KINDS


def key_of(incident: Incident) -> Key:
    """The key of the fault that an incident is about."""
    by_sight = incident.condition in BY_SIGHT
    return incident.condition, incident.cause, "" if by_sight else incident.reason


class StateView(Protocol):
    """What the states say of one name now. Neither dark nor lit: nobody knows. Both False for a name that is gone."""

    def dark(self, name: str) -> bool: ...

    def lit(self, name: str) -> bool: ...

    def watched(self, name: str) -> bool: ...

    def wavers(self, name: str) -> bool:
        """Lit, but what it was asked last is unanswered."""
        ...

    def since(self, name: str) -> Moment:
        """When it fell: its first miss."""
        ...


@dataclass(frozen=True, slots=True)
class Scene:
    """All that is seen in one step. `faults` are keyed by Fault.key.

    same: nothing has happened since the last step, only time has gone by. turned: names of which the view may say
    something else than in the last step; None: any.
    """

    now: Moment
    faults: Mapping[Key, Fault] = field(default_factory=dict)
    blind: bool = False
    same: bool = False
    turned: Collection[str] | None = None
