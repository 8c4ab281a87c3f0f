"""An incident: one fault with its root, its members, its impact and where it is in its life."""

import hashlib
from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from domain.incidents.causes import Cause, Liable, Suspect
from domain.incidents.verdicts import UNDETERMINED, Verdict


class Condition(StrEnum):
    """What is wrong. Only an OUTAGE makes anything dark."""

    OUTAGE = "outage"
    DEGRADED = "degraded"
    SERVICE = "service"  # an application or camera fails while its network is well
    MANAGEMENT = "management"  # only our way to look is lost: no village is down
    BLIND = "blind"  # we see nobody: nothing is said of anybody


BY_SIGHT: Final = frozenset({Condition.OUTAGE, Condition.MANAGEMENT})
"""Conditions whose members are back when they answer, not when somebody stops complaining."""


class Phase(StrEnum):
    OPEN = "open"
    RETURNING = "returning"  # all members are back, the return must hold
    RESOLVED = "resolved"
    MERGED = "merged"  # taken into another incident, which goes on


class Urgency(StrEnum):
    """How it is told: wakes somebody, waits for the working day, or is kept only."""

    PAGE = "page"
    DAY = "day"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Member:
    """A device (or a service) that the incident holds. back_at: None while it is dark or degraded.

    unseen: only our way to look at it is lost; its users count nowhere as dark.
    """

    name: str
    since: datetime
    back_at: datetime | None = None
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A village, site, agency or application as it is announced: a village never without its kecamatan."""

    key: str  # region code, slug, or service code
    name: str
    kecamatan: str = ""


@dataclass(frozen=True, slots=True)
class Impact:
    """What is dark, by name. population: people who live in the area, not victims."""

    villages: tuple[Place, ...] = ()
    sites: tuple[Place, ...] = ()
    opd: tuple[Place, ...] = ()
    services: tuple[Place, ...] = ()
    devices: int = 0
    population: int = 0


@dataclass(frozen=True, slots=True)
class Handling:
    """How far the machine has come with an incident: kept with it, so that a restart goes on where it was.

    notices: how many were decided. announced: somebody was told that it is open. told_dark: how many of the members
    were dark when it was last told. relapses: how often it came back and fell again. penalty: of flapping, as it stood
    at penalty_at; it halves with time. adopted: causes that people merged into it by hand. apart: split off by hand,
    nothing takes it in by itself.
    """

    notices: int = 0
    announced: bool = False
    told_at: datetime | None = None
    told_dark: int = 0
    told_cause: Cause | None = None
    relapses: int = 0
    penalty: float = 0.0
    penalty_at: datetime | None = None
    adopted: tuple[Cause, ...] = ()
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Incident:
    """All that is known of one fault now.

    reason: a word of the catalogue (`icmp-silent`, `redundancy-lost`, `optical-low`…). indistinct: causes that the
    evidence cannot tell from `cause` (segments in series with nothing lit between them). started_at: the first miss;
    detected_at: when it was decided. flapping: it comes and goes; told once.
    """

    id: str
    condition: Condition
    cause: Cause
    reason: str
    urgency: Urgency
    started_at: datetime
    detected_at: datetime
    members: tuple[Member, ...]
    verdict: Verdict = UNDETERMINED
    preliminary_verdict: Verdict | None = None  # what was said while it was open, kept at the close
    indistinct: tuple[Cause, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    liable: Liable | None = None
    impact: Impact = Impact()
    phase: Phase = Phase.OPEN
    returning_since: datetime | None = None
    resolved_at: datetime | None = None
    merged_from: tuple[str, ...] = ()
    merged_into: str = ""
    flapping: bool = False
    silenced_by: str = ""  # the maintenance window that mutes its pages
    detail: str = ""  # one line more for people: a value, a limit, an error text
    handling: Handling = Handling()

    @property
    def is_open(self) -> bool:
        return self.phase in (Phase.OPEN, Phase.RETURNING)

    @property
    def fell_at(self) -> datetime:
        """When the first of those that are still its own fell. It opens with everybody whom one cause would explain;
        some may turn out to be another incident's, and `started_at` be theirs. A member that fell again has forgotten
        when it fell first.
        """
        if not self.members or self.handling.relapses or self.merged_from:
            return self.started_at
        return max(self.started_at, min(member.since for member in self.members))

    @property
    def dark(self) -> tuple[Member, ...]:
        """Members that are not back."""
        return tuple(member for member in self.members if member.back_at is None)


def incident_id(cause: Cause, condition: Condition, reason: str, detected_at: datetime) -> str:
    """Eight letters and digits, made of what was decided and when; kept, so that a repeat carries the same."""
    text = f"{cause.kind}|{cause.name}|{condition}|{reason}|{detected_at.timestamp():.3f}"
    digest = b32encode(hashlib.sha256(text.encode()).digest()).decode().lower()
    return f"{digest[:4]}-{digest[4:8]}"


class IncidentStore(Protocol):
    """Where incidents are kept. `save` inserts or replaces by id, inside the transaction of the states."""

    def open(self) -> tuple[Incident, ...]: ...

    def get(self, id_: str) -> Incident | None: ...

    def between(self, since: datetime, until: datetime) -> tuple[Incident, ...]:
        """Those that overlap the period, oldest first."""
        ...

    def save(self, incidents: Iterable[Incident]) -> None: ...
