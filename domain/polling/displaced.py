"""Which 64-bit counters are exported apart from the device's own number, and must begin at nought when read anew.

A counter that stepped back without a restart, or leapt, is exported with an offset. This process knows the offset, the
next one does not: exported raw again, its total would leap and a reader see traffic that never was. So the names are
kept (by whoever owns this) and such a counter begins at nought instead, which a reader takes for a plain reset.
"""

from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from domain.polling.fleet import Fleet
from domain.polling.plan import Column, Kind, Plan

ALL = "*"
"""Instead of the names when every 64-bit counter of a device is meant: a pause of our machine displaces the fleet."""

Mask = NDArray[np.bool_]

_NOTHING: tuple[Plan, Mask] = (Plan(()), np.zeros(0, np.bool_))


class Displaced:
    """By device, the counters as `quantity instance`. `version` rises with every change."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._apart: dict[str, tuple[Plan, Mask]] = {}  # by column of the plan
        self._expected: dict[str, frozenset[str]] = {}  # of devices not read yet, and of counters not in the plan now
        self._wide_of: dict[int, tuple[Plan, Mask]] = {}
        self.version = 0

    def names(self) -> dict[str, list[str]]:
        """Of the devices that are in the fleet."""
        found: dict[str, list[str]] = {}
        for device in self._apart.keys() | self._expected.keys():
            plan, mask = self._apart.get(device, _NOTHING)
            whole = mask.any() and np.array_equal(mask, self._wide(plan))
            names = self._expected.get(device, frozenset()) | (frozenset((ALL,)) if whole else _names(plan, mask))
            if names and device in self._fleet:
                found[device] = sorted(names)
        return found

    def expect(self, names: Mapping[str, Collection[str]]) -> None:
        """What an earlier process knew."""
        self._expected |= {device: frozenset(counters) for device, counters in names.items()}

    def note(self, device: NDArray[np.int64], cell: NDArray[np.int64], offset: NDArray[np.uint64]) -> None:
        """Offsets of 64-bit counters that have just changed, grouped by device; 0: exported as it is again."""
        apart = offset != 0
        for one, part in _groups(device):
            mask, place = self._mask(one), cell[part] - self._fleet.start[one]
            if not np.array_equal(mask[place], apart[part]):
                mask[place] = apart[part]
                self.version += 1

    def begin_anew(self, device: NDArray[np.int64], cell: NDArray[np.int64]) -> Mask:
        """Which of these 64-bit counters, read for the first time and grouped by device, are to begin at nought."""
        anew = np.zeros(len(cell), np.bool_)
        if self._apart or self._expected:
            for one, part in _groups(device):
                name = self._fleet.name(one)
                if name in self._apart or name in self._expected:
                    anew[part] = self._mask(one)[cell[part] - self._fleet.start[one]]
        return anew

    def _mask(self, device: int) -> Mask:
        """Of the device's present plan; what is known by another one goes over by name."""
        name, plan = self._fleet.name(device), self._fleet.plan(device)
        assert plan is not None, "its cells were read"
        known = self._apart.get(name)
        if known is not None and known[0] is plan:
            return known[1]
        names = self._expected.pop(name, frozenset()) | _names(*(known or _NOTHING))
        if ALL in names:
            mask = self._wide(plan).copy()
        elif names:
            mask = self._wide(plan) & np.array([_name(column) in names for column in plan.columns], np.bool_)
            if absent := names - _names(plan, mask):
                self._expected[name] = absent
        else:
            mask = np.zeros(len(plan.columns), np.bool_)
        self._apart[name] = (plan, mask)
        return mask

    def _wide(self, plan: Plan) -> Mask:
        """Its 64-bit counters."""
        known = self._wide_of.get(id(plan))
        if known is None:
            mask = np.array([column.kind is Kind.COUNTER64 for column in plan.columns], np.bool_)
            known = self._wide_of[id(plan)] = (plan, mask)
        return known[1]


def _names(plan: Plan, mask: Mask) -> frozenset[str]:
    return frozenset(_name(plan.columns[place]) for place in np.flatnonzero(mask).tolist())


def _name(column: Column) -> str:
    return f"{column.quantity} {column.instance}"


def _groups(device: NDArray[np.int64]) -> Iterator[tuple[int, slice]]:
    """Each device with its stretch of the array."""
    if len(device) == 0:
        return
    edges = [0, *(np.flatnonzero(device[1:] != device[:-1]) + 1).tolist(), len(device)]
    for start, stop in pairwise(edges):
        yield int(device[start]), slice(start, stop)
