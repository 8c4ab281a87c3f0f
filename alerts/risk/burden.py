"""What hangs on each node, counted once: devices, sites, villages, agencies, applications. Linear in the network.

A site is dark when everything that carries it is (the desk's rule), so it is counted at the last device that all of its
carriers hang on. What is behind a tunnel has its own line: losing the tunnel's other end does not darken it.
"""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alerts.desk.impact import AGENCIES, CARRIES_NOTHING
from alerts.rootcause.graph import NetworkGraph
from domain.network import Check, Inventory, SiteKind

DEVICES, SITES, VILLAGES, OPD, SERVICES = range(5)
COLUMNS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Burden:
    """(nodes, COLUMNS) of what goes dark: `all` that was found through a node, what has no way but through it (`cut`),
    what hangs on it by single strands (`hang`); each with the node itself. site_at: where each site is counted.

    carriers: by site the devices that carry it. of_site: by site what it counts (SITES, VILLAGES, OPD, SERVICES).
    """

    all: NDArray[np.int64]
    cut: NDArray[np.int64]
    hang: NDArray[np.int64]
    site_at: dict[str, int]
    carriers: dict[str, tuple[int, ...]]
    of_site: dict[str, NDArray[np.int64]]


def burden_of(graph: NetworkGraph, inventory: Inventory) -> Burden:
    ways = graph.ways
    carriers = _carriers(graph, inventory)
    own = np.zeros((len(graph.names), COLUMNS), np.int64)
    own[: graph.size, DEVICES] = 1
    of_site = _site_counts(inventory, graph)
    for service in inventory.services:
        if service.host in graph.index:
            own[graph.index[service.host], SERVICES] += 1
    cut, hang = own.copy(), own.copy()
    site_at: dict[str, int] = {}
    for slug, nodes in carriers.items():
        if slug not in of_site:
            continue
        node, last = _joint(nodes, graph)
        site_at[slug] = node
        own[node] += of_site[slug]
        if last < ways.position[node] + ways.cut[node]:
            cut[node] += of_site[slug]
        if last < ways.position[node] + ways.hang[node]:
            hang[node] += of_site[slug]
    behind = _Behind(graph, own)
    first = np.array(ways.position)
    return Burden(
        all=own + behind.sum(first + 1, first + np.array(ways.size)),
        cut=cut + behind.sum(first + 1, first + np.array(ways.cut)),
        hang=hang + behind.sum(first + 1, first + np.array(ways.hang)),
        site_at=site_at,
        carriers=carriers,
        of_site=of_site,
    )


class _Behind:
    """Sums over intervals of the layout, without what lies behind tunnels that begin in them."""

    def __init__(self, graph: NetworkGraph, own: NDArray[np.int64]) -> None:
        ways = graph.ways
        self._until = _running(own[ways.order])
        tops = [node for node in ways.order.tolist() if ways.parent[node] >= 0 and graph.tunnel[ways.parent_edge[node]]]
        aside = np.zeros_like(own)
        starts: list[int] = []  # of the tops done so far, from the last one backwards
        sums = [np.zeros(COLUMNS, np.int64)]
        for node in reversed(tops):
            begin, end = ways.position[node], ways.position[node] + ways.size[node]
            inside = len(starts) - bisect_right(starts, -end)  # those that begin before its end, and so lie in it
            whole = self._until[end] - self._until[begin] - (sums[-1] - sums[len(starts) - inside])
            aside[begin] = whole
            starts.append(-begin)
            sums.append(sums[-1] + whole)
        self._aside = _running(aside)

    def sum(self, begin: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
        return (self._until[end] - self._until[begin]) - (self._aside[end] - self._aside[begin])


def _running(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros((1, rows.shape[1]), np.int64), np.cumsum(rows, axis=0)])


def _carriers(graph: NetworkGraph, inventory: Inventory) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = defaultdict(list)
    for device in inventory.devices:
        if device.role not in CARRIES_NOTHING and device.check is not Check.NONE and device.name in graph.index:
            found[device.site].append(graph.index[device.name])
    return {slug: tuple(sorted(set(nodes))) for slug, nodes in found.items()}


def _site_counts(inventory: Inventory, graph: NetworkGraph) -> dict[str, NDArray[np.int64]]:
    found = {}
    for site in inventory.sites:
        counts = np.zeros(COLUMNS, np.int64)
        counts[SITES] = 1
        counts[VILLAGES] = site.kind is SiteKind.DESA
        counts[OPD] = site.kind in AGENCIES
        found[site.slug] = counts
    for service in inventory.services:
        if service.host not in graph.index and service.site in found:
            found[service.site][SERVICES] += 1
    return found


def _joint(nodes: tuple[int, ...], graph: NetworkGraph) -> tuple[int, int]:
    """The last node that all of them were found through, and the last of their positions."""
    ways = graph.ways
    positions = [ways.position[node] for node in nodes]
    last, node = max(positions), nodes[positions.index(min(positions))]
    while last >= ways.position[node] + ways.size[node]:
        node = ways.parent[node]
    return node, last
