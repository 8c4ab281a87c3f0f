"""Who is due now: every device in its own slot of the interval, so that a fleet is asked evenly and never at once.

Pure: time is handed in, and only its steady part counts. Knows nothing of what is asked. A device that is still being
asked is not given out again; a slot that goes by unused is skipped and counted, never made up for in a burst. Nobody is
passed over twice in a row: whoever lost a slot because the process was held up has the next one, however late it is.
"""

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from domain.polling.distinct import distinct
from domain.polling.strips import with_room
from domain.time import Moment

GRACE_SHARE = 0.1
GRACE_LEAST_SECONDS = 0.5
"""A slot is still used this late: a tenth of the interval, half a second at least. After a pause of the process at
most that share of the fleet is due at once; the others wait for their next slot, and then have it without fail. Without
that a process that is always late (a turn of 2 s, slots of 0.5 s) draws lots: some devices lose for ever."""


class Schedule:
    """One cadence (polls, pings, discoveries) of the whole fleet; arrays by device."""

    def __init__(self, first_within_seconds: float = np.inf) -> None:
        """first_within_seconds: a device is first asked this soon after it is put, however long its interval is."""
        self._first_within = first_within_seconds
        self.interval_seconds: NDArray[np.float64] = np.zeros(0)
        self.late = 0
        """Devices given out in the second half of their grace."""
        self.skipped = 0
        """Slots that went by unused: the device was still being asked, or the process was held up."""
        self._base: NDArray[np.float64] = np.zeros(0)
        self._stretch: NDArray[np.float64] = np.zeros(0)
        self._phase: NDArray[np.float64] = np.zeros(0)
        self._next: NDArray[np.float64] = np.zeros(0)  # steady seconds of the next slot; inf: not on the schedule
        self._in_flight: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._owed: NDArray[np.bool_] = np.zeros(0, np.bool_)  # its last slot went by because we came too late

    def __len__(self) -> int:
        return int(np.isfinite(self._next).sum())

    def members(self) -> NDArray[np.int64]:
        """Devices on the schedule."""
        return np.flatnonzero(np.isfinite(self._next))

    @property
    def in_flight(self) -> int:
        return int(self._in_flight.sum())

    def put(self, device: int, name: str, interval_seconds: float, now: Moment) -> None:
        """Take a device up, or give it another interval. Its place in the interval comes from its name, so that it
        is the same after every restart. Raises ValueError for an interval that is not positive."""
        if not interval_seconds > 0:
            raise ValueError(f"{name}: an interval of {interval_seconds} s")
        self._make_room(device)
        if np.isfinite(self._next[device]) and self._base[device] == interval_seconds:
            return
        new = not np.isfinite(self._next[device])
        self._base[device] = interval_seconds
        self._stretch[device] = 1.0 if new else self._stretch[device]
        self.interval_seconds[device] = interval_seconds * self._stretch[device]
        if new:
            self._in_flight[device], self._owed[device] = False, True  # the first time is never passed over
        phase = self._phase[device] = phase_of(name)
        within = min(interval_seconds, self._first_within)
        at = now.steady_seconds
        self._next[device] = at + (phase * within - at) % within

    def remove(self, device: int) -> None:
        if device < len(self._next):
            self._next[device] = np.inf
            self._in_flight[device] = False

    def stretch(self, devices: NDArray[np.int64], factor: float) -> None:
        """Ask these `factor` times more rarely than their interval says, from their next slot on; 1 undoes it."""
        self._stretch[devices] = factor
        self.interval_seconds[devices] = self._base[devices] * factor

    def due(self, now: Moment) -> NDArray[np.int64]:
        """Devices whose slot has come, the longest waiting first. Each counts as being asked until `finished`.

        A device that is not being asked comes at the latest with the first call after its second slot from now, a new
        one with the first call after its first.
        """
        at = now.steady_seconds
        device = np.flatnonzero(self._next <= at)
        if len(device) == 0:
            return device
        interval = self.interval_seconds[device]
        gone = np.floor((at - self._next[device]) / interval)  # whole slots that nobody used
        slot = self._next[device] + gone * interval
        grace = np.minimum(np.maximum(GRACE_SHARE * interval, GRACE_LEAST_SECONDS), interval)
        behind = at - slot
        free = ~self._in_flight[device]
        owed = self._owed[device]
        usable = (behind <= grace) | owed
        given = usable & free
        self._owed[device] = ~usable & free
        self.skipped += int(gone.sum()) + int((~usable).sum())
        self.late += int((given & (behind > grace / 2)).sum())
        self._next[device] = np.where(given | ~usable, self._after(slot, device), slot)
        chosen = device[given]
        self._in_flight[chosen] = True
        waiting_since = slot - np.where(owed, interval, 0)
        return chosen[np.argsort(waiting_since[given], kind="stable")]

    def claim(self, devices: NDArray[np.int64], now: Moment) -> NDArray[np.int64]:
        """Of these devices, asked out of turn, those that are not being asked already. Their slots do not move."""
        devices = distinct(devices)
        devices = devices[devices < len(self._next)]
        free = devices[np.isfinite(self._next[devices]) & ~self._in_flight[devices]]
        self._in_flight[free] = True
        return free

    def finished(self, devices: NDArray[np.int64], now: Moment) -> None:
        """These have answered or been given up."""
        self._in_flight[devices[devices < len(self._in_flight)]] = False

    def _after(self, slot: NDArray[np.float64], device: NDArray[np.int64]) -> NDArray[np.float64]:
        """The device's own place in the next interval: one interval on, or half to one and a half if `slot` was not
        its own (the first one, or of another interval)."""
        interval = self.interval_seconds[device]
        half = interval / 2
        return slot + half + (self._phase[device] * interval - slot - half) % interval

    def _make_room(self, device: int) -> None:
        if device < len(self._next):
            return
        for name in ("interval_seconds", "_base", "_stretch", "_phase"):
            setattr(self, name, with_room(getattr(self, name), device + 1, 1.0))
        self._next = with_room(self._next, device + 1, np.inf)
        self._in_flight = with_room(self._in_flight, device + 1)
        self._owed = with_room(self._owed, device + 1)


def phase_of(name: str) -> float:
    """Where in its interval a device is asked: 0 ≤ phase < 1, even over many names and the same for ever."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big") / 2**64
