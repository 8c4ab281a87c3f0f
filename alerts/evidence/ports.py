"""What the ports of a link say at its ends that answer: ifOperStatus (RFC 2863), by link.

A port of a device that has gone dark says nothing any more, whatever it said last. A port that many share (a PON, a
radio's sector) is up without the one that is asked about. One that was up before the other end fell proves nothing: it
counts as up again once it has been read anew.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from alerts.detect import InterfaceChange, InterfaceWatch
from alerts.rootcause.lights import Port
from alerts.states import BoardView
from domain.incidents import Evidence, EvidenceKind
from domain.network import Link, Medium
from domain.polling import Fleet, Outcome, Sweep
from domain.polling.strips import with_room

UP = 1
DOWN = frozenset({2, 6, 7})  # down, notPresent, lowerLayerDown


AGENT_COPY_SECONDS = 5.0
"""Agents answer from a copy of their tables: net-snmp reads the kernel's every three seconds."""


@dataclass(frozen=True, slots=True)
class End:
    device: str
    interface: str


class LinkPorts:
    """`look` tells which links to think of anew after a sweep or a change of light."""

    def __init__(self, fleet: Fleet, watch: InterfaceWatch, view: BoardView) -> None:
        self._fleet, self._watch, self._view = fleet, watch, view
        self._ends: dict[str, tuple[End, ...]] = {}
        self._links_of: dict[str, set[str]] = {}
        self._changed_at: dict[End, datetime] = {}
        self._shared: set[End] = set()
        self._read_at: NDArray[np.float64] = np.zeros(
            0
        )  # by device, steady seconds of the last poll that told anything
        self._awaited: dict[str, set[str]] = defaultdict(set)  # device → links of which its port is to be read anew

    def know(self, links: Iterable[Link]) -> None:
        links = tuple(links)
        self._ends = {link.name: _ends(link) for link in links}
        count = Counter(end for ends in self._ends.values() for end in ends)
        many = {end for link in links for end in self._ends[link.name] if _serves_many(link, end)}
        self._shared = many | {end for end, number in count.items() if number > 1}
        links_of: dict[str, set[str]] = defaultdict(set)
        for name, ends in self._ends.items():
            for end in ends:
                links_of[end.device].add(name)
        self._links_of = dict(links_of)
        self._awaited.clear()

    def note(self, sweep: Sweep) -> tuple[str, ...]:
        """Remember who was read. Returns those whose ports had been waited for: look at them."""
        rows = (sweep.outcome == Outcome.OK) | (sweep.outcome == Outcome.PARTIAL)
        rows &= self._fleet.generation[sweep.device] == sweep.generation
        told = sweep.device[rows]
        if len(told) == 0:
            return ()
        if int(told.max()) >= len(self._read_at):
            self._read_at = with_room(self._read_at, int(told.max()) + 1, -np.inf)
        self._read_at[told] = sweep.started[rows]
        if not self._awaited:
            return ()
        return tuple(name for device in told.tolist() if (name := self._fleet.name(device)) in self._awaited)

    def look(self, changes: Iterable[InterfaceChange], devices: Iterable[str]) -> Mapping[str, Port]:
        """changes: of interfaces. devices: those met or turned dark or lit. Returns what their links say now."""
        wanted: set[str] = set()
        for change in changes:
            wanted |= self._links_of.get(change.device, set())
            self._changed_at[End(change.device, change.interface)] = change.at
        for device in devices:
            wanted |= self._links_of.get(device, set())
        for name in wanted:
            for end in self._ends.get(name, ()):
                self._await(end, name)
        return {name: self.port(name) for name in wanted}

    def port(self, link: str) -> Port:
        said = [self._says(end, link) for end in self._ends.get(link, ())]
        if Port.DOWN in said:
            return Port.DOWN
        return Port.UP if Port.UP in said else Port.UNKNOWN

    def witnesses(self, link: str) -> tuple[Evidence, ...]:
        """One line for each end that answers."""
        kinds = {Port.DOWN: EvidenceKind.PORT_DOWN, Port.UP: EvidenceKind.PORT_UP}
        return tuple(
            Evidence(kinds[said], end.device, self._changed_at.get(end), {"port": end.interface})
            for end in self._ends.get(link, ())
            if (said := self._says(end, link)) in kinds
        )

    def _says(self, end: End, link: str) -> Port:
        if not self._view.lit(end.device):
            return Port.UNKNOWN
        status = self._watch.status(self._fleet.index(end.device), end.interface)
        if status == UP:
            return Port.UNKNOWN if end in self._shared or self._is_old(end, link) else Port.UP
        return Port.DOWN if status in DOWN else Port.UNKNOWN

    def _is_old(self, end: End, link: str) -> bool:
        """Whether the port was read before the other end fell."""
        fell = [self._view.since(other.device) for other in self._ends[link] if self._view.dark(other.device)]
        if not fell:
            return False
        device = self._fleet.index(end.device)
        read_at = float(self._read_at[device]) if device < len(self._read_at) else -np.inf
        return read_at < max(moment.steady_seconds for moment in fell) + AGENT_COPY_SECONDS

    def _await(self, end: End, link: str) -> None:
        if self._view.lit(end.device) and self._is_old(end, link):
            self._awaited[end.device].add(link)
        elif end.device in self._awaited:
            self._awaited[end.device].discard(link)
            if not self._awaited[end.device]:
                del self._awaited[end.device]


def _ends(link: Link) -> tuple[End, ...]:
    both = (End(link.a_device, link.a_interface), End(link.z_device, link.z_interface))
    return tuple(end for end in both if end.device and end.interface)


def _serves_many(link: Link, end: End) -> bool:
    """A radio's sector; a PON by the names that OLTs give it (gpon_1/2/3, GPON 0/1/2, epon 1/1)."""
    return link.medium is Medium.RADIO or "pon" in end.interface.lower()
