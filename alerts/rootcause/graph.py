"""The network as numbers: nodes, the edges between them, what can cut which, and the way in. Immutable, made once.

    graph = NetworkGraph.of(inventory)            # never fails, whatever the inventory holds
    graph.index["rtr-plered"], graph.names[7]     # devices in use come first, sorted by name
    graph.size                                    # how many devices: arrays of dark and lit have this length

The last node is the poller's own way in: it is always lit, and every root hangs on it. Between the devices and it stand
the far ends of provider's lines. A device without any way in by the inventory is its own root, `known[node]` False.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alerts.rootcause.causes import CauseBook, Causes, Row
from alerts.rootcause.entry_points import find_entry_points
from alerts.rootcause.likelihood import cost_of_device, cost_of_line
from alerts.rootcause.strands import INTERNET, Line, Strand, Strands, strands_of
from alerts.rootcause.ways import Numbers, Ways, find_ways, nearest_first, rows
from domain.network import Inventory

NO_LINK = -1


@dataclass(frozen=True, slots=True, eq=False)
class NetworkGraph:
    """edge_a, edge_b: node numbers; link, carrier: numbers in `links` or NO_LINK; tunnel: management edges.

    start, neighbour, edge: adjacency by rows. via: by node the concentrator it is seen through without a tunnel of its
    own. heartbeat: by node the causes of each line its heartbeat comes over. known: by device, whether it has a way in.
    implied: links that nobody wrote.
    """

    names: tuple[str, ...]
    index: Mapping[str, int]
    size: int
    root: int
    edge_a: NDArray[np.int64]
    edge_b: NDArray[np.int64]
    link: list[int]
    carrier: list[int]
    tunnel: list[bool]
    links: tuple[str, ...]
    link_index: Mapping[str, int]
    implied: frozenset[int]
    edges_of_link: list[tuple[int, ...]]
    start: Numbers
    neighbour: Numbers
    edge: Numbers
    via: dict[int, int]
    seen_through: dict[int, tuple[int, ...]]
    heartbeat: dict[int, tuple[tuple[int, ...], ...]]
    known: NDArray[np.bool_]
    concentrators: frozenset[int]
    causes: Causes
    ways: Ways

    @classmethod
    def of(cls, inventory: Inventory, roots: Collection[str] = ()) -> "NetworkGraph":
        """roots: devices next to the poller; else those without uplink in a data centre, else any without uplink."""
        strands = strands_of(inventory)
        return _Making(inventory, strands, frozenset(roots)).make()


class _Making:
    def __init__(self, inventory: Inventory, strands: Strands, roots: frozenset[str]) -> None:
        self.sites = {site.slug: site for site in inventory.sites}
        self.strands = strands
        self.devices = strands.devices
        self.names = list(self.devices)
        self.index = {name: node for node, name in enumerate(self.names)}
        self.size = len(self.names)
        for device, line in strands.dangling:
            end = f"{line.provider or line.name} ({line.name})"
            self.index[end] = len(self.names)
            self.names.append(end)
            strands.strands.append(Strand(device, end, line))
        self.root = len(self.names)
        self.names.append("")
        self.roots = roots
        self.book = CauseBook({segment.name: segment for segment in inventory.segments})
        self.links: dict[str, int] = {}
        self.line_causes: dict[str, Row] = {}
        self.implied: set[int] = set()

    def make(self) -> NetworkGraph:
        self._causes_of_nodes()
        near, far, link, carrier, tunnel = self._edges()
        ways_in, known = find_entry_points(self.devices, self.sites, self.roots, (near, far), len(self.names))
        near += [self.root] * len(ways_in)
        far += ways_in
        for column, value in ((link, NO_LINK), (carrier, NO_LINK)):
            column += [value] * len(ways_in)
        tunnel += [False] * len(ways_in)
        a, b = np.array(near, np.int64), np.array(far, np.int64)
        heartbeat = {
            self.index[name]: tuple(self._line(line) for line in lines)
            for name, lines in self.strands.heartbeat_lines.items()
        }
        via = {self.index[name]: self.index[centre] for name, centre in self.strands.via.items()}
        seen_through: dict[int, list[int]] = {}
        for node, centre in via.items():
            self.book.looks_through(node, self.names[centre])
            seen_through.setdefault(centre, []).append(node)
        start, neighbour, edge = rows(a, b, len(self.names))
        ways = find_ways(self.root, start, neighbour, edge, len(near))
        neighbour, edge = nearest_first(start, neighbour, edge, ways.distance)
        of_link: list[list[int]] = [[] for _ in self.links]
        for number, (one, other) in enumerate(zip(link, carrier, strict=True)):
            for each in {one, other} - {NO_LINK}:
                of_link[each].append(number)
        return NetworkGraph(
            names=tuple(self.names),
            index=self.index,
            size=self.size,
            root=self.root,
            edge_a=a,
            edge_b=b,
            link=link,
            carrier=carrier,
            tunnel=tunnel,
            links=tuple(self.links),
            link_index=self.links,
            implied=frozenset(self.implied),
            edges_of_link=[tuple(edges) for edges in of_link],
            start=start,
            neighbour=neighbour,
            edge=edge,
            via=via,
            seen_through={centre: tuple(nodes) for centre, nodes in seen_through.items()},
            heartbeat=heartbeat,
            known=known,
            concentrators=frozenset(
                self.index[device.mgmt_via] for device in self.devices.values() if device.mgmt_via in self.devices
            ),
            causes=self.book.freeze(len(self.names), len(near), len(self.links)),
            ways=ways,
        )

    def _causes_of_nodes(self) -> None:
        for node, device in enumerate(self.devices.values()):
            self.book.device(node, device.name, cost_of_device(device.role))
        # a device's own cause has the device's number
        for node, device in enumerate(self.devices.values()):
            self.book.site(node, device.site, self.sites.get(device.site))

    def _edges(self) -> tuple[list[int], list[int], list[int], list[int], list[bool]]:
        near: list[int] = []
        far: list[int] = []
        link: list[int] = []
        carrier: list[int] = []
        tunnel: list[bool] = []
        for number, strand in enumerate(self.strands.strands):
            near.append(self.index[strand.near])
            far.append(self.root if strand.far == INTERNET else self.index[strand.far])
            self.book.cuts(number, self._line(strand.line))
            link.append(self.links[strand.line.name])
            carrier.append(NO_LINK)
            if strand.carrier is not None:
                self.book.cuts(number, self._line(strand.carrier), of_line=True)
                carrier[-1] = self.links[strand.carrier.name]
            if strand.management:
                near_device = self.devices[strand.near]
                centre = strand.far if near_device.mgmt_via == strand.far else strand.near
                if near_device.mgmt_via == strand.far or self.devices[strand.far].mgmt_via == strand.near:
                    self.book.cuts(number, (self.book.concentrator(centre),))
            tunnel.append(strand.management)
        return near, far, link, carrier, tunnel

    def _line(self, line: Line) -> Row:
        """The causes that cut a line."""
        if line.name not in self.line_causes:
            self.links[line.name] = len(self.links)
            if line.implied:
                self.implied.add(self.links[line.name])
            self.line_causes[line.name] = self.book.line(
                self.links[line.name],
                line.name,
                line.segments,
                line.provider,
                cost_of_line(line.medium, within_site=line.within_site, implied=line.implied),
                management=line.management,
            )
        return self.line_causes[line.name]
