"""What is polled of a device that was discovered."""

from dataclasses import replace

from collectors.discovery import plan_for
from collectors.profiles import parse
from domain.polling import (
    Conversion,
    Discovery,
    InterfaceFacts,
    Kind,
    PlanBook,
    SensorClass,
    SensorFacts,
    SystemFacts,
)

PROFILE = parse(
    "{platform: p, budget: {varbinds: 12}, tables: {optics: {every_seconds: 300, scalars: {x: 1.3.6.0}},"
    " rare: {every_seconds: 60}}}",
    "p.yaml",
)
PORT = InterfaceFacts(
    3,
    "ether3",
    type=6,
    speed_bps=10**9,
    oper_status=1,
    admin_status=1,
    in_octets=1,
    out_octets=1,
    in_errors=0,
    counter_bits=64,
    has_high_speed=True,
    has_discontinuity=True,
)
SENSOR = SensorFacts(SensorClass.DBM, "sfp1 Rx", "1", "optics", "1.3.6.9.1", Kind.INTEGER, Conversion(0.001), -5.0)
FOUND = Discovery("127.0.0.1", SystemFacts(uptime_ticks=1000, if_number=1), interfaces=(PORT,), sensors=(SENSOR,))


def test_the_columns_in_their_order() -> None:
    plan = plan_for(FOUND, PROFILE, PlanBook())
    assert [(column.quantity, column.oid) for column in plan.columns] == [
        ("sysUpTime", "1.3.6.1.2.1.1.3.0"),
        ("ifNumber", "1.3.6.1.2.1.2.1.0"),
        ("ifHCInOctets", "1.3.6.1.2.1.31.1.1.1.6.3"),
        ("ifHCOutOctets", "1.3.6.1.2.1.31.1.1.1.10.3"),
        ("ifInErrors", "1.3.6.1.2.1.2.2.1.14.3"),
        ("ifOperStatus", "1.3.6.1.2.1.2.2.1.8.3"),
        ("ifAdminStatus", "1.3.6.1.2.1.2.2.1.7.3"),
        ("ifHighSpeed", "1.3.6.1.2.1.31.1.1.1.15.3"),
        ("ifCounterDiscontinuityTime", "1.3.6.1.2.1.31.1.1.1.19.3"),
        ("sensor.dbm", "1.3.6.9.1"),
    ]
    octets, sensor = plan.columns[2], plan.columns[-1]
    assert (octets.kind, octets.table, octets.instance, octets.port_bps) == (
        Kind.COUNTER64,
        "interfaces",
        "ether3",
        10**9,
    )
    assert (sensor.instance, sensor.table, sensor.conversion.scale) == ("sfp1 Rx", "optics", 0.001)
    assert plan.budget.varbinds == 12
    assert plan.budget.table_seconds == (("optics", 300.0),)


def test_equal_devices_share_a_plan() -> None:
    book = PlanBook()
    other = replace(FOUND, address="127.0.0.2", system=SystemFacts(name="other", uptime_ticks=5, if_number=1))
    assert plan_for(FOUND, PROFILE, book) is plan_for(other, PROFILE, book)
    assert plan_for(replace(FOUND, sensors=()), PROFILE, book) is not plan_for(FOUND, PROFILE, book)


def test_loopbacks_and_sessions_are_not_polled() -> None:
    ports = (replace(PORT, index=1, name="lo", type=24), replace(PORT, index=9, name="<pppoe-x>", polled=False))
    plan = plan_for(replace(FOUND, interfaces=ports), PROFILE, PlanBook())
    assert not plan.find("ifHCInOctets")
    assert len(plan_for(replace(FOUND, interfaces=ports), PROFILE, PlanBook(), loopback=True).find("ifOperStatus")) == 1


def test_narrow_counters_and_a_speed_that_is_not_told() -> None:
    port = replace(PORT, counter_bits=32, speed_bps=0, has_high_speed=False)
    plan = plan_for(replace(FOUND, interfaces=(port,)), PROFILE, PlanBook())
    (column,) = plan.find("ifInOctets")
    assert plan.columns[column].kind is Kind.COUNTER32
    assert plan.columns[column].port_bps == float("inf")
    assert not plan.find("ifHighSpeed")
    assert not plan.find("ifSpeed")


def test_what_is_taken_off_is_asked_too_and_once() -> None:
    sensor = replace(SENSOR, less=("1.3.6.9.6", "1.3.6.9.7"))
    plan = plan_for(replace(FOUND, sensors=(sensor, replace(sensor, name="again"))), PROFILE, PlanBook())
    assert [column.quantity for column in plan.columns[-3:]] == ["sensor.dbm", "part", "part"]
    assert len({column.oid for column in plan.columns}) == len(plan.columns)
