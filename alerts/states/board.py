"""The state of every device of the fleet, told from pings and polls by the patience of its class.

All intervals are steady time; the wall clock only dates changes. Knows no database, sends nothing, asks nobody:
who should be asked again at once is part of each step. Changes are told once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from alerts.states.path import AS_IT_WAS, RHYTHM, Hearing, Path
from alerts.states.reachability import NOBODY, Reachability
from alerts.states.reasons import REASONS, Reason, bare, behind, loss, loss_percent
from alerts.states.rules import CODE, REASON_CODE, STATES, Evidence, judge
from alerts.states.standing import Standing, Standings
from alerts.states.told import Told
from domain.network import Check, Topology
from domain.polling import Fleet, Outcome, PingRound, PollClass, Sweep
from domain.polling.distinct import distinct
from domain.states import DeviceState, State, StateChange
from domain.time import Moment

_HEARING_OF_OUTCOME = np.zeros(len(Outcome), np.uint8)
for _outcome, _hearing in (
    (Outcome.OK, Hearing.ANSWERS),
    (Outcome.PARTIAL, Hearing.ANSWERS),
    (Outcome.SILENT, Hearing.SILENT),
    (Outcome.REFUSED, Hearing.REFUSED),
    (Outcome.UNAUTHORISED, Hearing.UNAUTHORISED),
    (Outcome.GARBLED, Hearing.GARBLED),
):
    _HEARING_OF_OUTCOME[_outcome] = _hearing

_LIGHT = np.array([0, -1, -1, 1, 1], np.int8)
"""By code of a state: dark, not known, lit."""

LOSS_STEP, LOSS_PATIENCE = 10, 15
"""Percent. Lost packets are told in steps, and anew once they are so far from what was told: a bad line does not change
its state with every echo."""

_NOBODY = np.zeros(0, np.int64)
_NOWHERE = Topology()
_SNMP_REASONS = {
    Reason.SNMP_SILENT: Hearing.SILENT,
    Reason.SNMP_REFUSED: Hearing.REFUSED,
    Reason.SNMP_UNAUTHORISED: Hearing.UNAUTHORISED,
    Reason.SNMP_GARBLED: Hearing.GARBLED,
}


@dataclass(frozen=True, slots=True)
class Step:
    """What one step brought. asks: devices to be pinged again at once. polls: devices to be polled again at once.

    turned: devices that went dark or ceased to be, or that became lit or ceased to be, whatever stands before them.
    """

    changes: tuple[StateChange, ...]
    asks: NDArray[np.int64]
    polls: NDArray[np.int64]
    turned: NDArray[np.int64]


_NOTHING = Step((), _NOBODY, _NOBODY, _NOBODY)


class StateBoard:
    """Devices are known by their index in the Fleet; `put` them before they are heard of."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._echo = Path()
        self._snmp = Path()
        self._told = Told()
        self._known: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._by_icmp: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._by_snmp: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._touched: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._state: NDArray[np.uint8] = np.zeros(0, np.uint8)  # its own, before the topology speaks
        self._reason: NDArray[np.uint8] = np.zeros(0, np.uint8)
        self._shown: NDArray[np.uint8] = np.zeros(0, np.uint8)
        self._since: NDArray[np.float64] = np.zeros(0)  # unix seconds of the last change of state or reason
        self._loss: NDArray[np.uint8] = np.zeros(0, np.uint8)  # percent, as it is shown while it loses
        self._shown_reason: list[str] = []
        self._topology = _NOWHERE
        self._reachability: Reachability | None = None  # of that topology; None: to be made anew
        self._roots: NDArray[np.int64] = np.zeros((0, 2), np.int64)  # of the devices that are only dark
        self._darkened: NDArray[np.bool_] = np.zeros(0, np.bool_)  # who was down when the roots were found
        self._standings = Standings()  # what root cause says of the dark
        self._moved: list[NDArray[np.int64]] = []  # concluded, and not told yet
        self._asks: list[NDArray[np.int64]] = []
        self._polls: list[NDArray[np.int64]] = []
        self._blind = False
        self.members_revision = 0
        """Another one whenever a device was put, removed or restored."""
        self.last_answer = -np.inf
        """Steady time of the newest sign of life of anybody."""

    @property
    def codes(self) -> NDArray[np.uint8]:
        """States by device: 0 unknown, 1 down, 2 unreachable, 3 degraded, 4 up. A view; not to be written."""
        self._make_room()
        return self._shown

    @property
    def light(self) -> NDArray[np.int8]:
        """By device: 1 lit, -1 dark, 0 nobody knows, whatever stands before it."""
        self._make_room()
        return _LIGHT[self._state] * self._known

    def light_of(self, device: int) -> int:
        """The same of one device; 0 too for one that is not watched."""
        return int(_LIGHT[self._state[device]]) if self.watches(device) else 0

    def watches(self, device: int) -> bool:
        return device < len(self._known) and bool(self._known[device])

    def shows(self, device: int) -> State:
        """What was told of it last."""
        return STATES[self._shown[device]]

    def shown_reason(self, device: int) -> str:
        return self._shown_reason[device]

    def silent_since(self, device: int) -> float:
        """Steady seconds of the first miss of what is going on; inf if there was none, 0 if it is from before."""
        if self._told.by[device]:
            return float(self._told.missing_since[device])
        echo, snmp = float(self._echo.missing_since[device]), float(self._snmp.missing_since[device])
        if self._by_icmp[device] and np.isfinite(echo):
            return echo
        return snmp if self._by_snmp[device] else np.inf

    def answered_at(self, device: int) -> float:
        """Steady seconds of its last sign of life, whichever way it was asked; -inf for none."""
        asked = max(float(self._echo.answered_at[device]), float(self._snmp.answered_at[device]))
        return max(asked, float(self._told.answered_at[device]))

    def is_pinged(self, device: int) -> bool:
        return bool(self._by_icmp[device])

    def interval_seconds(self, device: int) -> float:
        """How often it is asked by the way that tells first."""
        path = self._echo if self._by_icmp[device] else self._snmp
        return float(path.rhythm[device]) / RHYTHM

    def put(self, device: int, check: Check, poll_class: PollClass, now: Moment) -> None:
        """Watch a device, or watch it in another way from now on; what is known of it stays."""
        self._make_room()
        self.members_revision += 1
        if not self._known[device]:
            self._known[device] = True
            self._state[device], self._shown[device] = CODE[State.UNKNOWN], CODE[State.UNKNOWN]
            self._reason[device] = REASON_CODE[Reason.NOT_ASKED_YET]
            self._shown_reason[device] = Reason.NOT_ASKED_YET.value
            self._since[device] = now.unix_seconds
        for path, asked, was in (
            (self._echo, check.by_icmp, self._by_icmp[device]),
            (self._snmp, check.by_snmp, self._by_snmp[device]),
        ):
            if asked != was:
                path.reset(device)
        self._by_icmp[device], self._by_snmp[device] = check.by_icmp, check.by_snmp
        self._told.put(device, check)
        # one answer among the misses does not save a device at once: N of N + 1. A poll has tried six times already
        misses = poll_class.icmp_misses
        self._echo.set_patience(device, misses, misses + 1, poll_class.icmp_seconds, poll_class.icmp_recheck_seconds)
        self._snmp.set_patience(device, poll_class.snmp_misses, poll_class.snmp_misses, poll_class.snmp_seconds)
        self._touched[device] = True
        self._reachability = None

    def remove(self, device: int) -> None:
        """Forget a device. Its index may belong to another one afterwards."""
        self._make_room()
        self.members_revision += 1
        self._known[device] = self._touched[device] = self._by_icmp[device] = self._by_snmp[device] = False
        self._state[device] = self._shown[device] = CODE[State.UNKNOWN]
        self._roots[device] = NOBODY
        self._reachability = None
        self._standings.forget(device)
        self._echo.reset(device)
        self._snmp.reset(device)
        self._told.reset(device)

    def restore(self, states: Iterable[DeviceState]) -> tuple[str, ...]:
        """Take over what was kept before a restart, after `put`. Returns names that are not watched any more.

        A kept state stands until fresh answers or misses, by the device's full patience, say otherwise; how long the
        process was away is not asked, because the wall clock may lie after a power cut.
        """
        strangers = []
        self.members_revision += 1
        for kept in states:
            device = self._fleet.index(kept.name) if kept.name in self._fleet else -1
            if device < 0 or device >= len(self._known) or not self._known[device]:
                strangers.append(kept.name)
            else:
                self._believe(device, kept)
        return tuple(strangers)

    def _believe(self, device: int, kept: DeviceState) -> None:
        dark = kept.state in (State.DOWN, State.UNREACHABLE)
        by_icmp, by_snmp = bool(self._by_icmp[device]), bool(self._by_snmp[device])
        if bare(kept.reason) in REASON_CODE:
            reason = Reason(bare(kept.reason))
        else:
            reason = Reason.ANSWERS if not dark else Reason.ICMP_SILENT if by_icmp else Reason.SNMP_SILENT
        self._state[device] = CODE[State.DOWN] if dark else CODE[kept.state]
        self._reason[device] = REASON_CODE[reason]
        self._shown[device], self._shown_reason[device] = CODE[kept.state], kept.reason
        self._since[device], self._loss[device] = kept.since.timestamp(), loss_percent(kept.reason)
        if kept.state is State.UNKNOWN:
            return
        if self._told.by[device]:
            self._told.believe(device, silent=dark)
            self._told.why[device] = self._reason[device]
        self._told.poor[device] = reason is Reason.INTERNET_FAILS
        echo_fails = dark or reason is Reason.ICMP_SILENT
        if by_icmp:
            hearing = Hearing.SILENT if echo_fails else Hearing.ANSWERS
            self._echo.believe(device, hearing, reason is Reason.LOSS, loss_percent(kept.reason))
        if by_snmp:
            hearing = _SNMP_REASONS.get(reason, Hearing.SILENT if dark else Hearing.ANSWERS)
            self._snmp.believe(device, hearing)
        if by_icmp and by_snmp and echo_fails and not dark:
            # echo is filtered: SNMP answered after the first lost echo (0.0) and before the last one
            self._snmp.answered_at[device], self._echo.missed_at[device] = 1e-9, 2e-9

    def observe_pings(self, pings: PingRound, now: Moment) -> None:
        """Take a round in; devices that are not checked by echo are passed over."""
        if len(pings.device) == 0:
            return
        self._make_room()
        at = now.steady_seconds if np.isnan(pings.sent_steady) else pings.sent_steady
        answered = ~np.isnan(pings.rtt_seconds)
        if answered.any():
            self.last_answer = max(self.last_answer, at)
        counted = self._by_icmp[pings.device] & (answered | (not self._blind))
        device, answered = pings.device[counted], answered[counted]
        silent = np.full(len(device), Hearing.SILENT, np.uint8)
        heard = self._echo.hear(device, answered, np.full(len(device), at), silent, answered)
        self._touch(device, self._echo, answered)
        if heard is AS_IT_WAS:
            return
        self._asks.append(heard.asks)
        self._after_outage(heard.recovered, heard.out_since)
        doubtful = device[~answered & self._by_snmp[device] & self._echo.wavering(device)]
        before = self._snmp.answered_at[doubtful] < self._echo.missing_since[doubtful]
        self._polls.append(doubtful[before & (self._snmp.hearing[doubtful] != Hearing.SILENT)])

    def _touch(self, device: NDArray[np.int64], path: Path, answered: NDArray[np.bool_]) -> None:
        """Mark those whose state this may change: not one that is up, answered, and has nothing held against it."""
        quiet = answered & (self._state[device] == CODE[State.UP]) & (path.hearing[device] == Hearing.ANSWERS)
        quiet &= (self._echo.hearing[device] <= Hearing.ANSWERS) & (self._snmp.hearing[device] <= Hearing.ANSWERS)
        quiet &= ~self._echo.lossy[device]
        self._touched[device[~quiet]] = True

    def _after_outage(self, device: NDArray[np.int64], out_since: NDArray[np.float64]) -> None:
        """SNMP that fell silent in the outage has no fault of its own: it begins anew, and is asked at once."""
        mine = self._by_snmp[device]
        device, out_since = device[mine], out_since[mine]
        explained = (self._snmp.hearing[device] == Hearing.SILENT) & (self._snmp.failed_at[device] >= out_since)
        self._snmp.hearing[device[explained]] = Hearing.UNASKED
        self._snmp.pardon(device)
        self._polls.append(device)

    def observe_sweep(self, sweep: Sweep, now: Moment) -> None:
        """Take the outcomes of a sweep in; rows of an older layout are passed over."""
        if len(sweep) == 0:
            return
        current = self._fleet.generation[sweep.device] == sweep.generation
        at = np.where(np.isnan(sweep.answered_steady), sweep.started, sweep.answered_steady)
        self.observe_outcomes(sweep.device[current], sweep.outcome[current], at[current])

    def observe_outcomes(self, device: NDArray[np.int64], outcome: NDArray[np.uint8], at: NDArray[np.float64]) -> None:
        """How polls ended, also those of devices that have no plan yet (their discovery failed). at: steady seconds."""
        self._make_room()
        hearing = _HEARING_OF_OUTCOME[outcome]
        alive = hearing != Hearing.SILENT
        if alive.any():
            self.last_answer = max(self.last_answer, float(at[alive].max()))
        counted = self._by_snmp[device] & (alive | (not self._blind))
        device, hearing, alive, at = device[counted], hearing[counted], alive[counted], at[counted]
        answered = hearing == Hearing.ANSWERS
        heard = self._snmp.hear(device, answered, at, hearing, alive)
        self._touch(device, self._snmp, answered)
        if heard is not AS_IT_WAS:
            self._polls.append(heard.asks)
        # echo is silent and SNMP is not: another echo tells whether the device is back or echo is filtered
        odd = device[alive & self._by_icmp[device] & (self._echo.hearing[device] == Hearing.SILENT)]
        if len(odd):
            self._asks.append(odd)

    def observe_telling(self, device: int, at: float) -> None:
        """A sign of life of its own accord. at: steady seconds. Of devices that are asked it is only that."""
        self._make_room()
        self.last_answer = max(self.last_answer, at)
        if self._told.by[device]:
            self._told.tells(device, at)
            self._touched[device] = True

    def observe_not_telling(self, device: int, since: float, reason: Reason) -> None:
        """Its watcher has given it up. since: steady seconds. Devices that are asked by ourselves are passed over."""
        self._make_room()
        if self._told.by[device] and not self._blind:
            self._told.silent(device, since, int(REASON_CODE[reason]))
            self._touched[device] = True

    def observe_listening(self, device: int, *, expected: bool) -> None:
        """Whether anybody takes its word: what it told before is not known any more once nobody does.

        Of devices that are asked by ourselves only what its site said of its internet is forgotten.
        """
        self._make_room()
        if not self._known[device]:
            return
        code = REASON_CODE[Reason.NOT_ASKED_YET if expected else Reason.NOT_CHECKED]
        if not expected and self._told.poor[device]:
            self._told.poor[device] = False
            self._touched[device] = True
        fresh = self._told.hearing[device] == Hearing.UNASKED
        if self._told.by[device] and self._told.why[device] != code and (fresh or not expected):
            self._told.unasked(device, int(code))
            self._touched[device] = True

    def observe_service(self, device: int, *, serves: bool) -> None:
        """Whether the internet behind a device works, as its site tells."""
        self._make_room()
        if self._known[device] and self._told.poor[device] == serves:
            self._told.poor[device] = not serves
            self._touched[device] = True

    def step(self, now: Moment, topology: Topology = _NOWHERE, blind: bool = False) -> Step:
        """Draw the conclusions of all that was observed since the last step, and tell them."""
        step = self.conclude(topology, blind)
        return replace(step, changes=self.tell(now, topology))

    def conclude(self, topology: Topology = _NOWHERE, blind: bool = False) -> Step:
        """As `step`, but what changed is told by `tell`, once it has been said what explains it."""
        self._make_room()
        same_ways = topology is self._topology and self._reachability is not None
        if blind == self._blind and same_ways and not (self._asks or self._polls or self._touched.any()):
            return _NOTHING
        asks, polls = _union(self._asks), _union(self._polls)
        self._asks, self._polls = [], []
        if blind:
            asks = polls = _NOBODY
            self._echo.pardon(np.flatnonzero(self._known))
            self._snmp.pardon(np.flatnonzero(self._known))
        everybody = blind != self._blind
        self._blind = blind
        device = np.flatnonzero(self._known if everybody else self._touched & self._known)
        self._touched[:] = False
        evidence = Evidence(
            by_icmp=self._by_icmp[device],
            by_snmp=self._by_snmp[device],
            icmp=self._echo.hearing[device],
            snmp=self._snmp.hearing[device],
            lossy=self._echo.lossy[device],
            echo_missing_since=self._echo.missing_since[device],
            echo_missed_at=self._echo.missed_at[device],
            snmp_alive_at=self._snmp.answered_at[device],
            by_telling=self._told.by[device],
            told=self._told.hearing[device],
            told_why=self._told.why[device],
            poor=self._told.poor[device],
        )
        state, reason = judge(evidence, self._state[device], self._reason[device], blind)
        moved = (state != self._state[device]) | (reason != self._reason[device])
        turned = device[_LIGHT[state] != _LIGHT[self._state[device]]]
        self._state[device], self._reason[device] = state, reason
        moved |= self._measure_loss(device, reason)
        if moved.any():
            self._moved.append(device[moved])
        return Step((), asks, polls, turned)

    def _measure_loss(self, device: NDArray[np.int64], reason: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """Round figures that change only by a whole step. Returns for which devices they did."""
        before = self._loss[device]
        percent = self._echo.lost_percent(device)
        far = np.abs(percent - before) >= np.where(before > 0, LOSS_PATIENCE, 0)
        round_ = np.clip(LOSS_STEP * np.rint(percent / LOSS_STEP), LOSS_STEP, 100).astype(np.uint8)
        after = np.where(reason == REASON_CODE[Reason.LOSS], np.where(far, round_, before), np.uint8(0))
        self._loss[device] = after
        changed: NDArray[np.bool_] = after != before
        return changed

    def stand(self, devices: NDArray[np.int64], standing: Standing, reason: str = "") -> None:
        """What root cause says of devices that are dark, until it says otherwise; told by `tell`."""
        self._make_room()
        changed = self._standings.put(devices, standing, reason)
        if len(changed):
            self._moved.append(changed)

    def tell(self, now: Moment, topology: Topology = _NOWHERE) -> tuple[StateChange, ...]:
        """What is shown otherwise from now on. Of the dark that nobody explains, `uplink` says who is only dark."""
        self._make_room()
        if topology is self._topology and self._reachability is not None and not self._moved:
            return ()
        changed, self._moved = _union(self._moved), []
        return self._tell(distinct(changed, self._darken(topology)), now)

    def _darken(self, topology: Topology) -> NDArray[np.int64]:
        """Say anew who is only dark, by uplinks alone. Returns the devices for which that has changed."""
        if self._reachability is None or topology is not self._topology:
            watched = self._known & (self._by_icmp | self._by_snmp | self._told.by)
            self._topology, self._reachability = topology, Reachability(topology, self._fleet, watched)
            names_moved = True
        else:
            names_moved = False
        down = self._known & (self._state == CODE[State.DOWN])
        explained = not (down & ~self._standings.said).any()
        if not names_moved and (explained or np.array_equal(down, self._darkened)):
            return _NOBODY
        self._darkened = down
        roots = self._reachability.roots(down)
        # a restored device may be shown as dark that is not; new ways number the names anew
        differs = (roots != self._roots).any(axis=1) | (self._shown == CODE[State.UNREACHABLE]) & names_moved
        self._roots = roots
        return np.flatnonzero(differs & self._known)

    def _tell(self, changed: NDArray[np.int64], now: Moment) -> tuple[StateChange, ...]:
        changes = []
        at = now.utc
        for device in changed.tolist():
            state, reason = self._outward(device)
            before = STATES[self._shown[device]]
            if state is before and reason == self._shown_reason[device]:
                continue
            self._shown[device], self._shown_reason[device] = CODE[state], reason
            self._since[device] = now.unix_seconds
            changes.append(StateChange(at, self._fleet.name(device), before, state, reason))
        return tuple(changes)

    def _outward(self, device: int) -> tuple[State, str]:
        """The device's own state; of a dark one what root cause says of it, and if it says nothing, what uplinks do."""
        if self._state[device] != CODE[State.DOWN]:
            reason = REASONS[self._reason[device]]
            lost = int(self._loss[device])
            return STATES[self._state[device]], loss(lost) if reason is Reason.LOSS and lost else reason.value
        standing, why = self._standings.of(device)
        match standing:
            case Standing.HELD:
                return STATES[self._shown[device]], self._shown_reason[device]
            case Standing.UNREACHABLE:
                return State.UNREACHABLE, why
            case Standing.UNSEEN:
                return State.UNKNOWN, why
            case Standing.DOWN:
                return State.DOWN, REASONS[self._reason[device]].value
            case Standing.UNSAID:
                pass
            case _:
                assert_never(standing)
        if self._roots[device, 0] != NOBODY and self._reachability is not None:
            names = {self._reachability.names[root] for root in self._roots[device].tolist()}
            return State.UNREACHABLE, behind(names)
        return STATES[self._state[device]], REASONS[self._reason[device]].value

    def state(self, device: int) -> DeviceState:
        """Raises KeyError for a device that is not watched."""
        if device >= len(self._known) or not self._known[device]:
            raise KeyError(device)
        since = datetime.fromtimestamp(float(self._since[device]), UTC)
        return DeviceState(self._fleet.name(device), STATES[self._shown[device]], self._shown_reason[device], since)

    def states(self) -> tuple[DeviceState, ...]:
        """All watched devices, in the order of the fleet."""
        return tuple(self.state(device) for device in np.flatnonzero(self._known).tolist())

    def _make_room(self) -> None:
        size = len(self._fleet.start)
        extra = size - len(self._known)
        if extra <= 0:
            return
        for name in ("_known", "_by_icmp", "_by_snmp", "_touched", "_state", "_reason", "_shown", "_since", "_loss"):
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.zeros(extra, old.dtype)]))
        self._shown_reason += [""] * extra
        self._roots = np.concatenate([self._roots, np.full((extra, 2), NOBODY, np.int64)])
        self._echo.make_room(size)
        self._snmp.make_room(size)
        self._told.make_room(size)
        self._standings.make_room(size)


def _union(parts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    return distinct(*parts) if parts else _NOBODY
