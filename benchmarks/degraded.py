"""What watching for degraded devices costs a sweep and a round of echoes."""

import argparse
import json
import sys
from math import nan
from time import perf_counter, process_time

import numpy as np

from alerts.degraded import DegradedWatch, load_thresholds
from alerts.states import StateBoard
from benchmarks import machine
from domain.network import Check, Device, Inventory, Link, PollClassName, Role, Site, SiteKind
from domain.polling import DEFAULT_CLASSES, Column, Fleet, Kind, PingRound, Plan, Sweep
from domain.polling.counters import CounterBook
from domain.time import Moment

PORTS, ROUNDS, STARTED = 10, 30, 1_790_000_000.0
COUNTERS = (
    *("ifHCInOctets", "ifHCOutOctets"),
    *("ifInErrors", "ifOutErrors", "ifInDiscards", "ifOutDiscards"),
)
STATES = ("ifOperStatus", "ifAdminStatus", "ifHighSpeed", "ifIndex")
SENSORS = ("temperature", "voltage", "dbm", "dbm", "current", "state", "cpu", "memory", "state", "runtime")


def plan() -> Plan:
    """121 columns: sysUpTime, ten ports of ten columns, two sets of ten sensors."""
    columns = [Column("1.3.1.0", Kind.TIMETICKS, "system", "sysUpTime")]
    for port in range(PORTS):
        name = f"ether{port}"
        asked = [*((each, Kind.COUNTER64) for each in COUNTERS), *((each, Kind.INTEGER) for each in STATES)]
        columns += [Column(f"1.3.{each}.{port}", kind, "interfaces", each, name, name) for each, kind in asked]
    for number in range(20):
        class_ = SENSORS[number % len(SENSORS)]
        name = f"{class_} {number} {'Rx' if number % 2 else 'Tx'}"
        columns.append(
            Column(f"1.3.9.{number}", Kind.INTEGER, "health", f"sensor.{class_}", name, f"ether{number % 10}")
        )
    return Plan(tuple(columns))


def measure(devices: int) -> dict[str, object]:
    fleet = Fleet()
    board, counters = StateBoard(fleet), CounterBook(fleet)
    watch = DegradedWatch(fleet, board, load_thresholds())
    shape, names = plan(), [f"r{number}" for number in range(devices)]
    for name in names:
        fleet.put(name, shape)
        board.put(fleet.index(name), Check.ICMP_SNMP, DEFAULT_CLASSES[PollClassName.FIBRE], Moment(0.0, STARTED))
    inventory = Inventory(
        sites=(Site("a", "A", SiteKind.DESA),),
        devices=tuple(Device(name, "a", Role.ROUTER, address="127.0.0.1") for name in names),
        links=tuple(Link(f"FO {name}", name, "ether1", capacity_mbps=100.0) for name in names),
    )
    watch.know(inventory)
    index = np.arange(devices)
    width = len(shape.columns)
    row, cell = np.repeat(index, width), (fleet.start[index][:, None] + np.arange(width)).ravel()
    kinds = np.array([column.kind for column in shape.columns])
    counting, ticks = kinds == Kind.COUNTER64, kinds == Kind.TIMETICKS
    grown = np.array([6e6 if column.quantity in COUNTERS[:2] else 0.0 for column in shape.columns])
    sweeps, echoes = [], []
    rng = np.random.default_rng(1)
    for number in range(ROUNDS):
        at = 1000.0 + 60 * number
        value = np.tile(np.where(counting, number * grown, np.where(ticks, at * 100, 15.0)), devices)
        readings = value + rng.normal(0, 0.1, len(value)) * np.tile(~counting & ~ticks, devices)
        ats = np.full(devices, at)
        sweep = Sweep(
            index, fleet.generation[index], np.zeros(devices, np.uint8), ats, ats + STARTED, ats, ats * 0 + 0.002,
            index * 0 + 1, index * 0 + 1, row, cell, value.astype(np.uint64), np.ones(len(cell), np.bool_),
        )  # fmt: skip
        advance = counters.advance(sweep)
        board.observe_sweep(sweep, Moment(at, STARTED + at))
        fleet.columns(sweep)  # the rooms before have asked for it
        began = process_time()
        watch.note_sweep(sweep, readings, advance)
        sweeps.append(process_time() - began)
        trips = np.where(rng.random(devices) < 0.001, nan, 0.002 * rng.uniform(0.9, 1.2, devices))
        pings = PingRound(index, STARTED + at, trips, at)
        board.observe_pings(pings, Moment(at, STARTED + at))
        board.step(Moment(at, STARTED + at))
        began = process_time()
        watch.note_pings(pings, Moment(at, STARTED + at))
        echoes.append(process_time() - began)
    now = Moment(1000.0 + 60 * ROUNDS, STARTED)
    watch.faults(now)
    began = perf_counter()
    for _ in range(1000):
        watch.faults(now)
    unchanged = (perf_counter() - began) / 1000
    return {
        "devices": devices,
        "values": width,
        "rounds": ROUNDS,
        "firstSweepMicroseconds": round(1e6 * sweeps[0] / devices, 2),
        "sweepMicroseconds": round(float(1e6 * np.median(sweeps[1:]) / devices), 2),
        "echoMicroseconds": round(float(1e6 * np.median(echoes[1:]) / devices), 3),
        "unchangedMicroseconds": round(1e6 * unchanged, 1),
        "faults": sum(watch.metrics().values()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=5000)
    machine.pin(machine.POLLER_CORE)
    json.dump(measure(parser.parse_args().devices), sys.stdout, default=int)


if __name__ == "__main__":
    main()
