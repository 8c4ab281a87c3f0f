"""From what a device has to what it is asked at every poll. Pure."""

from collections.abc import Iterable, Iterator
from math import inf

from collectors.discovery.identity import UPTIME
from collectors.discovery.interfaces import COLUMNS, IF_NUMBER, TABLE_LAST_CHANGE
from collectors.profiles import Profile
from domain.polling import Column, Discovery, InterfaceFacts, Kind, Plan, PlanBook, SensorFacts

PART = "part"
"""Quantity of a column that is only taken off another one (`Column.less`): no metric of its own."""

_LOOPBACK = 24


def plan_for(discovery: Discovery, profile: Profile, book: PlanBook, *, loopback: bool = False) -> Plan:
    """The columns of one poll, column 0 sysUpTime. Equal devices share one plan of the book."""
    columns = [
        Column(UPTIME, Kind.TIMETICKS, "system", "sysUpTime"),
        *_shape_columns(discovery),
        *(c for facts in discovery.interfaces if _is_polled(facts, loopback) for c in _interface_columns(facts)),
    ]
    columns += _sensor_columns(discovery.sensors, {column.oid for column in columns})
    every = {name: table.every_seconds for name, table in profile.tables.items() if table.every_seconds}
    present = {column.table for column in columns}
    seconds = tuple((name, every[name]) for name in sorted(every) if name in present)
    return book.intern(columns, profile.budget.budget(seconds))


def _shape_columns(discovery: Discovery) -> Iterator[Column]:
    if discovery.system.if_number is not None:
        yield Column(IF_NUMBER, Kind.INTEGER, "system", "ifNumber")
    if discovery.system.table_last_change is not None:
        yield Column(TABLE_LAST_CHANGE, Kind.TIMETICKS, "system", "ifTableLastChange")


def _is_polled(facts: InterfaceFacts, loopback: bool) -> bool:
    return facts.polled and (loopback or facts.type != _LOOPBACK)


def _interface_columns(facts: InterfaceFacts) -> Iterator[Column]:
    speed = float(facts.speed_bps) if facts.speed_bps else inf

    def column(name: str, kind: Kind, port_bps: float = inf) -> Column:
        return Column(
            f"{COLUMNS[name]}.{facts.index}", kind, "interfaces", name, facts.name, facts.name, port_bps=port_bps
        )

    if facts.counter_bits == 64:
        yield column("ifHCInOctets", Kind.COUNTER64, speed)
        yield column("ifHCOutOctets", Kind.COUNTER64, speed)
    elif facts.counter_bits == 32:
        yield column("ifInOctets", Kind.COUNTER32, speed)
        yield column("ifOutOctets", Kind.COUNTER32, speed)
    for name, value in (
        ("ifInErrors", facts.in_errors),
        ("ifOutErrors", facts.out_errors),
        ("ifInDiscards", facts.in_discards),
        ("ifOutDiscards", facts.out_discards),
    ):
        if value is not None:
            yield column(name, Kind.COUNTER32)
    if facts.oper_status is not None:
        yield column("ifOperStatus", Kind.INTEGER)
    if facts.admin_status is not None:
        yield column("ifAdminStatus", Kind.INTEGER)
    if facts.has_high_speed:
        yield column("ifHighSpeed", Kind.GAUGE32)
    elif facts.has_speed:
        yield column("ifSpeed", Kind.GAUGE32)
    if facts.has_discontinuity:
        yield column("ifCounterDiscontinuityTime", Kind.TIMETICKS)


def _sensor_columns(sensors: Iterable[SensorFacts], asked: set[str]) -> list[Column]:
    """One column for each sensor, and behind it those that are taken off it. No instance is asked twice."""
    sensors = [sensor for sensor in sensors if sensor.oid not in asked]
    own = {sensor.oid for sensor in sensors}
    columns: dict[str, Column] = {}
    for sensor in sensors:
        if sensor.oid in columns and columns[sensor.oid].quantity != PART:
            continue
        columns[sensor.oid] = Column(
            sensor.oid,
            sensor.kind,
            sensor.table,
            f"sensor.{sensor.class_}",
            sensor.name,
            sensor.interface,
            sensor.conversion,
            less=sensor.less,
        )
        for oid in sensor.less:
            if oid not in own:
                columns.setdefault(oid, Column(oid, sensor.kind, sensor.table, PART, sensor.name))
    return list(columns.values())
