"""A zone: dark devices that touch, and the ways that ended at their border. Says what must be explained, not by what.

A way that ended is the set of causes of which at least one must be true: those of the strand from something alive,
those of the first dark device, and of all that is unwatched between. A dark part is dark because all its ways ended.
"""

from dataclasses import dataclass

from alerts.rootcause.graph import NetworkGraph
from alerts.rootcause.lights import Beat, Light, Lights, Port
from domain.incidents import CauseKind

_MOST_WAYS = 24
_MOST_STEPS = 1_000
"""Ways through unwatched nodes that are followed from one dark device, and steps taken to find them: beyond that only
its own causes and those of its nearest strand are named."""


@dataclass(frozen=True, slots=True)
class End:
    """A way that ended. node: the first dark device behind it, -1 where only a port says so. edge: the strand into it;
    -1 for a heartbeat's line, -2 - the link's number for a port."""

    causes: tuple[int, ...]
    node: int
    edge: int


@dataclass(frozen=True, slots=True)
class Part:
    """Dark devices that are dark together. looked_through: those seen only through a concentrator that is dark too.

    silent_alone: what lies behind it is lit, so it forwards and only does not answer itself.
    """

    devices: tuple[int, ...]
    ends: tuple[End, ...]
    looked_through: tuple[int, ...] = ()
    silent_alone: bool = False


@dataclass(frozen=True, slots=True)
class Zone:
    nodes: frozenset[int]
    parts: tuple[Part, ...]


def zone_of(seed: int, lights: Lights) -> Zone:
    """The zone of one dark device."""
    graph = lights.graph
    if lights.forwards(seed):
        device = graph.causes.of_node[seed][:1]
        return Zone(frozenset((seed,)), (Part((seed,), (End(device, seed, -1),), silent_alone=True),))
    alive = {seed: False}
    nodes, unseen = _spread(seed, lights, alive)
    if len(nodes) == 1:  # most of a storm
        return Zone(frozenset(nodes), (_explainable((seed,), False, lights, alive, unseen),))
    fronts = _fronts(unseen, graph, alive)
    inner = unseen - fronts
    parts = []
    taken: set[int] = set()
    for node in sorted(nodes - unseen):
        if node not in taken:
            members, tunnels = _part(node, nodes - fronts, lights)
            taken |= members
            parts.append(_explainable(tuple(sorted(members - inner)), tunnels, lights, alive, fronts))
    return Zone(frozenset(nodes), tuple(parts))


def zone_of_port(link: int, lights: Lights) -> Zone | None:
    """A link whose port says down though nothing dark stands at it: redundancy is lost. None where that is not so."""
    graph = lights.graph
    if lights.port.get(link) is not Port.DOWN:
        return None
    link_itself = graph.causes.numbers[CauseKind.LINK][graph.links[link]]
    causes = set(graph.causes.of_link[link]) - {link_itself}
    stands = False
    for edge in graph.edges_of_link[link]:
        ends = (int(graph.edge_a[edge]), int(graph.edge_b[edge]))
        dark = [end for end in ends if lights.of[end] == Light.DARK and not lights.forwards(end)]
        if not dark:
            stands = True
            for end in ends:
                if lights.of[end] == Light.UNSEEN and not lights.alive(end):
                    causes.update(graph.causes.of_node[end])
    return Zone(frozenset(), (Part((), (End((link_itself, *sorted(causes)), -1, -2 - link),)),)) if stands else None


def _is_alive(node: int, lights: Lights, alive: dict[int, bool]) -> bool:
    light = lights.of[node]
    if light == Light.LIT:
        return True
    if node not in alive:
        alive[node] = lights.alive(node)
    return alive[node]


def _spread(seed: int, lights: Lights, alive: dict[int, bool]) -> tuple[set[int], set[int]]:
    """All nodes that touch the seed without anything alive between, and those of them that nobody watches."""
    graph = lights.graph
    nodes, unseen, stack = {seed}, set(), [seed]
    while stack:
        node = stack.pop()
        if lights.of[node] == Light.UNSEEN:
            unseen.add(node)
        others = graph.neighbour[graph.start[node] : graph.start[node + 1]]
        for other in (*others, *_through(node, lights)):
            if other not in nodes and not _is_alive(other, lights, alive):
                nodes.add(other)
                stack.append(other)
    return nodes, unseen


def _through(node: int, lights: Lights) -> tuple[int, ...]:
    """Joined by a concentrator that is dark: what is seen through it, and the reverse."""
    graph = lights.graph
    if not graph.via or lights.of[node] != Light.DARK:
        return ()
    centre = graph.via.get(node)
    up = (centre,) if centre is not None and lights.of[centre] == Light.DARK else ()
    if node in graph.seen_through:
        return (*up, *(n for n in graph.seen_through[node] if lights.of[n] == Light.DARK))
    return up


def _fronts(unseen: set[int], graph: NetworkGraph, alive: dict[int, bool]) -> set[int]:
    """Unwatched nodes that may be lit: a way through unwatched nodes alone leads to something alive."""
    fronts: set[int] = set()
    stack = []
    for node in unseen:
        others = graph.neighbour[graph.start[node] : graph.start[node + 1]]
        if any(other not in unseen and alive.get(other, other not in alive) for other in others):
            fronts.add(node)
            stack.append(node)
    while stack:
        node = stack.pop()
        for other in graph.neighbour[graph.start[node] : graph.start[node + 1]]:
            if other in unseen and other not in fronts:
                fronts.add(other)
                stack.append(other)
    return fronts


def _part(seed: int, nodes: set[int], lights: Lights) -> tuple[set[int], bool]:
    """The nodes joined with the seed, and whether tunnels join any of them."""
    graph = lights.graph
    members, stack, tunnels = {seed}, [seed], False
    while stack:
        node = stack.pop()
        for at in range(graph.start[node], graph.start[node + 1]):
            other = graph.neighbour[at]
            if other not in nodes:
                continue
            if graph.tunnel[graph.edge[at]]:
                if lights.beat.get(int(graph.edge_a[graph.edge[at]])) is Beat.STOPPED:
                    continue  # a site whose heartbeat stopped is not dark because its concentrator is
                tunnels = True
            if other not in members:
                members.add(other)
                stack.append(other)
        for other in _through(node, lights):
            client = node if graph.via.get(node) == other else other
            tunnels = True
            if other in nodes and other not in members and lights.beat.get(client) is not Beat.STOPPED:
                members.add(other)
                stack.append(other)
    return members, tunnels


def _explainable(
    devices: tuple[int, ...], tunnels: bool, lights: Lights, alive: dict[int, bool], fronts: set[int]
) -> Part:
    graph = lights.graph
    ends: dict[tuple[int, ...], End] = {}
    entries = set()
    for node in devices:
        for end in _ends_at(node, lights, alive, fronts):
            ends.setdefault(end.causes, end)
            if end.edge < 0 or not graph.tunnel[end.edge]:
                entries.add(node)
    if not ends:  # joined to the rest only by what explains nothing: its first device is on its own
        ends[()] = End(graph.causes.of_node[devices[0]], devices[0], -1)
    looked_through = _beyond_tunnels(devices, entries, graph) if tunnels and entries else ()
    return Part(devices, tuple(ends.values()), looked_through)


def _beyond_tunnels(devices: tuple[int, ...], entries: set[int], graph: NetworkGraph) -> tuple[int, ...]:
    members, reached, stack = set(devices), set(entries), list(entries)
    while stack:
        node = stack.pop()
        for at in range(graph.start[node], graph.start[node + 1]):
            other = graph.neighbour[at]
            if other in members and other not in reached and not graph.tunnel[graph.edge[at]]:
                reached.add(other)
                stack.append(other)
    return tuple(sorted(members - reached))


def _ends_at(node: int, lights: Lights, alive: dict[int, bool], fronts: set[int]) -> list[End]:
    graph, causes = lights.graph, lights.graph.causes
    own = causes.of_node[node]
    found = []
    if lights.beat.get(node) is Beat.STOPPED:
        found += [End(_merged(own, line), node, -1) for line in graph.heartbeat.get(node, ((),))]
    centre = graph.via.get(node)
    if (
        centre is not None
        and lights.of[centre] == Light.DARK
        and lights.beat.get(node) is not Beat.STOPPED
        and not _is_alive(centre, lights, alive)
    ):
        return found  # the dark concentrator explains it
    for at in range(graph.start[node], graph.start[node + 1]):
        other, edge = graph.neighbour[at], graph.edge[at]
        if other in fronts:
            found += _ends_through(node, other, edge, lights, alive, fronts)
        elif lights.of[other] == Light.LIT or alive.get(other, False):
            found.append(End(_merged(causes.of_edge[edge], own), node, edge))
    return found


def _ends_through(
    node: int, first: int, edge: int, lights: Lights, alive: dict[int, bool], fronts: set[int]
) -> list[End]:
    """Every way from something alive through unwatched nodes to a dark one."""
    graph, causes = lights.graph, lights.graph.causes
    begin = _merged(causes.of_node[node], causes.of_edge[edge])
    found, steps = list[End](), 0
    stack = [(first, begin, frozenset((node, first)))]
    while stack:
        steps += 1
        if steps > _MOST_STEPS or len(found) > _MOST_WAYS:
            return [End(begin, node, edge)]
        here, behind, walked = stack.pop()
        with_it = _merged(behind, causes.of_node[here])
        for at in range(graph.start[here], graph.start[here + 1]):
            other = graph.neighbour[at]
            if other in walked:
                continue
            onward = _merged(with_it, causes.of_edge[graph.edge[at]])
            if other in fronts:
                stack.append((other, onward, walked | {other}))
            elif lights.of[other] == Light.LIT or alive.get(other, False):
                found.append(End(onward, node, edge))
    return found


def _merged(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return (*one, *(cause for cause in other if cause not in one))
