"""Sensors from the rows of a profile's table. Pure: what was walked comes in, facts come out."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from math import isfinite

from collectors.decode import TEXT_FORMS, reading_of
from collectors.discovery.rows import Row
from collectors.profiles.schema import Sensor, Table
from domain.polling import Conversion, Form, Kind, SensorFacts

KindOf = Callable[[str], Kind]


def sensors_of(name: str, table: Table, rows: Iterable[Row], kind_of: KindOf) -> tuple[list[SensorFacts], int]:
    """The sensors of one table, and how many of their values were implausible."""
    found: list[SensorFacts] = []
    implausible = 0
    scalars = set(table.scalars)
    for row in rows:
        of_row: list[SensorFacts] = []
        for sensor in table.sensors:
            if sensor.column in row.values and row.fits(sensor.where):
                facts, plausible = _sensor(name, table, sensor, row, kind_of)
                if facts is not None and not (sensor.column in scalars and any(facts.oid == f.oid for f in found)):
                    of_row.append(facts)
                    implausible += not plausible
        if not table.only_with_readings or any(facts.value is not None for facts in of_row):
            found += of_row
    return found, implausible


def unique(sensors: Iterable[SensorFacts]) -> tuple[SensorFacts, ...]:
    """Names made unique within class and interface, by the index where they are not."""
    taken: set[tuple[str, str, str]] = set()
    named: list[SensorFacts] = []
    for sensor in sensors:
        if (sensor.class_, sensor.name, sensor.interface) in taken:
            sensor = replace(sensor, name=f"{sensor.name} ({sensor.index})")
        taken.add((sensor.class_, sensor.name, sensor.interface))
        named.append(sensor)
    return tuple(named)


def _sensor(name: str, table: Table, sensor: Sensor, row: Row, kind_of: KindOf) -> tuple[SensorFacts | None, bool]:
    raw = row.values[sensor.column]
    scale = _scale(sensor, row)
    if scale is None or isinstance(raw, float | str):
        return None, True
    oid, kind = _oid(table, sensor.column, row), kind_of(_base(table, sensor.column))
    conversion = sensor.conversion(scale)
    if kind is Kind.TEXT and conversion.form not in TEXT_FORMS:
        conversion = replace(conversion, form=Form.TEXT_NUMBER)
    less = tuple(label for label in sensor.less if isinstance(row.values.get(label), int))
    taken_off = sum(int(row.values[label]) for label in less)
    number = raw if isinstance(raw, bytes) else raw - taken_off
    value, plausible = _read(number, conversion)
    facts = SensorFacts(
        class_=sensor.class_,
        name=row.fill(sensor.name) or sensor.column,
        index=row.index or "0",
        table=name,
        oid=oid,
        kind=kind,
        conversion=conversion,
        value=value,
        interface=row.interface,
        less=tuple(_oid(table, label, row) for label in less),
    )
    return facts, plausible


def _read(raw: int | bytes, conversion: Conversion) -> tuple[float | None, bool]:
    value, plausible = reading_of(raw, conversion)
    return (round(value, 6) if isfinite(value) else None), plausible


def _scale(sensor: Sensor, row: Row) -> float | None:
    """The sensor's scale in this row; None if the row does not say."""
    scale = sensor.scale
    if sensor.divide_by:
        parts = [row.values.get(label) for label in sensor.divide_by]
        divisor = sum(part for part in parts if isinstance(part, int))
        if divisor <= 0 or not all(isinstance(part, int) for part in parts):
            return None
        scale /= divisor
    if sensor.exponent is not None:
        units, precision = (row.values.get(label) for label in sensor.exponent)
        if not isinstance(units, int) or not isinstance(precision, int):
            return None
        scale *= 10.0 ** (3 * (units - 9) - precision)
    return scale


def _base(table: Table, label: str) -> str:
    return table.columns.get(label) or table.scalars[label]


def _oid(table: Table, label: str, row: Row) -> str:
    if label in table.scalars:
        return table.scalars[label]
    return f"{table.columns[label]}.{row.index}{table.tails.get(label, '')}"
