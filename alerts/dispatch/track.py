"""How far the telling of one incident has come: which channels know of it, what waits for them, how high the ladder."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from alerts.dispatch.contacts import MACHINES
from alerts.dispatch.memory import Memory, instant_of, seconds_of
from domain.incidents import NoticeEvent, NoticeReason

KIND: Final = "incident"


@dataclass(frozen=True, slots=True)
class Known:
    """A channel that knows of the incident. message: what announced it there."""

    message: str
    at: datetime
    person: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """What waits to be told on a channel. since: when it was first decided; rendered only when it goes."""

    notice: str
    event: NoticeEvent
    reason: NoticeReason
    since: datetime
    person: str = ""


@dataclass(slots=True)
class Track:
    """ring: the highest that has been asked, -1 for none; ring_at: when. acknowledged_until: None while nobody has."""

    incident: str
    ring: int = -1
    ring_at: datetime | None = None
    known: dict[str, Known] = field(default_factory=dict)
    pending: dict[str, Pending] = field(default_factory=dict)
    last_told_at: datetime | None = None
    acknowledged_until: datetime | None = None
    acknowledged_by: str = ""
    count: int = 0  # of notices made here: escalations, repeats, acknowledgements
    closing: str = ""
    closing_note: str = ""
    over: bool = False  # resolved or merged; kept until what is pending has gone

    @property
    def is_unheard(self) -> bool:
        """Neither told nor about to be told to anybody, and not over."""
        return not self.over and not self.known and not self.pending

    @property
    def is_heard_by_people(self) -> bool:
        return any(channel.partition(":")[0] not in MACHINES for channel in (*self.known, *self.pending))

    def next_id(self, event: NoticeEvent) -> str:
        """The desk numbers its own notices; these carry a letter, so that the two never meet."""
        self.count += 1
        return f"{self.incident}-t{self.count}-{event.value}"

    def wait_for(self, channel: str, pending: Pending) -> None:
        """A newer word takes the place of an older one that has not gone; a beginning stays a beginning."""
        old = self.pending.get(channel)
        if old is not None and channel not in self.known:
            self.pending[channel] = Pending(old.notice, old.event, old.reason, old.since, old.person)
            return
        since = old.since if old is not None else pending.since
        self.pending[channel] = Pending(pending.notice, pending.event, pending.reason, since, pending.person)

    def shift(self, by: timedelta) -> None:
        """The wall clock was set: what was an hour ago still was."""
        self.ring_at = self.ring_at and self.ring_at + by
        self.last_told_at = self.last_told_at and self.last_told_at + by
        for channel, known in self.known.items():
            self.known[channel] = Known(known.message, known.at + by, known.person)
        for channel, each in self.pending.items():
            self.pending[channel] = Pending(each.notice, each.event, each.reason, each.since + by, each.person)

    def as_memory(self) -> Memory:
        return Memory(
            KIND,
            self.incident,
            {
                "ring": self.ring,
                "ring_at": seconds_of(self.ring_at),
                "known": {
                    channel: [known.message, known.at.timestamp(), known.person]
                    for channel, known in sorted(self.known.items())
                },
                "pending": {
                    channel: [each.notice, each.event.value, each.reason.value, each.since.timestamp(), each.person]
                    for channel, each in sorted(self.pending.items())
                },
                "last_told_at": seconds_of(self.last_told_at),
                "acknowledged_until": seconds_of(self.acknowledged_until),
                "acknowledged_by": self.acknowledged_by,
                "count": self.count,
                "closing": self.closing,
                "closing_note": self.closing_note,
                "over": self.over,
            },
        )


def track_of(memory: Memory, now: datetime) -> Track:
    """Back from what was kept. Instants after `now` (a clock that woke in the past) count as now."""
    plain: Mapping[str, Any] = memory.document

    def past(seconds: object) -> datetime | None:
        at = instant_of(seconds)
        return None if at is None else min(at, now)

    return Track(
        memory.key,
        int(plain["ring"]),
        past(plain["ring_at"]),
        {channel: Known(message, past(at) or now, person) for channel, (message, at, person) in plain["known"].items()},
        {
            channel: Pending(notice, NoticeEvent(event), NoticeReason(reason), past(since) or now, person)
            for channel, (notice, event, reason, since, person) in plain["pending"].items()
        },
        past(plain["last_told_at"]),
        instant_of(plain["acknowledged_until"]),
        plain["acknowledged_by"],
        int(plain["count"]),
        plain["closing"],
        plain["closing_note"],
        bool(plain["over"]),
    )
