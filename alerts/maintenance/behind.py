"""Who has no way left when some devices are off and some links are cut: a search from the poller's own way in."""

from alerts.rootcause.graph import NetworkGraph


def behind(graph: NetworkGraph, off: frozenset[str], cut: frozenset[str]) -> frozenset[str]:
    """Names of devices, the ones that are off left out. Linear in the network; names it does not know cut nothing."""
    closed = {graph.index[name] for name in off if name in graph.index}
    links = {graph.link_index[name] for name in cut if name in graph.link_index}
    reached, waiting = {graph.root}, [graph.root]
    while waiting:
        node = waiting.pop()
        for at in range(graph.start[node], graph.start[node + 1]):
            edge, other = graph.edge[at], graph.neighbour[at]
            if other in reached or other in closed:
                continue
            if graph.link[edge] in links or graph.carrier[edge] in links:
                continue
            reached.add(other)
            waiting.append(other)
    return frozenset(graph.names[node] for node in range(graph.size) if node not in reached and node not in closed)
