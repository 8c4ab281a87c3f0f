"""Everything that can be a root, as numbers: which strands each cause cuts and which nodes it puts out.

A cause explains a way that ended if it cuts a strand of it or puts out the device at its end.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from alerts.rootcause.likelihood import Likelihood, cost_of_segment, cost_of_site
from domain.incidents import Cause, CauseKind
from domain.network import PowerSource, Segment, SegmentKind, Site

BACKUP = frozenset({PowerSource.UPS, PowerSource.SOLAR, PowerSource.GENERATOR})
"""A site with any of these may be lit while its feeder is dark, so it neither follows nor clears the feeder."""


@dataclass(frozen=True, slots=True)
class Causes:
    """By cause: what it is, what it costs to believe in it, its edges and nodes, its links. And the reverse.

    over_lines: edges that it cuts by cutting the line they run on, which a heartbeat over that line clears.
    """

    names: tuple[Cause, ...]
    number: dict[Cause, int]
    cost: list[float]
    edges: list[tuple[int, ...]]
    nodes: list[tuple[int, ...]]
    links: list[tuple[int, ...]]
    over_lines: list[tuple[int, ...]]
    of_edge: list[tuple[int, ...]]
    of_node: list[tuple[int, ...]]
    of_link: list[tuple[int, ...]]
    management: list[bool]


@dataclass(slots=True)
class CauseBook:
    """Collects causes while a graph is made. Asking twice for a cause gives the same number."""

    nodes_total: int
    segments: dict[str, Segment]
    cost: list[float] = field(default_factory=list)
    number: dict[Cause, int] = field(default_factory=dict)
    management: list[bool] = field(default_factory=list)
    _edges: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    _nodes: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    _links: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    _over_lines: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def get(self, kind: CauseKind, name: str, cost: float, *, management: bool = False) -> int:
        cause = Cause(kind, name)
        if cause not in self.number:
            self.number[cause] = len(self.cost)
            self.cost.append(cost)
            self.management.append(management)
        return self.number[cause]

    def device(self, node: int, name: str, role_cost: float) -> None:
        self._nodes[self.get(CauseKind.DEVICE, name, role_cost)].append(node)

    def site(self, node: int, slug: str, site: Site | None) -> None:
        """The site of a device, and the power feeder of the site."""
        if not slug:
            return
        backed = site is not None and not BACKUP.isdisjoint(site.power)
        self._nodes[self.get(CauseKind.SITE, slug, cost_of_site(backed))].append(node)
        if site is not None and site.power_feeder and not backed:
            self._nodes[self.get(CauseKind.FEEDER, site.power_feeder, Likelihood.FEEDER)].append(node)

    def line(
        self, link: int, name: str, segments: tuple[str, ...], provider: str, cost: float, *, management: bool
    ) -> list[int]:
        """The causes that cut a line: itself, its segments, its provider."""
        found = [self.get(CauseKind.LINK, name, cost, management=management)]
        for segment in segments:
            known = self.segments.get(segment)
            if known is not None and known.kind is SegmentKind.FEEDER:
                found.append(self.get(CauseKind.FEEDER, segment, Likelihood.FEEDER))
            else:
                found.append(self.get(CauseKind.SEGMENT, segment, cost_of_segment(known)))
        if provider:
            found.append(self.get(CauseKind.PROVIDER, provider, Likelihood.PROVIDER))
        for cause in found:
            self._links[cause].append(link)
        return found

    def cuts(self, edge: int, causes: list[int], *, of_line: bool = False) -> None:
        for cause in causes:
            self._edges[cause].append(edge)
            if of_line:
                self._over_lines[cause].append(edge)

    def concentrator(self, name: str) -> int:
        return self.get(CauseKind.MANAGEMENT, name, Likelihood.MANAGEMENT, management=True)

    def looks_through(self, node: int, concentrator: str) -> None:
        """The device at `node` is seen through a concentrator without a strand of its own to it."""
        self._nodes[self.concentrator(concentrator)].append(node)

    def freeze(self, edges_total: int, links_total: int) -> Causes:
        every = range(len(self.cost))
        edges = [_unique(self._edges.get(cause)) for cause in every]
        nodes = [_unique(self._nodes.get(cause)) for cause in every]
        links = [_unique(self._links.get(cause)) for cause in every]
        return Causes(
            tuple(self.number),
            self.number,
            self.cost,
            edges,
            nodes,
            links,
            [_unique(self._over_lines.get(cause)) for cause in every],
            _reverse(edges, edges_total),
            _reverse(nodes, self.nodes_total),
            _reverse(links, links_total),
            self.management,
        )


def _unique(numbers: list[int] | None) -> tuple[int, ...]:
    return tuple(sorted(set(numbers))) if numbers else ()


def _reverse(rows: list[tuple[int, ...]], total: int) -> list[tuple[int, ...]]:
    found: list[list[int]] = [[] for _ in range(total)]
    for number, row in enumerate(rows):
        for target in row:
            found[target].append(number)
    return [tuple(row) for row in found]
