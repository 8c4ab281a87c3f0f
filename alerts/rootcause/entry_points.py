"""Where the poller enters the network: the devices that hang on its own way in.

Named ones first. Else what others call their uplink and has none itself, in a data centre if there is any such there.
Where no uplinks are written at all, the router or switch with most links. An island that no way in leads to gets its
own: its devices are explained, but their topology counts as unknown.
"""

from collections import Counter
from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from alerts.rootcause.strands import uplinks_of
from alerts.rootcause.ways import islands
from domain.network import Device, Role, Site, SiteKind

_CARRY = frozenset({Role.ROUTER, Role.SWITCH, Role.FIREWALL})


def find_entry_points(
    devices: Mapping[str, Device],
    sites: Mapping[str, Site],
    named: Collection[str],
    edges: tuple[list[int], list[int]],
    nodes: int,
) -> tuple[list[int], NDArray[np.bool_]]:
    """Nodes to hang on the way in (node `nodes` - 1), and by device whether it has a way in by the inventory."""
    root, names = nodes - 1, list(devices)
    degree = Counter([*edges[0], *edges[1]])
    uplinks = {name: uplinks_of(device, devices) for name, device in devices.items()}
    served = {up for ups in uplinks.values() for up in ups}
    tops = [node for node, name in enumerate(names) if degree[node] and not uplinks[name]]

    def best(nodes: list[int]) -> list[int]:
        """Those of a choice that others call their uplink, else the one with most links."""
        over = [node for node in nodes if names[node] in served]
        carry = [node for node in nodes if devices[names[node]].role in _CARRY] or nodes
        return over or sorted(carry, key=lambda node: (-degree[node], node))[:1]

    def centred(node: int) -> bool:
        site = sites.get(devices[names[node]].site)
        return site is not None and site.kind is SiteKind.DATACENTER

    chosen = [node for node, name in enumerate(names) if name in named]
    chosen = chosen or best([node for node in tops if centred(node)]) or best(tops)
    leader = islands(
        nodes, np.array([*edges[0], *chosen], np.int64), np.array([*edges[1], *[root] * len(chosen)], np.int64)
    )
    known = np.array([leader[node] == leader[root] for node in range(len(names))], np.bool_)
    adrift: dict[int, list[int]] = {}
    for node in range(root):
        if leader[node] != leader[root]:
            adrift.setdefault(leader[node], []).append(node)
    heads = set(tops)
    for island in adrift.values():
        own = [node for node in island if node < len(names)]
        chosen += best([node for node in own if node in heads]) or own
    return chosen, known
