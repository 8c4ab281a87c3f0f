"""Who is only believed to be lit: near a fresh fault, and not heard of since it began. Pure.

A metered site is asked every two minutes, one on a satellite every five. What it answered before the fault refutes
nothing: until it has been asked again it is neither dark nor lit to the root cause.
"""

from collections.abc import Iterable

from alerts.rootcause.graph import NetworkGraph

MOST_ROOTS = 100
"""Of one fault, beyond which nobody asks around: so many fallen ones speak for themselves."""


def near(graph: NetworkGraph, roots: Iterable[int]) -> frozenset[int]:
    """Devices that share a cause with one of these nodes, or that have no way but through it. Without the roots."""
    causes, ways = graph.causes, graph.ways
    fallen = list(roots)[:MOST_ROOTS]
    found: set[int] = set()
    shared: set[int] = set()
    for root in fallen:
        begin = ways.position[root]
        found.update(ways.order[begin : begin + ways.cut[root]].tolist())
        shared.update(causes.of_node[root])
        for edge in graph.edge[graph.start[root] : graph.start[root + 1]]:
            shared.update(causes.of_edge[edge])
    for cause in shared:
        found.update(causes.nodes[cause])
        for edge in causes.edges[cause]:
            found.update((int(graph.edge_a[edge]), int(graph.edge_b[edge])))
    return frozenset(node for node in found if node < graph.size).difference(fallen)


def beside(graph: NetworkGraph, node: int) -> frozenset[int]:
    """Devices that a link joins to this one, and the concentrator that it is seen through."""
    others = graph.neighbour[graph.start[node] : graph.start[node + 1]]
    found = {int(other) for other in others} | {graph.via.get(node, node)}
    return frozenset(other for other in found if other < graph.size and other != node)
