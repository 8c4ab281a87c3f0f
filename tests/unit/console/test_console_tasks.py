"""Orders written down first: one at a time for each subject, taken up when cut off, left alone when they are old."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kentongan.console_adapters.tasks import MOST_TRIES, TaskRecord, Tasks, UnderWayError, keep, read

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


class Processes:
    """They hold the lock they are given, until they are killed or end."""

    def __init__(self) -> None:
        self.begun: list[Path] = []
        self._locks: list[int] = []

    def __call__(self, path: Path, lock: int) -> None:
        self.begun.append(path)
        self._locks.append(os.dup(lock))

    def die(self) -> None:
        for each in self._locks:
            with suppress(OSError):
                os.close(each)
        self._locks.clear()


@pytest.fixture
def processes() -> Iterator[Processes]:
    made = Processes()
    yield made
    made.die()


def record(subject: str = "site desa-baru", who: str = "budi") -> TaskRecord:
    return TaskRecord(subject, "build", who, NOW, {"site": subject})


def test_one_at_a_time_for_each_subject(tmp_path: Path, processes: Processes) -> None:
    tasks = Tasks(tmp_path, lambda: NOW, processes)
    tasks.begin(record())
    with pytest.raises(UnderWayError) as found:
        tasks.begin(record(who="wati"))
    assert found.value.task is not None
    assert found.value.task.who == "budi"
    tasks.begin(record("site ../../etc/passwd"))
    assert {subject: lives for subject, (_writ, lives) in tasks.all().items()} == {
        "site desa-baru": True,
        "site ../../etc/passwd": True,
    }
    assert all(path.parent == tmp_path / "tasks" for path in processes.begun)
    processes.die()
    tasks.begin(record(who="wati"))
    assert len(processes.begun) == 3


def test_what_was_cut_off_is_taken_up_and_what_ended_is_not(tmp_path: Path, processes: Processes) -> None:
    tasks = Tasks(tmp_path, lambda: NOW, processes)
    tasks.begin(record())
    assert tasks.take_up() == (), "it lives"
    processes.die()
    assert not tasks.all()["site desa-baru"][1]
    assert tasks.take_up() == ("site desa-baru",)
    taken = read(processes.begun[-1])
    assert taken is not None
    assert (taken.tries, taken.who) == (2, "budi")
    processes.die()
    keep(processes.begun[-1], replace(taken, ended_at=NOW, trouble="no"))
    assert tasks.take_up() == ()


def test_what_is_old_or_always_fails_waits_for_a_person(tmp_path: Path, processes: Processes) -> None:
    late = Tasks(tmp_path, lambda: NOW + timedelta(days=2), processes)
    tasks = Tasks(tmp_path, lambda: NOW, processes)
    tasks.begin(record())
    processes.die()
    assert late.take_up() == ()
    for _turn in range(MOST_TRIES - 1):
        assert tasks.take_up() == ("site desa-baru",)
        processes.die()
    assert tasks.take_up() == ()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"subject": "x"}', '{"subject": "x", "at": "y", "ended_at": null}'])
def test_a_writ_that_cannot_be_read_begins_nothing(tmp_path: Path, processes: Processes, text: str) -> None:
    tasks = Tasks(tmp_path, lambda: NOW, processes)
    (tmp_path / "tasks").mkdir()
    (tmp_path / "tasks" / "site%20x.json").write_text(text)
    assert tasks.all() == {}
    assert tasks.take_up() == ()


def test_nobody_is_interrupted_who_is_not_ours(tmp_path: Path, processes: Processes) -> None:
    tasks = Tasks(tmp_path, lambda: NOW, processes)
    assert not tasks.interrupt("wave")
    tasks.begin(record("wave"))
    (tmp_path / "tasks" / "wave.lock").write_text("1")  # init, which is no process of ours
    assert not tasks.interrupt("wave")
