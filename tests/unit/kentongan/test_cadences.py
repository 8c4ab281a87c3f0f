"""Cadences beside polling: each once at a time, none lost, none made up for, whatever the clock of the machine does."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kentongan.run.cadences import Cadences, Every

START = datetime(2026, 11, 22, tzinfo=UTC)
SHORT = 0.02
AMPLE = 20.0
times = st.timedeltas(timedelta(days=-2000), timedelta(days=2000)).map(START.__add__)


@given(times, times, st.timedeltas(timedelta(seconds=1), timedelta(hours=6)))
def test_the_next_turn_is_the_first_from_now_on_whatever_the_clock_did(
    previous: datetime, now: datetime, interval: timedelta
) -> None:
    turn = Every(interval).get_next_fire_time(previous, now)
    assert now < turn <= now + interval
    assert (turn - previous) % interval == timedelta()


def test_the_first_turn_comes_after_an_interval() -> None:
    assert Every(timedelta(seconds=2)).get_next_fire_time(None, START) == START + timedelta(seconds=2)


class Desk:
    """Jobs that count their turns, and a clock of the machine that can be set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cadences = Cadences(look_seconds=0.01)
        self.done: list[str] = []
        self.changed = asyncio.Event()
        self.gate = asyncio.Event()
        self.ahead = ahead = [timedelta()]

        class SetClock(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
                return datetime.now(tz) + ahead[0]

        monkeypatch.setattr("apscheduler.schedulers.base.datetime", SetClock)
        monkeypatch.setattr("kentongan.run.cadences.datetime", SetClock)

    def counted(self, name: str) -> Callable[[], Awaitable[None]]:
        async def job() -> None:
            self._note(name)

        return job

    async def waiting(self) -> None:
        self._note("waiting")
        await self.gate.wait()

    async def failing(self) -> None:
        self._note("failing")
        if not self.gate.is_set():
            raise OSError("disk full")

    async def until(self, name: str, more: int) -> None:
        """So many turns more of it."""
        wanted = self.done.count(name) + more
        while self.done.count(name) < wanted:
            self.changed.clear()
            await asyncio.wait_for(self.changed.wait(), AMPLE)

    def _note(self, name: str) -> None:
        self.done.append(name)
        self.changed.set()


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Desk], Coroutine[None, None, None]]], None]:
    """Runs a scene with a desk, and stops its cadences."""

    def played(scene: Callable[[Desk], Coroutine[None, None, None]]) -> None:
        async def whole() -> None:
            desk = Desk(monkeypatch)
            try:
                await scene(desk)
            finally:
                desk.cadences.stop()

        asyncio.run(whole())

    return played


Play = Callable[[Callable[[Desk], Coroutine[None, None, None]]], None]


def test_one_that_is_added_later_begins_at_once(play: Play) -> None:
    async def scene(desk: Desk) -> None:
        desk.cadences.add("hourly", desk.counted("hourly"), 3600)
        desk.cadences.start()
        desk.cadences.add("month", desk.counted("month"), 3600, at_once=True)
        await desk.until("month", 1)
        assert desk.done == ["month"]

    play(scene)


@pytest.mark.parametrize("jump", [timedelta(hours=-2), timedelta(days=-1), timedelta(hours=2), timedelta(days=5 * 365)])
def test_a_clock_that_is_set_stops_nothing_and_makes_nothing_up(play: Play, jump: timedelta) -> None:
    async def scene(desk: Desk) -> None:
        desk.cadences.add("reload", desk.counted("reload"), SHORT)
        desk.cadences.add("hourly", desk.counted("hourly"), 3600)
        desk.cadences.start()
        await desk.until("reload", 3)
        desk.ahead[0] += jump
        await desk.until("reload", 10)
        assert desk.done.count("hourly") == (1 if jump > timedelta() else 0)
        desk.ahead[0] -= jump
        await desk.until("reload", 10)

    play(scene)


def test_a_job_that_still_runs_is_not_begun_again_and_goes_on_afterwards(play: Play) -> None:
    async def scene(desk: Desk) -> None:
        desk.cadences.add("slow", desk.waiting, SHORT)
        desk.cadences.add("other", desk.counted("other"), SHORT)
        desk.cadences.start()
        await desk.until("other", 10)
        assert desk.done.count("waiting") == 1
        assert desk.cadences.missed > 4
        desk.gate.set()
        await desk.until("waiting", 3)

    play(scene)


def test_a_job_that_fails_is_told_once_with_its_return(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    async def scene(desk: Desk) -> None:
        desk.cadences.add("prune", desk.failing, SHORT)
        desk.cadences.start()
        await desk.until("failing", 5)
        desk.gate.set()
        await desk.until("failing", 3)

    play(scene)
    said = "".join(capsys.readouterr())
    assert said.count("job_failed") == 1
    assert said.count("job_works_again") == 1
