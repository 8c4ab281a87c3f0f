"""What availability is worked out from, and the months that were closed, on both engines."""

from datetime import UTC, datetime, timedelta

import pytest

from alerts.store import SqlStateStore
from alerts.store.history import SqlHistory
from alerts.store.months import ClosedMonth, Correction, MonthClosedError, SqlMonthStore
from alerts.store.watches import SqlWatchStore
from domain.states import State, StateChange
from kentongan.database import Database

T0 = datetime(2026, 10, 1, tzinfo=UTC)


def hours(number: float) -> datetime:
    return T0 + timedelta(hours=number)


def change(at: float, name: str, from_: State, to: State, reason: str = "") -> StateChange:
    return StateChange(hours(at), name, from_, to, reason)


def test_the_states_of_a_period_begin_with_what_was_before(database: Database) -> None:
    SqlStateStore(database.engine).apply(
        [
            change(-5, "early", State.UNKNOWN, State.UP),
            change(-4, "fell-before", State.UP, State.DOWN, "icmp-silent"),
            change(1, "within", State.UP, State.DOWN, "icmp-silent"),
            change(2, "within", State.DOWN, State.UP),
            change(11, "later", State.DOWN, State.UP),
            change(12, "later", State.UP, State.DEGRADED, "loss"),
            change(11, "newcomer", State.UNKNOWN, State.UP),
            change(10, "edge", State.UP, State.DOWN, "icmp-silent"),
        ]
    )
    history = SqlHistory(database.engine).between(hours(0), hours(10))
    assert {name: state for name, (state, _reason) in history.initial.items()} == {
        "early": State.UP,
        "fell-before": State.DOWN,
        "within": State.UP,
        "later": State.DOWN,
        "newcomer": State.UNKNOWN,
        "edge": State.UP,
    }
    assert history.initial["fell-before"][1] == "icmp-silent"
    assert history.changes == {
        "within": [
            (hours(1).timestamp(), State.DOWN, "icmp-silent"),
            (hours(2).timestamp(), State.UP, ""),
        ]
    }


def test_stretches_of_looking_are_found_with_the_last_one_before(database: Database) -> None:
    store = SqlWatchStore(database.engine)
    for began, seen in ((-9, -8), (-5, -4), (1, 3), (20, 21)):
        number = store.begin(hours(began).timestamp())
        store.seen(number, hours(seen).timestamp())
    found = store.between(hours(0), hours(10))
    assert found == tuple((hours(began).timestamp(), hours(seen).timestamp()) for began, seen in ((-5, -4), (1, 3)))


def test_a_month_is_closed_once_and_corrected_in_the_open(database: Database) -> None:
    store = SqlMonthStore(database.engine)
    assert store.get("2026-10") is None
    month = ClosedMonth("2026-10", hours(800), "siti", "ab" * 32, '{"rows":["é"]}')
    store.close(month)
    with pytest.raises(MonthClosedError, match="availability correct 2026-10"):
        store.close(month)
    assert store.get("2026-10") == month
    assert store.corrections("2026-10") == ()
    made = [Correction("2026-10", hours(900 + n), "siti", f"BA {n}", "cd" * 32, "ef" * 32, "{}") for n in range(2)]
    for correction in made:
        store.correct(correction)
    assert store.corrections("2026-10") == tuple(made)
    assert store.get("2026-10") == month
