"""Everything that can be a root, as numbers: which strands each cause cuts and which nodes it puts out.

A cause explains a way that ended if it cuts a strand of it or puts out the device at its end. A country has 400,000 of
them, so they are rows of numbers; a Cause is made of one when it is named.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from alerts.rootcause.likelihood import Likelihood, cost_of_segment, cost_of_site
from domain.incidents import Cause, CauseKind
from domain.network import PowerSource, Segment, SegmentKind, Site
from domain.polling.distinct import distinct

BACKUP = frozenset({PowerSource.UPS, PowerSource.SOLAR, PowerSource.GENERATOR})
"""A site with any of these may be lit while its feeder is dark, so it neither follows nor clears the feeder."""

Row = tuple[int, ...]
_TARGET_BITS = 32


class Rows:
    """Eight octets a row and four a number, where tuples of a country take seventy each. Made tuples at a look."""

    __slots__ = ("_bounds", "_numbers")

    def __init__(self, bounds: Iterable[int], numbers: Iterable[int]) -> None:
        """bounds: where each row begins, and where the last one ends."""
        self._bounds, self._numbers = array("i", bounds), array("i", numbers)

    def __len__(self) -> int:
        return len(self._bounds) - 1

    def __getitem__(self, row: int) -> Row:
        return tuple(self._numbers[self._bounds[row] : self._bounds[row + 1]])


@dataclass(frozen=True, slots=True, eq=False)
class Causes:
    """By cause: what it is, what it costs to believe in it, its edges and nodes, its links. And the reverse.

    The first causes are the devices themselves, by their number. over_lines: edges that it cuts by cutting the line
    they run on, which a heartbeat over that line clears. management: it stops our looking, no service.
    """

    kind: list[CauseKind]
    name: list[str]
    cost: list[float]
    management: list[bool]
    edges: Rows
    nodes: Rows
    links: Rows
    over_lines: Rows
    of_edge: Rows
    of_node: Rows
    of_link: Rows
    numbers: dict[CauseKind, dict[str, int]]

    def __len__(self) -> int:
        return len(self.kind)

    def cause(self, number: int) -> Cause:
        return Cause(self.kind[number], self.name[number])

    def find(self, cause: Cause) -> int | None:
        """Its number, or None for what is not in the inventory."""
        return self.numbers.get(cause.kind, {}).get(cause.name)


class _Pairs:
    """Pairs (cause, target) in the order they come."""

    def __init__(self) -> None:
        self.cause, self.target = array("i"), array("i")

    def add(self, cause: int, target: int) -> None:
        self.cause.append(cause)
        self.target.append(target)

    def rows(self, causes: int, targets: int) -> tuple[Rows, Rows]:
        """Targets by cause, and causes by target; each sorted, without repeats."""
        both = distinct(np.array(self.cause, np.int64) << _TARGET_BITS | np.array(self.target, np.int64))
        cause, target = both >> _TARGET_BITS, both & (1 << _TARGET_BITS) - 1
        order = np.argsort(target, kind="stable")
        return _rows(cause, target, causes), _rows(target[order], cause[order], targets)


def _rows(keys: NDArray[np.int64], numbers: NDArray[np.int64], count: int) -> Rows:
    """keys: the row of each number, sorted."""
    return Rows(np.searchsorted(keys, np.arange(count + 1)).tolist(), numbers.tolist())


@dataclass(slots=True)
class CauseBook:
    """Collects causes while a graph is made. Asking twice for a cause gives the same number."""

    segments: dict[str, Segment]
    kind: list[CauseKind] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    management: list[bool] = field(default_factory=list)
    numbers: dict[CauseKind, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    _edges: _Pairs = field(default_factory=_Pairs)
    _nodes: _Pairs = field(default_factory=_Pairs)
    _links: _Pairs = field(default_factory=_Pairs)
    _over_lines: _Pairs = field(default_factory=_Pairs)

    def get(self, kind: CauseKind, name: str, cost: float, *, management: bool = False) -> int:
        known = self.numbers[kind]
        number = known.get(name)
        if number is None:
            number = known[name] = len(self.kind)
            self.kind.append(kind)
            self.name.append(name)
            self.cost.append(cost)
            self.management.append(management)
        return number

    def device(self, node: int, name: str, role_cost: float) -> None:
        self._nodes.add(self.get(CauseKind.DEVICE, name, role_cost), node)

    def site(self, node: int, slug: str, site: Site | None) -> None:
        """The site of a device, and the power feeder of the site."""
        if not slug:
            return
        backed = site is not None and not BACKUP.isdisjoint(site.power)
        self._nodes.add(self.get(CauseKind.SITE, slug, cost_of_site(backed)), node)
        if site is not None and site.power_feeder and not backed:
            self._nodes.add(self.get(CauseKind.FEEDER, site.power_feeder, Likelihood.FEEDER), node)

    def line(
        self, link: int, name: str, segments: tuple[str, ...], provider: str, cost: float, *, management: bool
    ) -> Row:
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
            self._links.add(cause, link)
        return tuple(found)

    def cuts(self, edge: int, causes: Row, *, of_line: bool = False) -> None:
        for cause in causes:
            self._edges.add(cause, edge)
            if of_line:
                self._over_lines.add(cause, edge)

    def concentrator(self, name: str) -> int:
        return self.get(CauseKind.MANAGEMENT, name, Likelihood.MANAGEMENT, management=True)

    def looks_through(self, node: int, concentrator: str) -> None:
        """The device at `node` is seen through a concentrator without a strand of its own to it."""
        self._nodes.add(self.concentrator(concentrator), node)

    def freeze(self, nodes: int, edges: int, links: int) -> Causes:
        total = len(self.kind)
        edges_of, of_edge = self._edges.rows(total, edges)
        nodes_of, of_node = self._nodes.rows(total, nodes)
        links_of, of_link = self._links.rows(total, links)
        over_lines, _ = self._over_lines.rows(total, edges)
        return Causes(
            kind=self.kind,
            name=self.name,
            cost=self.cost,
            management=self.management,
            edges=edges_of,
            nodes=nodes_of,
            links=links_of,
            over_lines=over_lines,
            of_edge=of_edge,
            of_node=of_node,
            of_link=of_link,
            numbers=dict(self.numbers),
        )
