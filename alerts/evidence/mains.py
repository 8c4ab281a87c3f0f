"""What devices say of the mains at their site, by `domain.polling.MainsSign`: now, and since when. In columns.

Which readings are such signs is told from outside (`signs`), by device. What an outage makes of it is not decided here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.polling import Fleet, MainsSign, Plan, Sweep
from domain.polling.strips import with_room

Signs = Callable[[str], tuple[MainsSign, ...]]
"""By device: `collectors.discovery.mains_signs` of its plan and profile."""

_QUANTITIES: Final = frozenset({"sensor.state", "sensor.voltage", "sensor.runtime"})
_SILENT, _LOST, _PRESENT = np.uint8(0), np.uint8(1), np.uint8(2)


@dataclass(frozen=True, slots=True)
class MainsWord:
    """mains: True for there, False for lost. changed_at: when it last came to say so, None if it always has."""

    instance: str
    mains: bool
    by_change: bool
    changed_at: datetime | None


def no_signs(_device: str) -> tuple[MainsSign, ...]:
    return ()


class MainsBook:
    """Seven octets for each state, voltage and running time. `lay_out` a device before its cells are noted."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self.signs: Signs = no_signs
        self.strip = fleet.strip(lambda column: column.quantity in _QUANTITIES)
        self._ranges: NDArray[np.float32] = np.array([[np.inf, -np.inf, np.inf, -np.inf]], np.float32)
        self._number: dict[tuple[float, ...], int] = {}
        self._rule: NDArray[np.uint16] = np.zeros(0, np.uint16)
        self._says: NDArray[np.uint8] = np.zeros(0, np.uint8)
        self._changed: NDArray[np.float32] = np.zeros(0, np.float32)  # seconds after the epoch; 0: never
        self._epoch = float("nan")
        self._laid_out: dict[tuple[int, tuple[MainsSign, ...]], tuple[Plan, NDArray[np.int64], NDArray[np.uint16]]] = {}
        self._tells: set[str] = set()
        self.strip.watch(self._forget)

    def tells(self, device: str) -> bool:
        """Whether it has any sign of the mains."""
        return device in self._tells

    def lay_out(self, device: int, name: str, plan: Plan) -> None:
        self._make_room()
        signs = self.signs(name)
        (self._tells.add if signs else self._tells.discard)(name)
        start, count = int(self.strip.start[device]), int(self.strip.count[device])
        if not signs:
            self._rule[start : start + count] = 0
            return
        key = id(plan), signs
        known = self._laid_out.get(key)
        if known is None:
            first = self._fleet.first_column(device)
            own = [int(self.strip.number.values[first + sign.column]) for sign in signs]
            chosen = [(place, self._rule_of(sign)) for place, sign in zip(own, signs, strict=True) if place >= 0]
            places, rules = (np.array(each) for each in zip(*chosen, strict=True)) if chosen else ([], [])
            known = self._laid_out[key] = plan, np.asarray(places, np.int64), np.asarray(rules, np.uint16)
        _plan, places, rules = known
        new = np.zeros(count, np.uint16)
        new[places] = rules
        self._rule[start : start + count] = new

    def note(self, sweep: Sweep, at: NDArray[np.int64], place: NDArray[np.int64], value: NDArray[np.float64]) -> None:
        """at: cells of the sweep that have a place here. value: their readings, NaN for none: says nothing new."""
        self._make_room()
        rule = self._rule[place]
        ruled = np.flatnonzero(rule)
        if not len(ruled):
            return
        at, place, value = at[ruled], place[ruled], value[ruled]
        ranges = self._ranges[rule[ruled]]
        lost = (value >= ranges[:, 0]) & (value <= ranges[:, 1])
        present = (value >= ranges[:, 2]) & (value <= ranges[:, 3])
        says = np.where(present, _PRESENT, np.where(lost, _LOST, _SILENT))
        before = self._says[place]
        # a counter of seconds on battery that is back at nought says that the battery rests, not that mains are there
        moved = np.flatnonzero(says != before)
        moved = moved[~np.isnan(value[moved])]
        if not len(moved):
            return
        unix = sweep.answered_at[sweep.row[at[moved]]]
        if np.isnan(self._epoch):
            self._epoch = float(unix.min()) - 1.0
        known = before[moved] != _SILENT  # what was never cabled reads as lost from the first day
        self._changed[place[moved]] = np.where(known, unix - self._epoch, 0)
        self._says[place[moved]] = says[moved]

    def of(self, device: str) -> Iterator[MainsWord]:
        """What it said last; nothing of signs that tell nothing now."""
        if device not in self._tells or device not in self._fleet:
            return
        index = self._fleet.index(device)
        plan = self._fleet.plan(index)
        if plan is None:
            return
        first, start = self._fleet.first_column(index), int(self.strip.start[index])
        for sign in self.signs(device):
            own = int(self.strip.number.values[first + sign.column])
            place = start + own
            if own < 0 or place >= len(self._says) or self._says[place] == _SILENT:
                continue
            changed = float(self._changed[place])
            at = datetime.fromtimestamp(self._epoch + changed, UTC) if changed else None
            yield MainsWord(sign.instance, bool(self._says[place] == _PRESENT), sign.by_change, at)

    def _rule_of(self, sign: MainsSign) -> int:
        key = (*sign.lost, *sign.present)
        number = self._number.get(key)
        if number is None:
            number = self._number[key] = len(self._ranges)
            self._ranges = np.vstack([self._ranges, np.array([key], np.float32)])
        return number

    def _make_room(self) -> None:
        size = self.strip.capacity
        if len(self._rule) < size:
            self._rule, self._says = with_room(self._rule, size), with_room(self._says, size)
            self._changed = with_room(self._changed, size)

    def _forget(self, start: int, stop: int) -> None:
        self._rule[start:stop] = 0
        self._says[start:stop] = 0
        self._changed[start:stop] = 0
