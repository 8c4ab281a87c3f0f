"""The world's state: what is cut, what has no power, who is dark because of it, and what has been counted so far.

Pure: every order and every look is told the time (seconds since 1970 UTC, never going back). Between two orders
nothing changes but the integrals of the loads, so a counter is exact whenever it is read.
"""

import random
from collections.abc import Callable, Iterable, MutableSet
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from domain.network import Inventory
from lab.hardware import PortKind
from lab.world.ledger import Ledger
from lab.world.naming import resolve
from lab.world.routing import Routes, find_routes
from lab.world.view import OnuState, View
from lab.world.wiring import Wiring, wire

LOSS_OF_SIGNAL, POWER_OFF = 2, 9  # ZTE's last-down causes
REBOOT_SECONDS = 25.0
_MONITORS = ("rtr-inti-1", "rtr-inti-2")  # where the collector is plugged in
_DAY = 86_400.0
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Effect:
    """What an order did: devices that went dark and devices that came back, by name."""

    changed: bool
    darkened: tuple[str, ...]
    lit: tuple[str, ...]


class World:
    """A simulated kabupaten that runs."""

    def __init__(self, inventory: Inventory, now: float, seed: int = 0, utc_offset_seconds: float = 25_200.0) -> None:
        self.wiring: Wiring = wire(inventory, seed)
        self.utc_offset_seconds = utc_offset_seconds
        self._links = {link.name: at for at, link in enumerate(inventory.links)}
        self._sites = frozenset(device.site for device in inventory.devices)
        self._monitors = [self.wiring.by_name[name] for name in _MONITORS]
        self._cut: set[int] = set()
        self._off: set[str] = set()
        self._rebooting: dict[int, float] = {}
        rng = random.Random(f"past:{seed}")
        nodes = self.wiring.nodes
        self._powered = np.ones(len(nodes), np.bool_)
        self._booted_at = [now - rng.uniform(0.5, 400.0) * _DAY for _ in nodes]
        self._boots = [rng.randint(1, 40) for _ in nodes]
        self._ledger = Ledger(nodes, len(self.wiring.strands), now, utc_offset_seconds)
        self._routes = self._find_routes()
        self._ledger.turn(now, self._routes.flow)
        for node in nodes:
            self._ledger.assume_past(node.index, now - self._booted_at[node.index])
        self._oper = [self._oper_of(node.index) for node in nodes]
        self._changed_at = [[self._booted_at[node.index]] * len(node.interfaces) for node in nodes]
        self._onus = {at: _past_of_an_onu(now, rng) for at in self._pon_strands()}

    # orders

    def cut(self, name: str, now: float) -> Effect:
        """Cut a link, or every link over a segment. Raises UnknownNameError, naming the nearest ones."""
        strands = self._strands_of(name)
        return self._do(now, lambda: _added(self._cut, strands))

    def restore(self, name: str, now: float) -> Effect:
        """Mend a link or a segment; `all` mends everything and gives every site its power back."""
        if name == "all":
            return self._do(now, self._restore_all)
        strands = self._strands_of(name)
        return self._do(now, lambda: _removed(self._cut, strands))

    def power_off(self, site: str, now: float) -> Effect:
        """Everything at the site falls dark at once. Raises UnknownNameError, naming the nearest sites."""
        slug = resolve(site, self._sites, "site")
        return self._do(now, lambda: _added(self._off, [slug]))

    def power_on(self, site: str, now: float) -> Effect:
        """The site's devices boot and are there at once, with counters and uptime at nought."""
        slug = resolve(site, self._sites, "site")
        return self._do(now, lambda: _removed(self._off, [slug]))

    def reboot(self, device: str, now: float, seconds: float = REBOOT_SECONDS) -> Effect:
        """The device is silent for `seconds`, then back with counters and uptime at nought."""
        node = self.wiring.by_name[resolve(device, self.wiring.by_name, "device")]
        return self._do(now, lambda: self._begin_reboot(node, now + seconds))

    def advance(self, now: float) -> bool:
        """Let happen what was due by `now`. True if the set of dark devices may have changed."""
        due = sorted((at, node) for node, at in self._rebooting.items() if at <= now)
        for at, node in due:
            del self._rebooting[node]
            self._settle(at)
        return bool(due)

    # looks

    @property
    def next_event(self) -> float | None:
        """When `advance` has something to do next; None when nothing is on its way."""
        return min(self._rebooting.values(), default=None)

    @property
    def dark(self) -> frozenset[int]:
        """The devices that answer nobody, by index."""
        return frozenset(np.flatnonzero(~self._routes.reached).tolist())

    def answers(self, node: int) -> bool:
        return bool(self._routes.reached[node])

    @property
    def links(self) -> tuple[str, ...]:
        """The names of all links that can be cut."""
        return tuple(self._links)

    @property
    def cut_links(self) -> tuple[str, ...]:
        return tuple(sorted(self.wiring.strands[strand].name for strand in self._cut))

    @property
    def sites_without_power(self) -> tuple[str, ...]:
        return tuple(sorted(self._off))

    @property
    def rebooting(self) -> tuple[str, ...]:
        return self.names(self._rebooting)

    def names(self, nodes: Iterable[int]) -> tuple[str, ...]:
        return tuple(sorted(self.wiring.nodes[node].device.name for node in nodes))

    def boots(self, node: int) -> int:
        """How often the device has booted in its life (SNMPv3's engine boots)."""
        return self._boots[node]

    def uptime_seconds(self, node: int, now: float) -> float:
        return now - self._booted_at[node]

    def view(self, node: int, now: float) -> View:
        """What the device's agent says at `now`, which must not lie before the last order."""
        return View(
            node,
            now,
            now + self.utc_offset_seconds,
            self._booted_at[node],
            self._oper[node],
            self._changed_at[node],
            self._routes.strand_up,
            self._onus,
            self._ledger.octets,
        )

    def strand_octets(self, link: str, now: float) -> tuple[float, float]:
        """Bytes a link has carried a → z and z → a since the world began."""
        return self._ledger.strand(self._links[link], now)

    # inside

    def _do(self, now: float, change: Callable[[], bool]) -> Effect:
        self.advance(now)
        before = self.dark
        changed = change()
        if changed:
            self._settle(now)
        after = self.dark
        return Effect(changed, self.names(after - before), self.names(before - after))

    def _strands_of(self, name: str) -> tuple[int, ...]:
        segments = self.wiring.links_of_segment
        found = resolve(name, self._links.keys() | segments.keys(), "link or segment")
        return (self._links[found],) if found in self._links else segments[found]

    def _restore_all(self) -> bool:
        changed = bool(self._cut or self._off)
        self._cut.clear()
        self._off.clear()
        return changed

    def _begin_reboot(self, node: int, until: float) -> bool:
        if not self._powered[node]:
            return False
        self._rebooting[node] = until
        return True

    def _settle(self, now: float) -> None:
        """Make the consequences of what has changed: power, ways, flows, counters, statuses."""
        for node in self.wiring.nodes:
            if node.site.slug in self._off:
                self._rebooting.pop(node.index, None)  # it boots when the power is back
            powered = node.site.slug not in self._off and node.index not in self._rebooting
            if powered and not self._powered[node.index]:
                self._booted_at[node.index] = now
                self._boots[node.index] += 1
            self._powered[node.index] = powered
        before = self._routes.strand_up
        self._routes = self._find_routes()
        self._ledger.turn(now, self._routes.flow)
        for node in self.wiring.nodes:
            fresh = self._booted_at[node.index] == now
            if fresh:
                self._ledger.clear(node.index)
            self._note_statuses(node.index, now, fresh)
        for strand in np.flatnonzero(before != self._routes.strand_up).tolist():
            if strand in self._onus:
                self._note_onu(strand, now)

    def _find_routes(self) -> Routes:
        return find_routes(self.wiring, self._powered, self._cut, self._monitors)

    def _note_statuses(self, node: int, now: float, fresh: bool) -> None:
        oper = self._oper_of(node)
        if fresh:
            self._changed_at[node] = [now] * len(oper)
        elif oper != self._oper[node]:
            pairs = zip(oper, self._oper[node], self._changed_at[node], strict=True)
            self._changed_at[node] = [then if is_up == was_up else now for is_up, was_up, then in pairs]
        self._oper[node] = oper

    def _note_onu(self, strand: int, now: float) -> None:
        known = self._onus[strand]
        if self._routes.strand_up[strand]:
            self._onus[strand] = OnuState(True, known.last_down_cause, now, known.offline_at)
            return
        lit = self._powered[self.wiring.strands[strand].a]
        cause = LOSS_OF_SIGNAL if lit else POWER_OFF
        self._onus[strand] = OnuState(False, cause, known.online_at, now)

    def _oper_of(self, node: int) -> list[bool]:
        up = self._routes.strand_up
        return [
            any(up[strand] for strand, _side in interface.ends)
            if interface.ends
            else interface.kind in (PortKind.LOOPBACK, PortKind.BRIDGE)
            for interface in self.wiring.nodes[node].interfaces
        ]

    def _pon_strands(self) -> list[int]:
        return [
            strand
            for node in self.wiring.nodes
            for interface in node.interfaces
            if interface.kind is PortKind.GPON and node.has_agent
            for strand, _side in interface.ends
        ]


def _past_of_an_onu(now: float, rng: random.Random) -> OnuState:
    online = now - rng.uniform(1.0, 90.0) * _DAY
    cause = POWER_OFF if rng.random() < 0.7 else LOSS_OF_SIGNAL
    return OnuState(True, cause, online, online - rng.uniform(60.0, 9_000.0))


def _added(known: MutableSet[_T], new: Iterable[_T]) -> bool:
    size = len(known)
    for one in new:
        known.add(one)
    return len(known) != size


def _removed(known: MutableSet[_T], gone: Iterable[_T]) -> bool:
    size = len(known)
    for one in gone:
        known.discard(one)
    return len(known) != size
