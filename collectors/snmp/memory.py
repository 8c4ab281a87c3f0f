"""What the poller remembers of every cell: how its last value was laid out, and the value. Ten octets a cell."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from collectors.snmp.lines import UNKNOWN
from domain.polling import Fleet

T = TypeVar("T", bound=np.generic)


class CellMemory:
    """Arrays indexed by the Fleet's cells.

    code: length of the value in the last answer, or the tag of an exception, or UNKNOWN (see lines.py).
    raw: the last value as `Kind` says; of a text its fingerprint, 0 if there was none. valid: answered in the poll
    that is going on; False between polls.
    """

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self.code: NDArray[np.uint8] = np.full(fleet.capacity, UNKNOWN, np.uint8)
        self.raw: NDArray[np.uint64] = np.zeros(fleet.capacity, np.uint64)
        self.valid: NDArray[np.bool_] = np.zeros(fleet.capacity, np.bool_)
        fleet.watch(self.forget)

    def fit(self) -> None:
        """Make room for all cells of the fleet."""
        more = self._fleet.capacity - len(self.code)
        if more > 0:
            self.code = np.concatenate([self.code, np.full(more, UNKNOWN, np.uint8)])
            self.raw = _grown(self.raw, self._fleet.capacity)
            self.valid = _grown(self.valid, self._fleet.capacity)

    def forget(self, start: int, stop: int) -> None:
        self.code[start:stop] = UNKNOWN
        self.raw[start:stop] = 0
        self.valid[start:stop] = False


def _grown(held: NDArray[T], size: int) -> NDArray[T]:
    """The same with zeros behind; the kernel gives memory for those only when they are used."""
    grown = np.zeros(size, held.dtype)
    grown[: len(held)] = held
    return grown
