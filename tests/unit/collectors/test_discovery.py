"""Discovery from agents of our own: shapes, broken tables, names, texts. Real devices are in tests/golden."""

import asyncio

import pytest

from collectors.discovery import discover
from collectors.discovery.texts import MOST_CHARACTERS, id_of, mac_of, text_of
from collectors.errors import SilentError
from collectors.probe import probe_json
from collectors.profiles import Profiles, shipped_profiles
from collectors.snmp import pdu
from collectors.snmp.client import SnmpClient
from domain.polling import Discovery, SensorClass
from domain.secrets import SnmpVersion
from tests.unit.collectors.scripted_agent import Answer, Rows, ScriptedAgent, number, serving, text

SYSTEM: Rows = {
    "1.3.6.1.2.1.1.1.0": text(b"RouterOS RB5009"),
    "1.3.6.1.2.1.1.2.0": (pdu.OID, pdu.encode_oid("1.3.6.1.4.1.14988.1")),
    "1.3.6.1.2.1.1.3.0": number(123456, pdu.TIMETICKS),
    "1.3.6.1.2.1.1.5.0": text(b"desa-01"),
}


@pytest.fixture(scope="module")
def profiles() -> Profiles:
    return shipped_profiles()


def interface(index: int, name: bytes, kind: int = 6, wide: bool = True, speed: int = 10**9) -> Rows:
    table, extra = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
    rows = {
        f"{table}.2.{index}": text(b"descr " + name),
        f"{table}.3.{index}": number(kind),
        f"{table}.5.{index}": number(min(speed, 4294967295), pdu.GAUGE32),
        f"{table}.7.{index}": number(1),
        f"{table}.8.{index}": number(1),
        f"{table}.10.{index}": number(1000 + index, pdu.COUNTER32),
        f"{table}.16.{index}": number(2000 + index, pdu.COUNTER32),
        f"{extra}.1.{index}": text(name),
        f"{extra}.15.{index}": number(speed // 10**6, pdu.GAUGE32),
    }
    if wide:
        rows[f"{extra}.6.{index}"] = number(2**40 + index, pdu.COUNTER64)
        rows[f"{extra}.10.{index}"] = number(2**41 + index, pdu.COUNTER64)
    return rows


def discovered(
    rows: Rows,
    profiles: Profiles,
    script: Answer | None = None,
    version: SnmpVersion = SnmpVersion.V2C,
    attempt_seconds: float = 1.0,
) -> Discovery:
    async def run() -> Discovery:
        async with (
            serving(rows, script, version) as (endpoint, _agent),
            SnmpClient(endpoint, attempts=2, attempt_seconds=attempt_seconds) as client,
        ):
            return await discover(client, profiles)

    return asyncio.run(run())


def test_ports_by_name_with_the_counters_they_have(profiles: Profiles) -> None:
    rows = SYSTEM | interface(1, b"ether1") | interface(2, b"ether2", wide=False, speed=10**10)
    found = discovered(rows, profiles)
    one, two = found.interfaces
    assert (one.name, one.counter_bits, one.in_octets, one.speed_bps) == ("ether1", 64, 2**40 + 1, 10**9)
    assert (two.name, two.counter_bits, two.in_octets, two.speed_bps) == ("ether2", 32, 1002, 10**10)
    assert found.platform == "mikrotik-routeros"
    assert found.errors == ()


def test_wide_counters_that_never_count_are_not_believed(profiles: Profiles) -> None:
    rows = SYSTEM | interface(1, b"ether1")
    rows |= {f"1.3.6.1.2.1.31.1.1.1.{arc}.1": number(0, pdu.COUNTER64) for arc in (6, 10)}
    assert discovered(rows, profiles).interfaces[0].counter_bits == 32


def test_two_ports_of_one_name_are_told_apart_and_one_without_is_named(profiles: Profiles) -> None:
    rows = SYSTEM | interface(7, b"port") | interface(9, b"port") | interface(11, b"")
    rows["1.3.6.1.2.1.2.2.1.2.11"] = text(b"")
    assert [facts.name for facts in discovered(rows, profiles).interfaces] == ["port", "port (9)", "if11"]


def test_sessions_of_people_are_found_and_not_polled(profiles: Profiles) -> None:
    rows = SYSTEM | interface(1, b"ether1") | interface(2, b"<pppoe-budi>", kind=23) | interface(3, b"ppp0", kind=23)
    assert [facts.polled for facts in discovered(rows, profiles).interfaces] == [True, False, True]


def test_ten_thousand_ports(profiles: Profiles) -> None:
    rows = dict(SYSTEM)
    for index in range(1, 10001):
        rows[f"1.3.6.1.2.1.2.2.1.2.{index}"] = text(b"port %d" % index)
        rows[f"1.3.6.1.2.1.2.2.1.8.{index}"] = number(1)
    found = discovered(rows, profiles)
    assert len(found.interfaces) == 10000
    assert found.interfaces[-1].name == "port 10000"
    assert found.errors == ()


def test_a_broken_table_is_named_and_costs_nothing_else(profiles: Profiles) -> None:
    rows = SYSTEM | interface(1, b"ether1") | {"1.3.6.1.2.1.25.3.3.1.2.1": number(17)}
    rows |= {"1.3.6.1.4.1.14988.1.1.19.1.1.10.1": number(-5000), "1.3.6.1.4.1.14988.1.1.3.8.0": number(240)}
    optics = pdu.encode_oid("1.3.6.1.4.1.14988.1.1.19")

    def script(agent: ScriptedAgent, _data: bytes, request: pdu.Pdu) -> bytes:
        hit = next((i for i, (name, *_) in enumerate(request.varbinds) if name.startswith(optics)), None)
        return agent.answer(request) if hit is None else agent.error(request, pdu.GEN_ERR, hit + 1)

    found = discovered(rows, profiles, script)
    assert {error.table for error in found.errors} == {"optics"}
    assert found.whole, "the device has answered"
    assert "genErr" in found.errors[0].reason
    assert {sensor.class_ for sensor in found.sensors} == {SensorClass.CPU, SensorClass.VOLTAGE}
    assert len(found.interfaces) == 1


def test_an_endless_table_is_named_and_costs_nothing_else(profiles: Profiles) -> None:
    rows = SYSTEM | interface(1, b"ether1") | {"1.3.6.1.2.1.25.3.3.1.2.1": number(17)}
    loop = pdu.encode_oid("1.3.6.1.2.1.25.3.3.1.2")

    def script(agent: ScriptedAgent, _data: bytes, request: pdu.Pdu) -> bytes:
        if request.tag == pdu.GET_BULK and request.varbinds[0][0].startswith(loop):
            return agent.response(request, [(loop + b"\x01", *number(17))])
        return agent.answer(request)

    found = discovered(rows, profiles, script)
    assert [error.table for error in found.errors] == ["processors"]
    assert found.whole
    assert "1.3.6.1.2.1.25.3.3.1.2.1" in found.errors[0].reason
    assert len(found.interfaces) == 1


def test_a_device_that_falls_silent_is_left_in_peace(profiles: Profiles) -> None:
    asked: list[int] = []

    def script(agent: ScriptedAgent, _data: bytes, request: pdu.Pdu) -> bytes | None:
        asked.append(request.request_id)
        return agent.answer(request) if len(asked) <= 2 else None

    found = discovered(SYSTEM, profiles, script, attempt_seconds=0.02)
    assert found.system.name == "desa-01"
    assert len(found.errors) == 2
    assert not found.whole
    assert len(asked) < 12
    with pytest.raises(SilentError):
        discovered(SYSTEM, profiles, lambda _agent, _data, _request: None, attempt_seconds=0.02)


def test_version_1_without_wide_counters(profiles: Profiles) -> None:
    rows = SYSTEM | interface(1, b"ether1", wide=False) | interface(2, b"ether2", wide=False)
    found = discovered(rows, profiles, version=SnmpVersion.V1)
    assert [(facts.name, facts.counter_bits) for facts in found.interfaces] == [("ether1", 32), ("ether2", 32)]
    assert found.errors == ()


def test_a_huge_name_that_is_no_text(profiles: Profiles) -> None:
    rows = SYSTEM | {"1.3.6.1.2.1.1.5.0": text(b"\xff\x00\x9d" * 20000)}
    name = discovered(rows, profiles).system.name
    assert len(name) == MOST_CHARACTERS
    assert name.isprintable()


def test_empty_cages_and_impossible_values_are_no_readings(profiles: Profiles) -> None:
    optics = "1.3.6.1.4.1.14988.1.1.19.1.1"
    rows = SYSTEM | {
        f"{optics}.2.1": text(b"sfp1"),
        f"{optics}.6.1": number(4294967168, pdu.GAUGE32),
        f"{optics}.7.1": number(0, pdu.GAUGE32),
        f"{optics}.9.1": number(0),
        f"{optics}.10.1": number(90000),
    }
    found = discovered(rows, profiles)
    assert {sensor.value for sensor in found.sensors} == {None}
    assert found.implausible == 1
    assert probe_json(found)["sensors"] == []


def test_probe_says_what_is_promised(profiles: Profiles) -> None:
    document = probe_json(discovered(SYSTEM | interface(1, b"ether1"), profiles))
    identity = ["address", "system", "vendor", "platform", "model", "version", "serial"]
    assert list(document) == [*identity, "interfaces", "sensors", "neighbours", "onus", "errors"]
    assert document["system"] == {
        "sysObjectID": "1.3.6.1.4.1.14988.1",
        "sysDescr": "RouterOS RB5009",
        "sysName": "desa-01",
        "sysUpTime": 123456,
    }
    (port,) = document["interfaces"]  # type: ignore[misc]
    assert port == {
        "ifIndex": 1,
        "ifName": "ether1",
        "ifDescr": "descr ether1",
        "ifAlias": None,
        "ifType": 6,
        "ifSpeedBps": 10**9,
        "ifAdminStatus": "up",
        "ifOperStatus": "up",
        "inOctets": 2**40 + 1,
        "outOctets": 2**41 + 1,
        "inErrors": None,
        "outErrors": None,
        "inDiscards": None,
        "outDiscards": None,
        "counterBits": 64,
    }


def test_texts_of_devices() -> None:
    assert text_of(b"Kantor Desa \xc3\xa9\0\0") == "Kantor Desa é"
    assert text_of(b"Kantor Desa \xe9") == "Kantor Desa é"
    assert text_of(b"two\r\nlines\t\x07") == "two lines"
    assert text_of(None) == ""
    assert mac_of(bytes.fromhex("6c3b6ba200f6")) == "6c:3b:6b:a2:00:f6"
    assert mac_of(bytes(6)) == ""
    assert id_of(bytes.fromhex("6c3b6ba200f6"), is_mac=True) == "6c:3b:6b:a2:00:f6"
    assert id_of(b"6C-3B-6B-A2-00-F6", is_mac=True) == "6c:3b:6b:a2:00:f6"
    assert id_of(b"\x01\x0a\x00\x00\x01", is_address=True) == "10.0.0.1"
    assert id_of(b"ether1") == "ether1"
