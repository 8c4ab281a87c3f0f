"""Numbers of 64 bits in words of 32: nearly all of a country's numbers say in one word what there is to say.

Of a counter the low word comes first, of a reading (the bits of a float64) the high one: 1, 1000 and 1e9 leave nothing
for the other (IEEE 754). Knows neither columns nor metrics.
"""

import numpy as np
from numpy.typing import NDArray

from domain.polling.strips import with_room

_WORD = np.uint64(32)


class Words:
    """By place. A long number has its second word at the place behind its first; that of a short one is kept aside,
    where memory is taken only for those that are not nought. `make_room` first."""

    def __init__(self) -> None:
        self._words: NDArray[np.uint32] = np.zeros(0, np.uint32)
        self._aside: NDArray[np.uint32] = np.zeros(0, np.uint32)
        self._any_aside = False  # whether anything was ever written there

    @property
    def nbytes(self) -> int:
        return self._words.nbytes + self._aside.nbytes

    def make_room(self, size: int) -> None:
        self._words, self._aside = with_room(self._words, size), with_room(self._aside, size)

    def put(
        self, place: NDArray[np.int64], long: NDArray[np.bool_], counts: NDArray[np.bool_], bits: NDArray[np.uint64]
    ) -> None:
        """bits: of numbers that begin at these places. counts: which of them are counters."""
        halves = bits.view(np.uint32)  # little-endian: the low word first
        first = np.arange(0, len(halves), 2)
        first += ~counts
        second = halves[first ^ 1]
        self._words[place] = halves[first]
        two = np.flatnonzero(long)
        self._words[place[two] + 1] = second[two]
        second[two] = 0
        if self._any_aside:
            changed = np.flatnonzero(self._aside[place] != second)
        else:
            changed = np.flatnonzero(second)
            self._any_aside = len(changed) > 0
        self._aside[place[changed]] = second[changed]

    def pick(self, place: NDArray[np.intp], long: NDArray[np.bool_], *, counts: bool) -> NDArray[np.uint64]:
        """The bits of numbers that begin at these places. counts: whether they are counters, all of them."""
        first = self._words[place].astype(np.uint64)
        second = self._words[place + long].astype(np.uint64)
        if self._any_aside:
            second = np.where(long, second, self._aside[place])
        else:
            second[~long] = 0
        return first | second << _WORD if counts else first << _WORD | second
