"""Who is due: devices spread evenly over their interval, at most one poll in flight each. Pure; steady time only.

Every device has a phase of its own, taken from its name, so that it is asked at the same place in its interval after
every restart. A slot that passes while the process sleeps or a poll is still out is skipped and counted, never made up
for in a burst.
"""

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from domain.time import Moment

LATE_SHARE = 0.1
LATE_SECONDS = 1.0
"""A poll is late if it begins after its slot by more than this share of its interval, and this long at least."""


class Schedule:
    """Indexed by the device's place in the fleet. `interval_seconds` is inf for devices that are not in it."""

    def __init__(self) -> None:
        self.interval_seconds: NDArray[np.float64] = np.full(16, np.inf)
        self._next: NDArray[np.float64] = np.full(16, np.inf)
        self._busy: NDArray[np.bool_] = np.zeros(16, np.bool_)
        self.late = 0
        self.skipped = 0

    def put(self, device: int, name: str, interval_seconds: float, now: Moment) -> None:
        """Take a device up; the same interval again changes nothing. Its first turn comes within one interval."""
        self._make_room(device)
        if self.interval_seconds[device] == interval_seconds:
            return
        phase = crc32(name.encode()) / 2**32 * interval_seconds
        at = now.steady_seconds
        self._next[device] = at + (phase - at) % interval_seconds
        self.interval_seconds[device] = interval_seconds

    def hasten(self, device: int, within_seconds: float, now: Moment) -> None:
        """Bring a device's next turn forward, at the same place of a shorter span: for the first round of a fleet."""
        share = (self._next[device] - now.steady_seconds) / self.interval_seconds[device]
        self._next[device] = min(self._next[device], now.steady_seconds + share * within_seconds)

    def remove(self, device: int) -> None:
        self._make_room(device)
        self.interval_seconds[device] = self._next[device] = np.inf
        self._busy[device] = False

    def due(self, now: Moment) -> NDArray[np.int64]:
        """Devices whose turn it is, oldest slot first; they are in flight until `finished`."""
        at = now.steady_seconds
        due = np.flatnonzero(self._next <= at)
        if not len(due):
            return due
        interval = self.interval_seconds[due]
        behind = at - self._next[due]
        whole = np.floor(behind / interval)
        busy = self._busy[due]
        self.skipped += int(whole.sum() + busy.sum())
        late = behind - whole * interval > np.maximum(LATE_SHARE * interval, LATE_SECONDS)
        self.late += int((late & ~busy).sum())
        slot = self._next[due]
        self._next[due] = slot + (whole + 1) * interval
        free = due[~busy]
        self._busy[free] = True
        return free[np.argsort(slot[~busy], kind="stable")]

    def claim(self, devices: NDArray[np.int64], now: Moment) -> NDArray[np.int64]:
        """Those of `devices` that may be asked out of turn, in flight from now on; their own turn stays."""
        free = devices[~self._busy[devices] & np.isfinite(self.interval_seconds[devices])]
        self._busy[free] = True
        return free

    def finished(self, devices: NDArray[np.int64]) -> None:
        """Their polls have ended, one way or another."""
        self._busy[devices] = False

    def _make_room(self, device: int) -> None:
        short = device + 1 - len(self._next)
        if short > 0:
            short = max(short, len(self._next))
            self.interval_seconds = np.concatenate([self.interval_seconds, np.full(short, np.inf)])
            self._next = np.concatenate([self._next, np.full(short, np.inf)])
            self._busy = np.concatenate([self._busy, np.zeros(short, np.bool_)])
