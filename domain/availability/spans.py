"""Sets of time as sorted spans that do not touch, in whole microseconds since 1970 UTC: they add up exactly.

No local time, no zone: service hours have been turned into spans before.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

Micros = int
Span = tuple[Micros, Micros]
Spans = tuple[Span, ...]

SECOND: Final = 1_000_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO: Final = timedelta(microseconds=1)


def micros_of(at: datetime) -> Micros:
    """Exact. Raises TypeError for a time without a zone."""
    return (at - _EPOCH) // _MICRO


def whole_second_of(at: datetime) -> Micros:
    """As it is counted in reports: the second that it lies in."""
    return micros_of(at) // SECOND * SECOND


def datetime_of(micros: Micros) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def spans_of(pairs: Iterable[Span]) -> Spans:
    """Sorted, empty ones left out, those that overlap or touch made one."""
    found: list[Span] = []
    for start, end in sorted(pairs):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def common(one: Sequence[Span], other: Sequence[Span]) -> Spans:
    """What lies in both."""
    found: list[Span] = []
    i = j = 0
    while i < len(one) and j < len(other):
        start, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if start < end:
            found.append((start, end))
        if one[i][1] <= other[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def without(one: Sequence[Span], other: Sequence[Span]) -> Spans:
    """What lies in `one` alone."""
    found: list[Span] = []
    j = 0
    for start, end in one:
        while j < len(other) and other[j][1] <= start:
            j += 1
        k = j
        while k < len(other) and other[k][0] < end:
            if other[k][0] > start:
                found.append((start, other[k][0]))
            start = max(start, other[k][1])
            k += 1
        if start < end:
            found.append((start, end))
    return tuple(found)


def lengths_inside(spans: Sequence[Span], within: Sequence[Span]) -> list[Micros]:
    """Of each of `spans`, in their order, how much lies within the others."""
    found: list[Micros] = []
    j = 0
    for start, end in spans:
        while j < len(within) and within[j][1] <= start:
            j += 1
        k, inside = j, 0
        while k < len(within) and within[k][0] < end:
            inside += min(end, within[k][1]) - max(start, within[k][0])
            k += 1
        found.append(inside)
    return found


def length(spans: Iterable[Span]) -> Micros:
    return sum(end - start for start, end in spans)
