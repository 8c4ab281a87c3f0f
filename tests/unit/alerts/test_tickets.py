"""Tickets from a timeline: the provider's clock and ours."""

from datetime import UTC, datetime, timedelta

import pytest

from alerts.tickets import Stop, TicketState, ticket_of
from domain.incidents import Act, ActKind, Cause, CauseKind, Condition, Incident, Urgency

T0 = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
A = ActKind


def minutes(number: float) -> datetime:
    return T0 + timedelta(minutes=number)


def act(at: float, kind: ActKind, **values: str) -> Act:
    return Act("i", minutes(at), "Siti", kind, "", values)


def incident(resolved: float | None = None) -> Incident:
    return Incident(
        "i", Condition.OUTAGE, Cause(CauseKind.LINK, "line"), "icmp-silent", Urgency.PAGE, minutes(-1), T0, (),
        resolved_at=None if resolved is None else minutes(resolved),
    )  # fmt: skip


STORY = [
    act(10, A.TICKET_OPENED, number="INC99812", promised=minutes(130).isoformat()),
    act(11, A.NOTE),
    act(30, A.TICKET_CLOCK_STOPPED, why="gedung terkunci"),
    act(50, A.TICKET_CLOCK_WENT_ON),
    act(100, A.TICKET_CLAIMED_DONE),
    act(150, A.TICKET_CLOSED),
]


@pytest.mark.parametrize(
    ("at", "state", "theirs", "ours", "late"),
    [
        (10, TicketState.OPEN, 0, 10, False),
        (29, TicketState.OPEN, 19, 29, False),
        (40, TicketState.STOPPED, 20, 40, False),
        (60, TicketState.OPEN, 30, 60, False),
        (101, TicketState.CLAIMED_DONE, 70, 101, False),
        (140, TicketState.CLAIMED_DONE, 70, 140, True),
        (200, TicketState.CLOSED, 70, 145, True),
    ],
)
def test_how_it_stood_at_a_time(at: float, state: TicketState, theirs: float, ours: float, late: bool) -> None:
    """They claimed after 100 minutes; the site's tests agreed after 145, and so ours ran on."""
    ticket = ticket_of(incident(resolved=145), STORY, minutes(at))
    assert ticket is not None
    assert ticket.number == "INC99812"
    assert ticket.state() is state
    assert ticket.by_their_clock(minutes(at)) == timedelta(minutes=theirs)
    assert ticket.by_our_clock(minutes(at)) == timedelta(minutes=ours)
    assert ticket.is_late(minutes(at)) is late


def test_before_the_opening_there_is_none() -> None:
    assert ticket_of(incident(), STORY, minutes(9)) is None
    assert ticket_of(incident(), STORY[1:]) is None


def test_the_order_of_the_acts_is_their_time() -> None:
    assert ticket_of(incident(), STORY[::-1]) == ticket_of(incident(), STORY)


def test_a_stop_is_known_with_its_reason_and_a_second_one_changes_nothing() -> None:
    story = [*STORY[:3], act(35, A.TICKET_CLOCK_STOPPED, why="again")]
    ticket = ticket_of(incident(), story)
    assert ticket is not None
    assert ticket.stops == (Stop(minutes(30), None, "gedung terkunci"),)
    assert ticket.by_their_clock(minutes(500)) == timedelta(minutes=20)


def test_a_claim_that_proved_false_is_withdrawn_when_the_clock_goes_on() -> None:
    story = [*STORY[:1], act(20, A.TICKET_CLAIMED_DONE), act(25, A.TICKET_CLOCK_WENT_ON)]
    ticket = ticket_of(incident(), story)
    assert ticket is not None
    assert ticket.state() is TicketState.OPEN
    assert ticket.by_their_clock(minutes(40)) == timedelta(minutes=30)


def test_a_new_promise_and_a_second_ticket() -> None:
    later = act(20, A.TICKET_PROMISED, promised="2026-11-22T09:00")
    ticket = ticket_of(incident(), [*STORY[:1], later])
    assert ticket is not None
    assert ticket.promised_at == datetime(2026, 11, 22, 9, tzinfo=UTC)
    unreadable = ticket_of(incident(), [*STORY[:1], act(20, A.TICKET_PROMISED, promised="besok")])
    assert unreadable is not None
    assert unreadable.promised_at == minutes(130)
    second = ticket_of(incident(), [*STORY, act(300, A.TICKET_OPENED, number="INC2", opened=minutes(290).isoformat())])
    assert second is not None
    assert (second.number, second.opened_at, second.state()) == ("INC2", minutes(290), TicketState.OPEN)
