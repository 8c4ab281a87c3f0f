"""One turn of the service: ask who is due, take what came, decide, hand on. Never waits, never writes."""

from time import perf_counter

import numpy as np
import structlog
from numpy.typing import NDArray

from alerts.detect import InterfaceChange
from alerts.states import Step
from collectors.ownpath import OwnPath
from collectors.schedule import Schedule
from collectors.snmp.sweep import Sweeper
from domain.network import Topology
from domain.polling import Fleet, Outcome, concatenate
from domain.time import Moment
from kentongan.pipeline import Pipeline
from kentongan.run.discovering import Discoverer, Found
from kentongan.run.echoes import Echoes
from kentongan.run.members import Members
from kentongan.run.roster import Roster
from kentongan.run.singles import Singles

log = structlog.get_logger(__name__)

TOLD_AT_ONCE = 20
POLL_SHARE = 0.8  # of the interval: all attempts of a poll end within it, so that the next one finds the device free


class Tick:
    """Wires the collectors to the pipeline. `turn` does all of it once."""

    def __init__(
        self,
        fleet: Fleet,
        roster: Roster,
        members: Members,
        polls: Schedule,
        looks: Schedule,
        sweeper: Sweeper,
        singles: Singles,
        echoes: Echoes,
        discoverer: Discoverer,
        own_path: OwnPath,
        pipeline: Pipeline,
    ) -> None:
        self._fleet = fleet
        self._roster = roster
        self._members = members
        self._polls = polls
        self._looks = looks
        self._sweeper = sweeper
        self._singles = singles
        self._echoes = echoes
        self._discoverer = discoverer
        self._own_path = own_path
        self._pipeline = pipeline
        self.topology = Topology()
        self.blind = False

    def turn(self, now: Moment) -> tuple[Step, list[Found]]:
        """What changed, and which discoveries ended."""
        self._begin_polls(self._polls.due(now), now)
        self._take_sweeps(now)
        for pings in self._echoes.turn(now):
            self._pipeline.handle_pings(pings, now)
        found = self._take_found(now)
        for device in self._looks.due(now).tolist():
            self.look_at(device)
            self._looks.finished(np.array([device]), now)
        board = self._pipeline.board
        self.blind = self._own_path.is_blind(now, board.last_answer)
        step = board.step(now, self.topology, self.blind)
        if len(step.asks):
            self._echoes.ask(step.asks, now)
        if len(step.polls):
            self._begin_polls(self._polls.claim(step.polls, now), now)
        return step, found

    def look_at(self, device: int) -> None:
        """Find out a device's shape, in its turn."""
        name = self._fleet.name(device)
        if name in self._roster:
            self._discoverer.want(self._roster[name])

    def _begin_polls(self, due: NDArray[np.int64], now: Moment) -> None:
        if not len(due):
            return
        planned = self._fleet.count[due] > 0
        for device in due[~planned].tolist():
            self.look_at(device)  # its outcome counts as the poll's
        due = due[planned]
        fast = self._members.in_sweep[due]
        if fast.any():
            self._sweeper.begin(due[fast], now, POLL_SHARE * self._polls.interval_seconds[due[fast]])
        for device in due[~fast].tolist():
            self._singles.begin(device)

    def _take_sweeps(self, now: Moment) -> None:
        swept = self._sweeper.step(now)
        sweeps = [*self._singles.take(), *([swept] if swept is not None and len(swept) else [])]
        if not sweeps:
            return
        began = perf_counter()
        sweep = concatenate(sweeps)
        self._polls.finished(sweep.device, now)
        handled = self._pipeline.handle(sweep, now)
        for device in handled.look_at.tolist():
            self.look_at(device)
        tell_interfaces(handled.interfaces)
        self._pipeline.tally.sweeps += 1
        self._pipeline.tally.sweep_seconds += perf_counter() - began

    def _take_found(self, now: Moment) -> list[Found]:
        found = [each for each in self._discoverer.take() if each.member.device.name in self._fleet]
        for each in found:
            device = np.array([self._fleet.index(each.member.device.name)])
            unplanned = self._fleet.count[device[0]] == 0
            self._polls.finished(device, now)
            if unplanned or each.outcome is Outcome.OK:
                outcome = np.array([each.outcome], np.uint8)
                self._pipeline.board.observe_outcomes(device, outcome, np.array([each.ended_steady]))
            if unplanned and each.outcome is Outcome.SILENT:
                self._pipeline.tally.polls_lost += 1
        return found


def tell_interfaces(changes: tuple[InterfaceChange, ...]) -> None:
    """Into the log, the first few of a tick each, the others counted: a switch that dies takes fifty with it."""
    for change in changes[:TOLD_AT_ONCE]:
        log.info(
            "interface_changed",
            device=change.device,
            interface=change.interface,
            what=change.quantity,
            before=change.from_,
            now=change.to,
        )
    if len(changes) > TOLD_AT_ONCE:
        log.info("interfaces_changed", more=len(changes) - TOLD_AT_ONCE)
