"""The only function that knows all rooms: what becomes of a sweep, of a round of pings, of the time that goes by.

Pure of I/O: what must be written, asked again or discovered is returned.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alerts.detect import InterfaceChange, InterfaceWatch
from alerts.states import StateBoard
from collectors.allowance import Allowance
from collectors.decode import Decoder
from domain.polling import Fleet, Outcome, PingRound, Sweep
from domain.polling.classes import ECHO_BYTES
from domain.polling.counters import CounterAdvance, CounterBook, Verdict
from domain.polling.distinct import distinct
from domain.time import Moment
from exporters.exposition import Renderer
from kentongan.run.ledger import Ledger
from kentongan.run.shapes import ShapeWatch
from kentongan.run.tally import Tally


@dataclass(frozen=True, slots=True)
class Handled:
    """What a sweep asks for. look_at: devices whose shape is to be found out again at once.

    readings: one for each cell of the sweep, NaN for none. advance: of its counters.
    """

    look_at: NDArray[np.int64]
    readings: NDArray[np.float64]
    advance: CounterAdvance
    interfaces: tuple[InterfaceChange, ...]


@dataclass(slots=True)
class Pipeline:
    """What a poll goes through after the collectors, in this order."""

    fleet: Fleet
    counters: CounterBook
    decoder: Decoder
    renderer: Renderer
    board: StateBoard
    ledger: Ledger
    allowance: Allowance
    shapes: ShapeWatch
    interfaces: InterfaceWatch
    tally: Tally
    implausible: int = 0

    def handle(self, sweep: Sweep, now: Moment) -> Handled:
        """Take a sweep through all rooms."""
        advance = self.counters.advance(sweep)
        readings = self.decoder.read(sweep)
        self.implausible += readings.implausible
        totals = np.zeros(len(sweep.cell), np.uint64)
        totals[advance.position] = advance.total
        counted = np.zeros(len(sweep.cell), np.bool_)
        counted[advance.position] = advance.verdict <= Verdict.FIRST  # a gap is a missing sample, not an old value
        self.renderer.render(sweep, totals, counted, readings.value)
        self.board.observe_sweep(sweep, now)
        self.ledger.note_sweep(sweep)
        self.allowance.spend(sweep.device, sweep.bytes_used)
        self.tally.polls += len(sweep)
        self.tally.polls_lost += int((sweep.outcome == Outcome.SILENT).sum())
        self.tally.values += int(sweep.valid.sum())
        return Handled(
            look_at=distinct(self.shapes.changed(sweep), sweep.device[advance.restarted]),
            readings=readings.value,
            advance=advance,
            interfaces=self.interfaces.changes(sweep),
        )

    def handle_pings(self, pings: PingRound, now: Moment) -> None:
        self.board.observe_pings(pings, now)
        cost = np.where(np.isnan(pings.rtt_seconds), ECHO_BYTES, 2 * ECHO_BYTES)
        self.ledger.note_pings(pings, cost)
        self.allowance.spend(pings.device, cost)
        self.tally.echoes += len(pings.device)
        self.tally.echoes_lost += int(np.isnan(pings.rtt_seconds).sum())
