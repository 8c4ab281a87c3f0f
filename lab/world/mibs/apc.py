"""An APC UPS with a network card: PowerNet-MIB (E.318.1.1.1), high-precision columns in tenths."""

import random

from lab.world import ber
from lab.world.table import Rows, Value
from lab.world.wiring import Node

_UPS = "1.3.6.1.4.1.318.1.1.1"
_ON_LINE, _BATTERY_OK, _NO_REPLACEMENT = ber.integer(2), ber.integer(2), ber.integer(1)


def add(rows: Rows, node: Node) -> None:
    rng = random.Random(f"apc:{node.device.name}")
    phase, load, minutes = rng.random(), rng.randint(90, 460), rng.randint(18, 70)
    rows.scalar(f"{_UPS}.1.1.1", ber.octets(node.model.name))
    rows.scalar(f"{_UPS}.1.2.1", ber.octets("UPS 15.0 (ID18)"))
    rows.scalar(f"{_UPS}.1.2.3", ber.octets(node.device.serial))
    rows.scalar(f"{_UPS}.2.1.1", _BATTERY_OK)
    rows.scalar(f"{_UPS}.2.1.2", ber.timeticks(0))
    rows.scalar(f"{_UPS}.2.2.1", ber.gauge32(100))
    rows.scalar(f"{_UPS}.2.2.3", lambda view: ber.timeticks(minutes * 6_000 + round(9_000 * view.sway(4_000, phase))))
    rows.scalar(f"{_UPS}.2.2.4", _NO_REPLACEMENT)
    rows.scalar(f"{_UPS}.2.3.1", ber.gauge32(1_000))
    rows.scalar(f"{_UPS}.2.3.2", _wave(276, 22, 86_400, phase))
    rows.scalar(f"{_UPS}.2.3.4", _wave(274, 2, 3_000, phase))
    rows.scalar(f"{_UPS}.3.2.5", ber.integer(9))  # last transfer: self test
    rows.scalar(f"{_UPS}.3.3.1", _wave(2_240, 70, 5_400, phase))
    rows.scalar(f"{_UPS}.3.3.4", _wave(500, 1, 900, phase))
    rows.scalar(f"{_UPS}.4.1.1", _ON_LINE)
    rows.scalar(f"{_UPS}.4.3.1", _wave(2_235, 60, 5_400, phase))
    rows.scalar(f"{_UPS}.4.3.2", _wave(500, 1, 900, phase))
    rows.scalar(f"{_UPS}.4.3.3", _wave(load, 25, 1_200, phase))
    rows.scalar(f"{_UPS}.4.3.4", _wave(load / 20, 2, 1_200, phase))


def _wave(mean: float, swing: float, period_seconds: float, phase: float) -> Value:
    return lambda view: ber.gauge32(round(mean + swing * view.sway(period_seconds, phase)))
