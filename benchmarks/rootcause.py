"""A country's outage explained: 10,000 of its devices dark at once, then one more event at a time.

Every village of the country has a router at its PoP; the 7,277 PoPs of kecamatan stand in rings that end at both cores
of their kabupaten, the cores of 514 kabupaten hang on two in the capital. Each village shares the ring's first cable
with its neighbours and one of three power feeders with its kecamatan. Everything is watched, nothing is polled here.
"""

import argparse
import gc
import json
import random
import statistics
import sys
import time

import numpy as np

from alerts.rootcause import Light, NetworkGraph, RootCause
from benchmarks import machine
from domain.incidents import CauseKind
from domain.network import Device, Inventory, Link, Medium, PowerSource, Role, Segment, SegmentKind, Site, SiteKind

VILLAGES, DISTRICTS, REGENCIES = 83_762, 7_277, 514
DARK = 10_000
EVENTS = 400


def country(villages: int = VILLAGES) -> Inventory:
    """Sites, devices, links, cables and feeders of so many villages, in the country's proportions."""
    share = villages / VILLAGES
    regencies = max(1, round(REGENCIES * share))
    districts = max(regencies, round(DISTRICTS * share))
    made = _Country()
    made.site("pusat", SiteKind.DATACENTER)
    for number in (1, 2):
        made.device(f"inti-{number}", "pusat")
    made.link("fo-inti", "inti-1", "inti-2")
    district = village = 0
    for regency in range(regencies):
        site = made.site(f"kab-{regency:03d}", SiteKind.POP)
        ends = [made.device(f"{site}-{number}", site, up=(f"inti-{number}",)) for number in (1, 2)]
        made.link(f"fo-{site}", *ends)
        for number, end in enumerate(ends, 1):
            made.link(f"fo-{end}", f"inti-{number}", end, made.cable(f"k-{end}"))
        until = round(districts * (regency + 1) / regencies)
        ring = []
        while district < until:
            ring.append(f"kec-{district:04d}")
            district += 1
        before = ends[0]
        for name in ring:
            made.site(name, SiteKind.POP, made.feeder(f"p-{name}-0"), (PowerSource.PLN, PowerSource.UPS))
            made.device(name, name, up=(before,))
            made.link(f"fo-{before}-{name}", before, name, made.cable(f"k-{name}-1"), made.cable(f"k-{name}-2"))
            before = name
        made.link(f"fo-{before}-{ends[1]}", before, ends[1], made.cable(f"k-{site}-z"))
        for at, name in enumerate(ring):
            until_village = round(villages * (district - len(ring) + at + 1) / districts)
            while village < until_village:
                made.village(f"desa-{village:05d}", name, f"p-{name}-{village % 3}", f"k-{name}-1")
                village += 1
    return made.inventory()


class _Country:
    def __init__(self) -> None:
        self.sites: list[Site] = []
        self.devices: list[Device] = []
        self.links: list[Link] = []
        self.segments: dict[str, Segment] = {}

    def site(
        self, slug: str, kind: SiteKind, feeder: str = "", power: tuple[PowerSource, ...] = (PowerSource.PLN,)
    ) -> str:
        self.sites.append(Site(slug, slug, kind, power=power, power_feeder=feeder))
        return slug

    def device(self, name: str, site: str, up: tuple[str, ...] = ()) -> str:
        self.devices.append(Device(name, site, Role.ROUTER, uplink=up))
        return name

    def link(self, name: str, a: str, z: str, *segments: str) -> None:
        self.links.append(Link(name, a, z_device=z, medium=Medium.FIBRE, segments=segments))

    def cable(self, name: str) -> str:
        self.segments.setdefault(name, Segment(name, SegmentKind.CABLE))
        return name

    def feeder(self, name: str) -> str:
        self.segments.setdefault(name, Segment(name, SegmentKind.FEEDER))
        return name

    def village(self, slug: str, pop: str, feeder: str, shared: str) -> None:
        self.site(slug, SiteKind.DESA, self.feeder(feeder))
        self.device(f"rtr-{slug}", slug, up=(pop,))
        self.link(f"fo-{slug}", f"rtr-{slug}", pop, shared, self.cable(f"k-{slug}"))

    def inventory(self) -> Inventory:
        return Inventory(
            sites=tuple(self.sites),
            devices=tuple(self.devices),
            links=tuple(self.links),
            segments=tuple(self.segments.values()),
        )


def dark_sets(graph: NetworkGraph, count: int, rng: random.Random) -> dict[str, list[int]]:
    """Three ways to lose so many: whole stretches of rings, power feeders, villages each for a reason of its own."""
    villages = [node for node in range(graph.size) if graph.names[node].startswith("rtr-desa")]
    of_district: dict[int, list[int]] = {}
    for node in villages:
        of_district.setdefault(graph.neighbour[graph.start[node]], []).append(node)
    districts = sorted(of_district)
    stretches: set[int] = set()
    while len(stretches) < count:
        first = rng.randrange(len(districts) - 6)
        for pop in districts[first : first + 6]:
            stretches.update((pop, *of_district[pop]))
    feeders: set[int] = set()
    powered = [number for number, kind in enumerate(graph.causes.kind) if kind is CauseKind.FEEDER]
    while len(feeders) < count:
        feeders.update(graph.causes.nodes[rng.choice(powered)])
    return {
        "stretches": sorted(stretches)[:count],
        "feeders": sorted(feeders)[:count],
        "apart": sorted(rng.sample(villages, count)),
    }


def measure(villages: int, dark: int, events: int, seed: int = 1) -> dict[str, object]:
    rng = random.Random(seed)
    inventory = country(villages)
    gc.collect()
    before = machine.resident_mebibytes()
    began = time.perf_counter()
    graph = NetworkGraph.of(inventory)
    made = time.perf_counter() - began
    gc.collect()
    gc.freeze()  # what lasts as long as the process is not for the collector to walk through
    figures: dict[str, object] = {
        "sites": len(inventory.sites),
        "devices": graph.size,
        "edges": len(graph.edge_a),
        "causes": len(graph.causes),
        "graphSeconds": round(made, 2),
        "inventoryMebibytes": round(before, 1),
    }
    for name, nodes in dark_sets(graph, dark, rng).items():
        figures[name] = _storm(graph, nodes, events, rng)
    figures["peakMebibytes"] = round(machine.peak_mebibytes(), 1)
    return figures


def _storm(graph: NetworkGraph, dark: list[int], events: int, rng: random.Random) -> dict[str, object]:
    cause = RootCause(graph)
    cause.change(np.arange(graph.size), Light.LIT)
    cause.explanations()
    fallen = np.array(dark)
    gc.collect()
    began, cpu = time.perf_counter(), time.process_time()
    cause.change(fallen, Light.DARK)
    explained = cause.explanations()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    took, cpu_took = [], []
    state = set(dark)
    for _ in range(events):
        light, node = Light.DARK, rng.randrange(graph.size)
        if node in state or rng.random() < 0.3:
            # only what stands at the border of the dark can be the next to return
            light, node = Light.LIT, graph.index[rng.choice(rng.choice(cause.explanations()).roots)]
        (state.add if light is Light.DARK else state.discard)(node)
        began, cpu_before = time.perf_counter(), time.process_time()
        cause.change((node,), light)
        cause.explanations()
        took.append((time.perf_counter() - began) * 1e3)
        cpu_took.append((time.process_time() - cpu_before) * 1e3)
    took.sort()
    return {
        "dark": len(dark),
        "explanations": len(explained),
        "explainedSeconds": round(seconds, 3),
        "explainedCpuSeconds": round(cpu, 3),
        "eventMedianMilliseconds": round(statistics.median(took), 3),
        "eventP99Milliseconds": round(took[int(len(took) * 0.99)], 3),
        "eventWorstMilliseconds": round(took[-1], 3),
        "eventP99CpuMilliseconds": round(sorted(cpu_took)[int(len(cpu_took) * 0.99)], 3),
        "eventWorstCpuMilliseconds": round(max(cpu_took), 3),
        "residentMebibytes": round(machine.resident_mebibytes(), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--villages", type=int, default=VILLAGES)
    parser.add_argument("--dark", type=int, default=DARK)
    parser.add_argument("--events", type=int, default=EVENTS)
    options = parser.parse_args()
    machine.pin(machine.POLLER_CORE)
    json.dump(measure(options.villages, options.dark, options.events), sys.stdout, default=int)


if __name__ == "__main__":
    main()
