"""Notices that a device's shape may have changed: ifNumber or ifTableLastChange (IF-MIB) moved since the last poll.

A changed shape is discovered again at once; a restart is noticed by the counters and handled the same way.
"""

import numpy as np
from numpy.typing import NDArray

from domain.polling import Fleet, Sweep

WITNESSES = ("ifNumber", "ifTableLastChange")


class ShapeWatch:
    """Remembers the witnesses of each device for as long as it keeps its plan."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._generation: NDArray[np.int64] = np.zeros(0, np.int64)
        self._column: NDArray[np.int64] = np.zeros((0, len(WITNESSES)), np.int64)
        self._last: NDArray[np.int64] = np.zeros((0, len(WITNESSES)), np.int64)  # -1: not read yet

    def changed(self, sweep: Sweep) -> NDArray[np.int64]:
        """Devices whose witnesses differ from their last reading. A first reading is no change."""
        self._meet(sweep.device)
        first = sweep.bounds[:-1]
        moved = np.zeros(len(sweep), np.bool_)
        for i in range(len(WITNESSES)):
            column = self._column[sweep.device, i]
            at = np.minimum(first + np.maximum(column, 0), max(len(sweep.cell) - 1, 0))
            if not len(sweep.cell):
                break
            cell = self._fleet.start[sweep.device] + column
            read = (column >= 0) & (sweep.cell[at] == cell) & sweep.valid[at]
            read &= sweep.generation == self._fleet.generation[sweep.device]
            now = sweep.raw[at].astype(np.int64)
            before = self._last[sweep.device, i]
            moved |= read & (before >= 0) & (now != before)
            self._last[sweep.device[read], i] = now[read]
        return sweep.device[moved]

    def _meet(self, devices: NDArray[np.int64]) -> None:
        short = self._fleet.size - len(self._generation)
        if short > 0:
            short = max(short, len(self._generation))
            self._generation = np.concatenate([self._generation, np.full(short, -1, np.int64)])
            empty = np.full((short, len(WITNESSES)), -1, np.int64)
            self._column = np.concatenate([self._column, empty])
            self._last = np.concatenate([self._last, empty])
        for device in devices[self._generation[devices] != self._fleet.generation[devices]].tolist():
            plan = self._fleet.plan(device)
            for i, witness in enumerate(WITNESSES):
                columns = plan.find(witness) if plan else ()
                self._column[device, i] = columns[0] if columns else -1
            self._last[device] = -1
            self._generation[device] = self._fleet.generation[device]
