"""One sweep as the watchers look at it: whose cells are where, readings and rates side by side."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.polling import Fleet, Sweep
from domain.polling.counters import CounterAdvance
from domain.polling.strips import Strip

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cells:
    """column: the entry of each cell in the fleet's tables. value: readings, of counters units a second; NaN for none.

    current: of each row, whether it answered and is of the present layout.
    """

    fleet: Fleet
    sweep: Sweep
    column: Places
    value: NDArray[np.float64]
    advance: CounterAdvance
    current: NDArray[np.bool_]

    @classmethod
    def of(cls, fleet: Fleet, sweep: Sweep, readings: NDArray[np.float64], advance: CounterAdvance) -> "Cells":
        value = readings.copy()
        value[advance.position] = advance.rate
        current = (fleet.generation[sweep.device] == sweep.generation) & ~np.isnan(sweep.answered_steady)
        return cls(fleet, sweep, fleet.columns(sweep), value, advance, current)

    def on(self, strip: Strip) -> tuple[Places, Places]:
        """Which cells have a place on a strip, and which."""
        at = np.flatnonzero(strip.number.values[self.column] >= 0)
        if not self.current.all():
            at = at[self.current[self.sweep.row[at]]]
        return at, strip.places(self.sweep.device, self.sweep.row[at], self.column[at])


class Layouts:
    """Which devices have come with another layout, or another inventory, since they were looked at last."""

    def __init__(self) -> None:
        self._seen: Places = np.full(0, -1, np.int64)

    def begin_anew(self) -> None:
        self._seen[:] = -1

    def new(self, cells: Cells) -> list[int]:
        """Devices of this sweep that must be laid out; they count as seen afterwards."""
        size = len(cells.fleet.generation)
        if len(self._seen) < size:
            self._seen = np.concatenate([self._seen, np.full(size - len(self._seen), -1, np.int64)])
        sweep = cells.sweep
        new = cells.current & (self._seen[sweep.device] != sweep.generation)
        if not new.any():
            return []
        device = sweep.device[new]
        self._seen[device] = sweep.generation[new]
        found: list[int] = device.tolist()
        return found
