"""What the sweep remembers: of every cell how its last value was laid out, of texts which it was, and of polls that are
under way what they have brought so far. An octet a cell, eight more a text."""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from collectors.snmp.lines import UNKNOWN
from domain.polling import Fleet, Kind
from domain.polling.strips import with_room


class Desks:
    """Room for the values of polls under way, lent to a device when its poll begins.

    raw: the values as `Kind` says. valid: answered in this poll; False wherever nothing is lent. first: by device,
    where its values begin; they stand in the order of its plan. Sizes are powers of two, so that a desk given back fits
    the next poll.
    """

    def __init__(self) -> None:
        self.raw: NDArray[np.uint64] = np.zeros(1024, np.uint64)
        self.valid: NDArray[np.bool_] = np.zeros(1024, np.bool_)
        self.first: NDArray[np.int64] = np.zeros(64, np.int64)
        self._power: NDArray[np.uint8] = np.zeros(64, np.uint8)
        self._free: defaultdict[int, list[int]] = defaultdict(list)
        self._used = 0

    def lend(self, devices: NDArray[np.int64], counts: NDArray[np.integer]) -> None:
        """counts: how many values each may bring, one at least. A device may have one desk at most."""
        most = int(devices.max()) + 1
        self.first, self._power = with_room(self.first, most), with_room(self._power, most)
        powers = np.frexp(counts - 1)[1]
        self._power[devices] = powers
        for power in set(powers.tolist()):
            mine = devices[powers == power]
            self.first[mine] = self._take(power, len(mine))

    def _take(self, power: int, wanted: int) -> list[int]:
        free = self._free[power]
        if len(free) < wanted:
            more = (wanted - len(free)) << power
            free += range(self._used, self._used + more, 1 << power)
            self._used += more
            self.raw, self.valid = with_room(self.raw, self._used), with_room(self.valid, self._used)
        taken = free[-wanted:]
        del free[-wanted:]
        return taken

    def give_back(self, devices: NDArray[np.int64]) -> None:
        """Nothing on their desks may be valid any more."""
        powers = self._power[devices]
        for power in set(powers.tolist()):
            self._free[power] += self.first[devices[powers == power]].tolist()

    def clear(self, devices: NDArray[np.int64]) -> None:
        """Forget what their polls have brought."""
        for device in devices.tolist():
            first = self.first[device]
            self.valid[first : first + (1 << int(self._power[device]))] = False


class CellMemory:
    """code: by the Fleet's cell, length of the value in the last answer, or the tag of an exception, or UNKNOWN (see
    lines.py). prints: by place of `texts`, the fingerprint of the last text, 0 if there was none."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._fitted = 0
        self.texts = fleet.strip(lambda column: column.kind is Kind.TEXT)
        self.code: NDArray[np.uint8] = np.zeros(0, np.uint8)
        self.prints: NDArray[np.uint64] = np.zeros(0, np.uint64)
        self.desks = Desks()
        fleet.watch(self._forget)
        self.texts.watch(self._forget_texts)
        self.fit()

    def fit(self) -> None:
        """Make room for all cells of the fleet."""
        used = self._fleet.used
        if used > self._fitted:
            self.code = with_room(self.code, self._fleet.capacity)
            self.code[self._fitted : used] = UNKNOWN
            self.prints = with_room(self.prints, self.texts.capacity)
            self._fitted = used

    def _forget(self, start: int, stop: int) -> None:
        self.code[start:stop] = UNKNOWN

    def _forget_texts(self, start: int, stop: int) -> None:
        self.prints[start:stop] = 0
