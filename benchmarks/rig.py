"""The service's own poller, driven by a plain loop: no HTTP, no jobs, no writing of changes, no discovery.

Everything a poll goes through is the service's: schedule, sweep, counters, readings, samples, states, ledger.
"""

import select
import time

import numpy as np
from numpy.typing import NDArray

from benchmarks.stopwatch import Stopwatch
from collectors.snmp.sweep import SweepLimits
from exporters.exposition import Page
from kentongan.installation import Installation
from kentongan.run.memory import give_back_memory, keep_large_apart
from kentongan.run.service import Service

FLAT_OUT = SweepLimits(in_flight=4096, polls_per_second=float("inf"))
STAGES = ("schedule", "send", "receive", "secure", "decode", "counters", "samples", "detect", "scrape", "rest")
STAGE_WORDS = {
    "schedule": "who is due, what may begin",
    "send": "requests stamped, sendmmsg",
    "receive": "recvmmsg",
    "secure": "SNMPv3: messages signed and encrypted, verified and deciphered",
    "decode": "answers checked and read, deadlines, polls gathered into a sweep, raw values to readings",
    "counters": "deltas, wraps, gaps, exported totals",
    "samples": "what a poll leaves for the next scrape",
    "detect": "states, restarts, changed shapes, outcomes and cost of each device",
    "scrape": "the text of everything",
    "rest": "the loop",
}


class Rig:
    """`start`, then `run_flat_out` or `run_paced`."""

    def __init__(self, installation: Installation, limits: SweepLimits | None = None) -> None:
        self.service = service = Service(installation)
        if limits:
            service.sweeper._limits = limits
        self.clock = service.clock
        self.tally = service.tally
        self.sweeper = service.sweeper
        self.page = Page(
            service.renderer, lambda: service.ledger.table(service.board.codes), lambda: b"", service.clock
        )
        self.changes = 0

    def start(self) -> None:
        """Read the inventory, open the poller's socket. Devices keep their plans: nobody is discovered again."""
        service = self.service
        service.sweeper.start()
        keep_large_apart()
        service.takeover.apply(service.takeover.read())
        give_back_memory()
        for device in self.devices.tolist():
            service.looks.remove(device)

    def stop(self) -> None:
        self.sweeper.stop()

    @property
    def devices(self) -> NDArray[np.int64]:
        return np.arange(self.service.fleet.size)

    def watch(self, watch: Stopwatch) -> None:
        """Put the clock at the seams."""
        service, sweeper = self.service, self.sweeper
        pipeline = service.pipeline
        for owner, methods, stage in (
            (service.polls, ("due", "claim", "finished"), "schedule"),
            (sweeper, ("begin",), "schedule"),
            (sweeper, ("step",), "decode"),
            (sweeper._sender, ("send",), "send"),
            (sweeper._datagrams, ("receive",), "receive"),
            (sweeper._lane, ("seal", "open"), "secure"),
            (pipeline.counters, ("advance",), "counters"),
            (pipeline.decoder, ("read",), "decode"),
            (service.renderer, ("render",), "samples"),
            (service.board, ("observe_sweep", "step"), "detect"),
            (service.ledger, ("note_sweep",), "detect"),
            (service.allowance, ("spend",), "detect"),
            (pipeline.shapes, ("changed",), "detect"),
            (self, ("scrape",), "scrape"),
        ):
            for method in methods:
                watch.watch(owner, method, stage)

    def scrape(self) -> int:
        """Everything, as Prometheus would get it; the process's own few lines left out. Returns octets of text."""
        return sum(len(piece) for piece in self.page.begin())

    def turn(self) -> None:
        """One wake-up."""
        self.changes += len(self.service.tick.turn(self.clock.now()).changes)

    def leave_schedule(self) -> None:
        """From now on devices are asked only by `run_flat_out`."""
        for device in self.devices.tolist():
            self.service.polls.remove(device)

    def run_flat_out(self, rest_seconds: float = 0.0) -> None:
        """Poll every device once, as fast as the window allows. rest: slept between turns."""
        sweeper = self.sweeper
        wanted = self.tally.polls + len(self.devices)
        self.service.tick._begin_polls(self.devices, self.clock.now())
        while True:
            self.turn()
            if self.tally.polls >= wanted or not (sweeper.in_flight or sweeper.queued):
                return
            if rest_seconds:
                time.sleep(rest_seconds)
            else:
                select.select([sweeper], [], [], 0.05)

    def run_paced(self, seconds: float, wake_seconds: float) -> None:
        """Wake up at even times for so long."""
        began = time.monotonic()
        count = round(seconds / wake_seconds)
        for number in range(1, count + 1):
            self.turn()
            time.sleep(max(0.0, began + number * wake_seconds - time.monotonic()))
