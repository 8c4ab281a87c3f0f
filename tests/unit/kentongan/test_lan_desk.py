"""Which routers the service asks about the networks behind them, how often, and what becomes of their answers."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from sqlalchemy import create_engine

from domain.lan import DhcpPool, LanReading
from domain.network import Device, PollClassName, Role
from domain.secrets import Secret, SshLogin
from domain.shell import LoginRefusedError, ShellError, ShellTarget, TimedOutError
from domain.time import Moment
from kentongan.run.lans import CONFIRM_SECONDS, SETTLE_SECONDS, WATCHED, Answer, LanDesk
from kentongan.settings import Settings
from provisioning.backup import Subject
from provisioning.platforms import PLATFORMS
from tests.unit.provisioning.lan_router import LanRouter

HOUR = 3600.0
GOOD = LanReading((), (), (DhcpPool("lan", 10, 1),))


def subject(name: str, platform: str = "mikrotik-routeros") -> Subject:
    chosen = PLATFORMS[platform]
    return Subject("desa-a", chosen, ShellTarget(name, "127.0.0.1", SshLogin("l", "noc", Secret("x")), chosen.dialect))


class Watch:
    def __init__(self) -> None:
        self.noted: list[str] = []
        self.forgotten: list[str] = []
        self.waits = False

    def note_lan(self, device: str, site: str, reading: LanReading, now: Moment) -> bool:
        assert site == "desa-a"
        self.noted.append(device)
        return self.waits

    def forget_lan(self, device: str) -> None:
        self.forgotten.append(device)


class Stage:
    """A service as far as the desk sees it. `tell`: what routers answer now."""

    def __init__(self, installation: Any) -> None:
        self.now = Moment(1000.0, 1_795_000_000.0)
        self.installation = installation
        self.clock = SimpleNamespace(now=lambda: self.now)
        self.backups = SimpleNamespace(subjects={})
        self.roster = _Roster()
        self.watch = Watch()
        self.degraded = SimpleNamespace(watch=self.watch)
        self.dark: set[str] = set()
        self.outage = SimpleNamespace(dark=lambda name: name in self.dark)
        self.spent: list[int] = []
        self.allowance = SimpleNamespace(used=np.zeros(9), spend=lambda _who, octets: self.spent.append(octets))
        self.fleet = SimpleNamespace(index=lambda name: list(self.roster).index(name))
        self.jobs = SimpleNamespace(add=self._job)
        self.added: list[str] = []
        self.asked: list[str] = []
        self.at_once = self.most = 0
        self.error: ShellError | None = None
        self.reading = GOOD

    def _job(self, name: str, job: Callable[[], Awaitable[None]], seconds: float) -> None:
        self.added.append(name)

    def stand(self, name: str, platform: str = "mikrotik-routeros", role: Role = Role.ROUTER, **more: Any) -> None:
        poll = SimpleNamespace(name=more.get("poll", PollClassName.FIBRE), month_megabytes=more.get("megabytes", 0.0))
        self.roster[name] = SimpleNamespace(device=Device(name, "desa-a", role, address="127.0.0.1"), poll_class=poll)
        self.backups.subjects[name] = subject(name, platform)

    def desk(self) -> LanDesk:
        desk = LanDesk(self, settle_seconds=SETTLE_SECONDS)  # type: ignore[arg-type]
        desk.ask = self._ask  # type: ignore[method-assign]
        return desk

    def _ask(self, subject: Subject) -> Answer:
        self.asked.append(subject.device)
        return Answer(None, 0, self.error) if self.error else Answer(self.reading, 900)

    async def pass_time(self, desk: LanDesk, seconds: float, step: float = 300.0) -> list[str]:
        """Who was asked meanwhile."""
        before = len(self.asked)
        for _ in range(round(seconds / step)):
            self.now = Moment(self.now.steady_seconds + step, self.now.unix_seconds + step)
            await desk.look()
            while desk._under_way:
                self.at_once = len(desk._under_way)
                self.most = max(self.most, self.at_once)
                await asyncio.gather(*desk._under_way.values())
        return self.asked[before:]


class _Roster(dict[str, Any]):
    def members(self) -> list[Any]:
        return list(self.values())


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(installation(tmp_path, Settings()))


def installation(folder: Path, settings: Settings) -> Any:
    """Nothing is stored: keys are asked for when a conversation is opened, and none is."""
    return SimpleNamespace(
        loaded=SimpleNamespace(settings=settings, folder=folder),
        database=SimpleNamespace(engine=create_engine("sqlite://")), clock=None, journal=None, actor="test",
    )  # fmt: skip


def run(stage: Stage, play: Callable[[LanDesk], Awaitable[None]]) -> None:
    async def whole() -> None:
        desk = stage.desk()
        try:
            await play(desk)
        finally:
            await desk.stop()

    asyncio.run(whole())


def test_routers_are_asked_once_an_hour_and_the_costly_ones_once_a_day(stage: Stage) -> None:
    stage.stand("rtr-a")
    stage.stand("rtr-lte", poll=PollClassName.METERED)
    stage.stand("sw-core", platform="cisco-ios", role=Role.SWITCH)
    stage.stand("olt", platform="frr", role=Role.OLT)

    async def play(desk: LanDesk) -> None:
        assert await stage.pass_time(desk, SETTLE_SECONDS - 300) == [], "the network may be waking"
        await stage.pass_time(desk, 24 * HOUR + 600)
        day = await stage.pass_time(desk, 24 * HOUR)
        assert {name: day.count(name) for name in set(day)} == {"rtr-a": 24, "rtr-lte": 1}
        assert set(stage.spent) == {900}

    run(stage, play)


def test_what_waits_to_be_confirmed_is_asked_again_soon(stage: Stage) -> None:
    stage.stand("rtr-a")

    async def play(desk: LanDesk) -> None:
        while not await stage.pass_time(desk, 300):
            stage.watch.waits = True
        assert await stage.pass_time(desk, CONFIRM_SECONDS) == ["rtr-a"]
        stage.watch.waits = False
        assert await stage.pass_time(desk, CONFIRM_SECONDS) == ["rtr-a"]
        assert await stage.pass_time(desk, HOUR - 300) == []

    run(stage, play)


def test_nobody_asks_who_is_dark_or_over_his_months_traffic(stage: Stage) -> None:
    stage.stand("rtr-dark")
    stage.stand("rtr-full", megabytes=1.0)
    stage.dark.add("rtr-dark")
    stage.allowance.used[1] = 2e6

    async def play(desk: LanDesk) -> None:
        assert await stage.pass_time(desk, 3 * HOUR) == []
        stage.dark.clear()
        assert await stage.pass_time(desk, 300) == ["rtr-dark"], "it is due as soon as it is back"

    run(stage, play)


def test_no_more_at_once_than_the_settings_say(stage: Stage) -> None:
    for number in range(7):
        stage.stand(f"rtr-{number}")

    async def play(desk: LanDesk) -> None:
        asked = await stage.pass_time(desk, SETTLE_SECONDS + 2 * HOUR)
        assert set(asked) == set(stage.roster)
        assert stage.most == 2

    run(stage, play)


def test_a_refused_login_waits_a_day_and_other_failures_their_turn(stage: Stage) -> None:
    stage.stand("rtr-a")
    stage.error = TimedOutError("rtr-a", "rtr-a: nothing more came.")

    async def play(desk: LanDesk) -> None:
        await stage.pass_time(desk, SETTLE_SECONDS + HOUR)
        assert len(await stage.pass_time(desk, 5 * HOUR)) == 5
        assert stage.watch.noted == [], "who does not answer has said nothing"
        stage.error = LoginRefusedError("rtr-a", "rtr-a: refused.")
        assert len(await stage.pass_time(desk, 20 * HOUR)) == 1
        stage.error = None
        assert await stage.pass_time(desk, 6 * HOUR)
        assert stage.watch.noted

    run(stage, play)


def test_who_is_not_asked_any_more_is_forgotten(stage: Stage) -> None:
    stage.stand("rtr-a")
    stage.stand("rtr-b")
    del stage.backups.subjects["rtr-b"]

    async def play(desk: LanDesk) -> None:
        await stage.pass_time(desk, 300)
        assert stage.watch.forgotten == [], "the logins may not have been read yet"
        await stage.pass_time(desk, 2 * HOUR)
        assert stage.watch.forgotten == ["rtr-b"], "of before the restart"
        stage.backups.subjects.clear()
        await stage.pass_time(desk, 300)
        assert stage.watch.forgotten == ["rtr-b", "rtr-a"]

    run(stage, play)


def test_switched_off_it_asks_nobody_and_takes_back_what_stood(tmp_path: Path) -> None:
    stage = Stage(installation(tmp_path, Settings.model_validate({"lan": {"interval_minutes": 0}})))
    stage.stand("rtr-a")

    async def play(desk: LanDesk) -> None:
        desk.start()

    run(stage, play)
    assert (stage.added, stage.watch.forgotten) == ([], ["rtr-a"])


def test_a_conversation_is_whole_and_is_closed(stage: Stage) -> None:
    router = LanRouter()
    router.give(3)

    class Shells:
        def open(self, target: ShellTarget) -> LanRouter:
            assert (target.limits.whole_seconds, target.limits.turn_seconds) == (60.0, 5.0)
            return router

        def cut(self) -> None:
            pass

    desk = LanDesk(stage)  # type: ignore[arg-type]
    desk._shells = Shells()  # type: ignore[assignment]
    answer = desk.ask(subject("rtr-a"))
    assert answer.reading == LanReading((), (), (DhcpPool("lan", 10, 3),))
    assert answer.octets > 0
    router.broken = "rtr-a: the connection ended."
    assert desk.ask(subject("rtr-a")).error is not None
    assert router.closed == 2
    assert not any("neighbor" in line for line in router.asked), "nobody asked for more than is watched"
    assert len(WATCHED) == 3
    asyncio.run(desk.stop())
