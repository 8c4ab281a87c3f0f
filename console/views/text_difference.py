"""Two texts line by line, as `diff -u` shows them; quick for any two texts of 10,000 lines.

difflib alone takes minutes for long texts whose lines repeat. So lines that stand once on both sides are matched first
(as patience diff does), and only what lies between them is compared by difflib, if it is short.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

CONTEXT: Final = 3
MOST_PAIRS: Final = 30_000  # of equal lines on both sides that difflib is asked to weigh up
Block = tuple[int, int, int]  # (place before, place after, length) of equal lines


@dataclass(frozen=True, slots=True)
class DiffLine:
    """sign: ' ', '+', '-', or '@' for a gap whose text says how many lines stand in it. Numbers count from 1; None
    where the side has no such line."""

    sign: str
    text: str
    before: int | None = None
    after: int | None = None


def difference(before: Sequence[str], after: Sequence[str], context: int = CONTEXT) -> tuple[DiffLine, ...]:
    """Only what changed, with some lines around it; nothing for equal texts."""
    return tuple(_folded(_lines(before, after), context))


def _lines(before: Sequence[str], after: Sequence[str]) -> list[DiffLine]:
    found: list[DiffLine] = []
    old = new = 0
    for at_old, at_new, length in (*_equal(before, after), (len(before), len(after), 0)):
        found += [DiffLine("-", before[place], place + 1, None) for place in range(old, at_old)]
        found += [DiffLine("+", after[place], None, place + 1) for place in range(new, at_new)]
        found += [DiffLine(" ", before[at_old + each], at_old + each + 1, at_new + each + 1) for each in range(length)]
        old, new = at_old + length, at_new + length
    return found


def _folded(lines: Sequence[DiffLine], context: int) -> Iterator[DiffLine]:
    changed = [place for place, line in enumerate(lines) if line.sign != " "]
    if not changed:
        return
    shown = 0
    for place, line in enumerate(lines):
        at = bisect_left(changed, place)
        nearest = min(abs(changed[each] - place) for each in (at - 1, at) if 0 <= each < len(changed))
        if nearest > context:
            continue
        if place > shown:
            yield DiffLine("@", str(place - shown))
        yield line
        shown = place + 1


def _equal(before: Sequence[str], after: Sequence[str]) -> Iterator[Block]:
    """In their order."""
    start = 0
    shorter = min(len(before), len(after))
    while start < shorter and before[start] == after[start]:
        start += 1
    end = 0
    while end < shorter - start and before[-1 - end] == after[-1 - end]:
        end += 1
    if start:
        yield 0, 0, start
    yield from _between(before, after, start, len(before) - end, len(after) - end)
    if end:
        yield len(before) - end, len(after) - end, end


def _between(before: Sequence[str], after: Sequence[str], start: int, old_end: int, new_end: int) -> Iterator[Block]:
    old = new = start
    for at_old, at_new in (*_anchors(before, after, start, old_end, new_end), (old_end, new_end)):
        if _pairs(before[old:at_old], after[new:at_new]) <= MOST_PAIRS:
            matcher = SequenceMatcher(None, before[old:at_old], after[new:at_new], autojunk=False)
            for block in matcher.get_matching_blocks():
                if block.size:
                    yield old + block.a, new + block.b, block.size
        if at_old < old_end:
            yield at_old, at_new, 1
        old, new = at_old + 1, at_new + 1


def _pairs(before: Sequence[str], after: Sequence[str]) -> int:
    counts = Counter(after)
    return sum(counts[line] for line in before)


def _anchors(
    before: Sequence[str], after: Sequence[str], start: int, old_end: int, new_end: int
) -> Sequence[tuple[int, int]]:
    """Lines that stand once on both sides, as many of them as keep their order."""
    counts = Counter(before[start:old_end]), Counter(after[start:new_end])
    places = {after[place]: place for place in range(start, new_end)}
    pairs = [
        (place, places[before[place]])
        for place in range(start, old_end)
        if counts[0][before[place]] == 1 and counts[1][before[place]] == 1
    ]
    return _rising(pairs)


def _rising(pairs: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """The longest run whose second numbers rise too."""
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for index, (_old, new) in enumerate(pairs):
        at = bisect_left(tails, new)
        previous.append(ends[at - 1] if at else -1)
        if at == len(tails):
            tails.append(new)
            ends.append(index)
        else:
            tails[at], ends[at] = new, index
    run = []
    at = ends[-1] if ends else -1
    while at >= 0:
        run.append(pairs[at])
        at = previous[at]
    return run[::-1]
