"""From a database to the first decision: a country's network, a tenth of it dark, incidents open, the process anew.

Measured is what the engine needs: reading inventory, states and open incidents, making the graph, explaining who is
dark, and the first step of the desk. Then the same engine takes a storm: as many more dark at once, and one more event
at a time, through states, root cause, desk and telling. Nothing is polled; memory is the process's own.
"""

import argparse
import gc
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from alerts.desk import DeskRules
from alerts.detect import InterfaceWatch
from alerts.dispatch.directory import Directory
from alerts.dispatch.dispatcher import Dispatcher
from alerts.dispatch.routing import Routing
from alerts.dispatch.timing import Timing
from alerts.dispatch.writing import Addresses, Writer
from alerts.rootcause import NetworkGraph
from alerts.states import StateBoard
from alerts.texts import Wording
from benchmarks import machine
from benchmarks.rootcause import DARK, VILLAGES, country, dark_sets
from domain.incidents import Cause, CauseKind, Condition, Incident, Member, Urgency, incident_id
from domain.network import Check, Inventory, PollClassName, Topology
from domain.polling import DEFAULT_CLASSES, Fleet, PingRound
from domain.states import State, StateChange
from domain.time import Moment
from kentongan.installation import Installation
from kentongan.run.memory import give_back_memory, keep_large_apart
from kentongan.run.outage import OutageDesk
from kentongan.settings import load_settings

CLASS = DEFAULT_CLASSES[PollClassName.FIBRE]
WEBHOOK = "webhook:bench"
EVENTS = 40
BEGAN = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def fill(made: Installation, villages: int, dark: int) -> None:
    """A country as it was kept: everybody up but `dark` devices, the incident of each broken cable open."""
    inventory = country(villages)
    made.inventory.write([*inventory.sites, *inventory.segments, *inventory.devices, *inventory.links])
    graph = NetworkGraph.of(inventory)
    fallen = {graph.names[node] for node in dark_sets(graph, dark, random.Random(1))["stretches"]}
    words = {True: (State.DOWN, "icmp-silent"), False: (State.UP, "answers")}
    states = [
        StateChange(BEGAN, device.name, State.UNKNOWN, *words[device.name in fallen]) for device in inventory.devices
    ]
    made.states.apply(states)
    by_pop: dict[str, list[str]] = {}
    for device in inventory.devices:
        if device.name in fallen:
            by_pop.setdefault((device.uplink or (device.name,))[0], []).append(device.name)
    made.incidents.save([_incident(pop, names) for pop, names in sorted(by_pop.items())])


def _incident(pop: str, names: list[str]) -> Incident:
    cause = Cause(CauseKind.DEVICE, pop)
    id_ = incident_id(cause, Condition.OUTAGE, "silent", BEGAN)
    members = tuple(Member(name, BEGAN) for name in names)
    return Incident(id_, Condition.OUTAGE, cause, "silent", Urgency.PAGE, BEGAN, BEGAN, members)


class Engine:
    """The engine of a service, told by hand who answers. Asked at `at` steady seconds."""

    def __init__(self, inventory: Inventory) -> None:
        zone = ZoneInfo("Asia/Jakarta")
        self.fleet, self.at = Fleet(), 1000.0
        self.board = StateBoard(self.fleet)
        for device in inventory.devices:
            self.board.put(self.fleet.put(device.name, None), Check.ICMP, CLASS, self.now)
        directory, writer = Directory(Inventory(), {}), Writer(Wording("id", zone), Addresses())
        dispatcher = Dispatcher(Routing(()), directory, writer, Timing(zone=zone), (WEBHOOK,))
        self.outage = OutageDesk(self.fleet, self.board, InterfaceWatch(self.fleet), DeskRules(), dispatcher)
        self.outage.know(inventory, Topology.without_circles(inventory.devices), {}, Routing(()))
        self.down = np.zeros(len(self.fleet), np.bool_)

    @property
    def now(self) -> Moment:
        return Moment(self.at, BEGAN.timestamp() + self.at)

    def ping(self, devices: np.ndarray) -> None:
        rtt = np.where(self.down[devices], np.nan, 0.01)
        self.board.observe_pings(PingRound(devices, self.now.unix_seconds, rtt, self.at), self.now)

    def turn(self) -> float:
        """Returns its CPU in milliseconds."""
        cpu = time.process_time()
        self.outage.turn(self.now, blind=False)
        return 1e3 * (time.process_time() - cpu)

    def turns_for(self, seconds: float) -> list[float]:
        """As often as it wants to be asked, four times a second at most."""
        end, took = self.at + seconds, []
        while self.at < end:
            took.append(self.turn())
            self.at = min(end, max(self.at + 0.25, self.outage.engine.wakes_at))
        return took


def restart(made: Installation) -> tuple[Engine, dict[str, object]]:
    keep_large_apart()  # as the service does
    began, cpu = time.perf_counter(), time.process_time()
    inventory = made.inventory.read()
    read = time.perf_counter() - began
    engine = Engine(inventory)
    engine.board.restore(made.states.read())
    open_ = made.incidents.open()
    engine.outage.restore(open_, (), {}, engine.now)
    give_back_memory()
    engine.turn()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    explained = len(engine.outage.engine.cause.explanations())
    return engine, {
        "devices": len(engine.fleet),
        "dark": int((engine.board.light < 0).sum()),
        "openIncidents": len(open_),
        "explanations": explained,
        "readSeconds": round(read, 2),
        "decidedSeconds": round(seconds, 2),
        "decidedCpuSeconds": round(cpu, 2),
        "residentMebibytes": round(machine.resident_mebibytes(), 1),
    }


def storm(engine: Engine, dark: int, events: int) -> dict[str, object]:
    """`dark` more at once, told; then one device more at a time."""
    everybody = np.arange(len(engine.fleet))
    engine.down = engine.board.light < 0
    graph = engine.outage.engine.cause.graph
    rng = random.Random(2)
    for node in dark_sets(graph, dark, rng)["feeders"]:
        engine.down[engine.fleet.index(graph.names[node])] = True
    gc.collect()
    gc.freeze()
    took = []
    for _miss in range(CLASS.icmp_misses + 1):
        engine.ping(everybody)
        took += engine.turns_for(CLASS.icmp_seconds)
    took += engine.turns_for(120)
    single = []
    for _event in range(events):
        device = np.array([rng.choice(np.flatnonzero(~engine.down).tolist())])
        engine.down[device] = True
        for _miss in range(CLASS.icmp_misses):
            engine.at += CLASS.icmp_seconds
            engine.turn()
            engine.ping(device)
        single.append(engine.turn())
    return {
        "fellAtOnce": dark,
        "openAfter": len(engine.outage.desk.open),
        "longestTurnCpuMilliseconds": round(max(took), 1),
        "oneMoreMedianCpuMilliseconds": round(statistics.median(single), 2),
        "oneMoreWorstCpuMilliseconds": round(max(single), 2),
        "peakMebibytes": round(machine.peak_mebibytes(), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--villages", type=int, default=VILLAGES)
    parser.add_argument("--dark", type=int, default=DARK)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--fill", type=Path, help=argparse.SUPPRESS)  # of the process that makes the database
    options = parser.parse_args()
    if options.fill:
        with Installation(load_settings(options.fill, environment={}), "bench").prepare() as made:
            fill(made, options.villages, options.dark)
        return
    machine.pin(machine.POLLER_CORE)
    with tempfile.TemporaryDirectory(prefix="kentongan-bench-") as folder:
        file = Path(folder) / "kentongan.toml"
        file.write_text('[log]\nlevel = "warning"\n', encoding="utf-8")
        sizes = ["--villages", str(options.villages), "--dark", str(options.dark)]
        subprocess.run([sys.executable, "-m", "benchmarks.restart", "--fill", str(file), *sizes], check=True)
        with Installation(load_settings(file, environment={}), "bench").open() as made:
            engine, figures = restart(made)
        figures |= storm(engine, options.dark, options.events)
    json.dump(figures, sys.stdout, default=int)


if __name__ == "__main__":
    main()
