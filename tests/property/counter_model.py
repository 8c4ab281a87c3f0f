"""A counter as slow, plain Python keeps it: what the columns must agree with. And plans and sweeps to try it on."""

from dataclasses import dataclass, field
from math import inf, nan

import numpy as np

from domain.polling import Column, Fleet, Kind, Plan, Sweep
from domain.polling.counters import (
    FRAMES_PER_SECOND,
    SPEED_MARGIN,
    UPTIME_SLACK_SECONDS,
    UPTIME_SLACK_SHARE,
    Verdict,
)

WRAP32, WRAP64 = 2**32, 2**64


def column_of(quantity: str, kind: Kind, instance: str = "", bps: float = inf) -> Column:
    return Column(f"1.3.{quantity}.{instance}", kind, "interfaces", quantity, instance, port_bps=bps)


UPTIME = column_of("sysUpTime", Kind.TIMETICKS)
WIDE = Plan(
    (
        UPTIME,
        column_of("ifHCInOctets", Kind.COUNTER64, "ether1", 1e9),
        column_of("ifInErrors", Kind.COUNTER32, "ether1"),
        column_of("ifOperStatus", Kind.INTEGER, "ether1"),
        column_of("ifCounterDiscontinuityTime", Kind.TIMETICKS, "ether1"),
        column_of("ifHCInOctets", Kind.COUNTER64, "ether2", 1e8),
        column_of("ifHighSpeed", Kind.GAUGE32, "ether2"),
    )
)
WIDER = Plan((*WIDE.columns, column_of("ifHCOutOctets", Kind.COUNTER64, "ether2", 1e8)))
NARROW = Plan(
    (
        UPTIME,
        column_of("ifInOctets", Kind.COUNTER32, "wlan1", 1e8),
        column_of("ifOutOctets", Kind.COUNTER32, "wlan2", 1e6),
        column_of("ifInDiscards", Kind.COUNTER32, "wlan1"),
    )
)
NO_UPTIME = Plan(
    (
        column_of("ifHCInOctets", Kind.COUNTER64, "x", 0),
        column_of("ifInOctets", Kind.COUNTER32, "y", 1e7),
        column_of("ifSpeed", Kind.GAUGE32, "y"),
        column_of("ifHighSpeed", Kind.GAUGE32, "x"),
    )
)
PLANS = (WIDE, WIDER, NARROW, NO_UPTIME)


@dataclass
class Poll:
    """What one device answered: raw value by column; None is invalid, an absent column was not asked."""

    device: str
    steady: float
    values: dict[int, int | None]
    generation_lag: int = 0


def make_sweep(fleet: Fleet, polls: list[Poll], wall: float = 0.0) -> Sweep:
    cells = [
        (row, int(fleet.start[fleet.index(poll.device)]) + place, value)
        for row, poll in enumerate(polls)
        for place, value in sorted(poll.values.items())
    ]
    device = np.array([fleet.index(poll.device) for poll in polls], np.int64)
    steady = np.array([poll.steady for poll in polls])
    return Sweep(
        device=device,
        generation=fleet.generation[device] - np.array([poll.generation_lag for poll in polls], np.int64),
        outcome=np.zeros(len(polls), np.uint8),
        started=steady,
        answered_at=np.full(len(polls), wall),
        answered_steady=steady,
        round_trip=np.zeros(len(polls)),
        attempts=np.ones(len(polls), np.int64),
        bytes_used=np.zeros(len(polls), np.int64),
        row=np.array([cell[0] for cell in cells], np.int64),
        cell=np.array([cell[1] for cell in cells], np.int64),
        raw=np.array([cell[2] or 0 for cell in cells], np.uint64),
        valid=np.array([cell[2] is not None for cell in cells], bool),
    )


# --- the model -------------------------------------------------------------------------------------------------------


@dataclass
class SlowCounter:
    last: int | None = None
    at: float = nan
    total: int = 0


@dataclass
class SlowDevice:
    """The rules of DESIGN section 6, one value at a time."""

    plan: Plan
    counters: dict[int, SlowCounter] = field(default_factory=dict)
    uptime: tuple[int, float] | None = None
    restart_at: float = -inf
    clock_at: float = -inf
    witnesses: dict[str, tuple[int, float]] = field(default_factory=dict)
    apart: set[tuple[str, str]] = field(default_factory=set)
    told: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        octets = [column for column in self.plan.columns if column.quantity.endswith("Octets")]
        self.told = {column.instance: column.port_bps if column.port_bps < inf else 0 for column in octets}
        self.bps = {column.instance: column.port_bps or inf for column in octets}

    def poll(self, now: float, values: dict[int, int | None]) -> tuple[bool, dict[int, tuple[Verdict, int, int]]]:
        restarted = False
        if self.plan.columns[0].kind is Kind.TIMETICKS and values.get(0) is not None:
            restarted = self._hear_uptime(now, values[0])
        for place, column in enumerate(self.plan.columns):
            value = values.get(place)
            if column.quantity == "ifCounterDiscontinuityTime" and value is not None:
                old = self.witnesses.get(column.instance)
                moved = now if old is not None and old[0] != value else (old[1] if old else -inf)
                self.witnesses[column.instance] = (value, moved)
        later = self._hear_speeds(values)
        seen = {}
        for place, column in enumerate(self.plan.columns):
            if column.kind in (Kind.COUNTER32, Kind.COUNTER64) and place in values:
                seen[place] = self._count(now, column, self.counters.setdefault(place, SlowCounter()), values[place])
        self.bps |= later
        return restarted, seen

    def _hear_speeds(self, values: dict[int, int | None]) -> dict[str, float]:
        """The faster of old and new counts for what has gone through by now; returns what counts from now on."""
        later = {}
        for place, column in enumerate(self.plan.columns):
            value = values.get(place)
            if column.quantity not in ("ifHighSpeed", "ifSpeed") or value is None:
                continue
            unit = 1_000_000 if column.quantity == "ifHighSpeed" else 1
            if (
                value < (10_000_000 if unit > 1 else WRAP32 - 1)
                and abs(value * unit - self.told[column.instance]) >= unit
            ):
                self.told[column.instance] = value * unit
                later[column.instance] = value * unit or inf
                self.bps[column.instance] = max(self.bps[column.instance], later[column.instance])
        return later

    def _room(self, column: Column) -> float:
        """Octets a second; inf where nothing is known."""
        return SPEED_MARGIN * self.bps[column.instance] / 8 if column.instance in self.bps else inf

    def _hear_uptime(self, now: float, uptime: int) -> bool:
        old, self.uptime = self.uptime, (uptime, now)
        if old is None:
            return False
        elapsed = now - old[1]
        expected = (old[0] + round(elapsed * 100)) % WRAP32
        apart = min((uptime - expected) % WRAP32, (expected - uptime) % WRAP32)
        slack = 100 * (UPTIME_SLACK_SECONDS + UPTIME_SLACK_SHARE * abs(elapsed))
        off = apart > slack
        restarted = False
        if elapsed > 0:
            restarted = uptime < old[0] and (off or old[0] < WRAP32 // 2)
            restarted = restarted or (off and uptime <= elapsed * 100 + slack)
        if restarted:
            self.restart_at = now
        elif off:
            self.clock_at = now
        return restarted

    def _count(self, now: float, column: Column, counter: SlowCounter, raw: int | None) -> tuple[Verdict, int, int]:
        if raw is None:
            return Verdict.INVALID, 0, counter.total
        verdict, delta = self._judge(now, column, counter, raw)
        total = (counter.total + delta) % WRAP64
        if column.kind is Kind.COUNTER64:
            if verdict is Verdict.FIRST:
                total = 0 if (column.quantity, column.instance) in self.apart else raw
            elif verdict in (Verdict.RESTART, Verdict.DISCONTINUITY):
                seen = raw if raw < total else raw - total
                room = self._room(column) if self._room(column) < inf else FRAMES_PER_SECOND
                if seen <= room * (now - counter.at):
                    total = raw
            (self.apart.add if total != raw else self.apart.discard)((column.quantity, column.instance))
        counter.last, counter.at, counter.total = raw, now, total
        return verdict, delta, total

    def _judge(self, now: float, column: Column, counter: SlowCounter, raw: int) -> tuple[Verdict, int]:
        if counter.last is None:
            return Verdict.FIRST, 0
        if self.restart_at > counter.at:
            return Verdict.RESTART, 0
        witness = self.witnesses.get(column.instance)
        if witness and witness[1] > counter.at:
            return Verdict.DISCONTINUITY, 0
        elapsed = now - counter.at
        if elapsed <= 0 or self.clock_at > counter.at:
            return Verdict.CLOCK, 0
        cap = self._room(column) if column.quantity.endswith("Octets") else inf
        narrow = column.kind is Kind.COUNTER32
        if narrow and cap < inf and cap * elapsed >= WRAP32:
            return Verdict.TOO_LONG, 0
        if raw < counter.last:
            around = raw + WRAP32 - counter.last
            if narrow and around / elapsed <= (cap if cap < inf else FRAMES_PER_SECOND):
                return Verdict.WRAPPED, around
            return Verdict.BACKWARDS, 0
        if (raw - counter.last) / elapsed > cap:
            return Verdict.TOO_FAST, 0
        return Verdict.ACCEPTED, raw - counter.last
