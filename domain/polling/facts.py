"""What discovery found out about one device: its shape, as frozen facts. What is polled of it is a `Plan`.

Numbers are the MIB's; words for people come from `words()` of the enums below.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from domain.polling.plan import Conversion, Kind


class OperStatus(IntEnum):
    """ifOperStatus (IF-MIB); `word` is the MIB's."""

    UP = 1
    DOWN = 2
    TESTING = 3
    UNKNOWN = 4
    DORMANT = 5
    NOT_PRESENT = 6
    LOWER_LAYER_DOWN = 7

    @property
    def word(self) -> str:
        first, *rest = self.name.lower().split("_")
        return first + "".join(part.capitalize() for part in rest)


def status_word(number: int | None) -> str | None:
    """The MIB's word for ifOperStatus or ifAdminStatus; None for no or an unheard-of number."""
    try:
        return None if number is None else OperStatus(number).word
    except ValueError:
        return None


class SensorClass(StrEnum):
    """What a sensor measures; `unit` is the unit its readings are in after conversion."""

    TEMPERATURE = "temperature"
    VOLTAGE = "voltage"
    CURRENT = "current"
    POWER = "power"
    DBM = "dbm"
    LOAD = "load"
    CHARGE = "charge"
    CPU = "cpu"
    MEMORY = "memory"
    RUNTIME = "runtime"
    SIGNAL = "signal"
    SNR = "snr"
    QUALITY = "quality"
    CLIENTS = "clients"
    FANSPEED = "fanspeed"
    HUMIDITY = "humidity"
    FREQUENCY = "frequency"
    RATE = "rate"
    DISTANCE = "distance"
    STATE = "state"

    @property
    def unit(self) -> str:
        return _UNITS[self]


_UNITS = {
    SensorClass.TEMPERATURE: "celsius",
    SensorClass.VOLTAGE: "volts",
    SensorClass.CURRENT: "amperes",
    SensorClass.POWER: "watts",
    SensorClass.DBM: "dBm",
    SensorClass.LOAD: "percent",
    SensorClass.CHARGE: "percent",
    SensorClass.CPU: "percent",
    SensorClass.MEMORY: "percent",
    SensorClass.RUNTIME: "seconds",
    SensorClass.SIGNAL: "dBm",
    SensorClass.SNR: "dB",
    SensorClass.QUALITY: "percent",
    SensorClass.CLIENTS: "clients",
    SensorClass.FANSPEED: "rpm",
    SensorClass.HUMIDITY: "percent",
    SensorClass.FREQUENCY: "hertz",
    SensorClass.RATE: "bit/s",
    SensorClass.DISTANCE: "metres",
    SensorClass.STATE: "state",
}


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """SNMPv2-MIB system and what tells that the shape changed; None where the device does not answer."""

    object_id: str = ""
    description: str = ""
    name: str = ""
    uptime_ticks: int | None = None
    if_number: int | None = None
    table_last_change: int | None = None


@dataclass(frozen=True, slots=True)
class InterfaceFacts:
    """One row of IF-MIB. `name` is unique on the device and is what an interface is known by.

    index: ifIndex, may change with a reboot. speed_bps: 0 or None where the device does not say. counter_bits: 64 only
    if ifHCInOctets answered, 0 if there are no counters. has_high_speed, has_speed: ifHighSpeed or ifSpeed may be
    polled for it. polled: False for interfaces that are not worth polling by the profile (sessions that come and go).
    """

    index: int
    name: str
    description: str = ""
    alias: str = ""
    type: int | None = None
    mac: str = ""
    speed_bps: int | None = None
    admin_status: int | None = None
    oper_status: int | None = None
    in_octets: int | None = None
    out_octets: int | None = None
    in_errors: int | None = None
    out_errors: int | None = None
    in_discards: int | None = None
    out_discards: int | None = None
    counter_bits: int = 0
    has_high_speed: bool = False
    has_speed: bool = False
    has_discontinuity: bool = False
    polled: bool = True


@dataclass(frozen=True, slots=True)
class SensorFacts:
    """One thing that can be read. `value` is its reading at discovery, None for 'no reading' just then.

    less: whole OIDs whose raw values are taken off before conversion (memory that is only cache).
    """

    class_: SensorClass
    name: str
    index: str
    table: str
    oid: str
    kind: Kind
    conversion: Conversion
    value: float | None = None
    interface: str = ""
    less: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NeighbourFacts:
    """Who is seen at the other end of an interface. protocol: lldp, cdp or mndp."""

    protocol: str
    local_interface: str = ""
    chassis_id: str = ""
    port_id: str = ""
    sys_name: str = ""


@dataclass(frozen=True, slots=True)
class OnuFacts:
    """One ONU as its OLT tells it. Powers in dBm, distance in metres; None for 'no reading'."""

    olt_port: str
    onu_id: str
    serial: str = ""
    state: str | None = None
    last_down_cause: str | None = None
    rx_dbm: float | None = None
    tx_dbm: float | None = None
    distance_m: float | None = None


@dataclass(frozen=True, slots=True)
class TableError:
    """A table that was not read whole; it costs nothing else. lost: the answer is missing, not the table."""

    table: str
    reason: str
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Discovery:
    """One device asked once. `platform` names the profile it was read by."""

    address: str
    system: SystemFacts
    vendor: str = ""
    platform: str = ""
    model: str = ""
    version: str = ""
    serial: str = ""
    interfaces: tuple[InterfaceFacts, ...] = ()
    sensors: tuple[SensorFacts, ...] = ()
    neighbours: tuple[NeighbourFacts, ...] = ()
    onus: tuple[OnuFacts, ...] = ()
    errors: tuple[TableError, ...] = ()
    implausible: int = 0

    @property
    def whole(self) -> bool:
        """False if an answer was lost: the device may have more than was found."""
        return not any(error.lost for error in self.errors)
