"""What root cause says of each dark device: that it is down, only unreachable, or only unseen. In columns.

Holds what was said; who says so and why is decided elsewhere (`alerts/outward`).
"""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Standing(IntEnum):
    """UNSAID: nobody has explained it. HELD: it is shown as it was until its neighbours have been asked."""

    UNSAID = 0
    DOWN = 1
    UNREACHABLE = 2
    UNSEEN = 3
    HELD = 4


class Standings:
    """By device."""

    def __init__(self) -> None:
        self._of: NDArray[np.uint8] = np.zeros(0, np.uint8)
        self._why: dict[int, str] = {}

    def make_room(self, size: int) -> None:
        self._of = np.concatenate([self._of, np.zeros(size - len(self._of), np.uint8)])

    @property
    def said(self) -> NDArray[np.bool_]:
        """By device, whether anything was said of it."""
        said: NDArray[np.bool_] = self._of != np.uint8(Standing.UNSAID)
        return said

    def of(self, device: int) -> tuple[Standing, str]:
        """With the reason that is shown, empty where its own is."""
        return Standing(int(self._of[device])), self._why.get(device, "")

    def put(self, devices: NDArray[np.int64], standing: Standing, reason: str) -> NDArray[np.int64]:
        """Returns the devices of which that is new."""
        new = [
            device for device in devices.tolist() if self._of[device] != standing or self._why.get(device, "") != reason
        ]
        for device in new:
            self._of[device] = standing
            if reason:
                self._why[device] = reason
            else:
                self._why.pop(device, None)
        return np.array(new, np.int64)

    def forget(self, device: int) -> None:
        self._of[device] = Standing.UNSAID
        self._why.pop(device, None)
