"""Lines of one metric, ready but for their numbers: fill in a column of numbers and take the text.

`Lines` holds the octets of every line with room for its number (and timestamp) as NULs. Filling copies them, lays the
records of numbers over the room, blanks the lines that have nothing to say and squeezes the NULs out. Per line that is
a tenth of a microsecond and no Python object.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exporters.exposition.numbers import INTEGER_WIDTH, READING_WIDTH, STAMP_WIDTH, Octets, records_of

_FEW_GAPS = 8  # one gap in so many lines is cheaper to blank by slices than by a mask of all octets


def room(integers: bool, stamped: bool) -> bytes:
    """What a line of this kind holds after its labels and their space, the numbers still NUL."""
    number = b"\0" * (INTEGER_WIDTH if integers else READING_WIDTH)
    return number + (b" " + b"\0" * STAMP_WIDTH if stamped else b"") + b"\n"


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """n lines. octets: all of them, one after the other. rooms: [n] where the number of each begins."""

    octets: Octets
    rooms: NDArray[np.intp]
    integers: bool
    stamped: bool

    def __len__(self) -> int:
        return len(self.rooms)

    @property
    def nbytes(self) -> int:
        return self.octets.nbytes + self.rooms.nbytes

    def fill(self, numbers: Octets, stamps: NDArray[np.void] | None, present: NDArray[np.bool_]) -> bytes:
        """The text of the lines that are present.

        numbers: [n, width] from `integer_field` or `reading_field`. stamps: [n] from `stamp_field` or None if the
        lines carry none. present: [n].
        """
        octets = self.octets.copy()
        width = numbers.shape[1]
        _lay_over(octets, self.rooms, records_of(numbers))
        if stamps is not None:
            _lay_over(octets, self.rooms + (width + 1), stamps)
        if not present.all():
            self._blank(octets, present)
        text: bytes = octets[octets != 0].tobytes()
        return text

    def _blank(self, octets: Octets, present: NDArray[np.bool_]) -> None:
        stops = self.rooms + len(room(self.integers, self.stamped))
        starts = np.concatenate([[0], stops[:-1]])
        absent = np.flatnonzero(~present)
        if len(absent) * _FEW_GAPS > len(present):
            octets *= np.repeat(present, stops - starts)
            return
        for start, stop in zip(starts[absent].tolist(), stops[absent].tolist(), strict=True):
            octets[start:stop] = 0


def _lay_over(octets: Octets, places: NDArray[np.intp], records: NDArray[np.void]) -> None:
    """Write record i at places[i]: one assignment through an unaligned window on every octet."""
    size = records.dtype.itemsize
    windows = np.ndarray((len(octets) - size + 1,), records.dtype, octets, 0, (1,))
    windows[places] = records


def lines_of(prefixes: Sequence[str], *, integers: bool, stamped: bool = False) -> Lines:
    """Lines from their beginnings, each `name{labels}` without the space after it."""
    blank = room(integers, stamped)
    texts = [prefix.encode() + b" " for prefix in prefixes]
    lengths = np.array([len(text) + len(blank) for text in texts], np.intp)
    octets = np.frombuffer(b"".join(text + blank for text in texts), np.uint8)
    return Lines(octets, np.cumsum(lengths) - len(blank), integers, stamped)
