"""Cadences beside polling: by the steady clock, each once at a time, none lost and none made up for."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from kentongan.run.cadences import Cadences


class Desk:
    """Jobs that count their turns, and a clock that moves when the test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.cadences = Cadences(lambda: self.seconds)
        self.done: list[str] = []
        self.gate = asyncio.Event()

    def counted(self, name: str) -> Callable[[], Awaitable[None]]:
        async def job() -> None:
            self.done.append(name)

        return job

    async def waiting(self) -> None:
        self.done.append("waiting")
        await self.gate.wait()

    async def failing(self) -> None:
        self.done.append("failing")
        if not self.gate.is_set():
            raise OSError("disk full")

    async def pass_by(self, seconds: float, step: float = 0.5) -> None:
        end = self.seconds + seconds
        while self.seconds < end:
            self.seconds += step
            self.cadences.turn()
            for _ in range(3):
                await asyncio.sleep(0)


def test_each_job_has_its_own_cadence_and_one_that_is_added_begins_at_once() -> None:
    async def scene() -> None:
        desk = Desk()
        desk.cadences.add("reload", desk.counted("reload"), 2)
        desk.cadences.add("account", desk.counted("account"), 60)
        desk.cadences.add("month", desk.counted("month"), 30, at_once=True)
        await desk.pass_by(1)
        assert "month" in desk.done
        await desk.pass_by(119)
        assert (desk.done.count("reload"), desk.done.count("account")) == (60, 2)
        assert desk.done.count("month") in (4, 5)

    asyncio.run(scene())


def test_a_process_that_slept_for_hours_makes_nothing_up() -> None:
    async def scene() -> None:
        desk = Desk()
        desk.cadences.add("reload", desk.counted("reload"), 2)
        await desk.pass_by(10)
        before = len(desk.done)
        await desk.pass_by(5 * 365 * 86400.0, step=5 * 365 * 86400.0)
        assert len(desk.done) == before + 1
        await desk.pass_by(10)
        assert len(desk.done) in (before + 6, before + 7)

    asyncio.run(scene())


def test_a_job_that_still_runs_is_not_begun_again_and_goes_on_afterwards() -> None:
    async def scene() -> None:
        desk = Desk()
        desk.cadences.add("slow", desk.waiting, 2)
        desk.cadences.add("other", desk.counted("other"), 2)
        await desk.pass_by(20)
        assert desk.done.count("waiting") == 1
        assert desk.done.count("other") == 10
        assert desk.cadences.missed == 9
        desk.gate.set()
        await desk.pass_by(10)
        assert desk.done.count("waiting") > 4

    asyncio.run(scene())


def test_a_job_that_fails_is_told_once_with_its_return(capsys: pytest.CaptureFixture[str]) -> None:
    async def scene() -> None:
        desk = Desk()
        desk.cadences.add("prune", desk.failing, 2)
        await desk.pass_by(20)
        assert desk.done.count("failing") == 10
        desk.gate.set()
        await desk.pass_by(20)

    asyncio.run(scene())
    said = "".join(capsys.readouterr())
    assert said.count("job_failed") == 1
    assert said.count("job_works_again") == 1


def test_the_wall_clock_has_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop itself, on the real steady clock, while the wall clock goes to 2021 and back."""

    async def scene() -> int:
        turns = 0

        async def job() -> None:
            nonlocal turns
            turns += 1
            monkeypatch.setattr("time.time", lambda: 1.6e9 if turns % 2 else 1.8e9)
            if turns == 3:
                over.set()

        over = asyncio.Event()
        cadences = Cadences(asyncio.get_running_loop().time)
        cadences.add("short", job, 1, at_once=True)
        monkeypatch.setattr("kentongan.run.cadences.LONGEST_SLEEP_SECONDS", 0.01)
        monkeypatch.setattr("collectors.services.timetable.SHORTEST_SECONDS", 0.01)
        cadences.add("short", job, 0.02, at_once=True)
        cadences.start()
        await asyncio.wait_for(over.wait(), 20)
        cadences.stop()
        return turns

    assert asyncio.run(scene()) == 3
