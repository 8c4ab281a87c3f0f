"""What profiles make of values written by hand from vendors' MIBs, where no dump shows a device in that state.

A case is a YAML file in `cases`: the rows an agent answers, and all that must come out. `E.` is 1.3.6.1.4.1., as in the
reference of vendors. Numbers in the expectation were worked out from the MIB and not with the profile.
"""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml

from collectors.discovery import discover, plan_for
from collectors.onu_states import look_at_onus
from collectors.profiles import Profiles
from collectors.snmp import pdu
from collectors.snmp.client import SnmpClient
from domain.polling import Discovery, OnuReading, PlanBook, find_onu
from tests.unit.collectors.scripted_agent import Rows, number, serving, text

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
TAGS = {"gauge": pdu.GAUGE32, "ticks": pdu.TIMETICKS}


def oid(written: str) -> str:
    return f"1.3.6.1.4.1.{written[2:]}" if written.startswith("E.") else written


def value(written: Any) -> tuple[int, bytes]:
    if isinstance(written, int):
        return number(written)
    if isinstance(written, str):
        return text(written.encode())
    [(kind, content)] = written.items()
    if kind in TAGS:
        return number(content, TAGS[kind])
    if kind == "oid":
        return pdu.OID, pdu.encode_oid(oid(content))
    return text(bytes.fromhex(content) if kind == "hex" else content.encode())


def rows_of(case: dict[str, Any]) -> Rows:
    system = case["system"]
    rows: Rows = {
        "1.3.6.1.2.1.1.1.0": text(system["description"].encode()),
        "1.3.6.1.2.1.1.2.0": (pdu.OID, pdu.encode_oid(oid(system["object_id"]))),
        "1.3.6.1.2.1.1.3.0": number(123456, pdu.TIMETICKS),
    }
    for index, name in case.get("interfaces", {}).items():
        rows[f"1.3.6.1.2.1.2.2.1.8.{index}"] = number(1)
        rows[f"1.3.6.1.2.1.31.1.1.1.1.{index}"] = text(name.encode())
    return rows | {oid(name): value(written) for name, written in case["rows"].items()}


@pytest.fixture(scope="module", params=CASES, ids=lambda path: path.stem)
def case(request: pytest.FixtureRequest) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(request.param.read_text("utf-8"))
    return loaded


@pytest.fixture(scope="module")
def found(case: dict[str, Any], profiles: Profiles) -> Discovery:
    async def run() -> Discovery:
        async with serving(rows_of(case)) as (endpoint, _agent), SnmpClient(endpoint, attempts=2) as client:
            return await discover(client, profiles)

    return asyncio.run(run())


def test_all_readings_and_no_others(case: dict[str, Any], found: Discovery) -> None:
    assert found.platform == case["platform"]
    assert found.errors == ()
    assert found.implausible == 0
    readings = {
        f"{one.class_}/{one.name}" + (f" @{one.interface}" if one.interface else ""): one.value for one in found.sensors
    }
    assert readings == {
        name: pytest.approx(want) if want is not None else None for name, want in case["sensors"].items()
    }


def test_who_it_is(case: dict[str, Any], found: Discovery) -> None:
    words = {word: getattr(found, word) for word in case.get("identity", {})}
    assert words == case.get("identity", {})


def test_each_is_polled_as_a_sensor(case: dict[str, Any], found: Discovery, profiles: Profiles) -> None:
    plan = plan_for(found, profiles.get(found.platform), PlanBook())
    polled = {(column.quantity, column.instance) for column in plan.columns}
    assert {(f"sensor.{one.class_}", one.name) for one in found.sensors} <= polled


def test_every_onu(case: dict[str, Any], found: Discovery) -> None:
    onus = [
        [one.olt_port, one.onu_id, one.serial, one.state, one.last_down_cause, one.rx_dbm, one.tx_dbm, one.distance_m]
        for one in found.onus
    ]
    assert sorted(onus, key=str) == sorted(case.get("onus", []), key=str)


def test_why_an_onu_is_dark(case: dict[str, Any], found: Discovery, profiles: Profiles) -> None:
    """Asked for one by one, by port and all together, the answer is the same."""
    wanted = {tuple(place.split()): word for place, word in case.get("looks", {}).items()}
    if not wanted:
        return

    async def run(**asked: Any) -> dict[tuple[str, str], str]:
        async with serving(rows_of(case)) as (endpoint, _agent), SnmpClient(endpoint, attempts=2) as client:
            look = await look_at_onus(client, profiles.get(found.platform), interfaces=found.interfaces, **asked)
        assert look.complete
        return {place: _word(find_onu(look.readings, *place)) for place in wanted}

    assert asyncio.run(run()) == wanted
    assert asyncio.run(run(onus=wanted)) == wanted
    assert asyncio.run(run(ports=dict.fromkeys(port for port, _number in wanted))) == wanted


def _word(reading: OnuReading | None) -> str:
    assert reading is not None
    return "online" if reading.online else str(reading.down_cause)
