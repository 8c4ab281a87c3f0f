"""A UPS with a card of UPS-MIB (RFC 1628, 1.3.6.1.2.1.33): one line in, one out; tenths of volts and amperes."""

import random

from lab.world import ber
from lab.world.mibs.apc import LOW_CHARGE, battery_decivolts, charge, fed, on_battery, seconds_left
from lab.world.table import Rows, Value
from lab.world.wiring import Node

_UPS = "1.3.6.1.2.1.33.1"
_NORMAL, _LOW = 2, 3
_FROM_MAINS, _FROM_BATTERY = 3, 5


def add(rows: Rows, node: Node) -> None:
    rng = random.Random(f"ups:{node.device.name}")
    phase, load = rng.random(), rng.randint(9, 46)
    for row, words in (
        (1, "GENEREX"),
        (2, node.model.name),
        (3, "01.20"),
        (4, "CS141-SNMP V2.10"),
        (5, node.device.name),
    ):
        rows.scalar(f"{_UPS}.1.{row}", ber.octets(words))
    rows.scalar(f"{_UPS}.2.1", lambda view: ber.integer(_LOW if charge(view) < LOW_CHARGE else _NORMAL))
    rows.scalar(f"{_UPS}.2.2", lambda view: ber.integer(round(view.power.seconds_on_battery(view.now))))
    rows.scalar(f"{_UPS}.2.3", lambda view: ber.integer(round(seconds_left(view) / 60)))
    rows.scalar(f"{_UPS}.2.4", lambda view: ber.integer(round(100 * charge(view))))
    rows.scalar(f"{_UPS}.2.5", lambda view: ber.integer(round(2 * battery_decivolts(view))))
    rows.scalar(f"{_UPS}.2.6", lambda view: ber.integer(load * 2 if on_battery(view) else 0))
    rows.scalar(f"{_UPS}.2.7", _wave(27, 2, 86_400, phase))
    rows.scalar(f"{_UPS}.3.1", lambda view: ber.counter32(view.power.blackouts))
    rows.scalar(f"{_UPS}.3.2", ber.integer(1))
    rows.add(f"{_UPS}.3.3.1.2", (1,), fed(_wave(500, 1, 900, phase)))
    rows.add(f"{_UPS}.3.3.1.3", (1,), fed(_wave(224, 6, 5_400, phase)))
    rows.add(f"{_UPS}.3.3.1.4", (1,), fed(_wave(load / 5, 2, 1_200, phase)))
    rows.add(f"{_UPS}.3.3.1.5", (1,), fed(_wave(load * 10, 20, 1_200, phase)))
    rows.scalar(f"{_UPS}.4.1", lambda view: ber.integer(_FROM_BATTERY if on_battery(view) else _FROM_MAINS))
    rows.scalar(f"{_UPS}.4.2", ber.integer(500))
    rows.scalar(f"{_UPS}.4.3", ber.integer(1))
    rows.add(f"{_UPS}.4.4.1.2", (1,), _wave(228, 3, 5_400, phase))
    rows.add(f"{_UPS}.4.4.1.3", (1,), _wave(load / 5, 2, 1_200, phase))
    rows.add(f"{_UPS}.4.4.1.4", (1,), _wave(load * 9, 20, 1_200, phase))
    rows.add(f"{_UPS}.4.4.1.5", (1,), _wave(load, 2, 1_200, phase))
    rows.scalar(f"{_UPS}.6.1", lambda view: ber.gauge32(int(on_battery(view)) + int(charge(view) < LOW_CHARGE)))


def _wave(mean: float, swing: float, period_seconds: float, phase: float) -> Value:
    return lambda view: ber.integer(round(mean + swing * view.sway(period_seconds, phase)))
