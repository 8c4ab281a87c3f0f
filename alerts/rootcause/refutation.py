"""What a lit node, a heartbeat or a port that is up shows to be false. Asked per cause, for the state of one moment."""

from alerts.rootcause.graph import NetworkGraph
from alerts.rootcause.lights import Beat, Light, Lights, Port
from alerts.rootcause.ways import NOTHING
from domain.incidents import CauseKind

STANDS = -1
"""Nothing refutes it."""

_WITHOUT_NODES = frozenset({CauseKind.LINK, CauseKind.SEGMENT, CauseKind.PROVIDER})
_WITHOUT_EDGES = frozenset({CauseKind.DEVICE, CauseKind.SITE})


def refuted_by(cause: int, lights: Lights) -> int:
    """STANDS, or what shows that the cause is not true: a node's number, or -2 - a link's number.

    A cause is refuted if anything that it puts out is alive, anything that it cuts is in use, or something lit could
    not be reached were it true. A device is not refuted by what it forwards, nor a tunnel by a heartbeat outside of it.
    """
    graph, causes = lights.graph, lights.graph.causes
    kind, management = causes.kind[cause], causes.management[cause]
    nodes = (cause,) if kind is CauseKind.DEVICE else () if kind in _WITHOUT_NODES else causes.nodes[cause]
    for node in nodes:
        if lights.of[node] == Light.LIT or (not management and lights.beat.get(node) is Beat.GOES_ON):
            return node
    if lights.port or lights.beat:
        found = _by_ports(cause, lights)
        if found != STANDS:
            return found
    if not management:
        for node in nodes:
            if lights.of[node] == Light.DARK and (kind is CauseKind.DEVICE or graph.ways.cut[node] == 1):
                continue
            found = _behind(node, lights)
            if found != NOTHING:
                return found
    if kind in _WITHOUT_EDGES:
        return STANDS
    edges = causes.edges[cause]
    if len(edges) > 1 and lights.beat:
        edges = tuple(edge for edge in edges if not _stopped(edge, graph, lights))
    return lights.witness_of_edges(edges) if edges else STANDS


def _by_ports(cause: int, lights: Lights) -> int:
    """A port that is up clears what would cut it; a heartbeat clears the line it comes over."""
    graph, causes = lights.graph, lights.graph.causes
    if causes.kind[cause] is not CauseKind.PROVIDER:  # a modem's port is up while the provider is gone
        for link in causes.links[cause]:
            if lights.port.get(link) is Port.UP:
                return -2 - link
    for edge in causes.edges[cause]:
        if graph.tunnel[edge] and lights.port.get(graph.link[edge]) is Port.UP:
            return -2 - graph.link[edge]
    if lights.beat:
        for edge in causes.over_lines[cause]:
            for end in (int(graph.edge_a[edge]), int(graph.edge_b[edge])):
                if lights.beat.get(end) is Beat.GOES_ON and graph.tunnel[edge]:
                    return end
    return STANDS


def _behind(node: int, lights: Lights) -> int:
    """Something lit that cannot do without a node that is dark or unwatched."""
    if lights.of[node] == Light.UNSEEN:
        return lights.witness_of_node(node)
    ways = lights.graph.ways
    return lights.first_lit(ways.position[node] + 1, ways.cut[node] - 1)


def _stopped(edge: int, graph: NetworkGraph, lights: Lights) -> bool:
    return graph.tunnel[edge] and lights.beat.get(int(graph.edge_a[edge])) is Beat.STOPPED
