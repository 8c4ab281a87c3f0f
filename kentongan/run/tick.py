"""One turn of the service: ask who is due, take what came, decide, hand on. Never waits, never writes."""

from dataclasses import dataclass, field
from math import inf
from time import perf_counter

import numpy as np
import structlog
from numpy.typing import NDArray

from alerts.degraded import DegradedWatch
from alerts.detect import InterfaceChange
from alerts.states import Step
from collectors.ownpath import OwnPath
from collectors.schedule import Schedule
from collectors.snmp.sweep import Sweeper
from domain.polling import Fleet, Outcome, PingRound, Sweep, concatenate
from domain.states import StateChange
from domain.time import Moment
from kentongan.pipeline import Pipeline
from kentongan.run.beats import Beats
from kentongan.run.discovering import Discoverer, Found
from kentongan.run.echoes import Echoes
from kentongan.run.keeping import Decided
from kentongan.run.members import Members
from kentongan.run.outage import OutageDesk
from kentongan.run.rediscovery import Interrupted
from kentongan.run.roster import Roster
from kentongan.run.services import ServiceDesk
from kentongan.run.single_polling import SinglePolling
from kentongan.run.usage import UsageMeter
from kentongan.run.watched import Watched

log = structlog.get_logger(__name__)

LOOK_AGAIN_SECONDS = 300.0
TOLD_AT_ONCE = 20
HELD_UP_SECONDS = 30.0  # between two turns: nobody could hear what sites pushed meanwhile
POLL_SHARE = 0.8  # of the interval: all attempts of a poll end within it, so that the next one finds the device free


@dataclass(frozen=True, slots=True)
class Turn:
    """changes: of states. decided: to be kept, in this order. found: discoveries that ended."""

    changes: tuple[StateChange, ...]
    decided: tuple[Decided, ...]
    found: list[Found]


@dataclass(slots=True)
class Tick:
    """Wires the collectors to the pipeline. `turn` does all of it once."""

    fleet: Fleet
    roster: Roster
    members: Members
    polls: Schedule
    looks: Schedule
    sweeper: Sweeper
    singles: SinglePolling
    echoes: Echoes
    discoverer: Discoverer
    own_path: OwnPath
    pipeline: Pipeline
    outage: OutageDesk
    watched: Watched
    services: ServiceDesk
    beats: Beats
    degraded: DegradedWatch
    use: UsageMeter | None = None
    blind: bool = False
    _looked_at: dict[str, float] = field(default_factory=dict)  # only devices that were looked at out of turn
    _look_later: dict[str, float] = field(default_factory=dict)
    _interrupted: Interrupted = field(default_factory=Interrupted)
    _decided_at: float = inf

    def turn(self, now: Moment) -> Turn:
        self._begin_polls(self.polls.due(now), now)
        self._take_sweeps(now)
        for pings in self.echoes.turn(now):
            self.take_pings(pings, now)
        found = self.take_found(now)
        self._look_around(now)
        self.blind = self.own_path.is_blind(now, self.pipeline.board.last_answer)
        step, decided = self.decide(now)
        if len(step.asks):
            self.echoes.ask(step.asks, now)
        if len(step.polls):
            self._begin_polls(self.polls.claim(step.polls, now), now)
        return Turn(step.changes, decided, found)

    def take_pings(self, pings: PingRound, now: Moment) -> None:
        self.pipeline.handle_pings(pings, now)
        self.degraded.note_pings(pings, now)

    def decide(self, now: Moment) -> tuple[Step, tuple[Decided, ...]]:
        """What follows from all that was taken in so far."""
        held_up = now.steady_seconds - self._decided_at > HELD_UP_SECONDS
        self._decided_at = now.steady_seconds
        self.beats.turn(now, blind=self.blind or held_up)
        self.services.turn(now, self.outage.open_keys, blind=self.blind)
        self.outage.watched = self.watched.faults(now)
        return self.outage.turn(now, blind=self.blind)

    def look_at(self, device: int, now: Moment) -> None:
        """Find out a device's shape, in its turn; at once, unless it has just been looked at.

        A concentrator whose sessions come and go changes its interface table all the time: it is left in peace for
        LOOK_AGAIN_SECONDS between two looks.
        """
        at, name = now.steady_seconds, self.fleet.name(device)
        last = self._looked_at.get(name)
        if last is not None and at - last < LOOK_AGAIN_SECONDS:
            self._look_later[name] = last + LOOK_AGAIN_SECONDS
            return
        self._looked_at[name] = at
        self._want(device)

    def _want(self, device: int) -> bool:
        name = self.fleet.name(device)
        return name in self.roster and self.discoverer.want(self.roster[name])

    def _look_around(self, now: Moment) -> None:
        """Looks that are due by their own slow cadence, and those that had to wait."""
        due = self.looks.due(now)
        self.looks.finished(due, now)
        waited = [name for name, at in self._look_later.items() if at <= now.steady_seconds]
        for name in waited:
            del self._look_later[name]
        for device in (*due.tolist(), *(self.fleet.index(name) for name in waited if name in self.fleet)):
            self.look_at(device, now)

    def _begin_polls(self, due: NDArray[np.int64], now: Moment) -> None:
        if not len(due):
            return
        planned = self.fleet.count[due] > 0
        for device in due[~planned].tolist():  # the outcome of its discovery counts as the poll's
            if not self._want(device):
                self.polls.finished(np.array([device]), now)
        due = due[planned]
        fast = self.members.in_sweep[due]
        if fast.any():
            refused = self.sweeper.begin(due[fast], now, POLL_SHARE * self.polls.interval_seconds[due[fast]])
            self.polls.finished(refused, now)
        for device in due[~fast].tolist():
            self.singles.begin(device)

    def _take_sweeps(self, now: Moment) -> None:
        swept = self.sweeper.step(now)
        given_up = self.singles.take_given_up()
        if given_up:
            self.polls.finished(np.array(given_up), now)
        sweeps = self.singles.take()
        while sweeps or swept is not None:
            self.take_sweep(concatenate([*sweeps, *([] if swept is None else [swept])]), now)
            sweeps, swept = [], self.sweeper.rest(now)

    def take_sweep(self, sweep: Sweep, now: Moment) -> None:
        if not len(sweep):
            return
        began = perf_counter()
        self.polls.finished(sweep.device, now)
        handled = self.pipeline.handle(sweep, now)
        for device in handled.look_at.tolist():
            self.look_at(device, now)
        self.outage.note(sweep, handled.readings, handled.interfaces)
        self.degraded.note_sweep(sweep, handled.readings, handled.advance)
        if self.use is not None:
            self.use.note_sweep(sweep, handled.readings, handled.advance)
        tell_interfaces(handled.interfaces)
        self.pipeline.tally.sweeps += 1
        self.pipeline.tally.sweep_seconds += perf_counter() - began

    def take_found(self, now: Moment) -> list[Found]:
        found = [each for each in self.discoverer.take() if each.member.device.name in self.fleet]
        for each in found:
            name = each.member.device.name
            device = np.array([self.fleet.index(name)])
            unplanned = self.fleet.count[device[0]] == 0
            if each.discovery is not None:
                wait = self._interrupted.again_after(name, whole=each.discovery.whole)
                if wait is not None:
                    self._look_later[name] = now.steady_seconds + wait
            self.polls.finished(device, now)
            if unplanned or each.outcome is Outcome.OK:
                outcome = np.array([each.outcome], np.uint8)
                self.pipeline.board.observe_outcomes(device, outcome, np.array([each.ended_steady]))
            if unplanned and each.outcome is Outcome.SILENT:
                self.pipeline.tally.polls_lost += 1
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
