"""What was thought so far: zones, what refutes the causes they name, and the clusters that are explained as one.

Zones that share a cause which may be true are one question. All that is kept here is what thinking anew would give.
"""

from bisect import bisect_left
from collections.abc import Iterable

from alerts.rootcause.affected import Affected
from alerts.rootcause.explain import Explaining, Explanation, Outlook
from alerts.rootcause.lights import Light, Lights, Port
from alerts.rootcause.redundancy import LostRedundancy, counted_meshes
from alerts.rootcause.refutation import STANDS, refuted_by
from alerts.rootcause.zones import Zone, zone_of, zone_of_port

_Key = tuple[int, str, str, tuple[str, ...]]


class Clusters:
    """A zone's number is its smallest node; that of a port that is down is -2 - its link's number."""

    def __init__(self, lights: Lights) -> None:
        self.outlook = Outlook({}, frozenset())
        self._lights = lights
        self._forget()

    def _forget(self) -> None:
        self._zones: dict[int, Zone] = {}
        self._zone_at: dict[int, int] = {}
        self._names: dict[int, frozenset[int]] = {}  # causes by zone
        self._naming: dict[int, int | set[int]] = {}  # by cause the zone that names it, or the zones
        self._verdicts: dict[int, int] = {}
        self._searched_for: dict[int, set[int]] = {}  # causes by the nodes of meshes that were searched for them
        self._searched_at: dict[int, set[int]] = {}  # zones likewise
        self._walked_at: dict[int, set[int]] = {}  # zones by the meshes that were walked for them
        self._cluster_of: dict[int, int] = {}  # a cluster's number is its smallest zone
        self._clusters: dict[int, tuple[int, ...]] = {}
        self._explained: dict[int, tuple[tuple[Explanation, ...], tuple[LostRedundancy, ...]]] = {}
        self._keys: list[_Key] = []
        self._listed: list[Explanation] = []

    def explanations(self) -> tuple[Explanation, ...]:
        return tuple(self._listed)

    def lost(self) -> tuple[LostRedundancy, ...]:
        found = [each for _, lost in self._explained.values() for each in lost]
        return tuple(sorted(found, key=lambda each: (each.cause, each.links)))

    def think_anew(self) -> None:
        self._forget()
        dark = [node for node, light in enumerate(self._lights.of) if light == Light.DARK]
        for node in dark:
            if node not in self._zone_at:
                self._add(node)
        for link in sorted(self._lights.port):
            self._add_port(link)
        self._judge(self._naming)
        self._regroup(set(self._zones), at_once=True)

    def think_again(self, affected: Affected) -> None:
        gone = self._zones_of(affected)
        broken = {self._cluster_of[zone] for zone in gone}
        seeds = sorted({node for zone in gone for node in self._zones[zone].nodes} | affected.nodes)
        for zone in gone:
            self._remove(zone)
        new = {self._add(node) for node in seeds if self._lights.of[node] == Light.DARK and node not in self._zone_at}
        ports = affected.ports | {-2 - zone for zone in gone if zone < 0} | self._ports_at(affected.nodes)
        new |= {number for link in sorted(ports) if (number := self._add_port(link)) is not None}
        asked = affected.causes | {cause for node in affected.meshed for cause in self._searched_for.pop(node, ())}
        before = {cause: self._verdicts.get(cause) for cause in asked}
        self._judge(asked)
        self._judge([cause for zone in new for cause in self._names[zone] if cause not in self._verdicts])
        differ = {cause for cause, verdict in before.items() if verdict != self._verdicts.get(cause)} | affected.beliefs
        again = {zone for cause in differ for zone in self._zones_naming(cause)}
        broken |= {self._cluster_of[zone] for zone in again if zone in self._cluster_of}
        pool = new.union(*(self._dissolve(cluster) for cluster in broken))
        self._regroup({zone for zone in pool if zone in self._zones})

    def _zones_of(self, affected: Affected) -> set[int]:
        """Zones that may have another shape: at or beside a affected node, or drawn by searching a affected mesh."""
        graph, at = self._lights.graph, self._zone_at
        if not self._zones:
            return set()
        found: set[int] = set()
        for node in affected.nodes:
            others = graph.neighbour[graph.start[node] : graph.start[node + 1]]
            through = graph.seen_through.get(node, ())
            found.update(at[each] for each in (node, graph.via.get(node, node), *others, *through) if each in at)
        for node in affected.meshed:
            found |= {zone for zone in self._searched_at.pop(node, ()) if zone in self._zones}
        for mesh in affected.walked:
            found |= {zone for zone in self._walked_at.pop(mesh, ()) if zone in self._zones}
        ports = affected.ports | self._ports_at(affected.nodes)
        return found | {-2 - link for link in ports if -2 - link in self._zones}

    def _ports_at(self, nodes: Iterable[int]) -> set[int]:
        """Links at these nodes whose port is down."""
        graph, ports = self._lights.graph, self._lights.port
        if Port.DOWN not in ports.values():
            return set()
        edges = (edge for node in nodes for edge in graph.edge[graph.start[node] : graph.start[node + 1]])
        links = (link for edge in edges for link in (graph.link[edge], graph.carrier[edge]))
        return {link for link in links if ports.get(link) is Port.DOWN}

    def _add(self, node: int) -> int:
        searched: set[int] = set()
        self._lights.searched = searched
        zone = zone_of(node, self._lights)
        self._lights.searched = None
        number = min(zone.nodes)
        for each in zone.nodes:
            self._zone_at[each] = number
        edges = [end.edge for part in zone.parts if len(part.ends) > 1 for end in part.ends if end.edge >= 0]
        for each in searched:
            self._searched_at.setdefault(each, set()).add(number)
        for mesh in counted_meshes(edges, self._lights):
            self._walked_at.setdefault(mesh, set()).add(number)
        self._enter(number, zone)
        return number

    def _add_port(self, link: int) -> int | None:
        if self._lights.port.get(link) is not Port.DOWN:
            return None
        searched: set[int] = set()
        self._lights.searched = searched
        zone = zone_of_port(link, self._lights)
        self._lights.searched = None
        if zone is None:
            return None
        for each in searched:
            self._searched_at.setdefault(each, set()).add(-2 - link)
        for mesh in counted_meshes(self._lights.graph.edges_of_link[link], self._lights):
            self._walked_at.setdefault(mesh, set()).add(-2 - link)
        self._enter(-2 - link, zone)
        return -2 - link

    def _enter(self, number: int, zone: Zone) -> None:
        self._zones[number] = zone
        names = frozenset(cause for part in zone.parts for end in part.ends for cause in end.causes)
        self._names[number] = names
        naming = self._naming
        for cause in names:
            others = naming.get(cause)
            if others is None:
                naming[cause] = number
            elif isinstance(others, set):
                others.add(number)
            elif others != number:
                naming[cause] = {others, number}

    def _remove(self, number: int) -> None:
        for node in self._zones.pop(number).nodes:
            if self._zone_at.get(node) == number:
                del self._zone_at[node]
        for cause in self._names.pop(number):
            others = self._naming[cause]
            if isinstance(others, set):
                others.discard(number)
            if not isinstance(others, set) or not others:
                del self._naming[cause]

    def _zones_naming(self, cause: int) -> set[int]:
        others = self._naming.get(cause)
        return others if isinstance(others, set) else set() if others is None else {others}

    def _judge(self, causes: Iterable[int]) -> None:
        """Ask again what refutes these causes; those that nobody names any more are forgotten."""
        lights, searched = self._lights, set[int]()
        lights.searched = searched
        for cause in causes:
            if cause not in self._naming:
                self._verdicts.pop(cause, None)
                continue
            self._verdicts[cause] = refuted_by(cause, lights)
            if searched:
                for node in searched:
                    self._searched_for.setdefault(node, set()).add(cause)
                searched.clear()
        lights.searched = None

    def _verdict(self, cause: int) -> int:
        verdict = self._verdicts.get(cause)
        return refuted_by(cause, self._lights) if verdict is None else verdict

    def _dissolve(self, cluster: int) -> tuple[int, ...]:
        zones = self._clusters.pop(cluster)
        for zone in zones:
            del self._cluster_of[zone]
        for each in self._explained.pop(cluster)[0]:
            at = bisect_left(self._keys, _key(each))
            del self._keys[at], self._listed[at]
        return zones

    def _regroup(self, pool: set[int], *, at_once: bool = False) -> None:
        """Put these zones into clusters, with whatever they share a standing cause with, and explain those."""
        done: set[int] = set()
        told: list[Explanation] = []
        explaining = Explaining(self._lights, self._verdict, self.outlook)
        for seed in sorted(pool):
            if seed in done:
                continue
            zones = self._joined(seed)
            done |= zones
            members = tuple(sorted(zones))
            for zone in members:
                self._cluster_of[zone] = members[0]
            self._clusters[members[0]] = members
            result = explaining.explain([part for zone in members for part in self._zones[zone].parts])
            self._explained[members[0]] = result
            told += result[0]
        self._list(told, at_once)

    def _joined(self, seed: int) -> set[int]:
        zones, stack, seen = {seed}, [seed], set()
        while stack:
            zone = stack.pop()
            for cause in self._names[zone]:
                if cause in seen or self._verdicts[cause] != STANDS:
                    continue
                others = self._naming[cause]
                if not isinstance(others, set):
                    continue  # named by one zone alone
                seen.add(cause)
                for other in others - zones:
                    if other in self._cluster_of:
                        for each in self._dissolve(self._cluster_of[other]):
                            if each in self._zones and each not in zones:
                                zones.add(each)
                                stack.append(each)
                    zones.add(other)
                    stack.append(other)
        return zones

    def _list(self, told: list[Explanation], at_once: bool) -> None:
        if at_once:
            told.sort(key=_key)
            self._keys, self._listed = [_key(each) for each in told], told
            return
        for each in told:
            key = _key(each)
            at = bisect_left(self._keys, key)
            self._keys.insert(at, key)
            self._listed.insert(at, each)


def _key(each: Explanation) -> _Key:
    return -len(each.members), each.cause.kind.value, each.cause.name, each.roots
