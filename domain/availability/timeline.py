"""A period cut into stretches of one kind each, without gap and without overlap.

Pure. Everything that is said of a village, site or link is made from timelines of devices by three operations: the
best of several (any way will do), an overlay (blind, planned), and sums inside spans (service hours).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

from domain.availability.kinds import DARK, Kind
from domain.availability.spans import Micros, Span, Spans

Stretch = tuple[Micros, Micros, Kind]

_RANK: Final = {
    Kind.UP: 0,
    Kind.DEGRADED: 1,
    Kind.UNKNOWN: 2,  # nobody seen up, somebody not seen: it may be up
    Kind.DOWN: 3,
    Kind.UNREACHABLE: 4,
    Kind.PLANNED: 5,  # only where everything is
}


@dataclass(frozen=True, slots=True)
class Timeline:
    """stretches: in order, each begins where the one before ends, neighbours differ in kind."""

    stretches: tuple[Stretch, ...]

    @property
    def start(self) -> Micros:
        return self.stretches[0][0]

    @property
    def end(self) -> Micros:
        return self.stretches[-1][1]

    def at(self, moment: Micros) -> Kind:
        """Raises ValueError for a moment outside."""
        for start, end, kind in self.stretches:
            if start <= moment < end:
                return kind
        raise ValueError(moment)

    def spans(self, kinds: frozenset[Kind]) -> Spans:
        """Where it is one of these; neighbours are one span."""
        found: list[Span] = []
        for start, end, kind in self.stretches:
            if kind not in kinds:
                continue
            if found and found[-1][1] == start:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
        return tuple(found)

    @property
    def dark(self) -> Spans:
        return self.spans(DARK)


def constant(kind: Kind, start: Micros, end: Micros) -> Timeline:
    return Timeline(((start, end, kind),))


def timeline_of(initial: Kind, changes: Iterable[tuple[Micros, Kind]], start: Micros, end: Micros) -> Timeline:
    """initial: at `start`, unless changes before it say otherwise. changes: in the order they were kept.

    A change whose time lies before the one kept before it (the clock was set back) makes no interval of its own.
    Raises ValueError for an empty period.
    """
    if start >= end:
        raise ValueError(f"{start} is not before {end}")
    stretches: list[Stretch] = []
    since, kind = start, initial
    for at, new in changes:
        if at >= end:
            break
        if new is kind:
            continue
        if at > since:
            stretches.append((since, at, kind))
            since = at
        kind = new
    stretches.append((since, end, kind))
    return Timeline(_joined(stretches))


def best_of(timelines: Sequence[Timeline]) -> Timeline:
    """Of the same period: up where any is up. Raises TypeError if there is none."""
    return combined(timelines, lambda one, other: one if _RANK[one] <= _RANK[other] else other)


def combined(timelines: Sequence[Timeline], choose: Callable[[Kind, Kind], Kind]) -> Timeline:
    """Of the same period, two by two. Raises TypeError if there is none."""
    return reduce(lambda one, other: _merged(one, other, choose), timelines)


def overlay(timeline: Timeline, spans: Sequence[Span], turn: Callable[[Kind], Kind]) -> Timeline:
    """With each kind inside the spans turned into what `turn` says."""
    if not spans:
        return timeline
    stretches: list[Stretch] = []
    j = 0
    for start, end, kind in timeline.stretches:
        while j < len(spans) and spans[j][1] <= start:
            j += 1
        k, begin = j, start
        while k < len(spans) and spans[k][0] < end:
            inside, outside = max(spans[k][0], begin), min(spans[k][1], end)
            if begin < inside:
                stretches.append((begin, inside, kind))
            stretches.append((inside, outside, turn(kind)))
            begin = outside
            k += 1
        if begin < end:
            stretches.append((begin, end, kind))
    return Timeline(_joined(stretches))


def to_unknown(_kind: Kind) -> Kind:
    return Kind.UNKNOWN


def dark_to_unknown(kind: Kind) -> Kind:
    """Of something whose management path alone is lost."""
    return Kind.UNKNOWN if kind in DARK else kind


def dark_to_planned(kind: Kind) -> Kind:
    """In our own announced work: what stays up stays up, and what we did not see we were told beforehand."""
    return Kind.PLANNED if kind in DARK or kind is Kind.UNKNOWN else kind


def sums(timeline: Timeline, spans: Sequence[Span]) -> dict[Kind, Micros]:
    """The time of each kind inside the spans; all six kinds are named."""
    found = dict.fromkeys(Kind, 0)
    j = 0
    for start, end, kind in timeline.stretches:
        while j < len(spans) and spans[j][1] <= start:
            j += 1
        k = j
        while k < len(spans) and spans[k][0] < end:
            found[kind] += min(spans[k][1], end) - max(spans[k][0], start)
            k += 1
    return found


def _merged(one: Timeline, other: Timeline, choose: Callable[[Kind, Kind], Kind]) -> Timeline:
    stretches: list[Stretch] = []
    i = j = 0
    at = one.start
    while i < len(one.stretches) and j < len(other.stretches):
        _start, one_end, one_kind = one.stretches[i]
        _start, other_end, other_kind = other.stretches[j]
        end = min(one_end, other_end)
        stretches.append((at, end, one_kind if one_kind is other_kind else choose(one_kind, other_kind)))
        at = end
        i += one_end == end
        j += other_end == end
    return Timeline(_joined(stretches))


def _joined(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    found: list[Stretch] = []
    for stretch in stretches:
        if found and found[-1][2] is stretch[2]:
            found[-1] = (found[-1][0], stretch[1], stretch[2])
        else:
            found.append(stretch)
    return tuple(found)
