"""What polling may cost: the octets each device has used this month, and who has used up its month.

Pure. It stops nobody: a device over its allowance is asked more rarely until the month ends (`STRETCH` times, then
that squared at the double allowance), because an expensive device must still be known to live.
"""

import numpy as np
from numpy.typing import NDArray

from domain.polling.strips import with_room

STRETCH = 4.0


class Allowance:
    """Arrays by device. Whoever keeps the month over restarts reads `used` and hands it back with `put`."""

    def __init__(self) -> None:
        self.used: NDArray[np.int64] = np.zeros(0, np.int64)
        self._limit: NDArray[np.float64] = np.zeros(0)
        self._factor: NDArray[np.float64] = np.zeros(0)

    def put(self, device: int, month_megabytes: float, used: int = 0) -> None:
        """month_megabytes: 0 is no limit. used: octets of this month that are known from before."""
        self.used = with_room(self.used, device + 1)
        self._limit = with_room(self._limit, device + 1, np.inf)
        self._factor = with_room(self._factor, device + 1, 1.0)
        self._limit[device] = month_megabytes * 1e6 or np.inf
        self._factor[device] = 1.0
        self.used[device] = used

    def spend(self, devices: NDArray[np.int64], octets: NDArray[np.int64] | int) -> None:
        """Each device at most once."""
        self.used[devices] += octets

    def begin_month(self) -> None:
        self.used[:] = 0

    def changes(self) -> list[tuple[float, NDArray[np.int64]]]:
        """(factor, devices) for all whose cadence must change since the last call; for `Schedule.stretch`."""
        over = self.used / self._limit
        factor = np.where(over >= 2, STRETCH**2, np.where(over >= 1, STRETCH, 1.0))
        moved = np.flatnonzero(factor != self._factor)
        self._factor[moved] = factor[moved]
        return [(float(value), moved[factor[moved] == value]) for value in np.unique(factor[moved])]
