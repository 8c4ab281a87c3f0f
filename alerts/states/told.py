"""What devices tell that nobody asks by echo or SNMP: heartbeats that come, streams that play. In columns.

Patience is the watcher's own: what is put in here has been decided. Draws no conclusion about a device.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from alerts.states.path import Hearing
from domain.network import Check

BY_TELLING: Final = frozenset({Check.PUSH, Check.RTSP})
"""Checks whose word is all there is."""


class Told:
    """Arrays by device. by: this is how it is checked. poor: it answers, yet its site says that it does not serve."""

    def __init__(self) -> None:
        self.by: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self.hearing: NDArray[np.uint8] = np.zeros(0, np.uint8)
        self.why: NDArray[np.uint8] = np.zeros(0, np.uint8)  # code of the reason, where it does not tell
        self.poor: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self.answered_at: NDArray[np.float64] = np.zeros(0)
        self.missing_since: NDArray[np.float64] = np.zeros(0)  # inf: it tells

    def make_room(self, size: int) -> None:
        extra = size - len(self.by)
        for name in ("by", "hearing", "why", "poor"):
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.zeros(extra, old.dtype)]))
        self.answered_at = np.concatenate([self.answered_at, np.full(extra, -np.inf)])
        self.missing_since = np.concatenate([self.missing_since, np.full(extra, np.inf)])

    def put(self, device: int, check: Check) -> None:
        """Checked in this way from now on; what is known of it stays if that is as before."""
        told = check in BY_TELLING
        if told != self.by[device]:
            self.reset(device)
            self.by[device] = told

    def reset(self, device: int) -> None:
        """Nothing is known of it any more."""
        self.by[device] = self.poor[device] = False
        self.hearing[device], self.why[device] = Hearing.UNASKED, 0
        self.answered_at[device], self.missing_since[device] = -np.inf, np.inf

    def unasked(self, device: int, why: int) -> None:
        """Nobody listens to it any more, or not yet. why: code of the reason that is shown."""
        by = bool(self.by[device])
        self.reset(device)
        self.by[device], self.why[device] = by, why

    def believe(self, device: int, *, silent: bool) -> None:
        """As it was before a restart, until it is told otherwise."""
        self.hearing[device] = Hearing.SILENT if silent else Hearing.ANSWERS
        self.missing_since[device] = 0.0 if silent else np.inf

    def tells(self, device: int, at: float) -> None:
        self.hearing[device] = Hearing.ANSWERS
        self.answered_at[device], self.missing_since[device] = at, np.inf

    def silent(self, device: int, since: float, why: int) -> None:
        """since: steady seconds of the first thing that did not come."""
        self.hearing[device], self.why[device] = Hearing.SILENT, why
        self.missing_since[device] = min(self.missing_since[device], since)
