"""Looks at a device's shape: at once, but never in a row; devices whose poll came to nothing are free again."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import MagicMock

from domain.network import Device, Role
from domain.polling import DEFAULT_CLASSES, Budget, Column, Discovery, Fleet, Kind, Outcome, PlanBook, Sweep
from domain.polling.facts import SystemFacts, TableError
from domain.time import Moment
from kentongan.run.discovering import Found
from kentongan.run.rediscovery import Interrupted, takes_away
from kentongan.run.roster import Member, Roster
from kentongan.run.single_polling import SinglePolling
from kentongan.run.tick import LOOK_AGAIN_SECONDS, Tick


class Wanted:
    def __init__(self) -> None:
        self.names: list[str] = []

    def want(self, member: Member) -> None:
        self.names.append(member.device.name)


class NobodyDue:
    def due(self, now: Moment) -> Any:
        import numpy as np

        return np.zeros(0, np.int64)

    def finished(self, devices: object, now: Moment) -> None: ...


def at(seconds: float) -> Moment:
    return Moment(1000 + seconds, 0)


def test_a_table_that_changes_all_the_time_is_looked_at_now_and_then() -> None:
    fleet, roster, wanted = Fleet(), Roster(DEFAULT_CLASSES), Wanted()
    roster.update([Device("bras", "pop", Role.ROUTER, address="127.9.0.1")], {})
    bras = fleet.put("bras", None)
    idle = "members polls sweeper singles echoes own_path pipeline outage watched services beats degraded"
    parts: dict[str, Any] = dict.fromkeys(idle.split())
    tick = Tick(fleet=fleet, roster=roster, looks=cast(Any, NobodyDue()), discoverer=cast(Any, wanted), **parts)
    for second in range(0, 300, 10):
        tick.look_at(bras, at(second))
        tick._look_around(at(second))
    assert len(wanted.names) == 1
    tick._look_around(at(LOOK_AGAIN_SECONDS))
    assert len(wanted.names) == 2, "a change that had to wait is not forgotten"
    tick._look_around(at(10 * LOOK_AGAIN_SECONDS))
    assert len(wanted.names) == 2


def test_an_interrupted_look_takes_nothing_away_and_is_made_again_soon() -> None:
    columns = [Column("1.3.6.1.2.1.1.3.0", Kind.TIMETICKS, "system", "sysUpTime")]
    plan = PlanBook().intern(columns, Budget())
    system = SystemFacts()
    part = Discovery("127.9.0.1", system, errors=(TableError("interfaces", "silent", lost=True),))
    whole = Discovery("127.9.0.1", system, errors=(TableError("optics", "genErr"),))
    assert takes_away(part, plan, held=5)
    assert not takes_away(part, plan, held=0)
    assert not takes_away(whole, plan, held=5), "ports do go away"
    interrupted = Interrupted()
    waits = [interrupted.again_after("olt", whole=False) for _ in range(9)]
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    assert interrupted.again_after("olt", whole=True) is None
    assert interrupted.again_after("olt", whole=False) == 60

    fleet, roster, wanted = Fleet(), Roster(DEFAULT_CLASSES), Wanted()
    roster.update([Device("desa", "ds", Role.ROUTER, address="127.9.0.1")], {})
    fleet.put("desa", plan)
    found = [Found(roster["desa"], part, Outcome.OK, 1000, 1001)]
    idle = "members sweeper singles echoes own_path outage watched services beats degraded"
    parts: dict[str, Any] = dict.fromkeys(idle.split())
    parts |= {"discoverer": SimpleNamespace(take=lambda: found, want=wanted.want), "pipeline": MagicMock()}
    tick = Tick(fleet=fleet, roster=roster, looks=cast(Any, NobodyDue()), polls=cast(Any, NobodyDue()), **parts)
    tick.take_found(at(1))
    tick._look_around(at(60))
    assert wanted.names == []
    tick._look_around(at(61))
    assert wanted.names == ["desa"]


def test_a_process_that_stood_still_hears_first_what_sites_pushed_meanwhile() -> None:
    told: list[bool] = []
    idle = "fleet roster members polls looks sweeper singles echoes discoverer own_path pipeline degraded"
    parts: dict[str, Any] = dict.fromkeys(idle.split(), MagicMock())
    beats = SimpleNamespace(turn=lambda now, blind: told.append(blind))
    tick = Tick(beats=cast(Any, beats), outage=MagicMock(), watched=MagicMock(), services=MagicMock(), **parts)
    for seconds in (0, 0.5, 1, 200, 200.5, 210):
        tick.decide(at(seconds))
    assert told == [False, False, False, True, False, False]


def test_a_broken_poll_gives_its_device_back() -> None:
    async def poll(device: int) -> Sweep:
        if device == 1:
            raise ZeroDivisionError
        await asyncio.sleep(60)
        raise AssertionError

    async def scene() -> list[int]:
        singles = SinglePolling(poll, 8)
        assert singles.begin(1)
        assert singles.begin(2)
        assert not singles.begin(2)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        singles.cancel(2)
        while singles.in_flight:
            await asyncio.sleep(0)
        assert singles.broken == 1
        return sorted(singles.take_given_up())

    assert asyncio.run(scene()) == [1, 2]
