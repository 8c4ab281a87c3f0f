"""What a poller could know at best: which single causes would look exactly like the one that was injected.

Two causes look alike when the same devices fall silent and the same ports of those that answer are down. Found by
trying every cause that comes near, with the drill's own truth: brute force, and nothing of the engine's thinking.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from domain.incidents import Cause, CauseKind
from domain.network import Link, SegmentKind
from kentongan.drill.truth import Broken, Port, Truth, View

Look = tuple[frozenset[str], frozenset[Port]]
"""Devices that do not answer, and ports that are down at devices that do."""


@dataclass(slots=True)
class Oracle:
    truth: Truth
    _feeder_segments: frozenset[str]
    _dark: dict[Broken, frozenset[str]] = field(default_factory=dict)
    _views: dict[Broken, View] = field(default_factory=dict)
    _links_of: dict[str, list[Link]] = field(default_factory=lambda: defaultdict(list))
    _links_at: dict[str, list[Link]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, truth: Truth, segments: Iterable[tuple[str, SegmentKind]]) -> "Oracle":
        """segments: name and kind."""
        made = cls(truth, frozenset(name for name, kind in segments if kind is SegmentKind.FEEDER))
        for link in (*truth.wires.values(), *truth.lines.values()):
            for name in {*link.segments, link.provider} - {""}:
                made._links_of[name].append(link)
            for end in {link.a_device, link.z_device} - {""}:
                made._links_at[end].append(link)
        return made

    def view(self, broken: Broken) -> View:
        if broken not in self._views:
            self._views[broken] = self.truth.view(broken)
        return self._views[broken]

    def dark(self, broken: Broken) -> frozenset[str]:
        """Watched devices that do not answer."""
        if broken not in self._dark:
            self._dark[broken] = self.truth.watched - self.truth.reached(broken)
        return self._dark[broken]

    def villages(self, broken: Broken) -> frozenset[str]:
        return self.truth.villages_dark(self.view(broken), self.dark(broken))

    def look(self, broken: Broken) -> Look:
        view = self.view(broken)
        down = {port for port, up in view.ports.items() if not up and self._asks_ports(port[0])}
        return self.dark(broken), frozenset(port for port in down if port[0] in view.reached)

    def _asks_ports(self, device: str) -> bool:
        return self.truth.devices[device].check.by_snmp

    def alike(self, broken: Broken, before: Broken = Broken()) -> tuple[Cause, ...]:  # noqa: B008 - frozen
        """The single causes that, beside what was broken before, look as `broken` does. Sorted."""
        seen = self.look(broken)
        near = {*seen[0], *(port[0] for port in seen[1])}
        found = set()
        for cause, add in self._near(near):
            other = add(before)
            if self.dark(other) == seen[0] and self.look(other) == seen:
                found.add(cause)
                if cause.kind is CauseKind.DEVICE and self._is_concentrator(cause.name):
                    found.add(Cause(CauseKind.MANAGEMENT, cause.name))
        return tuple(sorted(found))

    def _is_concentrator(self, name: str) -> bool:
        return any(device.mgmt_via == name for device in self.truth.devices.values())

    def _with_unwatched(self, near: set[str]) -> set[str]:
        """And what nobody watches beside them."""
        found, waiting = set(near), list(near)
        while waiting:
            here = waiting.pop()
            for link in self._links_at[here]:
                other = link.z_device if link.a_device == here else link.a_device
                if other and other not in found and other not in self.truth.watched:
                    found.add(other)
                    waiting.append(other)
        return found

    def _near(self, near: set[str]) -> Iterable[tuple[Cause, Callable[[Broken], Broken]]]:
        """Everything that could be broken at, or one link away from, these devices."""
        near = self._with_unwatched(near)
        links = {link.name: link for name in near for link in self._links_at[name]}
        devices = near | {end for link in links.values() for end in (link.a_device, link.z_device) if end}
        for name, link in sorted(links.items()):
            yield Cause(CauseKind.LINK, name), _adding("cuts", name)
            if link.provider:
                yield Cause(CauseKind.PROVIDER, link.provider), _adding("providers", link.provider)
            for segment in link.segments:
                kind = CauseKind.FEEDER if segment in self._feeder_segments else CauseKind.SEGMENT
                yield Cause(kind, segment), _adding("cuts", segment)
        for name in sorted(devices):
            device = self.truth.devices[name]
            yield Cause(CauseKind.DEVICE, name), _adding("hung", name)
            yield Cause(CauseKind.DEVICE, name), _adding("dead", name)
            if self._is_concentrator(name):
                yield Cause(CauseKind.MANAGEMENT, name), _adding("deaf", name)
            yield Cause(CauseKind.SITE, device.site), _adding("sites", device.site)
            site = self.truth.sites.get(device.site)
            if site is not None and site.power_feeder:
                yield Cause(CauseKind.FEEDER, site.power_feeder), _adding("feeders", site.power_feeder)


def _adding(where: str, name: str) -> Callable[[Broken], Broken]:
    def add(before: Broken) -> Broken:
        return replace(before, **{where: getattr(before, where) | {name}})

    return add
