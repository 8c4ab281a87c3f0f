"""How far light and radio signals have fallen in the last minutes, and their medians of the day. In columns.

Remembers each level as it is and as it was over the last half hour: what fades before it is lost was no switch.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.polling import Column, Fleet, Plan, Sweep
from domain.polling.strips import with_room

LIGHT: Final = "sensor.dbm"
SIGNAL: Final = "sensor.signal"
MEMORY_SECONDS: Final = 1800.0
SLOTS: Final = 24
LEAST_SLOTS: Final = 3
"""So many hours of a day must have brought a reading for it to have a median."""

_STUBBORN: Final = 0.05
"""A fall is remembered for ten hours, not for half of one: the fault it announced may be open for so long."""

_DEEP: Final = {LIGHT: 3.0, SIGNAL: 8.0}
_SENT: Final = re.compile(r"\btx\b|transmit|bias", re.IGNORECASE)
_NOT_OURS: Final = re.compile(r"noise|client|station", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fade:
    """One level. before: what it was over the last half hour, now: the last reading; in dBm."""

    sensor: str
    interface: str
    before: float
    now: float

    @property
    def fell(self) -> float:
        """dB; below nought if it rose."""
        return self.before - self.now


@dataclass(frozen=True, slots=True)
class DayMedian:
    """The light that came in at one sensor on one day."""

    device: str
    sensor: str
    interface: str
    day: date
    dbm: float


def is_level(column: Column) -> bool:
    """Light that comes in, or the signal of a radio link; not what is sent, nor noise, nor somebody's phone."""
    if column.quantity == LIGHT:
        return not _SENT.search(column.instance)
    return column.quantity == SIGNAL and not _NOT_OURS.search(column.instance)


class FadeBook:
    """60 octets a level."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self.strip = fleet.strip(is_level)
        self._deep = fleet.table(_deep, np.float32)
        self._before: NDArray[np.float32] = np.zeros(0, np.float32)
        self._last: NDArray[np.float32] = np.zeros(0, np.float32)
        self._at: NDArray[np.float32] = np.zeros(0, np.float32)  # seconds after the epoch; 0: never read
        self._slots: NDArray[np.int16] = np.zeros((0, SLOTS), np.int16)  # hundredths of dBm, by hour; 0: no reading
        self._epoch = float("nan")
        self.strip.watch(self._forget)

    def note(self, sweep: Sweep, at: NDArray[np.int64], place: NDArray[np.int64], value: NDArray[np.float64]) -> None:
        """at: cells of the sweep that have a place here. value: their readings, NaN for none: the last one stays."""
        self._make_room()
        there = np.flatnonzero(~np.isnan(value))
        if not len(there):
            return
        place, level = place[there], value[there].astype(np.float32)
        row = sweep.row[at[there]]
        steady = sweep.answered_steady[row]
        if np.isnan(self._epoch):
            self._epoch = float(steady.min()) - 1.0
        now = (steady - self._epoch).astype(np.float32)
        then = self._at[place]
        share = 1 - np.exp(-np.maximum(now - then, 0) / np.float32(MEMORY_SECONDS))
        # after a long silence the first reading may be of the same fault: what was before it stays what was
        before = self._before[place]
        fallen = before - level >= self._deep.values[self._fleet.columns(sweep)[at[there]]]
        share = np.where(fallen, share * _STUBBORN, np.minimum(share, 0.5))
        share = np.where(then == 0, 1.0, share).astype(np.float32)
        self._before[place] = before + share * (level - before)
        self._last[place], self._at[place] = level, now
        hour = (sweep.answered_at[row] / 3600).astype(np.int64) % SLOTS
        hundredths = np.clip(np.rint(level * 100), -32000, 32000).astype(np.int16)
        self._slots[place, hour] = np.where(hundredths == 0, np.int16(1), hundredths)

    def light(self, device: str, interface: str) -> Iterator[Fade]:
        """Of one port."""
        return self._of(device, LIGHT, interface)

    def signal(self, device: str) -> Iterator[Fade]:
        return self._of(device, SIGNAL, "")

    def close_day(self, day: date) -> tuple[DayMedian, ...]:
        """The medians of what was read since the last call, by device and sensor; begins anew."""
        found = []
        for device in range(self._fleet.size):
            plan = self._fleet.plan(device)
            start, count = int(self.strip.start[device]), int(self.strip.count[device])
            if plan is None or not count or start + count > len(self._slots):
                continue
            mine = self._slots[start : start + count]
            if not mine.any():
                continue
            name = self._fleet.name(device)
            levels = [column for column in plan.columns if is_level(column)]
            for column, slots in zip(levels, mine, strict=True):
                read = slots[slots != 0]
                if column.quantity == LIGHT and len(read) >= LEAST_SLOTS:
                    dbm = round(float(np.median(read)) / 100, 2)
                    found.append(DayMedian(name, column.instance, column.interface, day, dbm))
        self._slots[:] = 0
        return tuple(sorted(found, key=lambda each: (each.device, each.sensor)))

    def _of(self, device: str, quantity: str, interface: str) -> Iterator[Fade]:
        if device not in self._fleet:
            return
        index = self._fleet.index(device)
        plan = self._fleet.plan(index)
        if plan is None or not self.strip.count[index]:
            return
        first, start = self._fleet.first_column(index), int(self.strip.start[index])
        for number in plan.find(quantity):
            column, own = plan.columns[number], int(self.strip.number.values[first + number])
            place = start + own
            if (
                own < 0
                or place >= len(self._at)
                or not self._at[place]
                or column.interface != (interface or column.interface)
            ):
                continue
            yield Fade(column.instance, column.interface, float(self._before[place]), float(self._last[place]))

    def _make_room(self) -> None:
        size = self.strip.capacity
        if len(self._at) < size:
            self._before, self._last = with_room(self._before, size), with_room(self._last, size)
            self._at, self._slots = with_room(self._at, size), with_room(self._slots, size)

    def _forget(self, start: int, stop: int) -> None:
        self._at[start:stop] = 0
        self._slots[start:stop] = 0


def _deep(plan: Plan) -> NDArray[np.float32]:
    return np.array([_DEEP.get(column.quantity, np.inf) for column in plan.columns], np.float32)
