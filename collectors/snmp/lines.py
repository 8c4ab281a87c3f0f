"""What each asked column must look like in an answer, octet by octet, as rows of words for whole batches to compare.

The octets before a value are fixed but for two lengths: 30 L 06 l <OID> <tag> V. A line holds them right-aligned in 32
octets that end 8 octets after the value begins, and those of a long OID that do not fit in 32 octets before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from collectors.snmp import pdu
from domain.polling import Kind

WIDE = 32
VALUE_AT = 24
"""Where in a wide row the value begins."""
DEEP = VALUE_AT + WIDE
"""The longest header (two wide rows) that whole batches compare; longer ones are read one by one."""

UNKNOWN = 255
"""Layout code of a value that is not laid out in a way that can be predicted."""
ABSENT = 128
"""Layout codes from here on are the tag of an exception (noSuchObject 0x80 …), without octets; below, a length."""

TAG_OF_KIND = {
    Kind.INTEGER: pdu.INTEGER,
    Kind.COUNTER32: pdu.COUNTER32,
    Kind.COUNTER64: pdu.COUNTER64,
    Kind.GAUGE32: pdu.GAUGE32,
    Kind.TIMETICKS: pdu.TIMETICKS,
    Kind.TEXT: pdu.OCTETS,
}
LONGEST_OF_KIND = {
    Kind.INTEGER: 8,
    Kind.COUNTER32: 5,
    Kind.COUNTER64: 9,
    Kind.GAUGE32: 5,
    Kind.TIMETICKS: 5,
    Kind.TEXT: 127,
}
SHORTEST_OF_KIND = dict.fromkeys(Kind, 1) | {Kind.TEXT: 0}
PADDED_OF_KIND = dict.fromkeys(Kind, 255) | {
    Kind.COUNTER32: 5,
    Kind.COUNTER64: 9,
    Kind.GAUGE32: 5,
    Kind.TIMETICKS: 5,
}
"""The length at which the first octet must be zero, or the number would not fit its type; 255: there is none."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One column as it is asked: content of the OID, kind, place in the plan, table. number: among the plan's texts."""

    oid: bytes
    kind: Kind
    place: int
    table: str
    number: int = 0

    @property
    def header_size(self) -> int:
        return len(self.oid) + 6

    @property
    def predictable(self) -> bool:
        return len(self.oid) < 0x80 and self.header_size <= DEEP

    @property
    def longest(self) -> int:
        """The longest value whose varbind still has a length of one octet."""
        return min(LONGEST_OF_KIND[self.kind], 0x7F - (self.header_size - 2))


class LineTable:
    """All lines, by number; arrays grow by doubling."""

    def __init__(self) -> None:
        self.used = 0
        self.expected: NDArray[np.uint64] = np.zeros((64, 4), np.uint64)
        self.mask: NDArray[np.uint64] = np.zeros((64, 4), np.uint64)
        self.expected_before: NDArray[np.uint64] = np.zeros((64, 4), np.uint64)
        self.mask_before: NDArray[np.uint64] = np.zeros((64, 4), np.uint64)
        self.header_size: NDArray[np.int64] = np.zeros(64, np.int64)
        self.kind: NDArray[np.uint8] = np.zeros(64, np.uint8)
        self.number: NDArray[np.int64] = np.zeros(64, np.int64)
        self.padded: NDArray[np.uint8] = np.zeros(64, np.uint8)
        self.longest: NDArray[np.uint8] = np.zeros(64, np.uint8)
        self.shortest: NDArray[np.uint8] = np.zeros(64, np.uint8)

    def add(self, columns: Sequence[Asked]) -> int:
        """Append the lines of one request; returns the number of the first."""
        first = self.used
        self._reserve(first + len(columns))
        for line, column in enumerate(columns, first):
            self._write(line, column)
        self.used += len(columns)
        return first

    def _reserve(self, lines: int) -> None:
        size = len(self.kind)
        if lines <= size:
            return
        while size < lines:
            size *= 2
        for name, held in vars(self).items():
            if isinstance(held, np.ndarray):
                grown = np.zeros((size, *held.shape[1:]), held.dtype)
                grown[: len(held)] = held
                setattr(self, name, grown)

    def _write(self, line: int, column: Asked) -> None:
        self.kind[line] = column.kind
        self.number[line] = column.number
        self.padded[line] = PADDED_OF_KIND[column.kind]
        self.header_size[line] = column.header_size
        if not column.predictable:
            return
        self.longest[line] = column.longest
        self.shortest[line] = SHORTEST_OF_KIND[column.kind]
        header = bytes((pdu.SEQUENCE, 0, pdu.OID, len(column.oid))) + column.oid + bytes((TAG_OF_KIND[column.kind], 0))
        certain = b"\xff\0" + b"\xff" * (len(header) - 3) + b"\0"
        expected = np.frombuffer((header + bytes(8)).rjust(2 * WIDE, b"\0"), "<u8")
        mask = np.frombuffer((certain + bytes(8)).rjust(2 * WIDE, b"\0"), "<u8")
        self.expected_before[line], self.expected[line] = expected[:4], expected[4:]
        self.mask_before[line], self.mask[line] = mask[:4], mask[4:]
