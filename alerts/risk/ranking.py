"""Single points of failure: for each link, segment, device, site, feeder and provider, what goes dark if it fails.

Everything else is taken to work. A country is ranked in seconds: what cuts one strand or puts out one device is read
from what hangs there; only what strikes several at once is searched for, near the strands it strikes.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alerts.risk.burden import COLUMNS, DEVICES, OPD, SERVICES, SITES, VILLAGES, Burden, burden_of
from alerts.rootcause.graph import NetworkGraph
from domain.incidents import Cause, CauseKind
from domain.network import Inventory


@dataclass(frozen=True, slots=True)
class Risk:
    """What goes dark with a cause. unseen: devices that still work but cannot be looked at any more."""

    cause: Cause
    villages: int
    opd: int
    services: int
    sites: int
    devices: int
    unseen: int = 0


def rank_risks(
    graph: NetworkGraph, inventory: Inventory, *, kinds: Collection[CauseKind] = (), top: int | None = None
) -> tuple[Risk, ...]:
    """Worst first: by villages, agencies and applications together, then sites, then devices. What darkens nothing is
    left out, and so are uplinks that no link represents. kinds: only these; top: at most so many."""
    causes = graph.causes
    counting = _Counting(graph, burden_of(graph, inventory))
    wanted = [
        cause
        for cause, kind in enumerate(causes.kind)
        if kind is not CauseKind.MANAGEMENT
        and (not kinds or kind in kinds)
        and (kind is not CauseKind.LINK or not graph.implied.issuperset(causes.links[cause]))
    ]
    table = counting.table(wanted)
    numbers = np.array(wanted, np.int64)
    people = table[:, VILLAGES] + table[:, OPD] + table[:, SERVICES]
    order = np.lexsort((numbers, -table[:, DEVICES], -table[:, SITES], -people))
    order = order[table[order, DEVICES] > 0][:top]
    return tuple(
        Risk(
            causes.cause(int(numbers[at])),
            villages=int(table[at, VILLAGES]),
            opd=int(table[at, OPD]),
            services=int(table[at, SERVICES]),
            sites=int(table[at, SITES]),
            devices=int(table[at, DEVICES]),
            unseen=counting.unseen(int(numbers[at]), int(table[at, DEVICES])),
        )
        for at in order.tolist()
    )


class _Counting:
    def __init__(self, graph: NetworkGraph, burden: Burden) -> None:
        self._graph, self._burden = graph, burden
        provider_ends = np.asarray(graph.ways.order) >= graph.size
        ways = graph.ways
        self._apart = sorted(
            (ways.position[node], slug)
            for slug, at in burden.site_at.items()
            if (last := max(ways.position[node] for node in burden.carriers[slug])) >= ways.position[at] + ways.hang[at]
            or (at not in burden.carriers[slug] and last > ways.position[at])
            for node in burden.carriers[slug]
        )
        """Positions of what carries a site that does not hang on one of its own devices."""
        self._devices_before = np.concatenate([[0], np.cumsum(~provider_ends)])

    def table(self, wanted: list[int]) -> NDArray[np.int64]:
        """What goes dark with each of these causes, by column."""
        causes, ways, nodes_total = self._graph.causes, self._graph.ways, len(self._graph.names)
        known = np.concatenate([self._burden.all, self._burden.cut, np.zeros((1, COLUMNS), np.int64)])
        nothing = 2 * nodes_total
        row_of = [nothing] * len(wanted)
        searched: list[tuple[int, NDArray[np.int64]]] = []
        for at, cause in enumerate(wanted):
            nodes, edges = causes.nodes[cause], self._service_edges(cause)
            if len(nodes) + len(edges) > 1:
                searched.append((at, self._joint(nodes, edges)))
            elif nodes:
                row_of[at] = nodes_total + nodes[0]
            elif edges and ways.bridge[edges[0]]:
                row_of[at] = ways.below[edges[0]]
        table: NDArray[np.int64] = known[row_of]
        for at, row in searched:
            table[at] = row
        return table

    def _joint(self, nodes: tuple[int, ...], edges: tuple[int, ...]) -> NDArray[np.int64]:
        """What goes dark with several nodes and edges at once."""
        struck = self._struck(nodes, edges)
        total = np.zeros(COLUMNS, np.int64)
        for _, _, row in struck:
            total += row
        for slug in self._sites_apart([(begin, end) for begin, end, _ in struck]):
            total += self._burden.of_site[slug]
        return total

    def unseen(self, cause: int, dark: int) -> int:
        """Devices that no answer comes from any more, without the dark ones."""
        struck = self._struck(self._graph.causes.nodes[cause], self._graph.causes.edges[cause])
        before = self._devices_before
        return max(0, int(sum(before[end] - before[begin] for begin, end, _ in struck)) - dark)

    def _service_edges(self, cause: int) -> tuple[int, ...]:
        """Tunnels count only for what cuts the line they run on."""
        edges = self._graph.causes.edges[cause]
        if not any(self._graph.tunnel[edge] for edge in edges):
            return edges
        over = self._graph.causes.over_lines[cause]
        return tuple(edge for edge in edges if not self._graph.tunnel[edge] or edge in over)

    def _struck(self, nodes: Iterable[int], edges: Iterable[int]) -> list[tuple[int, int, NDArray[np.int64]]]:
        """Disjoint intervals of the layout (begin, end) that lose every way, with what they count."""
        ways, burden = self._graph.ways, self._burden
        found = [(ways.position[node], -ways.cut[node], burden.cut[node]) for node in nodes]
        meshed = []
        for edge in edges:
            if ways.bridge[edge]:
                below = ways.below[edge]
                found.append((ways.position[below], -ways.size[below], burden.all[below]))
            else:
                meshed.append(edge)
        isolated = self._isolated(frozenset(nodes), meshed)
        found += [(ways.position[node], -ways.hang[node], burden.hang[node]) for node in isolated]
        found.sort(key=lambda each: each[:2])
        struck: list[tuple[int, int, NDArray[np.int64]]] = []
        for begin, length, row in found:
            if not struck or begin >= struck[-1][1]:
                struck.append((begin, begin - length, row))
        return struck

    def _isolated(self, nodes: frozenset[int], edges: list[int]) -> set[int]:
        """Nodes of meshes that find no way to their mesh's top without these nodes and edges."""
        graph, ways = self._graph, self._graph.ways
        removed = set(edges)
        begins = {end for edge in edges for end in (int(graph.edge_a[edge]), int(graph.edge_b[edge]))}
        for node in nodes:
            row = range(graph.start[node], graph.start[node + 1])
            begins.update(graph.neighbour[at] for at in row if not ways.bridge[graph.edge[at]])
        isolated: set[int] = set()
        if len(nodes) + len(edges) < 2:
            return isolated  # nothing of a mesh hangs on one strand, and a node's own are counted with it
        reaching: set[int] = set()
        for begin in begins - nodes:
            if begin not in reaching and begin not in isolated:
                seen, found = self._walk(begin, nodes, removed, reaching)
                (reaching if found else isolated).update(seen)
        return isolated

    def _walk(self, begin: int, nodes: frozenset[int], removed: set[int], reaching: set[int]) -> tuple[set[int], bool]:
        """What was seen on the way from a node to the top of its mesh, and whether it was reached."""
        graph, ways = self._graph, self._graph.ways
        mesh = ways.mesh[begin]
        top = ways.mesh_top[mesh]
        seen, stack, cursor = {begin}, [begin], {begin: graph.start[begin]}
        while stack:
            node = stack[-1]
            if node == top or node in reaching:
                return seen, True
            at = cursor[node]
            if at == graph.start[node + 1]:
                stack.pop()
                continue
            cursor[node] = at + 1
            other = graph.neighbour[at]
            if other in seen or other in nodes or ways.mesh[other] != mesh or graph.edge[at] in removed:
                continue
            seen.add(other)
            stack.append(other)
            cursor[other] = graph.start[other]
        return seen, False

    def _sites_apart(self, covered: list[tuple[int, int]]) -> list[str]:
        """Sites that stand in several places, all of them struck, and that no struck interval counts."""
        if len(covered) < 2:
            return []
        slugs = {
            slug
            for begin, end in covered
            for _, slug in self._apart[bisect_left(self._apart, (begin, "")) : bisect_left(self._apart, (end, ""))]
        }
        return [slug for slug in sorted(slugs) if self._is_apart_and_struck(slug, covered)]

    def _is_apart_and_struck(self, slug: str, covered: list[tuple[int, int]]) -> bool:
        ways, node = self._graph.ways, self._burden.site_at[slug]
        positions = [ways.position[each] for each in self._burden.carriers[slug]]
        if any(begin <= ways.position[node] and max(positions) < end for begin, end in covered):
            return False  # counted where it is
        return all(any(begin <= position < end for begin, end in covered) for position in positions)
