"""What changed on interfaces between two polls: status by IF-MIB (RFC 2863), compared in columns.

Pure. Says what changed, not what it means. A first reading, an unanswered one and a new layout are no change.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from domain.polling import Fleet, Sweep
from domain.polling.distinct import distinct
from domain.polling.strips import with_room

WATCHED = ("ifOperStatus", "ifAdminStatus")
_NOBODY = np.zeros(0, np.int64)


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
    """Remembers the last status of every watched cell. An octet each."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._watched = fleet.strip(lambda column: column.quantity in WATCHED)
        self._last: NDArray[np.uint8] = np.zeros(0, np.uint8)  # status + 1; 0: not read yet
        self._watched.watch(self._forget)
        self.met: NDArray[np.int64] = _NOBODY
        """Devices whose ports were read for the first time by the last call of `changes`."""

    def status(self, device: int, interface: str, quantity: str = "ifOperStatus") -> int | None:
        """The MIB's number as it was read last; None where it has not been read, or is not polled."""
        plan = self._fleet.plan(device)
        if plan is None:
            return None
        first = self._fleet.first_column(device)
        for number in plan.find(quantity):
            if plan.columns[number].instance == interface:
                place = int(self._watched.start[device]) + int(self._watched.number.values[first + number])
                return int(self._last[place]) - 1 if place < len(self._last) and self._last[place] else None
        return None

    def changes(self, sweep: Sweep) -> tuple[InterfaceChange, ...]:
        """In the order of the sweep."""
        self._last = with_room(self._last, self._watched.capacity)
        column = self._fleet.columns(sweep)
        at = np.flatnonzero((self._watched.number.values[column] >= 0) & sweep.valid)
        current = self._fleet.generation[sweep.device] == sweep.generation
        if not current.all():
            at = at[current[sweep.row[at]]]
        self.met = _NOBODY
        if len(at) == 0:
            return ()
        place = self._watched.places(sweep.device, sweep.row[at], column[at])
        status = np.minimum(sweep.raw[at], np.uint64(254)).astype(np.uint8) + np.uint8(1)
        last = self._last[place]
        self._last[place] = status
        if not last.all():
            self.met = distinct(sweep.device[sweep.row[at[last == 0]]])
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

    def _forget(self, start: int, stop: int) -> None:
        self._last[start:stop] = 0
