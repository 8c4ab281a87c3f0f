"""A timeline that was read: its network, what is done and what is wanted, each with the line it stands on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.incidents import ActKind
from kentongan.drill.network import Network
from kentongan.drill.world import Verb


@dataclass(frozen=True, slots=True)
class Broke:
    """An order to the world."""

    verb: Verb
    name: str


@dataclass(frozen=True, slots=True)
class Flaps:
    """turn_seconds: down and up together; 0 for steady."""

    link: str
    turn_seconds: float


@dataclass(frozen=True, slots=True)
class Beats:
    """What a site's heartbeat says from now on; None: it stops."""

    site: str
    fields: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Restarts:
    """The machine is off for so long; its wall clock is off by so much afterwards."""

    off_seconds: float
    clock_at: float | None = None  # unix seconds that it believes in when it wakes; None: the right time


@dataclass(frozen=True, slots=True)
class ClockSet:
    """The wall clock is right again."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """Somebody orders something of the incident whose cause has this name."""

    kind: ActKind
    cause: str


Deed = Broke | Flaps | Beats | Restarts | ClockSet | Ordered


@dataclass(frozen=True, slots=True)
class At:
    line: int
    at: float
    deed: Deed


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that a notice must say. key: villages, members, verdict, confidence, charged, reason, condition."""

    key: str
    value: str
    negated: bool = False
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """after, by: seconds since the timeline began; it must be told in between."""

    line: int
    event: str
    kind: str
    name: str
    after: float
    by: float
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing is told in between but what was wanted above."""

    line: int
    after: float
    until: float


@dataclass(frozen=True, slots=True)
class StateIs:
    line: int
    device: str
    state: str
    at: float


Want = Notice | Silence | StateIs


@dataclass(frozen=True, slots=True)
class Timeline:
    """began: unix seconds. deeds and wants in the order of the file."""

    title: str
    network: Network
    began: float
    ends: float
    deeds: tuple[At, ...]
    wants: tuple[Want, ...]
    clock: Mapping[str, float] = field(default_factory=dict)
