"""What is asked and written beside the pages: a poller that hangs or talks nonsense keeps nobody, a database that is
locked costs a page nothing, and a clock that jumps neither ends a session nor lets it live longer."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from console.ages import Ages
from domain.accounts import Session
from kentongan.console_adapters import beside
from kentongan.console_adapters.beside import SILENT_SECONDS, Beside
from kentongan.console_adapters.poller_client import plain_of, read_whole, within
from kentongan.console_adapters.seen import SeenLater
from kentongan.console_adapters.troubles import trouble_of
from kentongan.store.faults import DatabaseLockedError
from tests.unit.console.console_office import MemorySessions

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def session(made_at: datetime = AT, seen_at: datetime = AT) -> Session:
    return Session("k", "siti", "f", made_at, seen_at)


def test_who_looks_waits_a_moment_and_has_what_was_said_last() -> None:
    hangs, answers = threading.Event(), ["first", "second"]
    hangs.set()

    def read() -> str:
        hangs.wait(20)
        return answers.pop(0)

    asked = Beside(read, "away", patience_seconds=20)
    assert asked.newest(0.0) == "first"
    assert asked.newest(beside.FRESH_SECONDS - 0.1) == "first"
    hangs.clear()
    asked._patience_seconds = 0.01
    assert asked.newest(6.0) == "first", "it hangs: nobody waits for it"
    assert asked.newest(6.0 + SILENT_SECONDS - 0.1) == "first"
    assert asked.newest(6.0 + SILENT_SECONDS) == "away"
    assert answers == ["second"], "and it is not asked twice at once"
    hangs.set()
    for thread in threading.enumerate():
        if thread.name == "beside":
            thread.join(20)
    assert asked.newest(6.1) == "second"


class Dripping:
    def __init__(self, pieces: Sequence[bytes], steady: Callable[[], None] = lambda: None) -> None:
        self._pieces, self._steady = list(pieces), steady

    def read1(self, size: int, /) -> bytes:
        self._steady()
        return self._pieces.pop(0)[:size] if self._pieces else b""


def test_an_answer_that_drips_or_never_ends_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]

    def second() -> None:
        now[0] += 1.0

    monkeypatch.setattr("kentongan.console_adapters.poller_client.time.monotonic", lambda: now[0])
    assert read_whole(Dripping([b"a", b"b"], second), 2.5, 10) == b"ab"
    with pytest.raises(TimeoutError):
        read_whole(Dripping([b"x"] * 60, second), 2.5, 1000)
    with pytest.raises(ValueError, match="more than 10"):
        read_whole(Dripping([b"x" * 6] * 2), 2.5, 10)


def test_who_asks_waits_no_longer_than_it_says() -> None:
    hangs = threading.Event()
    assert within(20, lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        within(20, lambda: 1 // 0)
    with pytest.raises(TimeoutError):
        within(0.01, lambda: hangs.wait(20))
    hangs.set()


@pytest.mark.parametrize("text", ["<html>502</html>", "[]", "NaN", '"x"', "[" * 100_000, "", "{"])
def test_nonsense_is_no_answer(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        plain_of(text)


def test_a_page_neither_waits_for_a_locked_database_nor_fails_with_it() -> None:
    begun: list[Callable[[], None]] = []

    class Locked(MemorySessions):
        tries = 0

        def seen(self, key_hash: str, at: datetime) -> None:
            self.tries += 1
            if self.tries < 3:
                raise DatabaseLockedError("locked")
            super().seen(key_hash, at)

    kept = Locked({"k": session()})
    later = SeenLater(kept, begun.append)
    for minutes in range(1, 4):
        later.seen("k", AT + timedelta(minutes=minutes))
        assert kept.tries == minutes - 1, "nothing is written in the page itself"
        begun.pop()()
        assert begun == []
    assert kept.kept["k"].seen_at == AT + timedelta(minutes=3)


def test_a_session_is_as_old_as_any_clock_says() -> None:
    steady = [1000.0]
    ages = Ages(lambda: steady[0])
    assert ages.of(session(), AT) == (timedelta(), timedelta())
    steady[0] += 7200
    assert ages.of(session(), AT - 5 * HOUR) == (2 * HOUR, 2 * HOUR), "set back by seven hours: not one of them is won"
    assert ages.of(session(), AT + 9 * HOUR) == (9 * HOUR, 9 * HOUR), "or the process slept: the wall clock is right"
    ages.seen(session())
    steady[0] += 60
    assert ages.of(session(), AT)[1] == timedelta(minutes=1)
    assert ages.of(session(seen_at=AT - HOUR), AT)[1] == HOUR, "seen by another console"


@pytest.mark.parametrize(
    ("number", "expected"), [(28, "full"), (122, "full"), (27, "full"), (30, "read-only"), (13, "read-only"), (2, None)]
)
def test_a_disk_that_refuses_is_a_trouble(number: int, expected: str | None) -> None:
    assert trouble_of(OSError(number, "x")) == expected
