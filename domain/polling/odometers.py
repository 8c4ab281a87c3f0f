"""What is kept of every counter: its last reading and its offset, in as few octets as its kind allows.

A 32-bit counter takes eight octets: its reading, and the first one, which is taken off its total. A 64-bit one takes
eight too. What else an offset may be is written only where it is, eight octets more. What they are for: see `counters`.
"""

import numpy as np
from numpy.typing import NDArray

from domain.polling.fleet import Fleet
from domain.polling.plan import Kind, Plan
from domain.polling.strips import with_room

CIRCLE = 2**32

Spots = NDArray[np.int64]
"""Where each counter stands among those of its kind."""

Narrow = NDArray[np.bool_]
"""Which of them are 32-bit ones."""


class Odometers:
    """What was never written reads 0. `make_room` after the fleet has grown."""

    def __init__(self, fleet: Fleet) -> None:
        self._wide = fleet.strip(lambda column: column.kind is Kind.COUNTER64)
        self._narrow = fleet.strip(lambda column: column.kind is Kind.COUNTER32)
        self._number = fleet.table(_numbers, np.int32)
        self._wide_raw: NDArray[np.uint64] = np.zeros(0, np.uint64)
        self._wide_offset: NDArray[np.uint64] = np.zeros(0, np.uint64)
        self._narrow_raw: NDArray[np.uint32] = np.zeros(0, np.uint32)
        self._narrow_first: NDArray[np.uint32] = np.zeros(0, np.uint32)
        self._narrow_offset: NDArray[np.uint64] = np.zeros(0, np.uint64)  # beside the first reading
        self._wide_moved = self._narrow_moved = False  # whether anything was ever written there
        self._wide.watch(self._forget_wide)
        self._narrow.watch(self._forget_narrow)

    def make_room(self) -> None:
        for strip, names in (
            (self._wide, ("_wide_raw", "_wide_offset")),
            (self._narrow, ("_narrow_raw", "_narrow_first", "_narrow_offset")),
        ):
            for name in names:
                setattr(self, name, with_room(getattr(self, name), strip.capacity))

    def spots(
        self, device: NDArray[np.int64], row: NDArray[np.int64], column: NDArray[np.int64], narrow: Narrow
    ) -> Spots:
        """Of counters; each is that of device[row]."""
        first = np.where(narrow, self._narrow.start[device][row], self._wide.start[device][row]).astype(np.int64)
        first += self._number.values[column]
        return first

    def readings(self, spot: Spots, narrow: Narrow) -> NDArray[np.uint64]:
        values = np.empty(len(spot), np.uint64)
        values[narrow] = self._narrow_raw[spot[narrow]]
        values[~narrow] = self._wide_raw[spot[~narrow]]
        return values

    def read(self, spot: Spots, narrow: Narrow, raw: NDArray[np.uint64]) -> None:
        self._narrow_raw[spot[narrow]] = raw[narrow]
        self._wide_raw[spot[~narrow]] = raw[~narrow]

    def offsets(self, spot: Spots, narrow: Narrow) -> NDArray[np.uint64]:
        values = np.zeros(len(spot), np.uint64)
        mine = spot[narrow]
        values[narrow] -= self._narrow_first[mine]
        if self._narrow_moved:
            values[narrow] += self._narrow_offset[mine]
        if self._wide_moved:
            values[~narrow] = self._wide_offset[spot[~narrow]]
        return values

    def move(self, spot: Spots, narrow: Narrow, offset: NDArray[np.uint64]) -> None:
        self._move_narrow(spot[narrow], offset[narrow])
        if not narrow.all():
            self._wide_offset[spot[~narrow]] = offset[~narrow]
            self._wide_moved = True

    def _move_narrow(self, spot: Spots, offset: NDArray[np.uint64]) -> None:
        taken_off = np.uint64(0) - offset
        begins = (self._narrow_first[spot] == 0) & (taken_off < np.uint64(CIRCLE))
        self._narrow_first[spot[begins]] = taken_off[begins]
        rest = offset + self._narrow_first[spot]
        if self._narrow_moved or rest.any():
            self._narrow_offset[spot] = rest
            self._narrow_moved = True

    def _forget_wide(self, start: int, stop: int) -> None:
        self._wide_raw[start:stop] = 0
        if self._wide_moved:
            self._wide_offset[start:stop] = 0

    def _forget_narrow(self, start: int, stop: int) -> None:
        self._narrow_raw[start:stop] = 0
        self._narrow_first[start:stop] = 0
        if self._narrow_moved:
            self._narrow_offset[start:stop] = 0


def _numbers(plan: Plan) -> NDArray[np.int32]:
    """How many-th of its kind each column is."""
    seen = dict.fromkeys(Kind, -1)
    numbers = []
    for column in plan.columns:
        seen[column.kind] += 1
        numbers.append(seen[column.kind])
    return np.array(numbers, np.int32)
