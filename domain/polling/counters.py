"""What counters say between two polls: how much went by, how fast, and when nothing can be said.

Pure and columnar. Knows no metric and no unit but the octet. The rules are DESIGN's: a restart, a discontinuity or an
impossible step back is a gap, a gap is never filled, and nothing faster than the port is believed.

Time is the steady time of the answers: no wall clock is read here, so none can spoil a rate.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from domain.polling.displaced import Displaced
from domain.polling.fleet import Fleet
from domain.polling.odometers import CIRCLE, Odometers
from domain.polling.plan import Kind, Plan
from domain.polling.speeds import PortSpeeds
from domain.polling.strips import with_room
from domain.polling.sweep import Sweep

SPEED_MARGIN = 1.05
"""Above the nominal speed by this much: clocks of port and agent, and counters that are brought up to date late."""

FRAMES_PER_SECOND = 1_488_095.0
"""1 Gbit/s in frames of 64 octets (IEEE 802.3: 672 bit times each). The most a counter without a speed (errors,
discards) is trusted to have moved when only a wrap or a reset can explain what is read."""

UPTIME_SLACK_SECONDS = 30.0
"""How far sysUpTime may stray from our clock between two polls: some agents refresh it every 10 to 30 s, and a retried
request is read up to a few seconds before the time it is booked under."""

UPTIME_SLACK_SHARE = 0.02
"""…and by this share of the elapsed time: no crystal is 2 % off, some virtual machines' ticks are nearly."""

_HALF = 2**31


class Verdict(IntEnum):
    """What was made of one cell. Only ACCEPTED and WRAPPED carry a delta and a rate."""

    ACCEPTED = 0
    WRAPPED = 1  # a 32-bit counter went once round its circle, which its speed allows
    FIRST = 2  # nothing to compare with yet
    INVALID = 3  # not answered; the last reading stays the base
    RESTART = 4  # gap: the device or its agent began anew
    DISCONTINUITY = 5  # gap: ifCounterDiscontinuityTime of the interface changed
    CLOCK = 6  # gap: no time has passed, or sysUpTime says a very different time has
    BACKWARDS = 7  # gap: smaller than before, and no wrap explains it
    TOO_FAST = 8  # rejected: more than 1.05 times what the port carries
    TOO_LONG = 9  # gap: a 32-bit counter had time to wrap twice


@dataclass(frozen=True, slots=True)
class CounterAdvance:
    """What one sweep did to its counters: k entries, one for each counter cell, in the order of the sweep.

    position: where in the sweep's cell arrays it stands. cell: its number in the Fleet.
    delta: units since the last reading; 0 unless accepted. elapsed_seconds: since the last reading; NaN for FIRST.
    rate: delta a second; NaN unless accepted. verdict: a `Verdict`. total: what is exported (see `CounterBook`).
    restarted: one entry for each row of the sweep: the device began anew since its last poll; discover it again.
    """

    position: NDArray[np.int64]
    cell: NDArray[np.int64]
    delta: NDArray[np.uint64]
    elapsed_seconds: NDArray[np.float64]
    rate: NDArray[np.float64]
    verdict: NDArray[np.uint8]
    total: NDArray[np.uint64]
    restarted: NDArray[np.bool_]

    @property
    def counts(self) -> NDArray[np.int64]:
        """How often each verdict was given, indexed by `Verdict`."""
        return np.bincount(self.verdict, minlength=len(Verdict))


class CounterBook:
    """The last reading of every counter of the fleet, and what is exported of it.

    The exported total is the raw value plus an offset of the cell, modulo 2^64. A 64-bit counter begins with offset
    0: it is exported as it is, and a restart of this process goes unseen. A 32-bit one begins with minus its first
    reading: its total starts at 0, which a reader takes for a counter reset and never for traffic. A wrap adds 2^32;
    a gap moves the offset so that the total stands still. A 64-bit counter that was moved so begins at 0 like a 32-bit
    one when it is read anew: in this process, and in the next one if that is told of `displaced`.

    One case is told apart: after a restart or a discontinuity a 64-bit counter is exported raw again if what a reader
    would make of that (the whole of it, if it fell) could have gone through the port since the last poll.

    Kept for counters alone: an octet each beside the `Odometers`; the arrays for what is rare are touched only when it
    happens. Steady times are above 0.
    """

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._layout = _Layout(fleet)
        self._odometers = Odometers(fleet)
        self._state: NDArray[np.uint8] = np.zeros(0, np.uint8)  # _NEVER, _FRESH, _STALE
        self._stale_at: NDArray[np.float64] = np.zeros(0)  # when a _STALE counter was last read
        self._witness: NDArray[np.uint64] = np.zeros(0, np.uint64)  # the last TIMETICKS, plus 1; 0: not read yet
        self._moved_at: NDArray[np.float64] = np.zeros(0)  # when they were last seen to change
        self._heard_at: NDArray[np.float64] = np.zeros(0)  # by device: when its _FRESH counters were read
        self._uptime: NDArray[np.int64] = np.zeros(0, np.int64)
        self._uptime_at: NDArray[np.float64] = np.zeros(0)  # 0: none known
        self._restart_at: NDArray[np.float64] = np.zeros(0)
        self._clock_at: NDArray[np.float64] = np.zeros(0)
        self._generation: NDArray[np.int64] = np.zeros(0, np.int64)
        self.counts: NDArray[np.int64] = np.zeros(len(Verdict), np.int64)
        self.displaced = Displaced(fleet)
        self.speeds = PortSpeeds(fleet)
        self._layout.counters.watch(self._forget_counters)
        self._layout.ticks.watch(self._forget_ticks)

    def advance(self, sweep: Sweep) -> CounterAdvance:
        """Take a sweep in. Each device stands in it once at most; rows of an older layout are passed over."""
        self._make_room()
        column = self._fleet.columns(sweep)
        kind = self._layout.kind.values[column]
        rows = _Rows(self._fleet, sweep, kind)
        self._meet_generations(sweep, rows)
        restarted = self._compare_uptimes(sweep, rows)
        self._note_discontinuities(sweep, rows, kind, column)
        # Kind.COUNTER32 is 1 and COUNTER64 is 2; unsigned arithmetic sends INTEGER to 255
        is_counter = (kind - np.uint8(Kind.COUNTER32)) <= np.uint8(Kind.COUNTER64 - Kind.COUNTER32)
        if not rows.all_current:
            is_counter &= rows.current[sweep.row]
        at = np.flatnonzero(is_counter)
        gauge = np.flatnonzero(kind == Kind.GAUGE32)
        if not rows.all_current:
            gauge = gauge[rows.current[sweep.row[gauge]]]
        speeds = self.speeds.meet(sweep, gauge, column[gauge])
        advance = self._advance_counters(sweep, at, kind[at] == Kind.COUNTER32, column[at], restarted)
        self.speeds.settle(speeds)
        self._miss_absent(sweep, rows, column)
        answered = rows.answered
        self._heard_at[sweep.device[answered]] = sweep.answered_steady[answered]
        self.counts += advance.counts
        return advance

    def _advance_counters(
        self,
        sweep: Sweep,
        at: NDArray[np.int64],
        narrow: NDArray[np.bool_],
        column: NDArray[np.int64],
        restarted: NDArray[np.bool_],
    ) -> CounterAdvance:
        """at: the counters among the sweep's cells; narrow, column: of these."""
        raw, row = sweep.raw[at], sweep.row[at]
        place = self._layout.counters.places(sweep.device, row, column)
        spot = self._odometers.spots(sweep.device, row, column, narrow)
        state, last = self._state[place], self._odometers.readings(spot, narrow)
        heard_at = self._heard_at[sweep.device]
        then = heard_at[row]
        stale = np.flatnonzero(state == _STALE)
        then[stale] = self._stale_at[place[stale]]
        elapsed = sweep.answered_steady[row] - then
        delta = raw - last
        if narrow.any():
            delta[narrow] &= np.uint64(CIRCLE - 1)
        cap = SPEED_MARGIN * self.speeds.bytes_per_second(sweep.device, row, column)
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = delta / elapsed
            twice = narrow & np.isfinite(cap) & (cap * elapsed >= CIRCLE)
        usual = (state == _FRESH) & sweep.valid[at] & (elapsed > 0) & (raw >= last) & (rate <= cap)
        usual &= ~twice
        trouble = np.maximum(self._restart_at, self._clock_at)[sweep.device] > heard_at
        if trouble.any():
            usual &= ~trouble[row]
        moved_at = self._last_moves(sweep.device, row, column)
        usual &= moved_at <= then
        verdict = np.zeros(len(at), np.uint8)
        odd = np.flatnonzero(~usual)
        if len(odd):
            case = _Odd(
                device=sweep.device[row[odd]],
                spot=spot[odd],
                cell=sweep.cell[at[odd]],
                then=then[odd],
                moved_at=moved_at[odd],
                state=state[odd],
                valid=sweep.valid[at[odd]],
                raw=raw[odd],
                last=last[odd],
                narrow=narrow[odd],
                twice=twice[odd],
                delta=delta[odd],
                elapsed=elapsed[odd],
                rate=rate[odd],
                cap=cap[odd],
            )
            verdict[odd] = self._judge(case)
            self._settle_offsets(case, verdict[odd])
            refused = odd[verdict[odd] > Verdict.WRAPPED]
            delta[refused] = 0
            rate[refused] = np.nan
            elapsed[odd[case.state == _NEVER]] = np.nan
            lost = odd[~case.valid & (case.state == _FRESH)]
            self._stale_at[place[lost]] = heard_at[row[lost]]
            self._state[place[lost]] = _STALE
        if len(odd):
            read = sweep.valid[at]
            self._odometers.read(spot[read], narrow[read], raw[read])
            self._state[place[read]] = _FRESH
            total = np.where(read, raw, last) + self._odometers.offsets(spot, narrow)
        else:
            self._odometers.read(spot, narrow, raw)
            total = raw + self._odometers.offsets(spot, narrow)
        return CounterAdvance(at, sweep.cell[at], delta, elapsed, rate, verdict, total, restarted)

    def _last_moves(
        self, device: NDArray[np.int64], row: NDArray[np.int64], column: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Of each counter, when the ifCounterDiscontinuityTime of its interface was last seen to change; 0: never."""
        witness = self._layout.witness.values[column]
        moved_at = np.zeros(len(column))
        has = np.flatnonzero(witness >= 0)
        if len(has):
            moved_at[has] = self._moved_at[self._layout.ticks.start[device][row[has]] + witness[has]]
        return moved_at

    def _judge(self, case: "_Odd") -> NDArray[np.uint8]:
        """The verdict of each odd cell: the first rule that holds."""
        back = case.raw < case.last
        limited = np.isfinite(case.cap)
        may_wrap = case.narrow & (case.rate <= np.where(limited, case.cap, FRAMES_PER_SECOND))
        rules = (
            (~case.valid, Verdict.INVALID),
            (case.state == _NEVER, Verdict.FIRST),
            (self._restart_at[case.device] > case.then, Verdict.RESTART),
            (case.moved_at > case.then, Verdict.DISCONTINUITY),
            (~(case.elapsed > 0) | (self._clock_at[case.device] > case.then), Verdict.CLOCK),
            (case.twice, Verdict.TOO_LONG),
            (back & may_wrap, Verdict.WRAPPED),
            (back, Verdict.BACKWARDS),
            (case.rate > case.cap, Verdict.TOO_FAST),
        )
        return np.select([rule for rule, _ in rules], [np.uint8(verdict) for _, verdict in rules], np.uint8(0))

    def _settle_offsets(self, case: "_Odd", verdict: NDArray[np.uint8]) -> None:
        offset = self._odometers.offsets(case.spot, case.narrow)
        stands = offset + case.last - case.raw  # the total stays where it was
        at_nought = self._begins_at_nought(case, verdict)
        first = np.where(at_nought, np.uint64(0) - case.raw, np.uint64(0))
        total = case.last + offset
        seen = np.where(case.raw < total, case.raw, case.raw - total)  # what a reader makes of the raw value
        room = np.where(np.isfinite(case.cap), case.cap, FRAMES_PER_SECOND) * case.elapsed
        anew = (verdict == Verdict.RESTART) | (verdict == Verdict.DISCONTINUITY)
        rules = (
            (verdict == Verdict.INVALID, offset),
            (verdict == Verdict.FIRST, first),
            (verdict == Verdict.ACCEPTED, offset),
            (verdict == Verdict.WRAPPED, offset + np.uint64(CIRCLE)),
            (anew & ~case.narrow & (seen <= room), np.zeros_like(offset)),
        )
        settled = np.select([rule for rule, _ in rules], [value for _, value in rules], stands)
        moved = settled != offset
        self._odometers.move(case.spot[moved], case.narrow[moved], settled[moved])
        wide = (moved | at_nought) & ~case.narrow
        if wide.any():
            self.displaced.note(case.device[wide], case.cell[wide], settled[wide])

    def _begins_at_nought(self, case: "_Odd", verdict: NDArray[np.uint8]) -> NDArray[np.bool_]:
        begins = case.narrow.copy()
        wide = np.flatnonzero((verdict == Verdict.FIRST) & ~case.narrow)
        begins[wide] = self.displaced.begin_anew(case.device[wide], case.cell[wide])
        return begins

    def _compare_uptimes(self, sweep: Sweep, rows: "_Rows") -> NDArray[np.bool_]:
        """Which rows began anew, by sysUpTime (RFC 3418: hundredths of a second on a circle of 2^32)."""
        restarted = np.zeros(len(sweep), np.bool_)
        row = rows.with_uptime
        device, now = sweep.device[row], sweep.answered_steady[row]
        uptime = (sweep.raw[rows.first[row]] & np.uint64(CIRCLE - 1)).astype(np.int64)
        last, last_at = self._uptime[device], self._uptime_at[device]
        known = last_at > 0
        elapsed = np.where(known, now - last_at, 0.0)
        stray = (uptime - last - np.rint(elapsed * 100).astype(np.int64) + _HALF) % CIRCLE - _HALF
        slack = 100 * (UPTIME_SLACK_SECONDS + UPTIME_SLACK_SHARE * np.abs(elapsed))
        off = np.abs(stray) > slack
        # a young device that counts less than before has begun anew, however little it is off; an old one went
        # over the end of the circle (day 497) if it is where it should be
        fell = (uptime < last) & ((last < _HALF) | off)
        # up for less than we have waited: it began since then. Off, but up for longer: somebody's clock is wrong
        anew = known & (elapsed > 0) & (fell | (off & (uptime <= 100 * elapsed + slack)))
        strange = known & off & ~anew
        restarted[row] = anew
        self._restart_at[device[anew]] = now[anew]
        self._clock_at[device[strange]] = now[strange]
        self._uptime[device], self._uptime_at[device] = uptime, now
        return restarted

    def _note_discontinuities(
        self, sweep: Sweep, rows: "_Rows", kind: NDArray[np.uint8], column: NDArray[np.int64]
    ) -> None:
        is_time = (kind == Kind.TIMETICKS) & sweep.valid
        is_time[rows.first[rows.with_uptime]] = False
        at = np.flatnonzero(is_time)
        if len(at) and not rows.all_current:
            at = at[rows.current[sweep.row[at]]]
        if len(at) == 0:
            return
        place = self._layout.ticks.places(sweep.device, sweep.row[at], column[at])
        before, now = self._witness[place], sweep.raw[at] + np.uint64(1)
        moved = (before != 0) & (before != now)
        self._moved_at[place[moved]] = sweep.answered_steady[sweep.row[at[moved]]]
        self._witness[place] = now

    def _miss_absent(self, sweep: Sweep, rows: "_Rows", column: NDArray[np.int64]) -> None:
        """Counters of an answering device that were not asked this time keep the time of their last reading."""
        asked = rows.bounds[1:] - rows.bounds[:-1]
        strip = self._layout.counters
        for row in rows.answered[asked[rows.answered] < self._fleet.count[sweep.device[rows.answered]]]:
            device = sweep.device[row]
            start = strip.start[device]
            absent = self._state[start : start + strip.count[device]] == _FRESH
            number = strip.number.values[column[rows.bounds[row] : rows.bounds[row + 1]]]
            absent[number[number >= 0]] = False
            place = start + np.flatnonzero(absent)
            self._stale_at[place] = self._heard_at[device]
            self._state[place] = _STALE

    def _meet_generations(self, sweep: Sweep, rows: "_Rows") -> None:
        """A device of another layout may be another device: what was known of its uptime is forgotten."""
        new = rows.current & (self._generation[sweep.device] != sweep.generation)
        if new.any():
            device = sweep.device[new]
            self._generation[device] = sweep.generation[new]
            for field in (self._uptime_at, self._restart_at, self._clock_at, self._heard_at):
                field[device] = 0.0

    def _make_room(self) -> None:
        self._odometers.make_room()
        layout = self._layout
        for size, names in (
            (layout.counters.capacity, ("_state", "_stale_at")),
            (layout.ticks.capacity, ("_witness", "_moved_at")),
            (
                len(self._fleet.generation),
                ("_heard_at", "_uptime", "_uptime_at", "_restart_at", "_clock_at", "_generation"),
            ),
        ):
            if len(getattr(self, names[0])) < size:
                for name in names:
                    setattr(self, name, with_room(getattr(self, name), size))

    def _forget_counters(self, start: int, stop: int) -> None:
        for field in (self._state, self._stale_at):
            field[start:stop] = 0

    def _forget_ticks(self, start: int, stop: int) -> None:
        for field in (self._witness, self._moved_at):
            field[start:stop] = 0


_NEVER, _FRESH, _STALE = np.uint8(0), np.uint8(1), np.uint8(2)


@dataclass(frozen=True, slots=True)
class _Odd:
    """The counters of a sweep that are not plainly right, and all that is known of each."""

    device: NDArray[np.int64]
    spot: NDArray[np.int64]
    cell: NDArray[np.int64]
    then: NDArray[np.float64]
    moved_at: NDArray[np.float64]
    state: NDArray[np.uint8]
    valid: NDArray[np.bool_]
    raw: NDArray[np.uint64]
    last: NDArray[np.uint64]
    narrow: NDArray[np.bool_]
    twice: NDArray[np.bool_]
    delta: NDArray[np.uint64]
    elapsed: NDArray[np.float64]
    rate: NDArray[np.float64]
    cap: NDArray[np.float64]


class _Rows:
    """Which rows of a sweep count, and where their uptime stands (column 0 of every plan that has one)."""

    def __init__(self, fleet: Fleet, sweep: Sweep, kind: NDArray[np.uint8]) -> None:
        bounds = self.bounds = sweep.bounds
        self.current: NDArray[np.bool_] = fleet.generation[sweep.device] == sweep.generation
        self.all_current = bool(self.current.all())
        self.answered = np.flatnonzero(self.current & ~np.isnan(sweep.answered_steady))
        self.first = bounds[:-1]
        row = np.flatnonzero(self.current & (bounds[1:] > bounds[:-1]))
        cell = sweep.cell[self.first[row]]
        is_uptime = (cell == fleet.start[sweep.device[row]]) & (kind[self.first[row]] == Kind.TIMETICKS)
        self.with_uptime = row[is_uptime & sweep.valid[self.first[row]]]


class _Layout:
    """What the plans say of counters, and where each is remembered.

    witness: of a counter, where among the TIMETICKS of its plan the ifCounterDiscontinuityTime of its interface stands;
    -1: it has none.
    """

    def __init__(self, fleet: Fleet) -> None:
        self.counters = fleet.strip(lambda column: column.kind in (Kind.COUNTER32, Kind.COUNTER64))
        self.ticks = fleet.strip(lambda column: column.kind is Kind.TIMETICKS)
        self.kind = fleet.table(_kinds, np.uint8)
        self.witness = fleet.table(_witnesses, np.int32)


def _kinds(plan: Plan) -> NDArray[np.uint8]:
    return np.array([column.kind for column in plan.columns], np.uint8)


def _witnesses(plan: Plan) -> NDArray[np.int32]:
    ticks = [column for column in plan.columns if column.kind is Kind.TIMETICKS]
    place = {column.instance: i for i, column in enumerate(ticks) if column.quantity == "ifCounterDiscontinuityTime"}
    return np.array([place.get(column.instance, -1) for column in plan.columns], np.int32)
