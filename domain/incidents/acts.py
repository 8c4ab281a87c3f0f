"""What people do to an incident: its timeline, who and when. The machine's own lines in it stay as they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class ActKind(StrEnum):
    ACKNOWLEDGED = "acknowledged"  # values: until
    ACKNOWLEDGEMENT_ENDED = "acknowledgement-ended"
    DEPARTED = "departed"  # berangkat
    ON_SITE = "on-site"  # di lokasi
    DONE = "done"  # selesai; closes only if the probe agrees
    NOTE = "note"
    ASSIGNED = "assigned"  # values: to
    MERGED = "merged"  # values: into, why
    SPLIT = "split"  # values: members, why
    CLOSED = "closed"  # values: cause, party, party_name
    TICKET_OPENED = "ticket-opened"  # values: number, promised
    TICKET_PROMISED = "ticket-promised"
    TICKET_CLAIMED_DONE = "ticket-claimed-done"
    TICKET_CLOCK_STOPPED = "ticket-clock-stopped"  # values: why
    TICKET_CLOCK_WENT_ON = "ticket-clock-went-on"
    TICKET_CLOSED = "ticket-closed"
    OPENED = "opened"  # the machine's own milestones stand in the same line
    CHANGED = "changed"
    ANNOUNCED = "announced"
    RETURNING = "returning"
    RESOLVED = "resolved"


MACHINE = "kentongan"


@dataclass(frozen=True, slots=True)
class Act:
    """One line of an incident's timeline. actor: a person's name, or `kentongan`."""

    incident: str
    at: datetime
    actor: str
    kind: ActKind
    text: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


class ActStore(Protocol):
    """The append-only event log. Each row seals the ones before it (HMAC chain)."""

    def append(self, acts: Iterable[Act]) -> None: ...

    def of(self, incident: str) -> tuple[Act, ...]:
        """In the order they came."""
        ...
