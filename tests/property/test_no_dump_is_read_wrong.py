"""Whatever a device answers, nothing raises, and nothing is read that its kind cannot be.

Devices are the golden cases, and the dumps of real ones where they are there, with rows taken away and values replaced:
by what vendors send for 'no reading', by numbers at the edges of their types, by texts where numbers belong.
"""

import asyncio
import random
import re
import struct
from functools import cache
from math import isfinite, nan
from typing import cast

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.decode import Decoder
from collectors.discovery import discover, plan_for
from collectors.probe import probe_json
from collectors.profiles import Profiles, shipped_profiles
from collectors.profiles.bounds import BOUNDS
from collectors.snmp import pdu
from collectors.snmp.client import SnmpClient
from collectors.snmp.pdu import value_of
from domain.polling import Discovery, Fleet, Kind, Plan, PlanBook, SensorClass
from tests.golden import dumps
from tests.golden.test_vendor_cases import CASES, rows_of
from tests.property.dumped_device import DumpedDevice, Rows
from tests.unit.collectors.test_decode import polled

MOST_ROWS = 400  # of a dump, taken evenly
NUMBERS = (
    *(0, 1, -1, 2, 3, -100, -255, -4000, -10000, -40000, -65535, -80000, -99998, -1000000000, -2147483648),
    *(100, 128, 255, 990, 32767, 65408, 65535, 30001, 999999, 1000000000, 65535000, 2147483647),
)
UNSIGNED = (4294967168, 4294967295, 4294965146, 0, 65535)
TEXTS = (
    *(b"", b"-", b"--", b"N/A", b"n/a", b"-inf", b"nan", b"0x1F", b"-40.00 dBm", b"0.00 mW (-inf dBm)", b"45 C"),
    *(b"-3.21 dBm", b"3.3V", b"99999999", b"1e400", b"\xff" * 8, b"\0\0\0\0", b"\xb7\xbf\xb4\xba", b"12,5 %"),
    *(b"-" * 70000, bytes(range(256)), b"\x9f\x78\x04", "−5 dBm".encode(), b"4294967295", b"0 0 0", b"1" * 400),
)
OPAQUES = tuple(b"\x9f\x78\x04" + struct.pack(">f", number) for number in (45.5, float("nan"), float("-inf"), 3e38))
OTHERS = (
    *((pdu.INTEGER, number.to_bytes(5, "big", signed=True)) for number in NUMBERS),
    *((tag, number.to_bytes(5, "big")) for number in UNSIGNED for tag in (pdu.GAUGE32, pdu.COUNTER32, pdu.TIMETICKS)),
    *((pdu.OCTETS, octets) for octets in TEXTS),
    *((pdu.OPAQUE, content) for content in (*OPAQUES, b"", b"12")),
    *((pdu.COUNTER64, b"\0" + b"\xff" * 8), (pdu.IP_ADDRESS, b"\x0a\0\0\1"), (pdu.IP_ADDRESS, b"")),
    *((pdu.OID, pdu.encode_oid("1.3.6.1.2.1.25.2.1.2")), (pdu.NULL, b""), (pdu.NO_SUCH_INSTANCE, b""), (0x45, b"x")),
)
LIGHT_DBM, FARTHEST_M = (-45.0, 20.0), 200_000.0
PLACES = re.compile("(?:[0-9a-f]{2}:){5}[0-9a-f]{2}|")


@cache
def profiles() -> Profiles:
    return shipped_profiles()


@cache
def devices() -> list[Rows]:
    known = [rows_of(yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)) for path in CASES]
    return known + [_dump(name) for name in sorted(dumps.facts()) if "full" not in name]


def _dump(name: str) -> Rows:
    rows: Rows = {}
    for oid, (kind, written) in dumps.rows(name).items():
        if not kind.rstrip("x").isdigit():
            continue  # what varies in a simulator, and texts that it writes with escapes
        tag = int(kind.rstrip("x"))
        if tag == pdu.OID:
            content = pdu.encode_oid(written)
        elif kind.endswith("x"):
            content = bytes.fromhex(written)
        elif tag in pdu.NUMBERS:
            content = int(written).to_bytes(9, "big", signed=True)[-9 if tag == pdu.COUNTER64 else -8 :]
        else:
            content = written.encode()
        rows[oid] = (tag, content)
    step = max(1, len(rows) // MOST_ROWS)
    return {oid: row for at, (oid, row) in enumerate(rows.items()) if not at % step or oid.startswith("1.3.6.1.2.1.1.")}


def read(rows: Rows) -> Discovery:
    client = cast(SnmpClient, DumpedDevice(rows))
    return asyncio.run(discover(client, profiles()))


@pytest.mark.filterwarnings("error")
@given(st.integers(0, 2**32), st.sampled_from([0.0, 0.1, 0.5]), st.sampled_from([0.05, 0.3, 1.0]))
@settings(max_examples=200, deadline=None)
def test_what_comes_out_can_be_true(seed: int, gone: float, replaced: float) -> None:
    chance = random.Random(seed)
    rows = dict(chance.choice(devices()))
    for oid in list(rows):
        if chance.random() < gone:
            del rows[oid]
        elif chance.random() < replaced and not oid.startswith("1.3.6.1.2.1.1.2."):
            rows[oid] = chance.choice(OTHERS)
    found = read(rows)
    for sensor in found.sensors:
        low, high = BOUNDS.get(sensor.class_, (-(2.0**63), 2.0**64))
        low, high = max(low, sensor.conversion.low), min(high, sensor.conversion.high)
        assert sensor.value is None or (isfinite(sensor.value) and low <= sensor.value <= high), sensor
        assert sensor.class_ is SensorClass.STATE or sensor.conversion.low > -1e6, sensor
    for onu in found.onus:
        for power in (onu.rx_dbm, onu.tx_dbm):
            assert power is None or LIGHT_DBM[0] <= power <= LIGHT_DBM[1], onu
        assert onu.distance_m is None or 0 <= onu.distance_m <= FARTHEST_M, onu
    for port in found.interfaces:
        assert port.speed_bps is None or 0 <= port.speed_bps <= 10**13, port
        assert PLACES.fullmatch(port.mac), port
    assert len({port.name for port in found.interfaces}) == len(found.interfaces)
    named = {(sensor.class_, sensor.name, sensor.interface) for sensor in found.sensors}
    assert len(named) == len(found.sensors)
    plan = plan_for(found, profiles().get(found.platform), PlanBook())
    assert len({column.oid for column in plan.columns}) == len(plan.columns)
    assert probe_json(found)["platform"] == found.platform
    _a_poll_reads_the_same(found, plan, rows)


def _a_poll_reads_the_same(found: Discovery, plan: Plan, rows: Rows) -> None:
    fleet = Fleet()
    device = fleet.put("one", plan)
    answers = [value_of(*rows[column.oid]) if column.oid in rows else None for column in plan.columns]
    values = [str(one).encode() if isinstance(one, float | str) else one for one in answers]
    written = [
        str(one).encode() if column.kind is Kind.TEXT and isinstance(one, int) else one
        for column, one in zip(plan.columns, values, strict=True)
    ]
    polled_values = Decoder(fleet).read(polled(fleet, device, written)).value
    read_by = {column.oid: float(value) for column, value in zip(plan.columns, polled_values, strict=True)}
    for sensor in found.sensors:
        again = read_by[sensor.oid]
        if sum(one.oid == sensor.oid for one in found.sensors) == 1:
            wanted = nan if sensor.value is None else sensor.value
            assert again == pytest.approx(wanted, rel=1e-6, abs=1e-5, nan_ok=True), sensor


def test_every_reading_of_every_profile_has_bounds() -> None:
    """Of a class without bounds of its own, a profile may leave none out either."""
    for profile in profiles():
        for table in profile.tables.values():
            for sensor in table.sensors:
                conversion = sensor.conversion(1.0)
                assert sensor.class_ is SensorClass.STATE or isfinite(conversion.low + conversion.high)
        for onus in profile.onus.values():
            for power in filter(None, (onus.rx, onus.tx)):
                assert LIGHT_DBM[0] <= power.low <= power.high <= LIGHT_DBM[1], profile.platform
            if onus.distance is not None:
                assert 0 <= onus.distance.low <= onus.distance.high <= FARTHEST_M, profile.platform
