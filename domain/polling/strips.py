"""What is kept beside the fleet: a value for each column of every plan, a place for chosen columns of every device.

Ten million cells share a few plans. What a plan says of a column is kept once (`ColumnTable`), and what is remembered
of a cell is kept only for columns of which it is asked (`Strip`). Make both with the fleet, which keeps them in step.
"""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from domain.polling.plan import Plan

Forget = Callable[[int, int], None]
Scalar = TypeVar("Scalar", bound=np.generic)


class ColumnTable(Generic[Scalar]):
    """`values` has an entry for each column of every plan that was laid out; `Fleet.columns` tells which."""

    def __init__(self, of_plan: Callable[[Plan], NDArray[Scalar]], dtype: type[Scalar]) -> None:
        """of_plan: the values of one plan's columns, asked once."""
        self._of_plan = of_plan
        self.values: NDArray[Scalar] = np.zeros(64, dtype)

    def lay_out(self, plan: Plan, first: int) -> None:
        """For the fleet: write a plan's values from entry `first` on."""
        stop = first + len(plan.columns)
        self.values = with_room(self.values, stop)
        self.values[first:stop] = self._of_plan(plan)


class Strip:
    """One long row with a place for each chosen column of every device; ragged, whatever shapes are mixed.

    start, count: by device, whose places are [start, start + count). number: by column, the first of its places as
    they stand among its device's; -1 for those without one. Rooms keep arrays `capacity` long, and register with
    `watch`.
    """

    def __init__(self, chosen: Callable[[Plan], Sequence[int]]) -> None:
        """chosen: for each column of a plan, how many places it has: True is one, 2 are two beside each other."""
        self._chosen = chosen
        self._counts: dict[int, int] = {}
        self._free: dict[int, list[int]] = {}
        self._watchers: list[Forget] = []
        self.number = ColumnTable(self._numbers, np.int32)
        self.start: NDArray[np.int32] = np.zeros(16, np.int32)
        self.count: NDArray[np.int32] = np.zeros(16, np.int32)
        self.used = 0
        """Places below this have been given out."""
        self.capacity = 1024
        """Places for which arrays must have room; grows by doubling, never shrinks."""

    def watch(self, forget: Forget) -> None:
        """`forget(start, stop)` is called before a range of places gets a new owner."""
        self._watchers.append(forget)

    def places(self, device: NDArray[np.int64], row: NDArray[np.int64], column: NDArray[np.int64]) -> NDArray[np.int64]:
        """Of chosen columns; each is that of device[row]."""
        places = self.start[device].astype(np.int64)[row]
        places += self.number.values[column]
        return places

    def fit(self, devices: int) -> None:
        """For the fleet: so many devices are known."""
        self.start, self.count = with_room(self.start, devices), with_room(self.count, devices)

    def lay_out(self, plan: Plan, first: int) -> None:
        """For the fleet: `first` is the entry of the plan's first column."""
        self.number.lay_out(plan, first)
        self._counts[first] = sum(self._chosen(plan))

    def take(self, device: int, first: int) -> None:
        """For the fleet: give a device without places those of the plan laid out at `first`."""
        count = self._counts[first]
        free = self._free.get(count)
        if free:
            start = free.pop()
            for forget in self._watchers:
                forget(start, start + count)
        else:
            start = self.used
            self.used += count
            while self.capacity < self.used:
                self.capacity *= 2
        self.start[device], self.count[device] = start, count

    def release(self, device: int) -> None:
        """For the fleet: the device has no places any more."""
        count = int(self.count[device])
        if count:
            self._free.setdefault(count, []).append(int(self.start[device]))
        self.count[device] = 0

    def _numbers(self, plan: Plan) -> NDArray[np.int32]:
        places = np.array(self._chosen(plan), np.int32)
        return np.where(places > 0, np.cumsum(places) - places, -1).astype(np.int32)


def with_room(array: NDArray[Scalar], size: int, filler: float = 0) -> NDArray[Scalar]:
    """The array itself, or one of at least this size (and an eighth longer than before) that holds the same.

    Behind that it is filled with zeros, for which the kernel gives memory only when they are written, or with `filler`.
    An array that holds nothing yet costs nothing.
    """
    held = len(array)
    if held >= size:
        return array
    longer = np.zeros((max(size, held + held // 8), *array.shape[1:]), array.dtype)
    if array.any():
        longer[:held] = array
    if filler:
        longer[held:] = filler
    return longer
