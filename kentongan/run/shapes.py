"""Notices that a device's shape may have changed: ifNumber or ifTableLastChange (IF-MIB) moved since the last poll.

A changed shape is discovered again at once; a restart is noticed by the counters and handled the same way.
"""

import numpy as np
from numpy.typing import NDArray

from domain.polling import Fleet, Sweep
from domain.polling.distinct import distinct
from domain.polling.strips import with_room

WITNESSES = frozenset({"ifNumber", "ifTableLastChange"})


class ShapeWatch:
    """Remembers the witnesses of each device for as long as it keeps its plan."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._witnesses = fleet.strip(lambda column: column.quantity in WITNESSES)
        self._last: NDArray[np.uint64] = np.zeros(0, np.uint64)  # plus 1; 0: not read yet
        self._witnesses.watch(self._forget)

    def changed(self, sweep: Sweep) -> NDArray[np.int64]:
        """Devices whose witnesses differ from their last reading. A first reading is no change."""
        self._last = with_room(self._last, self._witnesses.capacity)
        column = self._fleet.columns(sweep)
        at = np.flatnonzero((self._witnesses.number.values[column] >= 0) & sweep.valid)
        current = self._fleet.generation[sweep.device] == sweep.generation
        if not current.all():
            at = at[current[sweep.row[at]]]
        place = self._witnesses.places(sweep.device, sweep.row[at], column[at])
        before, now = self._last[place], sweep.raw[at] + np.uint64(1)
        self._last[place] = now
        moved = (before != 0) & (before != now)
        return distinct(sweep.device[sweep.row[at[moved]]])

    def _forget(self, start: int, stop: int) -> None:
        self._last[start:stop] = 0
