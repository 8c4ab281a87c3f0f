"""A Python library as a poller in a process of its own: what one poll of the workload costs it."""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence

from benchmarks import machine, workload
from benchmarks.pacing import Drive, Poll


async def measure(
    poll: Poll, addresses: Sequence[str], at_once: int, paced_seconds: float, warm_up: int
) -> dict[str, object]:
    """The first `warm_up` devices are polled once before, flat out: sessions are opened in it."""
    await Drive(poll).flat_out(addresses[:warm_up], at_once)
    drive = Drive(poll)
    cpu, wall = machine.cpu_seconds(), time.perf_counter()
    if paced_seconds:
        await drive.paced(addresses, paced_seconds)
    else:
        await drive.flat_out(addresses, at_once)
    cpu, wall = machine.cpu_seconds() - cpu, time.perf_counter() - wall
    return {
        "devices": len(addresses),
        "microseconds": round(cpu / drive.polls * 1e6, 1),
        "pollsPerSecond": round(drive.polls / wall),
        "coreShare": round(cpu / wall, 4),
        "pollsLost": drive.lost,
        "valuesPerPoll": round(drive.values / drive.polls, 2),
        "atOnce": at_once,
        "residentMebibytes": round(machine.peak_mebibytes(), 1),
    }


def run(make_poll: "type[PollerOf]", description: str) -> None:
    """The command line of a peer."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--devices", type=int, required=True)
    parser.add_argument("--at-once", type=int, default=64)
    parser.add_argument("--paced", type=float, default=0.0)
    parser.add_argument("--warm-up", type=int, default=100_000)
    options = parser.parse_args()
    machine.pin(machine.POLLER_CORE)
    machine.allow_many_files(options.devices + 1024)
    addresses = list(workload.addresses(options.devices))

    async def main() -> dict[str, object]:
        return await measure(make_poll(options.port).poll, addresses, options.at_once, options.paced, options.warm_up)

    json.dump(asyncio.run(main()), sys.stdout)
    sys.stdout.flush()


class PollerOf:
    """One library, asked for the three requests of the workload."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.instances = workload.instances()

    async def poll(self, address: str) -> int:
        raise NotImplementedError
