"""The audit journal and the orders to a live engine, on both engines."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from domain.audit import AuditEntry
from domain.secrets import Secret
from domain.time import Moment
from kentongan.database import Database
from kentongan.store import Command, CommandState, CommandTable, SqlJournal


def entry(unix: float, subject: str, **detail: object) -> AuditEntry:
    return AuditEntry(Moment(unix - 50, unix), "siti", "import", subject, detail)


def test_entries_stay_in_the_order_they_came_even_when_the_clock_jumps_back(database: Database) -> None:
    journal = SqlJournal(database.engine)
    for at, subject in ((100.25, "first"), (50.0, "second"), (75.0, "third")):
        journal.record(entry(at, subject, rows=3, files=["sites.csv"]))
    found = SqlJournal(database.engine).read(0, 10)
    assert [(e.at.unix_seconds, e.subject) for e in found] == [(100.25, "first"), (50.0, "second"), (75.0, "third")]
    assert found[0].detail == {"rows": 3, "files": ["sites.csv"]}
    assert [e.subject for e in journal.read(0, 2)] == ["second", "third"]
    assert [e.subject for e in journal.read(75, 9)] == ["first", "third"]


def test_a_secret_that_strays_into_the_detail_is_three_stars(database: Database) -> None:
    journal = SqlJournal(database.engine)
    journal.record(entry(1, "x", community=Secret("rahasia"), on=date(2026, 11, 21), deep={"s": [Secret("rahasia")]}))
    assert journal.read(0, 1)[0].detail == {"community": "***", "on": "2026-11-21", "deep": {"s": ["***"]}}


def test_retention_is_the_only_way_out_and_numbers_are_not_given_twice(database: Database) -> None:
    journal = SqlJournal(database.engine)
    for at in (1.0, 2.0, 3.0):
        journal.record(entry(at, str(at)))
    assert journal.prune(3.0) == 2
    assert [e.subject for e in journal.read(0, 9)] == ["3.0"]
    assert journal.prune(9.0) == 1
    journal.record(entry(4.0, "4"))
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT id FROM audit").scalars().all() == [4]


def test_an_entry_shares_the_fate_of_its_change(database: Database) -> None:
    journal = SqlJournal(database.engine)
    with pytest.raises(RuntimeError), database.transaction() as connection:  # noqa: PT012
        journal.record_in(connection, entry(1.0, "never"))
        raise RuntimeError
    assert journal.read(0, 9) == ()


def test_an_order_is_taken_once_and_answered(database: Database) -> None:
    table = CommandTable(database.engine)
    assert table.take() == ()
    first, second = table.insert("reload", {}, 1.0), table.insert("ack", {"incident": 7, "by": "Siti"}, 2.0)
    engine = CommandTable(database.engine)
    assert [(c.id, c.kind, dict(c.payload)) for c in engine.take()] == [
        (first, "reload", {}),
        (second, "ack", {"incident": 7, "by": "Siti"}),
    ]
    assert engine.take() == ()
    engine.finish(first, {"revision": 3}, 3.0)
    engine.finish(second, {"error": "no such incident"}, 3.0, failed=True)
    assert table.get(first) == Command(first, "reload", {}, CommandState.DONE, {"revision": 3})
    assert table.get(second).state is CommandState.FAILED
    engine.finish(first, {"revision": 4}, 4.0)  # told once
    assert table.get(first).outcome == {"revision": 3}
    with pytest.raises(KeyError):
        table.get(999)


def test_two_engines_never_take_one_order(database: Database) -> None:
    table = CommandTable(database.engine)
    numbers = [table.insert("x", {}, 1.0) for _ in range(20)]
    start = threading.Barrier(4)

    def take() -> list[int]:
        start.wait()
        return [command.id for command in CommandTable(database.engine).take()]

    with ThreadPoolExecutor(4) as pool:
        takes = [pool.submit(take) for _ in range(4)]
    assert sorted(number for future in takes for number in future.result()) == numbers


def test_waiting_ends_with_the_answer_or_with_the_time(database: Database) -> None:
    table = CommandTable(database.engine)
    number = table.insert("reload", {}, 1.0)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            for command in table.take():
                table.finish(command.id, {"done": True}, 2.0)

    assert table.wait(number, 60, sleep).outcome == {"done": True}
    assert len(slept) == 3
    late = table.insert("reload", {}, 1.0)
    slept.extend([0.0] * 10)
    assert table.wait(late, 1.0, slept.append).state is CommandState.WAITING


def test_what_a_dead_engine_had_taken_is_failed_not_done_twice(database: Database) -> None:
    table = CommandTable(database.engine)
    number = table.insert("reboot", {}, 1.0)
    table.take()
    waiting = table.insert("reload", {}, 2.0)
    assert CommandTable(database.engine).abandon(3.0) == 1
    assert table.get(number).state is CommandState.FAILED
    assert [command.id for command in table.take()] == [waiting]
    assert table.prune(4.0) == 1
