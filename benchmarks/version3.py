"""SNMPv3 authPriv (SHA-1, AES-128): 10,000 devices asked every minute by the service.

Every device has an engine id of its own. A round as fast as it goes before the measured ones finds the engines and
derives their keys.
"""

import argparse
import gc
import json
import sys
import time

from benchmarks import machine, workload
from benchmarks.office import installation
from benchmarks.responder import responding
from benchmarks.rig import STAGES, Rig
from benchmarks.stopwatch import Stopwatch
from kentongan.settings.sections.watching import PollingSettings

DEVICES = 10_000
INTERVAL = 60.0


def measure(rig: Rig, rounds: int, wake_seconds: float, interval: float) -> dict[str, object]:
    tally = rig.tally
    rig.run_flat_out()
    rig.run_paced(min(5.0, interval), wake_seconds)
    watch = Stopwatch()
    rig.watch(watch)
    gc.collect()
    watch.reset()
    polls, lost, values = tally.polls, tally.polls_lost, tally.values
    shares, cpu_all, wall_all = [], 0.0, 0.0
    for _round in range(rounds):
        cpu, wall = machine.cpu_seconds(), time.perf_counter()
        rig.run_paced(interval, wake_seconds)
        cpu, wall = machine.cpu_seconds() - cpu, time.perf_counter() - wall
        shares.append(round(cpu / wall, 4))
        cpu_all, wall_all = cpu_all + cpu, wall_all + wall
    done = tally.polls - polls
    spent = watch.stop()
    return {
        "devices": rig.service.fleet.size,
        "rounds": rounds,
        "wakeSeconds": wake_seconds,
        "coreShare": round(cpu_all / wall_all, 4),
        "coreShares": shares,
        "microseconds": round(cpu_all / max(done, 1) * 1e6, 1),
        "stages": {stage: round(spent.get(stage, 0.0) / max(done, 1) * 1e6, 1) for stage in STAGES},
        "polls": done,
        "pollsLost": tally.polls_lost - lost,
        "valuesPerPoll": round((tally.values - values) / max(done, 1), 2),
        "residentMebibytes": round(machine.resident_mebibytes(), 1),
    }


def run(port: int, devices: int, rounds: int, wake_seconds: float, interval: float) -> dict[str, object]:
    with installation(devices, port, workload.USER, interval_seconds=interval) as made:
        rig = Rig(made)
        rig.start()
        try:
            return measure(rig, rounds, wake_seconds, interval)
        finally:
            rig.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=19163)
    parser.add_argument("--devices", type=int, default=DEVICES)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--wake", type=float, default=PollingSettings().wake_seconds)
    parser.add_argument("--interval", type=float, default=INTERVAL)
    options = parser.parse_args()
    machine.pin(machine.POLLER_CORE)
    with responding(options.port):
        figures = run(options.port, options.devices, options.rounds, options.wake, options.interval)
    json.dump(figures, sys.stdout, default=int)


if __name__ == "__main__":
    main()
