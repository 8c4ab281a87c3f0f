"""What a scrape of a million samples costs: `python -m benchmarks.exposition` prints JSON.

8,200 devices of 122 values (12 interfaces), 5 % of the devices with values missing, every sample with its timestamp.
`take_in` is what a poll costs, `write` what a scrape costs, both of one thread's CPU time; no network in it.
"""

import json
import platform
import resource
import sys
import time
import zlib
from collections.abc import Callable
from statistics import median

import numpy as np

from domain.polling import Budget, Column, Fleet, Kind, Outcome, PlanBook, Sweep
from exporters.exposition import Renderer

DEVICES, INTERFACES, INCOMPLETE = 8200, 12, 0.05
COUNTERS = ("ifHCInOctets", "ifHCOutOctets", "ifInErrors", "ifOutErrors", "ifInDiscards", "ifOutDiscards")
GAUGES = ("ifOperStatus", "ifAdminStatus", "ifHighSpeed", "sensor.temperature")


def columns() -> list[Column]:
    found = [Column("1.3.6.1.2.1.1.3.0", Kind.TIMETICKS, "system", "sysUpTime")]
    found.append(Column("1.3.6.1.4.1.9.1.1", Kind.GAUGE32, "health", "sensor.cpu", "cpu"))
    for quantities, kind in ((COUNTERS, Kind.COUNTER64), (GAUGES, Kind.GAUGE32)):
        for quantity in quantities:
            for port in range(1, INTERFACES + 1):
                oid = f"1.3.6.1.2.1.31.1.1.1.{len(quantity)}.{port}"
                found.append(Column(oid, kind, "interfaces", quantity, f"ether{port}"))
    return found


def sweep_of(fleet: Fleet, devices: range, rng: np.random.Generator) -> Sweep:
    n, width = len(devices), int(fleet.count[devices[0]])
    device = np.arange(devices.start, devices.stop)
    valid = np.ones((n, width), np.bool_)
    holes = rng.random(n) < INCOMPLETE
    valid[holes, 10:22] = False
    now = time.time() + rng.random(n)
    return Sweep(
        device=device,
        generation=fleet.generation[device],
        outcome=np.where(holes, Outcome.PARTIAL, Outcome.OK).astype(np.uint8),
        started=np.full(n, 100.0),
        answered_at=now,
        answered_steady=np.full(n, 100.1),
        round_trip=np.full(n, 0.05),
        attempts=np.ones(n, np.int64),
        bytes_used=np.full(n, 2700),
        row=np.repeat(np.arange(n), width),
        cell=(fleet.start[device][:, None] + np.arange(width)).reshape(-1),
        raw=np.zeros(n * width, np.uint64),
        valid=valid.reshape(-1),
    )


def cpu_seconds(work: Callable[[], object], rounds: int = 5) -> float:
    taken = []
    for _ in range(rounds):
        before = time.thread_time()
        work()
        taken.append(time.thread_time() - before)
    return median(taken)


def drain(renderer: Renderer, compress: bool = False) -> int:
    packer, size = zlib.compressobj(1, wbits=31), 0
    for chunk in renderer.chunks(110.0):
        size += len(packer.compress(chunk)) if compress else len(chunk)
    return size


def resident() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    rng = np.random.default_rng(7)
    fleet, plans = Fleet(), PlanBook()
    plan = plans.intern(columns(), Budget())
    renderer = Renderer(fleet)
    began = time.thread_time()
    for number in range(DEVICES):
        renderer.prepare(fleet.put(f"desa-{number:05d}-rtr", plan), zone="pwk", interval_seconds=60)
    prepared = time.thread_time() - began
    sweep = sweep_of(fleet, range(DEVICES), rng)
    totals = rng.integers(0, 2**42, len(sweep.cell)).astype(np.uint64)
    readings = rng.integers(0, 1000, len(sweep.cell)) / 10
    tv = np.ones(len(sweep.cell), np.bool_)
    small = sweep_of(fleet, range(16), rng)
    cells = len(small.cell)
    held = resident()
    renderer.render(sweep, totals, tv, readings)
    began = time.thread_time()
    drain(renderer)
    first = time.thread_time() - began
    samples = sum(1 for chunk in renderer.chunks(110.0) for line in chunk.splitlines() if not line.startswith(b"#"))
    take_in = cpu_seconds(lambda: renderer.render(sweep, totals, tv, readings))
    take_in_small = cpu_seconds(lambda: renderer.render(small, totals[:cells], tv[:cells], readings[:cells]), 101)
    write = cpu_seconds(lambda: drain(renderer))
    packed = cpu_seconds(lambda: drain(renderer, compress=True), 3)
    figures = {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "devices": DEVICES,
        "samples": samples,
        "prepareSeconds": round(prepared, 4),
        "firstWriteSeconds": round(first, 4),
        "writeSeconds": round(write, 4),
        "writeMicrosecondsPerSample": round(write / samples * 1e6, 4),
        "writeGzipSeconds": round(packed, 4),
        "takeInSeconds": round(take_in, 4),
        "takeInMicrosecondsPerSample": round(take_in / samples * 1e6, 4),
        "takeInMicrosecondsPerDeviceInBatchesOf16": round(take_in_small / 16 * 1e6, 3),
        "textBytes": drain(renderer),
        "gzipBytes": drain(renderer, compress=True),
        "rendererBytes": renderer.nbytes,
        "peakResidentBytesAdded": resident() - held,
    }
    json.dump(figures, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
