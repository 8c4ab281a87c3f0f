"""The recorder: order, bounds, a database that fails for a while."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from domain.states import State, StateChange
from kentongan.run import recorder
from kentongan.run.recorder import Recorder


def change(name: str) -> StateChange:
    return StateChange(datetime(2026, 11, 21, tzinfo=UTC), name, State.UP, State.DOWN, "icmp-silent")


def test_changes_are_written_in_order_and_stop_waits_for_them() -> None:
    written: list[str] = []
    keeper = Recorder(lambda batch: written.extend(c.name for c in batch))
    keeper.start()
    for i in range(100):
        keeper.put([change(f"a{i}"), change(f"b{i}")])
    keeper.stop()
    assert written == [name for i in range(100) for name in (f"a{i}", f"b{i}")]
    assert keeper.waiting == 0


def test_a_locked_database_is_tried_again_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "RETRY_SECONDS", 0.01)
    written: list[str] = []
    healed = threading.Event()
    done = threading.Event()

    def write(batch: Sequence[StateChange]) -> None:
        if not healed.is_set():
            if keeper.failures >= 2:
                healed.set()
            raise OSError("database is locked")
        written.extend(c.name for c in batch)
        done.set()

    keeper = Recorder(write)
    keeper.start()
    keeper.put([change("a")])
    assert done.wait(5)
    keeper.put([change("b")])
    keeper.stop()
    assert written == ["a", "b"]
    assert keeper.failures == 3
    assert keeper.last_error == ""


def test_what_does_not_fit_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = Recorder(lambda batch: None, limit=3)
    keeper.put([change(str(i)) for i in range(5)])
    assert (keeper.waiting, keeper.dropped) == (3, 2)


def test_stop_does_not_hang_on_a_database_that_stays_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(batch: Sequence[StateChange]) -> None:
        raise OSError("disk full")

    keeper = Recorder(write)
    keeper.start()
    keeper.put([change("a")])
    keeper.stop(5)
    assert keeper.waiting == 1
    assert "disk full" in keeper.last_error
