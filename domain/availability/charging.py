"""Dark time by cause and party: every instant of it is charged exactly once.

A stretch of darkness belongs to the incidents that held the thing meanwhile; where two did, to the one that began
first; what of it lies beside them (an incident is decided a little later than the state), to the nearest. Darkness that
no incident explains is charged to nobody known.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from domain.availability.spans import Micros, Span, Spans, common, without
from domain.incidents import Liable, Party

UNEXPLAINED: Final = "unexplained"
EXPECTED_NIGHT: Final = "expected-night"


@dataclass(frozen=True, slots=True)
class Blame:
    """An incident as far as downtime goes. cause: the people's word if they gave one, else the machine's verdict.

    liable: who is charged. said_by_machine: who would be if no person had said otherwise. began: of the incident; its
    order among others. detected and ticket: from when, and in which spans, a provider's downtime counts by contract.
    """

    incident: str
    began: Micros
    cause: str
    liable: Liable
    said_by_machine: Liable
    detected: Micros
    ticket: Spans = ()

    @property
    def is_overridden(self) -> bool:
        return self.liable != self.said_by_machine


@dataclass(frozen=True, slots=True)
class Held:
    """When an incident held a thing dark."""

    span: Span
    blame: Blame


@dataclass(frozen=True, slots=True)
class Slice:
    """Dark time that one blame accounts for; None: nobody."""

    span: Span
    blame: Blame | None
    cause: str

    @property
    def liable(self) -> Liable:
        return self.blame.liable if self.blame else Liable(Party.UNKNOWN)


def slices_of(dark: Spans, held: Iterable[Held], expected: Spans = ()) -> tuple[Slice, ...]:
    """Cut into slices that together are exactly `dark`. expected: where want of power is counted apart."""
    waiting = sorted(held, key=lambda each: each.span, reverse=True)
    present: list[Held] = []
    found: list[Slice] = []
    for span in dark:
        while waiting and waiting[-1].span[0] < span[1]:
            present.append(waiting.pop())
        present = [each for each in present if each.span[1] > span[0]]
        for start, end, blame in _shared_out(span, present):
            found += _by_expectation((start, end), blame, expected)
    return tuple(found)


def _shared_out(dark: Span, present: Sequence[Held]) -> list[tuple[Micros, Micros, Blame | None]]:
    if len(present) == 1:  # nearly always
        return [(*dark, present[0].blame)]
    ordered = sorted(present, key=lambda each: (each.blame.began, each.blame.incident, each.span))
    free: Spans = (dark,)
    taken: list[tuple[Micros, Micros, Blame]] = []
    for each in ordered:
        mine = common(free, (each.span,))
        if mine:
            taken += [(start, end, each.blame) for start, end in mine]
            free = without(free, mine)
    if not taken:
        return [(*dark, None)]
    taken.sort(key=lambda piece: piece[0])
    ends = [end for _start, end, _blame in taken]
    pieces: list[tuple[Micros, Micros, Blame | None]] = list(taken)
    for start, end in free:
        before = bisect_left(ends, start + 1)  # the first that ends after it begins; the one before touches or precedes
        neighbour = taken[before - 1] if before else taken[0]
        pieces.append((start, end, neighbour[2]))
    pieces.sort(key=lambda piece: piece[0])
    return _joined(pieces)


def _joined(pieces: Iterable[tuple[Micros, Micros, Blame | None]]) -> list[tuple[Micros, Micros, Blame | None]]:
    found: list[tuple[Micros, Micros, Blame | None]] = []
    for start, end, blame in pieces:
        if found and found[-1][1] == start and found[-1][2] is blame:
            found[-1] = (found[-1][0], end, blame)
        else:
            found.append((start, end, blame))
    return found


def _by_expectation(span: Span, blame: Blame | None, expected: Spans) -> Iterable[Slice]:
    cause = blame.cause if blame else UNEXPLAINED
    if not expected or cause not in ("power", UNEXPLAINED):
        return [Slice(span, blame, cause)]
    apart = [Slice(each, blame, EXPECTED_NIGHT) for each in common((span,), expected)]
    return [*apart, *(Slice(each, blame, cause) for each in without((span,), expected))]
