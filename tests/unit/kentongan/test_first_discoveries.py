"""Every device is found out within a bound, whatever the others do: the schedule, the queue and the tick together.

The agents are the worst: silent for ever, answering a word a second, lost at first. The process is starved, the
inventory changes under way. Time is virtual.
"""

import asyncio
import random
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from collectors.errors import ExhaustedError, SilentError
from collectors.schedule import Schedule
from domain.network import Device, Role
from domain.polling import DEFAULT_CLASSES, Budget, Column, Discovery, Fleet, Kind, PlanBook
from domain.polling.facts import SystemFacts
from domain.secrets import Secret, SnmpCommunity, SnmpVersion
from domain.time import Moment
from kentongan.run.asking import DISCOVERY_SECONDS
from kentongan.run.discovering import SLOW_SECONDS, Discoverer
from kentongan.run.roster import Member, Roster
from kentongan.run.tick import Tick
from tests.unit.kentongan.virtual_time import VirtualLoop, play

AT_ONCE = 16
SILENT_SECONDS = 4.5  # three attempts of a second and a half
COLUMNS = [Column("1.3.6.1.2.1.1.3.0", Kind.TIMETICKS, "system", "sysUpTime")]
ACCESS = SnmpCommunity("lab", SnmpVersion.V2C, Secret("public"))


@dataclass
class Town:
    """Devices by the way they answer, and the parts of the service that find them out."""

    starved_seconds: float = 0.0  # the process stands still for so long, in one turn of twenty
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    def __post_init__(self) -> None:
        self.loop = cast(VirtualLoop, asyncio.get_running_loop())
        self.fleet, self.roster, self.plans = Fleet(), Roster(DEFAULT_CLASSES), PlanBook()
        self.polls, self.looks = Schedule(60.0), Schedule()
        self.devices: dict[str, Device] = {}
        self.ways: dict[str, str] = {}
        self.put_at: dict[str, float] = {}
        self.found_at: dict[str, float] = {}
        self.asked: dict[str, int] = {}
        self.asking = self.most = self.judged = 0
        self.discoverer = Discoverer(self.ask, AT_ONCE, self.loop.time)
        idle = "singles echoes own_path outage watched services beats degraded"
        self.tick = Tick(
            fleet=self.fleet,
            roster=self.roster,
            members=cast(Any, SimpleNamespace(in_sweep=np.ones(1 << 16, np.bool_))),
            polls=self.polls,
            looks=self.looks,
            sweeper=cast(Any, SimpleNamespace(begin=lambda devices, *_: devices)),
            discoverer=self.discoverer,
            pipeline=cast(Any, SimpleNamespace(board=self, tally=SimpleNamespace(polls_lost=0))),
            **dict.fromkeys(idle.split()),  # type: ignore[arg-type]
        )

    def observe_outcomes(self, devices: np.ndarray, outcomes: np.ndarray, at: np.ndarray) -> None:
        self.judged += len(devices)

    def now(self) -> Moment:
        return Moment(self.loop.time(), 0.0)

    def add(self, count: int, way: str, name: str = "") -> list[str]:
        names = [f"{name or way}-{number}" for number in range(count)]
        for each in names:
            self.devices[each] = Device(each, "site", Role.ROUTER, address="127.9.0.1", credential="lab")
            self.ways[each] = way
        self.take_over()
        return names

    def take_over(self) -> None:
        """As the service does it."""
        change = self.roster.update(self.devices.values(), {"lab": ACCESS, "new": ACCESS})
        for member in change.added:
            name = member.device.name
            device = self.fleet.put(name, None)
            self.polls.put(device, name, member.poll_class.snmp_seconds, self.now())
            self.put_at[name] = self.loop.time()
        for member in change.changed:
            self.polls.finished(np.array([self.fleet.index(member.device.name)]), self.now())
            self.discoverer.forget(member.device.name)
            self.discoverer.want(member)
        for name in change.removed:
            self.discoverer.forget(name)
            self.polls.remove(self.fleet.index(name))
            self.fleet.remove(name)
            self.found_at.pop(name, None)

    async def ask(self, member: Member) -> Discovery:
        name = member.device.name
        self.asked[name] = self.asked.get(name, 0) + 1
        self.asking += 1
        self.most = max(self.most, self.asking)
        try:
            await self.answer(name, self.ways[name])
        finally:
            self.asking -= 1
        return Discovery(member.device.address, SystemFacts(name=member.device.credential))

    async def answer(self, name: str, way: str) -> None:
        match way:
            case "quick":
                await asyncio.sleep(self.chance.uniform(0.05, 0.6))
            case "silent":
                await asyncio.sleep(SILENT_SECONDS)
                raise SilentError(name)
            case "lost at first":
                if self.asked[name] < 3:
                    await asyncio.sleep(SILENT_SECONDS)
                    raise SilentError(name)
            case "slow":
                await asyncio.sleep(DISCOVERY_SECONDS)
            case "never":
                await asyncio.Event().wait()

    async def run(self, seconds: float) -> None:
        end = self.loop.time() + seconds
        while self.loop.time() < end:
            now = self.now()
            self.tick._begin_polls(self.polls.due(now), now)
            for each in self.tick.take_found(now):
                name = each.member.device.name
                if each.discovery is not None:
                    self.fleet.put(name, self.plans.intern(COLUMNS, Budget()))
                    self.found_at.setdefault(name, self.loop.time())
            self.tick._look_around(now)
            if self.chance.random() < 0.05:
                self.loop.hold_up(self.starved_seconds)
            await asyncio.sleep(0.5)

    def waits(self, names: list[str]) -> list[float]:
        return [self.found_at.get(name, float("inf")) - self.put_at[name] for name in names]


@pytest.mark.parametrize("starved_seconds", [0.0, 10.0])
def test_everybody_who_answers_is_found_out_in_time_among_the_worst(starved_seconds: float) -> None:
    async def scene() -> None:
        town = Town(starved_seconds)
        slow, _never = town.add(AT_ONCE - 2, "slow"), town.add(2, "never")
        quick = town.add(1000, "quick")
        town.add(300, "silent")
        late = town.add(50, "lost at first")
        await town.run(500)
        whole_queue = (1000 * 0.6 + 350 * SILENT_SECONDS) / AT_ONCE
        share = 0.5 / (0.5 + 0.05 * starved_seconds)  # of the time that the process has
        bound = 60 + (SLOW_SECONDS + 4 / 3 * whole_queue) / share
        assert max(town.waits(quick)) <= bound
        await town.run(400)
        assert max(town.waits(slow)) <= bound + DISCOVERY_SECONDS
        assert max(town.waits(late)) <= 900
        assert town.most <= 2 * AT_ONCE
        assert min(town.asked[name] for name in town.devices) >= 1
        await town.discoverer.stop()

    play(scene())


def test_a_new_device_does_not_wait_behind_hundreds_that_never_answer() -> None:
    async def scene() -> None:
        town = Town()
        silent = town.add(800, "silent")  # a round of them takes 225 s
        await town.run(600)
        assert town.discoverer.queue_length > 400
        assert town.discoverer.waiting_seconds > 60
        before = {name: town.asked[name] for name in silent}
        new = town.add(40, "quick")
        await town.run(300)
        assert max(town.waits(new)) <= 60 + SILENT_SECONDS + 2
        assert all(town.asked[name] > before[name] for name in silent), "they have their turns too"
        await town.discoverer.stop()

    play(scene())


def test_those_who_failed_have_their_share_while_new_ones_come_and_come() -> None:
    async def scene() -> None:
        town = Town()
        back = town.add(20, "silent", "back")
        await town.run(120)
        for name in back:
            town.ways[name] = "quick"
        for wave in range(6):
            town.add(120, "silent", f"wave-{wave}")
            await town.run(20)
        assert max(town.waits(back)) <= 120 + 120
        await town.discoverer.stop()

    play(scene())


def test_an_inventory_that_changes_under_way_loses_nobody_and_believes_no_other_box() -> None:
    async def scene() -> None:
        town = Town()
        under_way, spared = town.add(24, "slow", "olt"), town.add(100, "quick")
        await town.run(70)
        assert town.asking == len(under_way) > AT_ONCE
        for number, name in enumerate(under_way):
            town.ways[name] = "quick"
            if number % 2:
                town.devices[name] = Device(name, "site", Role.ROUTER, address="127.9.0.9", credential="new")
            else:
                del town.devices[name]
        town.take_over()
        gone = [name for name in under_way if name not in town.devices]
        for name in gone:
            town.devices[name] = Device(name, "site", Role.ROUTER, address="127.9.0.7", credential="new")
        town.take_over()
        await town.run(100)
        assert max(town.waits(gone)) <= 62
        assert set(under_way) | set(spared) <= town.found_at.keys()
        assert town.discoverer.dropped == 0
        await town.discoverer.stop()

    play(scene())


def test_what_was_asked_of_the_old_box_is_not_told_of_the_new_one() -> None:
    async def scene() -> None:
        town = Town()
        (name,) = town.add(1, "quick")
        old = town.roster[name]
        town.discoverer.want(old)
        await asyncio.sleep(5)  # it has ended and waits to be taken
        town.devices[name] = Device(name, "site", Role.ROUTER, address="127.9.0.9", credential="new")
        town.take_over()
        assert town.discoverer.take() == []
        await asyncio.sleep(5)
        (found,) = town.discoverer.take()
        assert found.discovery is not None
        assert (found.discovery.address, found.discovery.system.name) == ("127.9.0.9", "new")

    play(scene())


def test_a_queue_that_is_full_makes_nobody_wait_for_ever() -> None:
    async def scene() -> None:
        town = Town()
        quick, town.discoverer._limit = town.add(100, "quick"), 0
        await town.run(130)
        assert town.discoverer.dropped >= 200, "each is wanted again at each poll"
        town.discoverer._limit = 1000
        await town.run(65)
        assert max(town.waits(quick)) < 130 + 65
        await town.discoverer.stop()

    play(scene())


def test_a_machine_without_a_socket_left_blames_nobody_and_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    async def scene() -> None:
        town = Town()
        whole = town.answer

        async def nothing_left(name: str, way: str) -> None:
            if town.loop.time() < 1100:
                raise ExhaustedError("Too many open files")
            await whole(name, way)

        town.answer = nothing_left  # type: ignore[method-assign]
        quick = town.add(100, "quick")
        await town.run(99)
        assert town.discoverer.exhausted > 50
        assert town.found_at == {}
        assert town.judged == 0
        assert sum(town.asked.values()) < 2500, "it does not try in a circle"
        await town.run(20)
        assert max(town.waits(quick)) < 120
        await town.discoverer.stop()

    play(scene())
    assert "".join(capsys.readouterr()).count("nothing_left_to_ask_with") == 1
