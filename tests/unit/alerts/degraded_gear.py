"""Devices for the tests of what is degraded: readings and counters are handed in, a clock is pushed by hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import inf, nan

import numpy as np

from alerts.degraded import DegradedWatch, Threshold, load_thresholds
from alerts.states import StateBoard
from domain.incidents import Cause, CauseKind, Condition
from domain.network import Check, Device, Inventory, Link, PollClassName, Role, Site, SiteKind
from domain.polling import DEFAULT_CLASSES, Column, Fleet, Kind, PingRound, Plan, Sweep
from domain.polling.counters import CounterBook
from domain.time import Moment

UP = 4
EPOCH = 1_790_000_000.0
UPTIME = Column("1.3.1.0", Kind.TIMETICKS, "system", "sysUpTime")


def sensor(class_: str, name: str, interface: str = "") -> Column:
    return Column(f"1.3.{class_}.{name}.{interface}", Kind.INTEGER, "health", f"sensor.{class_}", name, interface)


def counter(quantity: str, interface: str, bps: float = inf) -> Column:
    return Column(
        f"1.3.{quantity}.{interface}", Kind.COUNTER64, "interfaces", quantity, interface, interface, port_bps=bps
    )


def device(name: str, role: Role = Role.ROUTER, site: str = "desa-a") -> Device:
    return Device(name, site, role, address="127.0.0.1")


SITES = (
    Site("dc", "Data centre", SiteKind.DATACENTER),
    Site("desa-a", "Desa A", SiteKind.DESA),
    Site("desa-b", "Desa B", SiteKind.DESA),
)


def link(name: str, a: tuple[str, str], z: tuple[str, str] = ("", ""), **fields: object) -> Link:
    return Link(name, a[0], a[1], z[0], z[1], **fields)  # type: ignore[arg-type]


@dataclass
class Gear:
    """plans: by device name. `poll` hands in one answer of one device, `ping` one round."""

    plans: Mapping[str, tuple[Column, ...]]
    devices: tuple[Device, ...]
    links: tuple[Link, ...] = ()
    thresholds: tuple[Threshold, ...] = field(default_factory=load_thresholds)
    seconds: float = 1000.0
    counted: float = 0.0
    wrong: float = 0.0

    def __post_init__(self) -> None:
        self.fleet = Fleet()
        self.board = StateBoard(self.fleet)
        self.counters = CounterBook(self.fleet)
        self.watch = DegradedWatch(self.fleet, self.board, self.thresholds)
        for each in self.devices:
            columns = self.plans.get(each.name)
            self.fleet.put(each.name, Plan((UPTIME, *columns)) if columns is not None else None)
            index = self.fleet.index(each.name)
            self.board.put(index, Check.ICMP_SNMP, DEFAULT_CLASSES[PollClassName.FIBRE], self.now)
        self.inventory = Inventory(sites=SITES, devices=self.devices, links=self.links)
        self.watch.know(self.inventory)

    @property
    def now(self) -> Moment:
        return Moment(self.seconds, EPOCH + self.seconds)

    def plan(self, name: str, columns: Iterable[Column]) -> None:
        self.fleet.put(name, Plan((UPTIME, *columns)))

    def sweep(self, answers: Mapping[str, Iterable[float]]) -> tuple[Sweep, np.ndarray]:
        """Values in the order of the plan; NaN for 'no reading'."""
        device = np.array([self.fleet.index(name) for name in answers], np.int64)
        row, cell, value = [], [], []
        for number, (name, values) in enumerate(answers.items()):
            start = int(self.fleet.start[self.fleet.index(name)])
            for place, one in enumerate((100 * self.seconds, *values)):
                row.append(number)
                cell.append(start + place)
                value.append(one)
        readings = np.array(value, np.float64)
        n = len(device)
        raw = np.nan_to_num(np.maximum(readings, 0)).astype(np.uint64)
        at = np.full(n, self.seconds)
        return Sweep(
            device, self.fleet.generation[device], np.zeros(n, np.uint8), at, at + EPOCH, at, np.zeros(n),
            np.ones(n, np.int64), np.ones(n, np.int64), np.array(row, np.int64), np.array(cell, np.int64), raw,
            ~np.isnan(readings),
        ), readings  # fmt: skip

    def poll(self, name: str, *values: float) -> None:
        sweep, readings = self.sweep({name: values})
        self.watch.note_sweep(sweep, readings, self.counters.advance(sweep))
        self.board.observe_sweep(sweep, self.now)

    def polls(self, count: int, name: str, *values: float, every: float = 60.0) -> None:
        for _ in range(count):
            self.seconds += every
            self.poll(name, *values)

    def ping(self, trips: Mapping[str, float | None]) -> None:
        device = np.array([self.fleet.index(name) for name in trips], np.int64)
        rtt = np.array([nan if trip is None else trip for trip in trips.values()])
        pings = PingRound(device, EPOCH + self.seconds, rtt, self.seconds)
        self.board.observe_pings(pings, self.now)
        if np.isnan(rtt).any() or (self.board.codes != UP).any():
            self.board.step(self.now)
        self.watch.note_pings(pings, self.now)

    def pings(self, count: int, trips: Mapping[str, float | None], every: float = 20.0) -> None:
        for _ in range(count):
            self.seconds += every
            self.ping(trips)

    def told(self) -> set[tuple[str, str, str]]:
        """Cause's kind and name, and reason, of each fault."""
        faults = self.watch.faults(self.now)
        assert all(key == fault.key and key[0] is Condition.DEGRADED for key, fault in faults.items())
        return {(key[1].kind.value, key[1].name, key[2]) for key in faults}

    def fault(self, kind: CauseKind, name: str, reason: str):  # type: ignore[no-untyped-def]
        return self.watch.faults(self.now)[Condition.DEGRADED, Cause(kind, name), reason]
