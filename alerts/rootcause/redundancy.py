"""What stands on one way only since a second way was lost, though nothing is dark."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from alerts.rootcause.lights import Light, Lights
from alerts.rootcause.suspects import Ranking
from domain.incidents import Cause, Suspect

_MOST_COUNTED = 2_000
"""Nodes of a mesh beyond which nobody asks who stands alone: a walk over it would cost more than it tells."""


@dataclass(frozen=True, slots=True)
class LostRedundancy:
    """links: the links that are lost. stands_alone: devices with one way left that had two (names, sorted).

    observed: a port says so; False: inferred, because something else could not be dark otherwise.
    """

    cause: Cause
    ranking: Ranking
    links: tuple[str, ...]
    stands_alone: tuple[str, ...]
    observed: bool = True

    @property
    def indistinct(self) -> tuple[Cause, ...]:
        return self.ranking.indistinct

    @property
    def suspects(self) -> tuple[Suspect, ...]:
        return self.ranking.suspects


def counted_meshes(edges: Iterable[int], lights: Lights) -> frozenset[int]:
    """The meshes that these edges are in, without those that are too large to be walked at every event."""
    graph, ways = lights.graph, lights.graph.ways
    meshes = frozenset(ways.mesh[int(graph.edge_a[edge])] for edge in edges if not ways.bridge[edge])
    return frozenset(mesh for mesh in meshes if ways.mesh_size[mesh] <= _MOST_COUNTED)


def one_way_only(lost: Collection[int], lights: Lights) -> tuple[int, ...]:
    """Alive or unwatched nodes of the meshes that the lost edges were in, with one way left. Sorted.

    None in a mesh where a lost edge ends at something lit that has no way left at all: its light is about to go out,
    and that is told as an outage.
    """
    found: set[int] = set()
    for mesh in counted_meshes(lost, lights):
        found |= _single(mesh, frozenset(lost), lights)
    return tuple(sorted(node for node in found if node < lights.graph.size))


def _single(mesh: int, lost: frozenset[int], lights: Lights) -> set[int]:
    """Nodes of a mesh that one more cut would part from its top: Tarjan's walk over what is left of it."""
    graph, ways = lights.graph, lights.graph.ways
    top = ways.mesh_top[mesh]
    seen_at, low, single = {top: 0}, {top: 0}, set()
    stack = [(top, -1, graph.start[top])]
    trail = [top]
    while stack:
        node, into, at = stack[-1]
        if at < graph.start[node + 1]:
            stack[-1] = (node, into, at + 1)
            other, edge = graph.neighbour[at], graph.edge[at]
            if edge == into or edge in lost or ways.mesh[other] != mesh:
                continue
            if other in seen_at:
                low[node] = min(low[node], seen_at[other])
            elif lights.passable(other) and not lights.is_down(edge):
                seen_at[other] = low[other] = len(seen_at)
                trail.append(other)
                stack.append((other, edge, graph.start[other]))
            continue
        stack.pop()
        if stack:
            up = stack[-1][0]
            low[up] = min(low[up], low[node])
            if low[node] > seen_at[up]:
                single.update(trail[seen_at[node] :])
    ends = {int(end[edge]) for edge in lost for end in (graph.edge_a, graph.edge_b)}
    parted = any(ways.mesh[end] == mesh and end not in seen_at and lights.of[end] == Light.LIT for end in ends)
    return set() if parted else single
