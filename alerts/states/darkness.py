"""Which of the devices that are down are only dark: every way to them leads through something that is down.

Who is the root of an incident is decided elsewhere; this names what stands before a dark device, nothing more. The
answer depends on who is down now, never on the order in which they fell.
"""

from collections.abc import Callable, Mapping, Set

from domain.network import Topology


def dark_behind(topology: Topology, down: Set[str], unwatched: Callable[[str], bool]) -> Mapping[str, frozenset[str]]:
    """Device → the devices that are down and nearest to the centre on its ways.

    down: devices known to answer nobody. unwatched: devices nobody checks; they count as dark when all their uplinks
    are. A device without uplinks, or with one uplink that is not dark, is not in the answer.
    """
    dark = set(down)
    waiting = list(down)
    while waiting:
        for below in topology.downlinks.get(waiting.pop(), ()):
            if below not in dark and unwatched(below) and all(up in dark for up in topology.uplinks[below]):
                dark.add(below)
                waiting.append(below)
    ways = {name: ups for name in dark if (ups := topology.uplinks.get(name, ())) and all(up in dark for up in ups)}
    return {name: _roots(name, ways) for name in ways if name in down}


def _roots(name: str, ways: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    roots: set[str] = set()
    met: set[str] = set()
    waiting = [name]
    while waiting:
        for up in ways[waiting.pop()]:
            if up in met:
                continue
            met.add(up)
            if up in ways:
                waiting.append(up)
            else:
                roots.add(up)
    return frozenset(roots)
