"""A ticket at the provider, read from an incident's timeline: its number, what was promised, both clocks.

Pure. The provider's clock runs from the opening to the provider's own closing claim, less the time it was stopped with
a reason (no access, force majeure). Ours runs from the detection until the site's tests agree, and nothing stops it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.incidents import Act, ActKind, Incident

_KINDS: Final = frozenset(
    {
        ActKind.TICKET_OPENED,
        ActKind.TICKET_PROMISED,
        ActKind.TICKET_CLAIMED_DONE,
        ActKind.TICKET_CLOCK_STOPPED,
        ActKind.TICKET_CLOCK_WENT_ON,
        ActKind.TICKET_CLOSED,
    }
)


class TicketState(StrEnum):
    NONE = "none"
    OPEN = "open"
    STOPPED = "stopped"
    CLAIMED_DONE = "claimed-done"  # they say it works, our tests do not yet
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Stop:
    """A stretch in which the provider's clock stood. until: None while it stands."""

    since: datetime
    until: datetime | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """As it stood at the time asked for. detected_at and restored_at are ours; the rest is what the provider says."""

    number: str
    detected_at: datetime
    opened_at: datetime
    promised_at: datetime | None = None
    claimed_done_at: datetime | None = None
    closed_at: datetime | None = None
    restored_at: datetime | None = None
    stops: tuple[Stop, ...] = ()

    def state(self) -> TicketState:
        if self.closed_at is not None:
            return TicketState.CLOSED
        if self.claimed_done_at is not None:
            return TicketState.CLAIMED_DONE
        return TicketState.STOPPED if self.stops and self.stops[-1].until is None else TicketState.OPEN

    def by_their_clock(self, now: datetime) -> timedelta:
        """From the opening to their claim, or to now, less the stops in between."""
        end = min(self.claimed_done_at or self.closed_at or now, now)
        stood = sum(
            (max(min(stop.until or end, end) - max(stop.since, self.opened_at), timedelta()) for stop in self.stops),
            timedelta(),
        )
        return max(end - self.opened_at - stood, timedelta())

    def by_our_clock(self, now: datetime) -> timedelta:
        """From the detection until the site's tests agreed, or to now; no claim and no stop ends it."""
        return max(min(self.restored_at or now, now) - self.detected_at, timedelta())

    def is_late(self, now: datetime) -> bool:
        """Whether it was restored after what was promised, or is not yet."""
        return self.promised_at is not None and min(self.restored_at or now, now) > self.promised_at


def ticket_of(incident: Incident, acts: Iterable[Act], at: datetime | None = None) -> Ticket | None:
    """The incident's newest ticket as it stood `at` (None: with everything that is known). None before one was opened.

    acts: of this incident. A second opening is a second ticket. A claim is withdrawn when the clock goes on again.
    """
    ticket: Ticket | None = None
    known = [act for act in acts if act.kind in _KINDS and (at is None or act.at <= at)]
    for act in sorted(known, key=lambda act: act.at):
        if act.kind is ActKind.TICKET_OPENED:
            opened = _moment(act, "opened") or act.at
            ticket = Ticket(act.values.get("number", ""), incident.detected_at, opened, _moment(act, "promised"))
        elif ticket is not None:
            ticket = _after(ticket, act)
    if ticket is None:
        return None
    restored = incident.resolved_at
    return ticket if restored is None or (at is not None and restored > at) else replace(ticket, restored_at=restored)


def _after(ticket: Ticket, act: Act) -> Ticket:
    match act.kind:
        case ActKind.TICKET_PROMISED:
            return replace(ticket, promised_at=_moment(act, "promised") or ticket.promised_at)
        case ActKind.TICKET_CLAIMED_DONE:
            return replace(_going(ticket, act.at), claimed_done_at=_moment(act, "claimed") or act.at)
        case ActKind.TICKET_CLOCK_STOPPED:
            if ticket.stops and ticket.stops[-1].until is None:
                return ticket
            return replace(ticket, stops=(*ticket.stops, Stop(act.at, None, act.values.get("why", act.text))))
        case ActKind.TICKET_CLOCK_WENT_ON:
            return replace(_going(ticket, act.at), claimed_done_at=None)
        case ActKind.TICKET_CLOSED:
            return replace(_going(ticket, act.at), closed_at=act.at)
        case _:
            return ticket


def _going(ticket: Ticket, at: datetime) -> Ticket:
    """With its clock no longer stopped."""
    if not ticket.stops or ticket.stops[-1].until is not None:
        return ticket
    return replace(ticket, stops=(*ticket.stops[:-1], replace(ticket.stops[-1], until=at)))


def _moment(act: Act, name: str) -> datetime | None:
    """A time written into the act's values: ISO, UTC if it names no zone; None if there is none or it is no time."""
    try:
        found = datetime.fromisoformat(act.values[name])
    except (KeyError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
