"""The last reading of every sensor, and the last one before it went missing or its device fell. In columns."""

from dataclasses import dataclass
from math import isnan

import numpy as np
from numpy.typing import NDArray

from domain.polling import Fleet, Sweep
from domain.polling.strips import with_room

SENSOR = "sensor."


@dataclass(frozen=True, slots=True)
class Reading:
    """One sensor. now: None for 'no reading' at the last poll; before: the last one that was a number."""

    name: str
    interface: str
    now: float | None
    before: float | None


class ReadingBook:
    """Nine octets a sensor."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self.strip = fleet.strip(lambda column: column.quantity.startswith(SENSOR))
        self._last: NDArray[np.float32] = np.zeros(0, np.float32)
        self._there: NDArray[np.uint8] = np.zeros(0, np.uint8)  # 0 never read, 1 there, 2 went missing
        self.strip.watch(self._forget)

    def note(self, sweep: Sweep, value: NDArray[np.float64]) -> None:
        """value: a reading for each cell of the sweep, NaN for none."""
        self._last = with_room(self._last, self.strip.capacity)
        self._there = with_room(self._there, self.strip.capacity)
        column = self._fleet.columns(sweep)
        at = np.flatnonzero(self.strip.number.values[column] >= 0)
        current = (self._fleet.generation[sweep.device] == sweep.generation)[sweep.row[at]]
        at = at[current & ~np.isnan(sweep.answered_at)[sweep.row[at]]]
        if not len(at):
            return
        place = self.strip.places(sweep.device, sweep.row[at], column[at])
        there = ~np.isnan(value[at])
        self._last[place[there]] = value[at[there]]
        self._there[place[there]] = 1
        gone = place[~there]
        self._there[gone] = np.where(self._there[gone] != 0, 2, 0)

    def of(self, device: str, class_: str, interface: str = "") -> tuple[Reading, ...]:
        """The sensors of a class on a device (on one interface of it, if that is named) that were ever read."""
        if device not in self._fleet:
            return ()
        index = self._fleet.index(device)
        plan = self._fleet.plan(index)
        if plan is None:
            return ()
        first = self._fleet.first_column(index)
        found = []
        for number in plan.find(SENSOR + class_):
            column = plan.columns[number]
            place = int(self.strip.start[index]) + int(self.strip.number.values[first + number])
            if (interface and column.interface != interface) or place >= len(self._there) or not self._there[place]:
                continue
            last = float(self._last[place])
            now = last if self._there[place] == 1 and not isnan(last) else None
            found.append(Reading(column.instance, column.interface, now, last))
        return tuple(found)

    def _forget(self, start: int, stop: int) -> None:
        self._there[start:stop] = 0
