"""An APC UPS with a network card: PowerNet-MIB (E.318.1.1.1), high-precision columns in tenths.

While the site lives on its battery, the card says so, counts the seconds, and its charge and its minutes fall.
"""

import random

from lab.world import ber
from lab.world.power import Supply
from lab.world.table import Rows, Value
from lab.world.view import View
from lab.world.wiring import Node

_UPS = "1.3.6.1.4.1.318.1.1.1"
_ON_LINE, _ON_BATTERY = 2, 3
_BATTERY_OK, _BATTERY_LOW = 2, 3
_BLACKOUT, _SELF_TEST = 4, 9
LOW_CHARGE = 0.15


def add(rows: Rows, node: Node) -> None:
    rng = random.Random(f"apc:{node.device.name}")
    phase, load = rng.random(), rng.randint(90, 460)
    rows.scalar(f"{_UPS}.1.1.1", ber.octets(node.model.name))
    rows.scalar(f"{_UPS}.1.2.1", ber.octets("UPS 15.0 (ID18)"))
    rows.scalar(f"{_UPS}.1.2.3", ber.octets(node.device.serial))
    rows.scalar(f"{_UPS}.2.1.1", lambda view: ber.integer(_BATTERY_LOW if charge(view) < LOW_CHARGE else _BATTERY_OK))
    rows.scalar(f"{_UPS}.2.1.2", lambda view: ber.timeticks(round(100 * view.power.seconds_on_battery(view.now))))
    rows.scalar(f"{_UPS}.2.2.1", lambda view: ber.gauge32(round(100 * charge(view))))
    rows.scalar(
        f"{_UPS}.2.2.3", lambda view: ber.timeticks(round(100 * seconds_left(view) * (1 + _small(view, phase))))
    )
    rows.scalar(f"{_UPS}.2.2.4", ber.integer(1))  # no replacement needed
    rows.scalar(f"{_UPS}.2.3.1", lambda view: ber.gauge32(round(1_000 * charge(view))))
    rows.scalar(f"{_UPS}.2.3.2", _wave(276, 22, 86_400, phase))
    rows.scalar(f"{_UPS}.2.3.4", lambda view: ber.gauge32(round(battery_decivolts(view))))
    rows.scalar(f"{_UPS}.3.2.5", lambda view: ber.integer(_BLACKOUT if view.power.blackouts else _SELF_TEST))
    rows.scalar(f"{_UPS}.3.3.1", fed(_wave(2_240, 70, 5_400, phase)))
    rows.scalar(f"{_UPS}.3.3.4", fed(_wave(500, 1, 900, phase)))
    rows.scalar(f"{_UPS}.4.1.1", lambda view: ber.integer(_ON_BATTERY if on_battery(view) else _ON_LINE))
    rows.scalar(f"{_UPS}.4.3.1", _wave(2_235, 60, 5_400, phase))
    rows.scalar(f"{_UPS}.4.3.2", _wave(500, 1, 900, phase))
    rows.scalar(f"{_UPS}.4.3.3", _wave(load, 25, 1_200, phase))
    rows.scalar(f"{_UPS}.4.3.4", _wave(load / 20, 2, 1_200, phase))


def on_battery(view: View) -> bool:
    return view.supply is Supply.BATTERY


def charge(view: View) -> float:
    return view.power.charge_at(view.now)


def seconds_left(view: View) -> float:
    return charge(view) * view.power.hold_seconds


def battery_decivolts(view: View) -> float:
    """27.4 V afloat; under load 25.6 V full to 21 V empty."""
    return 210 + 46 * charge(view) if on_battery(view) else 274


def fed(value: Value) -> Value:
    """The value while there are mains or a generator, nought else."""

    def make(view: View) -> bytes | None:
        if on_battery(view):
            return ber.gauge32(0)
        return value if isinstance(value, bytes) else value(view)

    return make


def _small(view: View, phase: float) -> float:
    return 0.02 * view.sway(4_000, phase)


def _wave(mean: float, swing: float, period_seconds: float, phase: float) -> Value:
    return lambda view: ber.gauge32(round(mean + swing * view.sway(period_seconds, phase)))
