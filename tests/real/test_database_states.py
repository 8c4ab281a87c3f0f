"""States over restarts, on both engines."""

from datetime import UTC, datetime, timedelta

from alerts.store import SqlStateStore
from domain.states import DeviceState, State, StateChange
from kentongan.database import Database

T0 = datetime(2026, 11, 21, 17, 0, 0, 123457, tzinfo=UTC)


def change(seconds: float, name: str, from_: State, to: State, reason: str = "") -> StateChange:
    return StateChange(T0 + timedelta(seconds=seconds), name, from_, to, reason)


FIRST = change(0, "b", State.UNKNOWN, State.UP)
SECOND = change(1.000001, "a", State.UP, State.DOWN, "icmp-silent")
THIRD = change(2, "b", State.UP, State.DEGRADED, "loss")


def test_changes_and_states_are_kept_together(database: Database) -> None:
    store = SqlStateStore(database.engine)
    assert store.read() == ()
    store.apply([])
    store.apply([FIRST, SECOND])
    store.apply([THIRD])
    again = SqlStateStore(database.engine)
    assert again.read() == (
        DeviceState("a", State.DOWN, "icmp-silent", SECOND.at),
        DeviceState("b", State.DEGRADED, "loss", THIRD.at),
    )
    assert again.changes(T0, 10) == (FIRST, SECOND, THIRD)
    assert again.changes(T0 + timedelta(microseconds=1), 10) == (SECOND, THIRD)
    assert again.changes(T0, 2) == (SECOND, THIRD)


def test_of_several_changes_of_one_device_the_last_is_its_state(database: Database) -> None:
    store = SqlStateStore(database.engine)
    flap = [change(0, "a", State.UP, State.DOWN), change(0, "a", State.DOWN, State.UP, "returned")]
    store.apply(iter(flap))
    assert store.read() == (DeviceState("a", State.UP, "returned", T0),)
    assert store.changes(T0, 9) == tuple(flap)


def test_retention_takes_changes_and_leaves_states(database: Database) -> None:
    store = SqlStateStore(database.engine)
    store.apply([FIRST, SECOND, THIRD])
    assert store.prune(SECOND.at) == 1
    assert store.changes(T0, 9) == (SECOND, THIRD)
    assert len(store.read()) == 2


def test_forgetting_a_device_keeps_its_history(database: Database) -> None:
    store = SqlStateStore(database.engine)
    store.apply([FIRST, SECOND])
    store.forget(["a", "nobody"])
    store.forget([])
    assert [state.name for state in store.read()] == ["b"]
    assert store.changes(T0, 9) == (FIRST, SECOND)


def test_a_country_changes_state_in_one_transaction(database: Database) -> None:
    store = SqlStateStore(database.engine)
    store.apply(change(0, f"router-{i:06d}", State.UP, State.UNKNOWN, "blind") for i in range(20_000))
    assert len(store.read()) == 20_000
    assert len(store.changes(T0, 30_000)) == 20_000
