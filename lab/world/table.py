"""What one agent knows, in OID order: rows whose value is fixed, or made when it is asked for.

A row may have no value for a while (a neighbour that is gone): it is then skipped by walks and missing for GET.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from lab.world import ber
from lab.world.ber import Oid
from lab.world.view import View

Value = bytes | Callable[[View], bytes | None]


class Rows:
    """Collects rows while an agent's table is made. `values` holds each OID's encoded element and its value."""

    def __init__(self) -> None:
        self.values: dict[Oid, tuple[bytes, Value]] = {}

    def add(self, base: str, suffix: Iterable[int], value: Value) -> None:
        """One instance: `base` in dots and the index arcs after it. Raises ValueError for a second row of one OID."""
        arcs, contents = _base(base)
        index = tuple(suffix)
        name = (*arcs, *index)
        if name in self.values:
            raise ValueError(f"two rows for {'.'.join(map(str, name))}")
        self.values[name] = ber.wrap(ber.OID, contents + ber.arcs_contents(index)), value

    def scalar(self, base: str, value: Value) -> None:
        self.add(base, (0,), value)

    def column(self, base: str, cells: Iterable[tuple[int | tuple[int, ...], Value]]) -> None:
        for index, value in cells:
            self.add(base, (index,) if isinstance(index, int) else index, value)


class Table:
    """The finished table. `get` is by encoded OID, walks go by position."""

    def __init__(self, rows: Rows) -> None:
        names = sorted(rows.values)
        self._names = names
        self._encoded = [rows.values[name][0] for name in names]
        self._values = [rows.values[name][1] for name in names]
        self._position = {encoded: at for at, encoded in enumerate(self._encoded)}

    def __len__(self) -> int:
        return len(self._names)

    def lookup(self, encoded: bytes) -> Value | None:
        """The row's value or maker, None where there is no such row."""
        at = self._position.get(encoded)
        return None if at is None else self._values[at]

    def after(self, encoded: bytes) -> int:
        """The position of the first row behind the OID (an encoded element)."""
        at = self._position.get(encoded)
        if at is not None:
            return at + 1
        _tag, start, stop = ber.read(encoded, 0, len(encoded))
        return bisect_right(self._names, ber.arcs_of(encoded[start:stop]))

    def at(self, position: int, view: View, without_counter64: bool = False) -> tuple[int, bytes, bytes] | None:
        """The first row at or behind `position` that has a value: the next position, its OID, its value."""
        values = self._values
        while position < len(values):
            value = values[position]
            encoded = value if isinstance(value, bytes) else value(view)
            if encoded is not None and not (without_counter64 and encoded[0] == ber.COUNTER64):
                return position + 1, self._encoded[position], encoded
            position += 1
        return None

    def walk(self, view: View) -> Iterator[tuple[Oid, bytes]]:
        """All rows that have a value, in order."""
        for name, value in zip(self._names, self._values, strict=True):
            encoded = value if isinstance(value, bytes) else value(view)
            if encoded is not None:
                yield name, encoded


@lru_cache(maxsize=4096)
def _base(text: str) -> tuple[Oid, bytes]:
    """A column's arcs and their encoding: the same few hundred for every device."""
    arcs = ber.parse_oid(text)
    return arcs, ber.oid_contents(arcs)
