"""What is told to people: one notice per decision, with the reason why it is sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.incidents.incidents import Incident


class NoticeEvent(StrEnum):
    """The promise of the webhook: `event`."""

    OPENED = "opened"
    UPDATED = "updated"
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class NoticeReason(StrEnum):
    """Why it is sent; exactly one for each."""

    NEW = "new"
    CAUSE_CHANGED = "cause-changed"
    GREW = "grew"
    PARTLY_BACK = "partly-back"
    RETURNING = "returning"
    MERGED = "merged"
    REPEAT = "repeat"
    NOT_ACKNOWLEDGED = "not-acknowledged"
    ACKNOWLEDGED = "acknowledged"
    TICKET = "ticket"
    OVER = "over"
    DRILL = "drill"


@dataclass(frozen=True, slots=True)
class Notice:
    """One decision to tell. `id` is the notice's own: the same after a crash, so that a receiver can drop a repeat."""

    id: str
    event: NoticeEvent
    reason: NoticeReason
    at: datetime
    incident: Incident


def notice_id(incident_id: str, event: NoticeEvent, count: int) -> str:
    """count: how many notices the incident had before."""
    return f"{incident_id}-{count + 1}-{event.value}"
