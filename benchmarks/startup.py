"""From a database to polling: a country's devices read and ready, and every region of Indonesia loaded.

The database is SQLite on this machine's disk, freshly written, so that its pages are in the page cache.
"""

import argparse
import asyncio
import json
import sys
import time

from benchmarks import machine, workload
from benchmarks.office import installation
from kentongan.installation import Installation
from kentongan.run.service import Service

DEVICES = 83_762


def regions(made: Installation) -> dict[str, object]:
    """Every shipped region into the database, then all of them out of it."""
    began = time.perf_counter()
    count = made.regions.load_all()
    loaded = time.perf_counter() - began
    began = time.perf_counter()
    found = len(made.regions.within(""))
    return {
        "regions": count,
        "loadSeconds": round(loaded, 2),
        "readSeconds": round(time.perf_counter() - began, 2),
        "readBack": found,
    }


async def ready(made: Installation) -> dict[str, object]:
    """The service's own start: inventory, credentials, plans, states, schedule, sockets; the first tick is due."""
    began, cpu = time.perf_counter(), machine.cpu_seconds()
    service = Service(made)
    await service.start()
    seconds, cpu = time.perf_counter() - began, machine.cpu_seconds() - cpu
    planned = int((service.fleet.count[: service.fleet.size] > 0).sum())
    figures: dict[str, object] = {
        "devices": len(service.roster),
        "withPlan": planned,
        "scheduled": len(service.polls),
        "cells": int(service.fleet.count.sum()),
        "readySeconds": round(seconds, 2),
        "readyCpuSeconds": round(cpu, 2),
        "residentMebibytes": round(machine.resident_mebibytes(), 1),
    }
    await service.stop()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=DEVICES)
    options = parser.parse_args()
    machine.pin(machine.POLLER_CORE)
    with installation(options.devices, 9, workload.COMMUNITY) as made:
        figures = asyncio.run(ready(made))
        figures |= regions(made)
    json.dump(figures, sys.stdout, default=int)


if __name__ == "__main__":
    main()
