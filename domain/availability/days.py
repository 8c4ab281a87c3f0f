"""A timeline cut at given moments: how much of each kind lies in each piece. Pure."""

from collections.abc import Sequence

from domain.availability.kinds import Kind
from domain.availability.spans import Micros
from domain.availability.timeline import Timeline


def cut_at(timeline: Timeline, bounds: Sequence[Micros]) -> list[dict[Kind, Micros]]:
    """bounds: n + 1 of them, rising, make n pieces; a kind that a piece has nothing of is not named."""
    pieces: list[dict[Kind, Micros]] = [{} for _piece in bounds[1:]]
    at = 0
    for start, end, kind in timeline.stretches:
        while at < len(pieces) and bounds[at + 1] <= start:
            at += 1
        here = at
        while here < len(pieces) and bounds[here] < end:
            inside = min(end, bounds[here + 1]) - max(start, bounds[here])
            if inside > 0:
                pieces[here][kind] = pieces[here].get(kind, 0) + inside
            here += 1
    return pieces
