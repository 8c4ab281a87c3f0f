"""Taking blocks out of what is free, so that the large blocks stay whole as long as possible. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.addressing.ranges import Block, Range, blocks_of


@dataclass(frozen=True, slots=True)
class Taken:
    """given: in order. used: the free blocks that are none any more. rest: what is free instead of them."""

    given: tuple[Block, ...]
    used: tuple[Block, ...]
    rest: tuple[Block, ...]


def take(free: Iterable[Block], size_bits: int, count: int) -> Taken:
    """Up to `count` blocks of one size out of free blocks that come best fit first: smallest, then lowest.

    Fewer come back if `free` is exhausted. Reads no more of `free` than it needs.
    """
    given: list[Block] = []
    used: list[Block] = []
    rest: tuple[Block, ...] = ()
    blocks = iter(free)
    while len(given) < count and (gap := next(blocks, None)) is not None:
        used.append(gap)
        wanted = min(count - len(given), 1 << (gap.size_bits - size_bits))
        given += (Block(gap.first + (number << size_bits), size_bits) for number in range(wanted))
        left = gap.first + (wanted << size_bits)
        if left <= gap.last:
            rest = tuple(blocks_of(Range(left, gap.last)))
    return Taken(tuple(given), tuple(used), rest)
