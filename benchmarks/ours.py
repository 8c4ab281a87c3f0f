"""The whole path of Kentongan in a process of its own: CPU for each device at full speed or paced, by stage."""

import argparse
import json
import sys
import time
from dataclasses import dataclass

from benchmarks import machine, workload
from benchmarks.office import installation
from benchmarks.rig import FLAT_OUT, STAGES, Rig
from benchmarks.stopwatch import Stopwatch


@dataclass(frozen=True, slots=True)
class Round:
    """One measured round."""

    polls: int
    cpu_seconds: float
    wall_seconds: float
    stages: dict[str, float]


def flat_out(port: int, devices: int, rounds: int, rest_seconds: float = 0.0) -> dict[str, object]:
    """Every device polled `rounds` times as fast as it goes, a scrape of everything at the end of each round."""
    with installation(devices, port, workload.COMMUNITY) as made:
        rig = Rig(made, FLAT_OUT)
        rig.start()
        rig.leave_schedule()
        rig.run_flat_out(rest_seconds)
        rig.scrape()
        watch = Stopwatch()
        rig.watch(watch)
        found = []
        text = 0
        for _round in range(rounds):
            polls = rig.tally.polls
            watch.reset()
            cpu, wall = machine.cpu_seconds(), time.perf_counter()
            rig.run_flat_out(rest_seconds)
            text = rig.scrape()
            cpu, wall = machine.cpu_seconds() - cpu, time.perf_counter() - wall
            found.append(Round(rig.tally.polls - polls, cpu, wall, watch.stop()))
        return _figures(rig, found, text)


def paced(port: int, devices: int, seconds: float, wake_seconds: float) -> dict[str, object]:
    """Every device once in `seconds`, evenly, and one scrape of everything at the end. A round before warms up."""
    with installation(devices, port, workload.COMMUNITY, interval_seconds=seconds) as made:
        rig = Rig(made)
        rig.start()
        rig.run_flat_out()
        rig.scrape()
        rig.run_paced(2.0, wake_seconds)
        watch = Stopwatch()
        rig.watch(watch)
        watch.reset()
        polls = rig.tally.polls
        cpu, wall = machine.cpu_seconds(), time.perf_counter()
        rig.run_paced(seconds, wake_seconds)
        text = rig.scrape()
        cpu, wall = machine.cpu_seconds() - cpu, time.perf_counter() - wall
        figures = _figures(rig, [Round(rig.tally.polls - polls, cpu, wall, watch.stop())], text)
        return figures | {"wakeSeconds": wake_seconds, "coreShare": round(cpu / wall, 4)}


def _figures(rig: Rig, rounds: list[Round], text: int) -> dict[str, object]:
    rounds = sorted(rounds, key=lambda one: one.cpu_seconds / one.polls)
    middle = rounds[len(rounds) // 2]
    each = [round(one.cpu_seconds / one.polls * 1e6, 2) for one in rounds]
    stages = {stage: round(middle.stages.get(stage, 0.0) / middle.polls * 1e6, 2) for stage in STAGES}
    service, tally = rig.service, rig.tally
    return {
        "devices": service.fleet.size,
        "microseconds": each[len(each) // 2],
        "microsecondsEach": each,
        "pollsPerSecond": round(middle.polls / middle.wall_seconds),
        "stages": stages,
        "polls": tally.polls,
        "pollsLost": tally.polls_lost,
        "pollsLate": service.polls.late,
        "valuesPerPoll": round(tally.values / max(tally.polls, 1), 2),
        "retries": rig.sweeper.counts.retries,
        "scrapeBytes": text,
        "series": service.renderer.series,
        "residentMebibytes": round(machine.resident_mebibytes(), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--devices", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rest", type=float, default=0.0)
    parser.add_argument("--paced", type=float, default=0.0)
    parser.add_argument("--wake", type=float, default=0.1)
    options = parser.parse_args()
    machine.pin(machine.POLLER_CORE)
    if options.paced:
        figures = paced(options.port, options.devices, options.paced, options.wake)
    else:
        figures = flat_out(options.port, options.devices, options.rounds, options.rest)
    json.dump(figures, sys.stdout, default=int)


if __name__ == "__main__":
    main()
