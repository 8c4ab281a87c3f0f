"""What counters say between two polls: how much went by, how fast, and when nothing can be said.

Pure and columnar. Knows no metric and no unit but the octet. The rules are DESIGN's: a restart, a discontinuity or an
impossible step back is a gap, a gap is never filled, and nothing faster than the port is believed.

Time is the steady time of the answers: no wall clock is read here, so none can spoil a rate.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from domain.polling.fleet import Fleet
from domain.polling.plan import Kind
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

CIRCLE = 2**32
_HALF = 2**31
Scalar = TypeVar("Scalar", bound=np.generic)


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
    a gap moves the offset so that the total stands still.

    One case is told apart: after a restart or a discontinuity a 64-bit counter is exported raw again if what a reader
    would make of that (the whole of it, if it fell) could have gone through the port since the last poll.

    About 9 bytes a cell; the arrays for what is rare are touched only when it happens. Steady times are above 0.
    """

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._raw: NDArray[np.uint64] = np.zeros(0, np.uint64)
        self._offset: NDArray[np.uint64] = np.zeros(0, np.uint64)
        self._state: NDArray[np.uint8] = np.zeros(0, np.uint8)  # _NEVER, _FRESH, _STALE
        self._stale_at: NDArray[np.float64] = np.zeros(0)  # when a _STALE cell was last read
        self._moved_at: NDArray[np.float64] = np.zeros(0)  # when a TIMETICKS cell was last seen to change
        self._heard_at: NDArray[np.float64] = np.zeros(0)  # by device: when its _FRESH cells were read
        self._uptime: NDArray[np.int64] = np.zeros(0, np.int64)
        self._uptime_at: NDArray[np.float64] = np.zeros(0)  # 0: none known
        self._restart_at: NDArray[np.float64] = np.zeros(0)
        self._clock_at: NDArray[np.float64] = np.zeros(0)
        self._generation: NDArray[np.int64] = np.zeros(0, np.int64)
        self.counts: NDArray[np.int64] = np.zeros(len(Verdict), np.int64)
        fleet.watch(self._forget)

    def total(self, cell: NDArray[np.int64]) -> NDArray[np.uint64]:
        """The exported totals of counter cells that have been read at least once; 0 for the others."""
        self._make_room()
        return self._raw[cell] + self._offset[cell]

    def advance(self, sweep: Sweep) -> CounterAdvance:
        """Take a sweep in. Each device stands in it once at most; rows of an older layout are passed over."""
        self._make_room()
        rows = _Rows(self._fleet, sweep)
        self._meet_generations(sweep, rows)
        restarted = self._compare_uptimes(sweep, rows)
        kind = self._fleet.cell_kind[sweep.cell]
        self._note_discontinuities(sweep, rows, kind)
        # Kind.COUNTER32 is 1 and COUNTER64 is 2; unsigned arithmetic sends INTEGER to 255
        is_counter = (kind - np.uint8(Kind.COUNTER32)) <= np.uint8(Kind.COUNTER64 - Kind.COUNTER32)
        if not rows.all_current:
            is_counter &= rows.current[sweep.row]
        advance = self._advance_counters(sweep, np.flatnonzero(is_counter), kind, restarted)
        self._miss_absent(sweep, rows)
        answered = rows.answered
        self._heard_at[sweep.device[answered]] = sweep.answered_steady[answered]
        self.counts += advance.counts
        return advance

    def _advance_counters(
        self, sweep: Sweep, at: NDArray[np.int64], kind: NDArray[np.uint8], restarted: NDArray[np.bool_]
    ) -> CounterAdvance:
        cell, raw, row = sweep.cell[at], sweep.raw[at], sweep.row[at]
        state, last = self._state[cell], self._raw[cell]
        heard_at = self._heard_at[sweep.device]
        then = heard_at[row]
        stale = np.flatnonzero(state == _STALE)
        then[stale] = self._stale_at[cell[stale]]
        elapsed = sweep.answered_steady[row] - then
        delta = raw - last
        narrow = kind[at] == Kind.COUNTER32
        if narrow.any():
            delta[narrow] &= np.uint64(CIRCLE - 1)
        cap = SPEED_MARGIN * self._fleet.cell_bytes_per_second[cell].astype(np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = delta / elapsed
            twice = narrow & np.isfinite(cap) & (cap * elapsed >= CIRCLE)
        usual = (state == _FRESH) & sweep.valid[at] & (elapsed > 0) & (raw >= last) & (rate <= cap)
        usual &= ~twice
        trouble = np.maximum(self._restart_at, self._clock_at)[sweep.device] > heard_at
        if trouble.any():
            usual &= ~trouble[row]
        usual &= self._moved_at[cell + self._fleet.cell_discontinuity[cell]] <= then
        verdict = np.zeros(len(at), np.uint8)
        odd = np.flatnonzero(~usual)
        if len(odd):
            case = _Odd(
                device=sweep.device[row[odd]],
                cell=cell[odd],
                then=then[odd],
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
            self._stale_at[cell[lost]] = heard_at[row[lost]]
            self._state[cell[lost]] = _STALE
        read = slice(None) if len(odd) == 0 else sweep.valid[at]
        self._raw[cell[read]] = raw[read]
        self._state[cell[read]] = _FRESH
        total = self._raw[cell] + self._offset[cell]
        return CounterAdvance(at, cell, delta, elapsed, rate, verdict, total, restarted)

    def _judge(self, case: "_Odd") -> NDArray[np.uint8]:
        """The verdict of each odd cell: the first rule that holds."""
        back = case.raw < case.last
        limited = np.isfinite(case.cap)
        may_wrap = case.narrow & (case.rate <= np.where(limited, case.cap, FRAMES_PER_SECOND))
        witness = case.cell + self._fleet.cell_discontinuity[case.cell]
        rules = (
            (~case.valid, Verdict.INVALID),
            (case.state == _NEVER, Verdict.FIRST),
            (self._restart_at[case.device] > case.then, Verdict.RESTART),
            (self._moved_at[witness] > case.then, Verdict.DISCONTINUITY),
            (~(case.elapsed > 0) | (self._clock_at[case.device] > case.then), Verdict.CLOCK),
            (case.twice, Verdict.TOO_LONG),
            (back & may_wrap, Verdict.WRAPPED),
            (back, Verdict.BACKWARDS),
            (case.rate > case.cap, Verdict.TOO_FAST),
        )
        return np.select([rule for rule, _ in rules], [np.uint8(verdict) for _, verdict in rules], np.uint8(0))

    def _settle_offsets(self, case: "_Odd", verdict: NDArray[np.uint8]) -> None:
        offset = self._offset[case.cell]
        stands = offset + case.last - case.raw  # the total stays where it was
        first = np.where(case.narrow, np.uint64(0) - case.raw, np.uint64(0))
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
        self._offset[case.cell[moved]] = settled[moved]

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

    def _note_discontinuities(self, sweep: Sweep, rows: "_Rows", kind: NDArray[np.uint8]) -> None:
        ticks = (kind == Kind.TIMETICKS) & sweep.valid
        ticks[rows.first[rows.with_uptime]] = False
        at = np.flatnonzero(ticks)
        if len(at) == 0:
            return
        if not rows.all_current:
            at = at[rows.current[sweep.row[at]]]
        cell, raw = sweep.cell[at], sweep.raw[at]
        moved = (self._state[cell] != _NEVER) & (self._raw[cell] != raw)
        self._moved_at[cell[moved]] = sweep.answered_steady[sweep.row[at[moved]]]
        self._raw[cell] = raw
        self._state[cell] = _FRESH

    def _miss_absent(self, sweep: Sweep, rows: "_Rows") -> None:
        """Cells of an answering device that were not asked this time keep the time of their last reading."""
        asked = rows.bounds[1:] - rows.bounds[:-1]
        for row in rows.answered[asked[rows.answered] < self._fleet.count[sweep.device[rows.answered]]]:
            device = sweep.device[row]
            start = self._fleet.start[device]
            absent = self._state[start : start + self._fleet.count[device]] == _FRESH
            absent[sweep.cell[rows.bounds[row] : rows.bounds[row + 1]] - start] = False
            cell = start + np.flatnonzero(absent)
            self._stale_at[cell] = self._heard_at[device]
            self._state[cell] = _STALE

    def _meet_generations(self, sweep: Sweep, rows: "_Rows") -> None:
        """A device of another layout may be another device: what was known of its uptime is forgotten."""
        new = rows.current & (self._generation[sweep.device] != sweep.generation)
        if new.any():
            device = sweep.device[new]
            self._generation[device] = sweep.generation[new]
            for field in (self._uptime_at, self._restart_at, self._clock_at, self._heard_at):
                field[device] = 0.0

    def _make_room(self) -> None:
        cells, devices = self._fleet.capacity, len(self._fleet.start)
        if len(self._raw) < cells:
            for name in ("_raw", "_offset", "_state", "_stale_at", "_moved_at"):
                setattr(self, name, _longer(getattr(self, name), cells))
        if len(self._uptime) < devices:
            for name in ("_heard_at", "_uptime", "_uptime_at", "_restart_at", "_clock_at", "_generation"):
                setattr(self, name, _longer(getattr(self, name), devices))

    def _forget(self, start: int, stop: int) -> None:
        for field in (self._raw, self._offset, self._state, self._stale_at, self._moved_at):
            field[start:stop] = 0


_NEVER, _FRESH, _STALE = np.uint8(0), np.uint8(1), np.uint8(2)


@dataclass(frozen=True, slots=True)
class _Odd:
    """The cells of a sweep that are not plainly right, and all that is known of each."""

    device: NDArray[np.int64]
    cell: NDArray[np.int64]
    then: NDArray[np.float64]
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

    def __init__(self, fleet: Fleet, sweep: Sweep) -> None:
        bounds = self.bounds = sweep.bounds
        self.current: NDArray[np.bool_] = fleet.generation[sweep.device] == sweep.generation
        self.all_current = bool(self.current.all())
        self.answered = np.flatnonzero(self.current & ~np.isnan(sweep.answered_steady))
        self.first = bounds[:-1]
        row = np.flatnonzero(self.current & (bounds[1:] > bounds[:-1]))
        cell = sweep.cell[self.first[row]]
        is_uptime = (cell == fleet.start[sweep.device[row]]) & (fleet.cell_kind[cell] == Kind.TIMETICKS)
        self.with_uptime = row[is_uptime & sweep.valid[self.first[row]]]


def _longer(array: NDArray[Scalar], size: int) -> NDArray[Scalar]:
    """A copy with zeros behind it, which cost no memory until they are written."""
    longer = np.zeros(size, array.dtype)
    longer[: len(array)] = array
    return longer
