"""What a threshold can be about, and the unit it is told in."""

from enum import StrEnum
from typing import Final

from domain.polling.facts import SensorClass
from domain.polling.plan import Column
from domain.polling.speeds import OCTETS


class Measure(StrEnum):
    """Beside the classes of sensors."""

    SATURATION = "saturation"
    ERRORS = "errors"
    DISCARDS = "discards"
    LOSS = "loss"
    LATENCY = "latency"
    DBM_TREND = "dbm-trend"
    DHCP_POOL = "dhcp-pool"
    DHCP_ROGUE = "dhcp-rogue"
    ADDRESS_DUPLICATE = "address-duplicate"
    QUOTA = "quota"
    QUOTA_FORECAST = "quota-forecast"


MEASURES: Final = frozenset({each.value for each in SensorClass} | {each.value for each in Measure})
SENSOR: Final = "sensor."

_COUNTED: Final = {
    **dict.fromkeys(OCTETS, Measure.SATURATION.value),
    "ifInErrors": Measure.ERRORS.value,
    "ifOutErrors": Measure.ERRORS.value,
    "ifInDiscards": Measure.DISCARDS.value,
    "ifOutDiscards": Measure.DISCARDS.value,
}
_CLASSES: Final = frozenset(each.value for each in SensorClass)
_SIGNS: Final = {
    "celsius": "°C",
    "volts": "V",
    "amperes": "A",
    "watts": "W",
    "percent": "%",
    "hertz": "Hz",
    "metres": "m",
    "seconds": "s",
    "clients": "",
    "state": "",
}
_UNITS: Final = {
    Measure.ERRORS: "/s",
    Measure.DISCARDS: "/s",
    Measure.LATENCY: "ms",
    Measure.DBM_TREND: "dBm",
    Measure.DHCP_ROGUE: "",
    Measure.ADDRESS_DUPLICATE: "",
    Measure.QUOTA: "GB",
    Measure.QUOTA_FORECAST: "GB",
}


def measure_of(column: Column) -> str:
    """Of one column of a plan; empty for what no threshold can be about."""
    if column.quantity.startswith(SENSOR):
        return column.quantity.removeprefix(SENSOR)
    return _COUNTED.get(column.quantity, "")


def unit_of(measure: str) -> str:
    """As it stands behind a number."""
    if measure in _CLASSES:
        unit = SensorClass(measure).unit
        return _SIGNS.get(unit, unit)
    return _UNITS.get(Measure(measure), "%")
