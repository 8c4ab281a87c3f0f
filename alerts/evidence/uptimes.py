"""How long each device said it had been on, at its last answer and at the last one before it fell. In columns."""

from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from alerts.verdict import Uptime
from domain.polling import Fleet, Sweep
from domain.polling.strips import with_room


class UptimeBook:
    """Twelve octets a device; what stood before a fall is kept for the fallen alone."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._ticks: NDArray[np.uint32] = np.zeros(0, np.uint32)
        self._at: NDArray[np.float64] = np.zeros(0)
        self._before: dict[str, Uptime] = {}

    def note_sweep(self, sweep: Sweep) -> None:
        """sysUpTime is column 0 of every plan."""
        size = len(self._fleet.start)
        self._ticks, self._at = with_room(self._ticks, size), with_room(self._at, size)
        first = (sweep.cell == self._fleet.start[sweep.device][sweep.row]) & sweep.valid
        device = sweep.device[sweep.row[first]]
        current = (self._fleet.generation[sweep.device] == sweep.generation)[sweep.row[first]]
        self._ticks[device[current]] = (sweep.raw[first][current] & np.uint64(0xFFFFFFFF)).astype(np.uint32)
        self._at[device[current]] = sweep.answered_at[sweep.row[first]][current]

    def fell(self, names: Iterable[str]) -> None:
        """Keep what they said last. One that falls again before it was polled keeps what is kept."""
        for name in names:
            last = self.last(name)
            if last is not None:
                self._before[name] = last

    def last(self, name: str) -> Uptime | None:
        device = self._fleet.index(name) if name in self._fleet else -1
        if not 0 <= device < len(self._at) or not self._at[device]:
            return None
        return Uptime(int(self._ticks[device]), datetime.fromtimestamp(float(self._at[device]), UTC))

    def before(self, name: str) -> Uptime | None:
        """Before its last fall; None if it is not known, as after a restart of ours."""
        return self._before.get(name)

    def forget(self, names: Iterable[str]) -> None:
        for name in names:
            self._before.pop(name, None)
