"""Values as real agents write them: other types, units, sentinels, encodings. What is no reading is none."""

from collections.abc import Mapping
from math import isnan, nan

import pytest

from collectors.decode import reading_of
from collectors.discovery.identity import _word
from collectors.discovery.interfaces import _speed
from collectors.discovery.neighbours import neighbours_of
from collectors.discovery.onus import onus_of
from collectors.discovery.rows import Interfaces, Row, rows_of
from collectors.discovery.sensors import sensors_of
from collectors.discovery.texts import address_of, mac_of, text_of
from collectors.profiles import NeighbourTable, OnuTable, Source, Table, shipped_profiles
from collectors.snmp import pdu
from collectors.snmp.pdu import Value
from domain.polling import Conversion, Form, InterfaceFacts, Kind, SensorFacts

DBM = Conversion(form=Form.TEXT_DBM, low=-39.99, high=15)
MILLIWATT = Conversion(form=Form.TEXT_MILLIWATT, low=-39.99, high=15)
NUMBER = Conversion(form=Form.TEXT_NUMBER)


@pytest.mark.parametrize(
    ("octets", "conversion", "wanted"),
    [
        (b"-3.21 dBm", DBM, -3.21),
        (b"0.02 mW (-17.06 dBm)", DBM, -17.06),
        (b"0.5 mW", DBM, -3.0103),
        (b"-3.21 dBm", MILLIWATT, -3.21),
        (b"5.0e-1", MILLIWATT, -3.0103),
        ("\u22123.2 dBm".encode(), DBM, -3.2),
        (b"-inf", DBM, nan),
        (b"-INF dBm", DBM, nan),
        (b"N/A", NUMBER, nan),
        (b"--", NUMBER, nan),
        (b"", NUMBER, nan),
        (b"0x1F", NUMBER, nan),
        (b"45 C", NUMBER, 45),
        (b"45C", NUMBER, 45),
        (b"3.3V", NUMBER, 3.3),
        (b"3,3 V", NUMBER, 3.3),
        (b"SFP1: 33", NUMBER, 33),
        (b"Temp:33", NUMBER, 33),
        (b"-0.5", NUMBER, -0.5),
        (b"1.5e3", NUMBER, 1500),
        (b"\xff\xfe\x00", NUMBER, nan),
        (b"5 Secs ( 31.1134%) 60 Secs ( 30%)", Conversion(form=Form.TEXT_PERCENT), 31.1134),
    ],
)
def test_numbers_written_as_text(octets: bytes, conversion: Conversion, wanted: float) -> None:
    value, plausible = reading_of(octets, conversion)
    assert plausible
    assert value == pytest.approx(wanted, abs=1e-4, nan_ok=True)


def test_darkness_is_no_strange_value_but_a_wrong_scale_is() -> None:
    optical = Conversion(scale=0.01, low=-39.99, high=15)
    value, plausible = reading_of(-4000, optical, is_power=True)
    assert isnan(value)
    assert plausible
    assert reading_of(-215000, optical, is_power=True)[1] is False
    assert reading_of(9000, optical, is_power=True)[1] is False
    assert reading_of(-4000, optical)[1] is False


def facts(table: Table, columns: Mapping[str, Value], kinds: dict[str, Kind]) -> list[SensorFacts]:
    rows = rows_of(table, lambda oid: [("1", columns[oid])] if oid in columns else [], {}, Interfaces(()))
    found, _implausible = sensors_of("t", table, rows, lambda base, _oid: kinds.get(base, Kind.INTEGER))
    return found


@pytest.mark.parametrize(
    ("scale", "precision", "raw", "celsius"),
    [
        (9, 0, 45, 45.0),
        (8, 0, 45000, 45.0),
        (9, 1, 455, 45.5),
        (8, 2, 4550000, 45.5),
        (9, -2, 45, 45.0),  # RFC 3433: accurate digits, and no power of ten
        (0, 0, 45, 45.0),
        (2147483647, 2147483647, 45000000000, 45.0),
        (10, 3, 45, 45.0),
        (9, 0, 1000000000, None),
        (9, 0, -1000000000, None),
        (9, 0, 2147483647, None),
    ],
)
def test_scale_and_precision_of_entity_sensors(scale: int, precision: int, raw: int, celsius: float | None) -> None:
    profiles = shipped_profiles()
    for table in (profiles.get("generic").tables["entity-sensors"], profiles.get("cisco-ios").tables["entity-sensors"]):
        columns = table.columns
        values = {columns["type"]: 8, columns["scale"]: scale, columns["precision"]: precision, columns["value"]: raw}
        (sensor,) = facts(table, values, {})
        assert sensor.value == (pytest.approx(celsius) if celsius is not None else None)


def test_a_sensor_that_is_out_of_order_gives_nothing() -> None:
    table = shipped_profiles().get("generic").tables["entity-sensors"]
    values: dict[str, Value] = {
        table.columns[c]: v for c, v in (("type", 8), ("scale", 9), ("precision", 0), ("value", 45), ("status", 3))
    }
    assert facts(table, values, {}) == []


@pytest.mark.parametrize("raw", [-1, 255, 32767, 65535, 2147483647, -2147483648, 4294967295])
def test_the_edge_of_a_type_is_no_reading_and_nothing_strange(raw: int) -> None:
    percent = Conversion(low=0, high=100)
    value, plausible = reading_of(raw, percent)
    assert isnan(value)
    assert plausible
    assert reading_of(101, percent)[1] is False


@pytest.mark.parametrize(
    ("octets", "wanted"),
    [
        (b"HWTC\x0a\x1b\x2c\x3d", "HWTC0A1B2C3D"),
        (bytes(8), ""),
        (b"\0\0\0\x01\x0a\x1b\x2c\x3d", "000000010A1B2C3D"),
        (b"ZTEGC1234567", "ZTEGC1234567"),
    ],
)
def test_serials_of_onus(octets: bytes, wanted: str) -> None:
    table = OnuTable.model_validate({"columns": {"serial": "1.3.1"}, "serial_form": "vendor"})
    (onu,) = onus_of(table, [Row("1.2", {"serial": octets}, {}, "")])
    assert onu.serial == wanted


OPTICS = Table.model_validate(
    {
        "columns": {"rx": "1.3.1"},
        "sensors": [{"class": "dbm", "column": "rx", "name": "Rx", "scale": 0.01, "low": -39.99, "high": 15}],
    }
)


@pytest.mark.parametrize(
    ("raw", "kind", "wanted"),
    [
        (-2150, Kind.INTEGER, -21.5),
        (b"-2150", Kind.TEXT, -21.5),
        (b"-21.50", Kind.TEXT, -21.5),
        (b"-21.50 dBm", Kind.TEXT, -21.5),
        (b"0.0071 mW", Kind.TEXT, -21.4874),
        (-21.5, Kind.TEXT, -21.5),
        (b"no light", Kind.TEXT, None),
        (float("nan"), Kind.TEXT, None),
        (float("-inf"), Kind.TEXT, None),
    ],
)
def test_an_agent_that_writes_out_what_others_send(raw: int | bytes | float, kind: Kind, wanted: float | None) -> None:
    (sensor,) = facts(OPTICS, {"1.3.1": raw}, {"1.3.1": kind})
    assert sensor.value == (pytest.approx(wanted, abs=1e-3) if wanted is not None else None)
    assert sensor.kind is kind


def test_an_agent_that_sends_what_others_write_out() -> None:
    table = Table.model_validate(
        {"columns": {"rx": "1.3.1"}, "sensors": [{"class": "dbm", "column": "rx", "name": "Rx", "form": "text-dbm"}]}
    )
    (sensor,) = facts(table, {"1.3.1": -21}, {"1.3.1": Kind.INTEGER})
    assert (sensor.value, sensor.conversion.form) == (-21.0, Form.LINEAR)  # a poll has no text of a number


def test_what_no_class_can_measure_is_no_reading_whatever_the_profile_allows() -> None:
    table = Table.model_validate(
        {"columns": {"t": "1.3.1"}, "sensors": [{"class": "temperature", "column": "t", "name": "T"}]}
    )
    assert facts(table, {"1.3.1": 32767}, {})[0].value is None


@pytest.mark.parametrize(
    ("speed", "high", "wanted"),
    [
        (10**9, 1000, (10**9, True, True)),
        (4294967295, 10000, (10**10, True, False)),
        (1410065408, 10000, (10**10, True, False)),  # what is left of 10 Gb/s in 32 bits
        (1215752192, 100000, (10**11, True, False)),
        (10**9, 100, (10**8, True, False)),
        (1544000, 2, (1544000, True, True)),
        (64000, 0, (64000, False, True)),
        (0, 0, (0, True, True)),
        (4294967295, 0, (0, True, False)),
        (4294967295, None, (None, False, False)),
        (4294967295, 4294967295, (None, False, False)),
        (10**9, 4294967295, (10**9, False, True)),
        (-1, None, (None, False, False)),
        (None, None, (None, False, False)),
        (4294967295, 10**10, (10**10, False, False)),
    ],
)
def test_speeds(speed: int | None, high: int | None, wanted: tuple[int | None, bool, bool]) -> None:
    assert _speed(speed, high) == wanted


def test_encodings_and_addresses() -> None:
    assert text_of("机房交换机".encode("gb2312")) == "机房交换机"
    assert text_of("Größe".encode("latin-1")) == "Größe"
    assert text_of("Purwakarta – é".encode()[:-1]) == "Purwakarta –"
    assert mac_of(b"00:1B:2c:3d:4e:5f") == "00:1b:2c:3d:4e:5f"
    assert mac_of(b"0:1b:2c:3d:4e:5f") == "00:1b:2c:3d:4e:5f"
    assert mac_of(b"001b.2c3d.4e5f") == "00:1b:2c:3d:4e:5f"
    assert mac_of(bytes(8)) == mac_of(b"") == mac_of(b"00:00:00:00:00:00") == mac_of(bytes(range(8))) == ""
    assert address_of(b"\x02" + bytes.fromhex("fe800000000000000000000000000001")) == "fe80::1"


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"\x9f\x78\x04\x42\x28\x00\x00", 42.0),
        (b"\x9f\x79\x08\x40\x45\x00\x00\x00\x00\x00\x00", 42.0),
        (b"\x9f\x76\x02\x01\x00", 256),
        (b"\x9f\x7a\x01\xff", -1),
        (b"\x9f\x78\x04\x42", None),
        (b"\x04\x0242", None),
        (b"", None),
    ],
)
def test_numbers_wrapped_in_opaque(content: bytes, wanted: float | None) -> None:
    assert pdu.value_of(pdu.OPAQUE, content) == wanted


def test_a_name_belongs_to_one_interface_before_it_is_anybodys_alias() -> None:
    ports = Interfaces(
        (
            InterfaceFacts(1, "ge1", description="Port", alias="ge2"),
            InterfaceFacts(2, "ge2", description="Port", alias="uplink"),
        )
    )
    assert [ports.by_name(name) for name in ("ge2", "Port", "uplink")] == ["ge2", "", "ge2"]


def test_an_ipv6_chassis() -> None:
    table = NeighbourTable.model_validate({"protocol": "lldp", "columns": {"chassis": "1.3.1"}})
    address = b"\x02" + bytes.fromhex("fe800000000000000000000000000001")
    row = Row("0.1.1", {"chassis": address, "chassis_subtype": 5, "name": b"sw1"}, {}, "ge1")
    (one,) = neighbours_of(table, [row], {}, {}, Interfaces(()))
    assert (one.chassis_id, one.sys_name) == ("fe80::1", "sw1")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("FCW2140L0GH ", "FCW2140L0GH"),
        ("N/A", ""),
        ("none", ""),
        ("Not Specified", ""),
        ("0000000000", ""),
        ("\u00ff\u00ff\u00ff\u00ff", ""),  # an empty memory
        ("----", ""),
        ("5", "5"),
        ("6.6.6", "6.6.6"),
    ],
)
def test_what_nobody_filled_in_is_no_word(text: str, wanted: str) -> None:
    assert _word(Source(get="1.3.1"), text) == wanted
