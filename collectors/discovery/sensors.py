"""Sensors from the rows of a profile's table. Pure: what was walked comes in, facts come out."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from math import isfinite

from collectors.decode import TEXT_FORMS, reading_of
from collectors.discovery.rows import Row
from collectors.profiles.schema import Sensor, Table
from domain.polling import Conversion, Form, Kind, SensorClass, SensorFacts

KindOf = Callable[[str, str], Kind]
"""Of a column or scalar and the whole OID: what the value is on the wire."""

_NUMERIC = {
    Form.TEXT_NUMBER: Form.LINEAR,
    Form.TEXT_PERCENT: Form.LINEAR,
    Form.TEXT_DBM: Form.LINEAR,
    Form.TEXT_LEAST: Form.LINEAR,
    Form.TEXT_MILLIWATT: Form.MILLIWATT_TO_DBM,
}
_MOST_STATE = 2.0**32  # of a number in a text
_POWERS = (SensorClass.DBM, SensorClass.SIGNAL)
_UNITS, _SMALLEST, _LARGEST = 9, 1, 17  # of SensorDataScale (RFC 3433): units, yocto, yotta
_FINEST = 9  # of SensorPrecision: digits behind the point


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
        while (sensor.class_, sensor.name, sensor.interface) in taken:
            sensor = replace(sensor, name=f"{sensor.name} ({sensor.index})")
        taken.add((sensor.class_, sensor.name, sensor.interface))
        named.append(sensor)
    return tuple(named)


def _sensor(name: str, table: Table, sensor: Sensor, row: Row, kind_of: KindOf) -> tuple[SensorFacts | None, bool]:
    raw = row.values[sensor.column]
    if isinstance(raw, float):
        raw = str(raw).encode()  # an Opaque float: it is polled as the text of its number
    scale = _scale(sensor, row)
    if scale is None or isinstance(raw, str):
        return None, True
    oid = _oid(table, sensor.column, row)
    kind = kind_of(_base(table, sensor.column), oid)
    conversion = _fitting(sensor, sensor.conversion(scale), kind, raw)
    less = tuple(label for label in sensor.less if isinstance(row.values.get(label), int))
    taken_off = sum(int(row.values[label]) % 2**64 for label in less)  # below nought nothing can be taken off
    number = raw if isinstance(raw, bytes) else raw - taken_off
    value, plausible = reading_of(number, conversion, is_power=sensor.class_ in _POWERS)
    facts = SensorFacts(
        class_=sensor.class_,
        name=row.fill(sensor.name) or sensor.column,
        index=row.index or "0",
        table=name,
        oid=oid,
        kind=kind,
        conversion=conversion,
        value=round(value, 6) if isfinite(value) else None,
        interface=row.interface,
        less=tuple(_oid(table, label, row) for label in less),
    )
    return facts, plausible


def _fitting(sensor: Sensor, conversion: Conversion, kind: Kind, raw: int | bytes) -> Conversion:
    """The conversion for what this agent answers: some write out the numbers that others send, and the other way."""
    if kind is not Kind.TEXT:
        return replace(conversion, form=_NUMERIC.get(conversion.form, conversion.form))
    if sensor.class_ is SensorClass.STATE:
        return replace(conversion, form=Form.TEXT_NUMBER, low=-_MOST_STATE, high=_MOST_STATE)
    if conversion.form in TEXT_FORMS:
        return conversion
    if conversion.form is Form.MILLIWATT_TO_DBM:
        return replace(conversion, form=Form.TEXT_MILLIWATT)
    written = replace(conversion, form=Form.TEXT_DBM if sensor.class_ in _POWERS else Form.TEXT_NUMBER)
    whole = replace(written, scale=1.0, offset=0.0)
    has_point = isinstance(raw, bytes) and b"." in raw and not sensor.divide_by and sensor.exponent is None
    return whole if has_point and reading_of(raw, whole)[1] else written


def _scale(sensor: Sensor, row: Row) -> float | None:
    """The sensor's scale in this row; None if the row does not say."""
    scale = sensor.scale
    if sensor.divide_by:
        parts = [row.values.get(label) for label in sensor.divide_by]
        divisor = sum(part + 2**32 if part < -(10**7) else part for part in parts if isinstance(part, int))
        if divisor <= 0 or not all(isinstance(part, int) for part in parts):
            return None
        scale /= divisor
    if sensor.exponent is not None:
        units, precision = (row.values.get(label) for label in sensor.exponent)
        if not isinstance(units, int) or not isinstance(precision, int):
            return None
        thousands = units - _UNITS if _SMALLEST <= units <= _LARGEST else 0
        digits = min(max(precision, 0), _FINEST)  # below 0 it tells of accuracy and not of the point
        scale *= 10.0 ** (3 * thousands - digits)
    return scale


def _base(table: Table, label: str) -> str:
    return table.columns.get(label) or table.scalars[label]


def _oid(table: Table, label: str, row: Row) -> str:
    if label in table.scalars:
        return table.scalars[label]
    return f"{table.columns[label]}.{row.index}{table.tails.get(label, '')}"
