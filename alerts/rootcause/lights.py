"""Who is dark and lit now, and what that proves: a lit node proves every strand and node that it cannot do without.

Holds the state of one moment; says nothing of causes. A node that nobody watches is neither dark nor lit, yet alive if
something lit depends on it. A dark device with something lit that has no other way forwards: it is only silent itself.
"""

from collections.abc import Collection, Iterable
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from alerts.rootcause.graph import NO_LINK, NetworkGraph
from alerts.rootcause.ways import NOTHING


class Light(IntEnum):
    UNSEEN = 0
    LIT = 1
    DARK = 2


class Beat(IntEnum):
    """A site's own heartbeat, which reaches us over its internet line and proves its service."""

    NONE = 0
    GOES_ON = 1
    STOPPED = 2


class Port(IntEnum):
    """What is known of a link by ifOperStatus at an end that answers."""

    UNKNOWN = 0
    UP = 1
    DOWN = 2


class Lights:
    def __init__(self, graph: NetworkGraph) -> None:
        self.graph = graph
        self.of = [int(Light.UNSEEN)] * len(graph.names)
        self.of[graph.root] = int(Light.LIT)
        self.beat: dict[int, Beat] = {}
        self.port: dict[int, Port] = {}
        self.searched: set[int] | None = None
        """While a set: collects the nodes of meshes whose state an answer depended on."""
        self._lit = np.zeros(len(graph.names), np.bool_)  # by position in the layout

    def put(self, node: int, light: int) -> None:
        self.of[node] = light
        self._lit[self.graph.ways.position[node]] = light == Light.LIT

    def put_all(self, nodes: NDArray[np.int64], light: Light) -> None:
        for node in nodes.tolist():
            self.of[node] = int(light)
        positions = np.asarray(self.graph.ways.position)[nodes]
        self._lit[positions] = light is Light.LIT

    def any_lit(self, begin: int, length: int) -> bool:
        if length == 1:
            return bool(self._lit[begin])
        return bool(self._lit[begin : begin + length].any())

    def first_lit(self, begin: int, length: int) -> int:
        """The first lit node of an interval of the layout, or NOTHING."""
        part = self._lit[begin : begin + length]
        at = int(part.argmax()) if length else 0
        return int(self.graph.ways.order[begin + at]) if length and part[at] else NOTHING

    def is_down(self, edge: int) -> bool:
        """A port of it says down."""
        if not self.port:
            return False
        graph = self.graph
        return any(
            link != NO_LINK and self.port.get(link) is Port.DOWN for link in (graph.link[edge], graph.carrier[edge])
        )

    def forwards(self, node: int) -> bool:
        """Whether something lit has no way but through this node, whatever else is dark."""
        ways = self.graph.ways
        return ways.cut[node] > 1 and self.any_lit(ways.position[node] + 1, ways.cut[node] - 1)

    def alive(self, node: int) -> bool:
        """Lit, or proven by what is lit."""
        light = self.of[node]
        if light == Light.LIT or self.forwards(node):
            return True
        if light == Light.DARK or self.graph.ways.mesh_size[self.graph.ways.mesh[node]] == 1:
            return False
        return self.witness_of_node(node) != NOTHING

    def witness_of_node(self, node: int) -> int:
        """Something lit that cannot do without a node, the dark ones being out of use; NOTHING if there is none."""
        ways, graph = self.graph.ways, self.graph
        found = self.first_lit(ways.position[node] + 1, ways.cut[node] - 1)
        if found != NOTHING or ways.mesh_size[ways.mesh[node]] == 1:
            return found
        edges = graph.edge[graph.start[node] : graph.start[node + 1]]
        return self._witness_in_meshes([edge for edge in edges if not ways.bridge[edge]], node)

    def witness_of_edges(self, edges: Iterable[int]) -> int:
        """Something lit that cannot do without these edges (at least one of them), or NOTHING."""
        ways = self.graph.ways
        meshed = []
        for edge in edges:
            if ways.bridge[edge]:
                below = ways.below[edge]
                if self.any_lit(ways.position[below], ways.size[below]):
                    return self.first_lit(ways.position[below], ways.size[below])
            else:
                meshed.append(edge)
        return self._witness_in_meshes(meshed, NOTHING) if meshed else NOTHING

    def passable(self, node: int) -> bool:
        return self.of[node] != Light.DARK or self.forwards(node)

    def _witness_in_meshes(self, edges: list[int], without: int) -> int:
        graph = self.graph
        ends = {end for edge in edges for end in (int(graph.edge_a[edge]), int(graph.edge_b[edge]))}
        if self.searched is not None:
            self.searched |= ends
        removed = set(edges)
        reaching: set[int] = set()
        for edge in edges:
            a, b = int(graph.edge_a[edge]), int(graph.edge_b[edge])
            if without == NOTHING and (self.is_down(edge) or not (self.passable(a) and self.passable(b))):
                continue  # it carries nothing now
            for end in (a, b):
                if end != without and self.passable(end) and end not in reaching:
                    found = self._cut_off(end, removed, without, reaching)
                    if found != NOTHING:
                        return found
        return NOTHING

    def _cut_off(self, begin: int, removed: Collection[int], without: int, reaching: set[int]) -> int:
        """Something lit among what `begin` is left with, if it finds no way to the top of its mesh any more.

        reaching: nodes found to have a way; grows.
        """
        graph, ways = self.graph, self.graph.ways
        mesh = ways.mesh[begin]
        top = ways.mesh_top[mesh]
        looked_at = set() if self.searched is None else self.searched
        seen, stack, cursor = {begin}, [begin], {begin: graph.start[begin]}
        if begin == top:
            return NOTHING
        while stack:
            node = stack[-1]
            at = cursor[node]
            if at == graph.start[node + 1]:
                stack.pop()
                continue
            cursor[node] = at + 1
            other, edge = graph.neighbour[at], graph.edge[at]  # the nearest to the root first
            if other in seen or other == without or ways.mesh[other] != mesh or edge in removed:
                continue
            looked_at.add(other)
            if not self.passable(other) or self.is_down(edge):
                continue
            if other == top or other in reaching:
                reaching |= seen
                return NOTHING
            seen.add(other)
            stack.append(other)
            cursor[other] = graph.start[other]
        lit = [found for node in seen if (found := self.first_lit(ways.position[node], ways.hang[node])) != NOTHING]
        return min(lit) if lit else NOTHING
