"""Devices of the simulated kabupaten by SNMPv3 in the sweep: every value is the one a dialogue reads, and SNMPv2c."""

import asyncio
import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from collectors.datagrams import Datagrams, udp_socket
from collectors.discovery import discover, plan_for
from collectors.profiles import shipped_profiles
from collectors.snmp.client import SnmpClient
from collectors.snmp.engines import EngineBook
from collectors.snmp.keys import KeyRing
from collectors.snmp.single_poller import SinglePoller
from collectors.snmp.sweep import Sweeper
from domain.polling import Endpoint, Fleet, Kind, Outcome, PlanBook, Sweep, concatenate
from domain.secrets import Secret, SnmpCommunity, SnmpUser, SnmpVersion
from domain.time import Moment
from lab.kabupaten import generate
from lab.world.agents import Agents
from lab.world.model import World
from lab.world.users import COMMUNITY, USERS
from tests.unit.lab.conftest import NOON, small_regions

pytestmark = pytest.mark.real

PUBLIC = SnmpCommunity("lab", SnmpVersion.V2C, Secret(COMMUNITY))
Access = SnmpCommunity | SnmpUser
Value = tuple[bool, int | bytes]


class WallClock:
    def now(self) -> Moment:
        return Moment(time.monotonic(), time.time())


@pytest.fixture(scope="module")
def world() -> World:
    return World(generate("32.14", small_regions()), NOON, seed=1)


@contextmanager
def serving(world: World, addresses: list[str]) -> Iterator[dict[str, int]]:
    """The world's agents at their addresses, at one moment that never passes: every poll must bring the same."""
    agents, selector, ended = Agents(world), selectors.DefaultSelector(), threading.Event()
    ports = {}
    for address in addresses:
        opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        opened.bind((address, 0))
        opened.setblocking(False)
        ports[address] = opened.getsockname()[1]
        selector.register(opened, selectors.EVENT_READ, address)

    def serve() -> None:
        while not ended.is_set():
            for key, _ in selector.select(0.05):
                data, source = key.fileobj.recvfrom(65536)  # type: ignore[union-attr]
                answer = agents.answer(key.data, data, NOON + 100)
                if answer:
                    key.fileobj.sendto(answer, source)  # type: ignore[union-attr]

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield ports
    finally:
        ended.set()
        thread.join()
        for key in list(selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]


def swept(fleet: Fleet, endpoints: list[Endpoint], rounds: int) -> tuple[Sweep, Sweeper]:
    sweeper = Sweeper(fleet, Datagrams(lambda: udp_socket("127.0.0.1")), seed=5)
    sweeper.start()
    found: list[Sweep] = []
    try:
        for device, endpoint in enumerate(endpoints):
            sweeper.assign(device, endpoint)
        waiting = selectors.DefaultSelector()
        waiting.register(sweeper.fileno(), selectors.EVENT_READ)
        for number in range(1, rounds + 1):
            assert len(sweeper.begin(np.arange(len(endpoints)), WallClock().now(), 20.0)) == 0
            while sum(map(len, found)) < number * len(endpoints):
                sweep = sweeper.step(WallClock().now())
                found += [] if sweep is None else [sweep]
                waiting.select(0.02)
        waiting.close()
    finally:
        sweeper.stop()
    return concatenate(found), sweeper


def values_of(fleet: Fleet, sweep: Sweep) -> dict[int, Value]:
    """Cell → whether it is valid, and its number or its text; of several polls the last that asked for it."""
    kinds = {}
    for device in range(fleet.size):
        plan, first = fleet.plan(device), int(fleet.start[device])
        assert plan is not None
        kinds |= {first + place: column.kind for place, column in enumerate(plan.columns)}
    return {
        cell: (valid, sweep.texts.get(cell, b"") if kinds[cell] is Kind.TEXT else raw)
        for cell, raw, valid in zip(sweep.cell.tolist(), sweep.raw.tolist(), sweep.valid.tolist(), strict=True)
    }


def outcomes_of(sweep: Sweep) -> dict[int, int]:
    return dict(zip(sweep.device.tolist(), sweep.outcome.tolist(), strict=True))


@pytest.fixture(scope="module")
def chosen(world: World) -> list[str]:
    """An address of each role and platform."""
    kinds: dict[object, str] = {}
    for node in world.wiring.nodes:
        if node.has_agent:
            kinds.setdefault((node.device.role, node.device.platform), node.device.address)
    return list(kinds.values())


def test_every_value_is_the_one_a_dialogue_reads(world: World, chosen: list[str]) -> None:
    with serving(world, chosen) as ports:
        fleet, plans, profiles = Fleet(), PlanBook(), shipped_profiles()
        engines, keys = EngineBook(), KeyRing()
        accesses: list[Access] = [USERS[number % len(USERS)] for number in range(len(chosen))]

        async def read_singly() -> Sweep:
            sweeps = []
            for device, endpoint in enumerate(secure):
                poller = SinglePoller(
                    fleet, lambda _device, at=endpoint: at, WallClock(), engines=engines, keys=keys, attempt_seconds=3
                )
                sweeps.append(await poller.poll(device))
            return concatenate(sweeps)

        async def make_plans() -> None:
            for address in chosen:
                async with SnmpClient(Endpoint(address, ports[address], PUBLIC), attempt_seconds=3) as client:
                    found = await discover(client, profiles)
                fleet.put(address, plan_for(found, profiles.get(found.platform), plans))

        asyncio.run(make_plans())
        secure = [Endpoint(address, ports[address], access) for address, access in zip(chosen, accesses, strict=True)]
        public = [Endpoint(address, ports[address], PUBLIC) for address in chosen]
        by_lane, sweeper = swept(fleet, secure, rounds=2)
        by_community, _sweeper = swept(fleet, public, rounds=2)
        by_dialogue = asyncio.run(read_singly())

    assert set(by_lane.outcome.tolist()) <= {Outcome.OK, Outcome.PARTIAL}
    wanted = values_of(fleet, by_dialogue)
    assert len(wanted) == sum(len(plan.columns) for plan in map(fleet.plan, range(fleet.size)) if plan)
    assert values_of(fleet, by_lane) == wanted
    assert values_of(fleet, by_community) == wanted
    assert outcomes_of(by_lane) == outcomes_of(by_dialogue)
    assert sweeper.counts.reports == {"unknownEngineIDs": len(chosen)}
    assert sweeper.counts.unsigned == sweeper.counts.malformed == sweeper.counts.retries == 0
