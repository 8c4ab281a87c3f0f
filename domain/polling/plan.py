"""What is asked of a device at every poll: columns of instances known from discovery, no walks.

A plan is shared by all devices that answer alike: intern it with `PlanBook`, compare plans by identity afterwards.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from math import inf


class Kind(IntEnum):
    """What the raw 64 bits of a cell mean (RFC 2578 types)."""

    INTEGER = 0  # signed, two's complement
    COUNTER32 = 1
    COUNTER64 = 2
    GAUGE32 = 3
    TIMETICKS = 4
    TEXT = 5  # a fingerprint of the octets; the octets themselves travel beside


class Form(Enum):
    """How a raw value becomes a reading before scale and offset apply."""

    LINEAR = "linear"
    MILLIWATT_TO_DBM = "milliwatt-to-dbm"  # 10·log10(raw·scale), scale giving mW
    TEXT_NUMBER = "text-number"  # the first number in the text
    TEXT_DBM = "text-dbm"  # the number before 'dBm' in the text
    TEXT_PERCENT = "text-percent"  # the number before the first '%' in the text
    TEXT_MILLIWATT = "text-milliwatt"  # the first number in the text, in mW, to dBm
    TEXT_LEAST = "text-least"  # the least of several numbers in the text, such as those of an optical module's lanes
    DBM_OR_MICROWATT = "dbm-or-microwatt"  # negative: raw·scale dBm; positive: microwatts (Huawei VRP does both)
    ZTE_OPTICAL = "zte-optical"  # 16-bit two's complement above 30000, see vendors.md 4.1


@dataclass(frozen=True, slots=True)
class Conversion:
    """Raw value → reading: `form(raw)·scale + offset`; absent when raw is in `absent` or the reading is outside
    `low…high` (then masked and counted, never shown)."""

    scale: float = 1.0
    offset: float = 0.0
    low: float = -inf
    high: float = inf
    absent: tuple[int, ...] = ()
    form: Form = Form.LINEAR


AS_IT_IS = Conversion()


@dataclass(frozen=True, slots=True)
class Column:
    """One instance to read.

    oid: the whole instance, dotted, no leading dot. table: the unit that fails alone (`system`, `interfaces`,
    `optics`…). quantity: the name the metric catalogue knows it by. instance: interface (ifName) or sensor name.
    interface: the interface a sensor sits on, or ''. port_bps: speed of the port, for counters of octets only.
    less: at most two OIDs of the same plan whose raw values are taken off before conversion.
    """

    oid: str
    kind: Kind
    table: str
    quantity: str
    instance: str = ""
    interface: str = ""
    conversion: Conversion = AS_IT_IS
    port_bps: float = inf
    less: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be asked of a model: polling may never hurt a device.

    varbinds: most per request. pause_seconds: rest between two requests to one device. max_repetitions: of walks.
    table_seconds: table → least seconds between two polls of it (an OLT's ONU optics: 3600).
    """

    varbinds: int = 40
    pause_seconds: float = 0.0
    max_repetitions: int = 20
    table_seconds: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The columns of one poll in the order they are asked. Equality is identity: see `PlanBook`."""

    columns: tuple[Column, ...]
    budget: Budget = field(default=Budget())

    def find(self, quantity: str) -> tuple[int, ...]:
        """The columns of one quantity, by position."""
        return tuple(i for i, column in enumerate(self.columns) if column.quantity == quantity)


class PlanBook:
    """Hands out one Plan object for all devices with equal columns and budget, so that they share templates."""

    def __init__(self) -> None:
        self._plans: dict[tuple[tuple[Column, ...], Budget], Plan] = {}

    def __len__(self) -> int:
        return len(self._plans)

    def intern(self, columns: Iterable[Column], budget: Budget) -> Plan:
        key = (tuple(columns), budget)
        return self._plans.setdefault(key, Plan(*key))
