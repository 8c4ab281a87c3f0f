"""Ranges of whole numbers, and the aligned blocks (powers of two) that they are made of. All pure arithmetic.

An IPv4 or IPv6 prefix is a block; a VLAN, an AS number or the number of a name is a block of one.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """From `first` to `last`, both inside."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if not 0 <= self.first <= self.last:
            raise ValueError(f"{self.first} to {self.last} is no range")

    @property
    def size(self) -> int:
        return self.last - self.first + 1

    def covers(self, other: "Range") -> bool:
        return self.first <= other.first and other.last <= self.last

    def overlaps(self, other: "Range") -> bool:
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True, order=True)
class Block:
    """2 to the power of `size_bits` numbers from `first` on, which is a multiple of that."""

    first: int
    size_bits: int

    @property
    def last(self) -> int:
        return self.first + (1 << self.size_bits) - 1

    @property
    def span(self) -> Range:
        return Range(self.first, self.last)

    @property
    def buddy(self) -> "Block":
        """The other half of the block twice as large."""
        return Block(self.first ^ (1 << self.size_bits), self.size_bits)

    @property
    def parent(self) -> "Block":
        return Block(self.first & ~(1 << self.size_bits), self.size_bits + 1)


def blocks_of(span: Range) -> Iterator[Block]:
    """The fewest aligned blocks that make up the range, in order."""
    first = span.first
    while first <= span.last:
        aligned = (first & -first).bit_length() - 1 if first else span.last.bit_length() + 1
        fitting = (span.last - first + 1).bit_length() - 1
        size_bits = min(aligned, fitting)
        yield Block(first, size_bits)
        first += 1 << size_bits


def merged(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """The same numbers as few ranges as possible: sorted, apart, not touching."""
    found: list[Range] = []
    for span in sorted(ranges):
        if found and span.first <= found[-1].last + 1:
            found[-1] = Range(found[-1].first, max(found[-1].last, span.last))
        else:
            found.append(span)
    return tuple(found)


def without(ranges: Iterable[Range], taken: Iterable[Range]) -> tuple[Range, ...]:
    """What is in `ranges` and in none of `taken`; in the form of `merged`. n log n."""
    away = merged(taken)
    found: list[Range] = []
    position = 0
    for span in merged(ranges):
        first = span.first
        while position < len(away) and away[position].last < first:
            position += 1
        at = position
        while at < len(away) and away[at].first <= span.last:
            if first < away[at].first:
                found.append(Range(first, away[at].first - 1))
            first = away[at].last + 1
            at += 1
        if first <= span.last:
            found.append(Range(first, span.last))
    return tuple(found)


def clipped(ranges: Sequence[Range], span: Range) -> tuple[Range, ...]:
    """The part of ranges (in the form of `merged`) that lies in a span; log n."""
    begin = bisect_left(ranges, span.first, key=lambda each: each.last)
    end = bisect_right(ranges, span.last, key=lambda each: each.first)
    return tuple(Range(max(each.first, span.first), min(each.last, span.last)) for each in ranges[begin:end])


def size_of(ranges: Iterable[Range]) -> int:
    """How many numbers ranges have that do not overlap."""
    return sum(span.size for span in ranges)
