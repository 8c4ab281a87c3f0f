"""A Linux server with net-snmp: HOST-RESOURCES-MIB (RFC 2790), UCD-SNMP-MIB and a temperature of LM-SENSORS-MIB."""

import random

from lab.world import ber
from lab.world.table import Rows, Value
from lab.world.view import View
from lab.world.wiring import Node

_STORAGE = "1.3.6.1.2.1.25.2.3.1"
_MEMORY = "1.3.6.1.4.1.2021.4"
_LOAD = "1.3.6.1.4.1.2021.10.1"
_CPU = "1.3.6.1.4.1.2021.11"
_SENSORS = "1.3.6.1.4.1.2021.13.16.2.1"
_CORES = 8
_RAM_KIB = 65_536_000
_TYPES = {"ram": 2, "virtual": 3, "disk": 4, "other": 1}


def add(rows: Rows, node: Node) -> None:
    rng = random.Random(f"host:{node.device.name}")
    phase, busy, used = rng.random(), rng.uniform(8, 30), rng.uniform(0.4, 0.75)
    rows.scalar("1.3.6.1.2.1.25.1.1", lambda view: ber.timeticks(view.ticks + 4_200))
    rows.scalar("1.3.6.1.2.1.25.1.6", _wave(310, 12, 500, phase))
    rows.scalar("1.3.6.1.2.1.25.2.2", ber.integer(_RAM_KIB))
    for row, kind, name, unit, size, share in (
        (1, "ram", "Physical memory", 1_024, _RAM_KIB, used),
        (3, "virtual", "Virtual memory", 1_024, _RAM_KIB + 8_388_604, used * 0.9),
        (6, "other", "Memory buffers", 1_024, _RAM_KIB, 0.01),
        (10, "virtual", "Swap space", 1_024, 8_388_604, 0.02),
        (36, "disk", "/", 4_096, 26_000_000, rng.uniform(0.3, 0.8)),
        (37, "disk", "/srv", 4_096, 240_000_000, rng.uniform(0.2, 0.9)),
    ):
        rows.add(f"{_STORAGE}.1", (row,), ber.integer(row))
        rows.add(f"{_STORAGE}.2", (row,), ber.oid((*ber.parse_oid("1.3.6.1.2.1.25.2.1"), _TYPES[kind])))
        rows.add(f"{_STORAGE}.3", (row,), ber.octets(name))
        rows.add(f"{_STORAGE}.4", (row,), ber.integer(unit))
        rows.add(f"{_STORAGE}.5", (row,), ber.integer(size))
        rows.add(f"{_STORAGE}.6", (row,), _wave(size * share, size * 0.01, 9_000, phase))
    for core in range(196_608, 196_608 + _CORES):
        rows.add("1.3.6.1.2.1.25.3.2.1.1", (core,), ber.integer(core))
        rows.add("1.3.6.1.2.1.25.3.2.1.2", (core,), ber.oid(ber.parse_oid("1.3.6.1.2.1.25.3.1.3")))
        rows.add("1.3.6.1.2.1.25.3.2.1.3", (core,), ber.octets("GenuineIntel: Intel(R) Xeon(R) Silver 4314"))
        rows.add("1.3.6.1.2.1.25.3.3.1.1", (core,), ber.oid((0, 0)))
        rows.add("1.3.6.1.2.1.25.3.3.1.2", (core,), _busy(busy, phase + core * 0.13))
    _add_ucd(rows, used, busy, phase)


def _add_ucd(rows: Rows, used: float, busy: float, phase: float) -> None:
    for column, kib in ((3, 8_388_604), (4, 8_220_000), (5, _RAM_KIB), (14, 655_000), (15, 9_800_000)):
        rows.scalar(f"{_MEMORY}.{column}", ber.integer(kib))
    rows.scalar(f"{_MEMORY}.6", _wave(_RAM_KIB * (1 - used), _RAM_KIB * 0.01, 9_000, phase))
    for row, name, period in ((1, "Load-1", 200.0), (2, "Load-5", 900.0), (3, "Load-15", 2_700.0)):
        rows.add(f"{_LOAD}.1", (row,), ber.integer(row))
        rows.add(f"{_LOAD}.2", (row,), ber.octets(name))
        rows.add(f"{_LOAD}.3", (row,), _load(busy, period, phase))
    rows.scalar(f"{_CPU}.9", _busy(busy * 0.7, phase))
    rows.scalar(f"{_CPU}.10", _busy(busy * 0.3, phase))
    rows.scalar(f"{_CPU}.11", lambda view: ber.integer(100 - round(_share(view, busy, phase))))
    rows.add(f"{_SENSORS}.1", (1,), ber.integer(1))
    rows.add(f"{_SENSORS}.2", (1,), ber.octets("Package id 0"))
    rows.add(f"{_SENSORS}.3", (1,), lambda view: ber.gauge32(round(1000 * (44 + 5 * view.daylight))))


def _share(view: View, busy: float, phase: float) -> float:
    return min(99.0, busy * (1.2 + 0.6 * view.daylight + 0.4 * view.sway(240, phase)))


def _busy(busy: float, phase: float) -> Value:
    return lambda view: ber.integer(round(_share(view, busy, phase)))


def _load(busy: float, period_seconds: float, phase: float) -> Value:
    return lambda view: ber.octets(
        f"{busy / 12 * (1.1 + 0.6 * view.daylight + 0.3 * view.sway(period_seconds, phase)):.2f}"
    )


def _wave(mean: float, swing: float, period_seconds: float, phase: float) -> Value:
    return lambda view: ber.integer(round(mean + swing * view.sway(period_seconds, phase)))
