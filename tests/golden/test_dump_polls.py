"""The plan made of a discovery, polled from the same dump: every column answers and reads as it did at discovery."""

import asyncio
import time
from collections.abc import Callable

import numpy as np
import pytest

from collectors.decode import Decoder
from collectors.discovery import plan_for
from collectors.profiles import Profiles
from collectors.snmp.single_poller import SinglePoller
from domain.polling import Discovery, Endpoint, Fleet, Kind, Outcome, PlanBook
from domain.time import Moment
from tests.golden import dumps


class WallClock:
    def now(self) -> Moment:
        return Moment(time.monotonic(), time.time())


@pytest.mark.parametrize("name", sorted(dumps.facts()))
def test_a_poll_reads_what_discovery_read(
    name: str,
    discovered: Callable[[str], Discovery],
    profiles: Profiles,
    endpoint_of: Callable[[str], Endpoint],
) -> None:
    discovery, fleet = discovered(name), Fleet()
    plan = plan_for(discovery, profiles.get(discovery.platform), PlanBook(), loopback=True)
    device = fleet.put(name, plan)
    poller = SinglePoller(fleet, lambda _device: endpoint_of(name), WallClock(), attempts=3, attempt_seconds=2)
    sweep = asyncio.run(poller.poll(device))

    missing = {plan.columns[cell].oid for cell in np.flatnonzero(~sweep.valid)}
    assert missing <= {plan.columns[0].oid}  # some dumps were trimmed of sysUpTime
    assert sweep.outcome[0] == (Outcome.PARTIAL if missing else Outcome.OK)
    assert len(sweep.cell) == len(plan.columns)
    assert len({column.oid for column in plan.columns}) == len(plan.columns)

    readings = Decoder(fleet).read(sweep)
    assert readings.implausible == 0
    value_of = dict(zip((column.oid for column in plan.columns), readings.value, strict=True))
    for sensor in discovery.sensors:
        if sensor.value is None:
            assert np.isnan(value_of[sensor.oid])
        else:
            assert value_of[sensor.oid] == pytest.approx(sensor.value, abs=1e-5)
    by_port = {(column.quantity, column.instance): i for i, column in enumerate(plan.columns)}
    for facts in discovery.interfaces:
        wide = "ifHCInOctets" if facts.counter_bits == 64 else "ifInOctets"
        if facts.polled and facts.counter_bits:
            assert int(sweep.raw[by_port[wide, facts.name]]) == facts.in_octets
            assert plan.columns[by_port[wide, facts.name]].kind in (Kind.COUNTER32, Kind.COUNTER64)
