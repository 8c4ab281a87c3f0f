"""What changed on interfaces between two polls: status by IF-MIB (RFC 2863), compared in columns.

Pure. Says what changed, not what it means. A first reading, an unanswered one and a new layout are no change.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from domain.polling import Fleet, Sweep

WATCHED = ("ifOperStatus", "ifAdminStatus")


@dataclass(frozen=True, slots=True)
class InterfaceChange:
    """at: when the device said so. quantity: ifOperStatus or ifAdminStatus. from_, to: the MIB's numbers."""

    at: datetime
    device: str
    interface: str
    quantity: str
    from_: int
    to: int


class InterfaceWatch:
    """Remembers the last status of every watched cell. Two octets a cell."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._last: NDArray[np.uint8] = np.zeros(0, np.uint8)  # status + 1; 0: not read yet
        self._watched: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._generation: NDArray[np.int64] = np.zeros(0, np.int64)
        self._of_plan: dict[int, tuple[object, NDArray[np.bool_]]] = {}

    def changes(self, sweep: Sweep) -> tuple[InterfaceChange, ...]:
        """In the order of the sweep."""
        self._make_room()
        self._meet(sweep)
        at = np.flatnonzero(self._watched[sweep.cell] & sweep.valid)
        if len(at) == 0:
            return ()
        current = self._fleet.generation[sweep.device] == sweep.generation
        if not current.all():
            at = at[current[sweep.row[at]]]
        cell = sweep.cell[at]
        status = np.minimum(sweep.raw[at], np.uint64(254)).astype(np.uint8) + np.uint8(1)
        last = self._last[cell]
        self._last[cell] = status
        return tuple(
            self._change(sweep, int(at[k]), int(last[k]) - 1)
            for k in np.flatnonzero((last != status) & (last != 0)).tolist()
        )

    def _change(self, sweep: Sweep, at: int, before: int) -> InterfaceChange:
        row = sweep.row[at]
        device = int(sweep.device[row])
        plan = self._fleet.plan(device)
        assert plan is not None, "a device with cells has a plan"
        column = plan.columns[int(sweep.cell[at] - self._fleet.start[device])]
        when = datetime.fromtimestamp(float(sweep.answered_at[row]), UTC)
        now = min(int(sweep.raw[at]), 254)
        return InterfaceChange(when, self._fleet.name(device), column.instance, column.quantity, before, now)

    def _meet(self, sweep: Sweep) -> None:
        """Mark the watched cells of devices whose layout has not been seen yet, and forget what stood there."""
        new = sweep.device[self._generation[sweep.device] != self._fleet.generation[sweep.device]]
        for device in new.tolist():
            start, count = int(self._fleet.start[device]), int(self._fleet.count[device])
            self._last[start : start + count] = 0
            self._watched[start : start + count] = self._columns(device)
            self._generation[device] = self._fleet.generation[device]

    def _columns(self, device: int) -> NDArray[np.bool_]:
        plan = self._fleet.plan(device)
        if plan is None:
            return np.zeros(0, np.bool_)
        known = self._of_plan.get(id(plan))
        if known is None:
            known = plan, np.array([column.quantity in WATCHED for column in plan.columns], np.bool_)
            self._of_plan[id(plan)] = known
        return known[1]

    def _make_room(self) -> None:
        cells, devices = self._fleet.capacity, len(self._fleet.start)
        if len(self._last) < cells:
            for name in ("_last", "_watched"):
                old = getattr(self, name)
                larger = np.zeros(cells, old.dtype)
                larger[: len(old)] = old
                setattr(self, name, larger)
        if len(self._generation) < devices:
            extra = devices - len(self._generation)
            self._generation = np.concatenate([self._generation, np.zeros(extra, np.int64)])
