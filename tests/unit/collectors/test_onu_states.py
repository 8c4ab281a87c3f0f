"""A look at an OLT's ONUs costs what the profile's budget allows, whatever the OLT is like."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from collectors.errors import SilentError
from collectors.onu_states import OnuLook, look_at_onus
from collectors.profiles import Profile, Profiles, shipped_profiles
from collectors.snmp import pdu
from collectors.snmp.client import SnmpClient
from domain.polling import DownCause, OnuReading, cause_of, find_onu, port_place
from domain.secrets import SnmpVersion
from tests.unit.collectors.scripted_agent import Answer, Rows, ScriptedAgent, number, serving

OLD, NEW = "1.3.6.1.4.1.3902.1012.3", "1.3.6.1.4.1.3902.1082.500"
LOS, GASP, WORKING = 1, 4, 3


@pytest.fixture(scope="module")
def profiles() -> Profiles:
    return shipped_profiles()


@pytest.fixture(scope="module")
def zte(profiles: Profiles) -> Profile:
    return profiles.get("zte-olt")


def c320(ports: int, onus: int, state: Callable[[int, int], int] = lambda _port, _onu: WORKING) -> Rows:
    """The older tree: card 1, `ports` PON ports with so many ONUs each."""
    rows: Rows = {}
    for port in range(1, ports + 1):
        pon = 0x10000000 | 1 << 16 | port << 8
        for onu in range(1, onus + 1):
            rows[f"{OLD}.28.2.1.4.{pon}.{onu}"] = number(state(port, onu))
            rows[f"{OLD}.28.2.1.7.{pon}.{onu}"] = number(9 if state(port, onu) == GASP else 2)
            rows[f"{OLD}.50.12.1.1.10.{pon}.{onu}.1"] = number(4250 if state(port, onu) == WORKING else 65535)
            rows[f"{OLD}.28.1.1.3.{pon}.{onu}"] = (pdu.OCTETS, b"a description that a look does not need")
    return rows


def look(
    rows: Rows,
    profile: Profile,
    script: Answer | None = None,
    version: SnmpVersion = SnmpVersion.V2C,
    **asked: Any,
) -> tuple[OnuLook, ScriptedAgent]:
    async def run() -> tuple[OnuLook, ScriptedAgent]:
        async with (
            serving(rows, script, version) as (endpoint, agent),
            SnmpClient(endpoint, attempts=2, attempt_seconds=0.2) as client,
        ):
            return await look_at_onus(client, profile, **asked), agent

    return asyncio.run(run())


def within(profile: Profile, **budget: float) -> Profile:
    return profile.model_copy(update={"budget": profile.budget.model_copy(update=budget)})


def test_the_onus_that_fell_are_asked_for_alone(zte: Profile) -> None:
    fallen = [("1/1/3", str(onu)) for onu in range(1, 17)]
    found, agent = look(c320(8, 64, lambda port, _onu: GASP if port == 3 else WORKING), zte, onus=fallen)
    assert [one.down_cause for one in found.readings] == [DownCause.POWER] * 16
    assert found.complete
    assert found.requests == len(agent.requests) == 4  # one to find the tree, three of twenty instances
    assert {request.tag for request in agent.requests} == {pdu.GET}


def test_a_port_is_walked_and_no_other(zte: Profile) -> None:
    found, _agent = look(c320(8, 64, lambda port, _onu: LOS if port == 3 else WORKING), zte, ports=["gpon_1/1/3"])
    assert {(one.olt_port, one.down_cause) for one in found.readings} == {("gpon_1/1/3", DownCause.FIBRE)}
    assert len(found.readings) == 64
    assert found.requests <= 6


def test_a_thousand_onus_stay_within_the_budget(zte: Profile) -> None:
    found, _agent = look(c320(16, 64, lambda _port, onu: LOS if onu == 7 else WORKING), within(zte, pause_seconds=0))
    assert len(found.readings) == 1024
    assert found.complete
    assert sum(one.online is False for one in found.readings) == 16
    assert found.requests <= 60
    assert found.octets < 120_000


def test_without_light_it_is_cheaper(zte: Profile) -> None:
    rows = c320(16, 64)
    full, _agent = look(rows, zte)
    bare, _agent = look(rows, zte, with_light=False)
    assert bare.octets < 0.75 * full.octets
    assert {one.rx_dbm for one in bare.readings} == {None}
    assert {one.rx_dbm for one in full.readings} == {-21.5}


def test_what_is_beyond_the_budget_is_said(zte: Profile) -> None:
    tight = within(zte, onu_requests=5)
    found, agent = look(c320(16, 64), tight)
    assert len(agent.requests) <= 6
    assert 0 < len(found.readings) < 1024
    assert not found.complete
    found, agent = look(c320(16, 64), tight, onus=[(f"1/1/{port}", "1") for port in range(1, 17)] * 9)
    assert len(found.readings) == 16
    many = [(f"1/1/{port}", str(onu)) for port in range(1, 17) for onu in range(1, 21)]
    found, agent = look(c320(16, 64), tight, onus=many)
    assert len(agent.requests) == 5
    assert len(found.readings) == 26  # 4 requests of 20 instances, 3 to an ONU
    assert [error.table for error in found.errors] == ["gpon-old"]


def test_time_is_a_budget_too(zte: Profile) -> None:
    found, _agent = look(c320(16, 64), within(zte, onu_seconds=1e-6))
    assert not found.complete
    assert found.seconds < 1


def test_version_1_has_no_bulk_and_an_answer_all_the_same(zte: Profile) -> None:
    found, _agent = look(c320(2, 4, lambda _port, onu: LOS if onu == 2 else WORKING), zte, version=SnmpVersion.V1)
    assert len(found.readings) == 8
    one = look(c320(2, 4), zte, version=SnmpVersion.V1, onus=[("1/1/2", "3")])[0]
    assert [(reading.olt_port, reading.onu_id, reading.online) for reading in one.readings] == [
        ("gpon_1/1/2", "3", True)
    ]


def test_the_newer_tree_counts_where_it_answers(zte: Profile) -> None:
    pon = 0x11010000 | 1 << 8 | 2
    rows = {f"{NEW}.10.2.3.8.1.4.{pon}.5": number(5), f"{NEW}.10.2.3.8.1.7.{pon}.5": number(9)}
    for asked in ({}, {"onus": [("1/1/2", "5")]}, {"ports": ["1/1/2"]}):
        found, _agent = look(rows, zte, **asked)
        assert [one.down_cause for one in found.readings] == [DownCause.POWER]


def test_an_onu_that_is_not_there_is_no_error(zte: Profile) -> None:
    found, _agent = look(c320(2, 4), zte, onus=[("1/1/2", "77"), ("1/1/9", "1")])
    assert (found.readings, found.complete) == ((), True)


def test_a_place_of_another_form_is_looked_for_in_all(zte: Profile) -> None:
    found, _agent = look(c320(2, 4), zte, onus=[("somewhere", "3"), ("1/1/2", "3")])
    assert [(one.olt_port, one.onu_id) for one in found.readings] == [("gpon_1/1/2", "3")]


def test_an_olt_that_is_dark_raises(zte: Profile) -> None:
    with pytest.raises(SilentError):
        look(c320(1, 1), zte, script=lambda _agent, _data, _request: None)


def test_making_an_index_is_the_reverse_of_reading_it(profiles: Profiles) -> None:
    """The arcs of `instance` and the `bits` by which the same number is taken apart."""
    checked = 0
    for profile in profiles:
        for name, table in profile.onus.items():
            if table.instance is None or not table.bits:
                continue
            numbers = dict.fromkeys(table.bits, 3) | {"onu": 5}
            index = table.instance.of("/".join(str(numbers[label]) for label in table.instance.port.groupindex), "5")
            arcs = [int(arc) for arc in index.split(".")]
            for label, (arc, shift, mask, *added) in table.bits.items():
                assert (arcs[arc] >> shift & mask) + sum(added) == numbers[label], (profile.platform, name, label)
            checked += 1
    assert checked >= 7


def test_every_state_that_works_is_named(profiles: Profiles) -> None:
    """Without `online` an outage would take every ONU of the platform for undecided."""
    for profile in profiles:
        for name, table in profile.onus.items():
            assert not table.states or table.online, (profile.platform, name)


@pytest.mark.parametrize(
    ("state", "last", "cause"),
    [
        (None, None, DownCause.UNKNOWN),
        (DownCause.FIBRE, DownCause.POWER, DownCause.POWER),
        (DownCause.POWER, DownCause.FIBRE, DownCause.POWER),
        (DownCause.FIBRE, DownCause.UNKNOWN, DownCause.FIBRE),
        (None, DownCause.DEACTIVATED, DownCause.DEACTIVATED),
    ],
)
def test_one_cause_of_two_witnesses(state: DownCause | None, last: DownCause | None, cause: DownCause) -> None:
    assert cause_of(state, last) is cause


def test_places_are_compared_without_their_prefix() -> None:
    assert {port_place(port) for port in ("gpon_1/2/3", "GPON 1/2/3", "gpon-olt_1/2/3", "1/2/3 ")} == {"1/2/3"}
    reading = OnuReading("GPON 0/1/3", "4", online=False, cause=DownCause.FIBRE)
    assert find_onu([reading], "0/1/3", "4") is reading
    assert find_onu([reading], "0/1/3", "5") is None
    assert replace(reading, online=True).down_cause is None
