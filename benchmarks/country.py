"""Every village of the country has a router: 83,762 devices asked every minute, by one process.

The agents answer after 25 to 75 ms and lose 2 % of the round trips. Every sample is kept, as for a scrape; nothing is
rendered, because a country is scraped by zone. A round before the measured ones fills the memory.
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

DEVICES = 83_762
INTERVAL = 60.0
SETTLING_SECONDS = 5.0
DELAY_MILLISECONDS, JITTER_MILLISECONDS, LOSS_PERCENT = 25, 50, 2


def measure(port: int, devices: int, rounds: int, wake_seconds: float, interval: float = INTERVAL) -> dict[str, object]:
    with installation(devices, port, workload.COMMUNITY, interval_seconds=interval) as made:
        rig = Rig(made)
        rig.start()
        try:
            return _run(rig, rounds, wake_seconds, interval)
        finally:
            rig.stop()


def _run(rig: Rig, rounds: int, wake_seconds: float, interval: float) -> dict[str, object]:
    service, tally, counts = rig.service, rig.tally, rig.sweeper.counts
    gc.collect()
    rig.run_paced(interval + SETTLING_SECONDS, wake_seconds)
    watch = Stopwatch()
    rig.watch(watch)
    watch.reset()
    polls, lost, values, retries = tally.polls, tally.polls_lost, tally.values, counts.retries
    late, skipped = service.polls.late, service.polls.skipped
    shares, cpu_all, wall_all = [], 0.0, 0.0
    for _round in range(rounds):
        cpu, wall = machine.cpu_seconds(), time.perf_counter()
        rig.run_paced(interval, wake_seconds)
        cpu, wall = machine.cpu_seconds() - cpu, time.perf_counter() - wall
        shares.append(round(cpu / wall, 4))
        cpu_all, wall_all = cpu_all + cpu, wall_all + wall
    stages = watch.stop()
    done = tally.polls - polls
    return {
        "devices": service.fleet.size,
        "rounds": rounds,
        "wakeSeconds": wake_seconds,
        "coreShare": round(cpu_all / wall_all, 4),
        "coreShares": shares,
        "microseconds": round(cpu_all / done * 1e6, 1),
        "stages": {stage: round(stages.get(stage, 0.0) / done * 1e6, 2) for stage in STAGES},
        "polls": done,
        "pollsLost": tally.polls_lost - lost,
        "pollsLostWarmingUp": lost,
        "pollsLate": service.polls.late - late,
        "pollsSkipped": service.polls.skipped - skipped,
        "valuesPerPoll": round((tally.values - values) / done, 2),
        "retries": counts.retries - retries,
        "answersLate": counts.late,
        "receiveBufferDrops": rig.sweeper.receive_drops,
        "residentMebibytes": round(machine.resident_mebibytes(), 1),
        "peakMebibytes": round(machine.peak_mebibytes(), 1),
        "cells": service.fleet.capacity,
        "series": service.renderer.series,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=19162)
    parser.add_argument("--devices", type=int, default=DEVICES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--wake", type=float, default=PollingSettings().wake_seconds)
    parser.add_argument("--interval", type=float, default=INTERVAL)
    options = parser.parse_args()
    machine.pin(machine.POLLER_CORE)
    with responding(
        options.port,
        delay_milliseconds=DELAY_MILLISECONDS,
        jitter_milliseconds=JITTER_MILLISECONDS,
        loss_percent=LOSS_PERCENT,
    ):
        figures = measure(options.port, options.devices, options.rounds, options.wake, options.interval)
    json.dump(figures, sys.stdout, default=int)


if __name__ == "__main__":
    main()
