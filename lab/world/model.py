"""The world's state: what is cut or flaps, what has no power, who is dark because of it, and what was counted so far.

Pure: every order and every look is told the time (seconds since 1970 UTC, never going back). Between two orders or
events nothing changes but the integrals of the loads, so a counter is exact whenever it is read.
"""

import random
from collections.abc import Callable, Collection, Iterable, Mapping, MutableSet
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from domain.network import Inventory, SegmentKind
from lab.hardware import PortKind
from lab.world.dimming import Dimming
from lab.world.ledger import Ledger
from lab.world.naming import resolve
from lab.world.power import SitePower, Supply
from lab.world.routing import Routes, find_routes
from lab.world.view import Loss, OnuState, View
from lab.world.wiring import Wiring, wire

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
        self._sites_of_feeder: dict[str, list[str]] = {
            segment.name: [] for segment in inventory.segments if segment.kind is SegmentKind.FEEDER
        }
        for site in inventory.sites:
            if site.power_feeder and site.slug in self._sites:
                self._sites_of_feeder.setdefault(site.power_feeder, []).append(site.slug)
        self._power = {site.slug: SitePower.of(site, now) for site in inventory.sites if site.slug in self._sites}
        self._monitors = [self.wiring.by_name[name] for name in _MONITORS]
        self._cut: set[int] = set()
        self._off: set[str] = set()
        self._feeders_off: set[str] = set()
        self._flaps: dict[int, tuple[float, float]] = {}  # strand → every so many seconds, next at
        self._dimmings: dict[int, Dimming] = {}
        self._rebooting: dict[int, float] = {}
        self._power_turns: tuple[float, ...] = ()  # when the next battery is spent, the next generator starts
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
        """Mend a link or a segment, that flaps no more then and has its light again; `all` mends everything and gives
        every site and feeder its power back."""
        if name == "all":
            return self._do(now, self._restore_all)
        strands = self._strands_of(name)
        return self._do(now, lambda: self._mend(strands))

    def flap(self, name: str, every_seconds: float, now: float) -> Effect:
        """Cut a link or a segment now, mend it after so many seconds, cut it again, until it is restored."""
        strands = self._strands_of(name)
        return self._do(now, lambda: self._begin_flapping(strands, every_seconds, now))

    def dim(self, name: str, db: float, now: float, over_seconds: float = 0.0) -> Effect:
        """So many dB less arrive over a link or segment, at once or little by little; 0 gives them back."""
        strands = self._strands_of(name)
        return self._do(now, lambda: self._dim(strands, db, now, over_seconds))

    def feeder_off(self, feeder: str, now: float) -> Effect:
        """Every site on the feeder loses its mains: dark at once, or when battery and generator are spent.

        Raises UnknownNameError, naming the nearest feeders.
        """
        name = resolve(feeder, self._sites_of_feeder, "feeder")
        return self._do(now, lambda: _added(self._feeders_off, [name]))

    def feeder_on(self, feeder: str, now: float) -> Effect:
        """The mains are back; what had gone dark boots, batteries charge."""
        name = resolve(feeder, self._sites_of_feeder, "feeder")
        return self._do(now, lambda: _removed(self._feeders_off, [name]))

    def power_off(self, site: str, now: float) -> Effect:
        """Everything at the site falls dark at once, whatever its battery: somebody threw the switch, or the prepaid
        token ran out where there is none. Raises UnknownNameError, naming the nearest sites."""
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
        moved = False
        while (at := self.next_event) is not None and at <= now:
            self._happen(at)
            moved = True
        return moved

    # looks

    @property
    def next_event(self) -> float | None:
        """When `advance` has something to do next; None when nothing is on its way."""
        flaps = (at for _every, at in self._flaps.values())
        return min((*self._rebooting.values(), *flaps, *self._power_turns), default=None)

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
    def feeders_off(self) -> tuple[str, ...]:
        return tuple(sorted(self._feeders_off))

    @property
    def feeders(self) -> Mapping[str, tuple[str, ...]]:
        """Every power feeder and the sites with equipment on it."""
        return {name: tuple(sites) for name, sites in sorted(self._sites_of_feeder.items())}

    @property
    def flapping(self) -> tuple[str, ...]:
        return tuple(sorted(self.wiring.strands[strand].name for strand in self._flaps))

    @property
    def dimmed(self) -> tuple[str, ...]:
        return tuple(sorted(self.wiring.strands[strand].name for strand in self._dimmings))

    def supplies(self, now: float) -> Mapping[str, Supply]:
        """Sites that live on something else than the mains."""
        found = {slug: power.supply(now) for slug, power in sorted(self._power.items())}
        return {slug: supply for slug, supply in found.items() if supply is not Supply.MAINS}

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
            self._power[self.wiring.nodes[node].site.slug],
            self._dimmed_db,
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
        states = (self._cut, self._off, self._feeders_off, self._flaps, self._dimmings)
        changed = any(states)
        for state in states:
            state.clear()
        return changed

    def _mend(self, strands: Iterable[int]) -> bool:
        changed = _removed(self._cut, strands)
        for strand in strands:
            changed |= self._flaps.pop(strand, None) is not None
            changed |= self._dimmings.pop(strand, None) is not None
        return changed

    def _begin_flapping(self, strands: Iterable[int], every_seconds: float, now: float) -> bool:
        self._flaps |= dict.fromkeys(strands, (every_seconds, now + every_seconds))
        return _added(self._cut, strands)

    def _dim(self, strands: Iterable[int], db: float, now: float, over_seconds: float) -> bool:
        for strand in strands:
            self._dimmings[strand] = Dimming(self._dimmed_db(strand, now), db, now, over_seconds)
        return True

    def _dimmed_db(self, strand: int, now: float) -> float:
        dimming = self._dimmings.get(strand)
        return dimming.db(now) if dimming is not None else 0.0

    def _happen(self, at: float) -> None:
        """What is due at `at`; batteries and generators need no more than to be looked at again."""
        for node in [node for node, until in self._rebooting.items() if until <= at]:
            del self._rebooting[node]
        for strand, (every, due) in list(self._flaps.items()):
            if due <= at:
                self._flaps[strand] = (every, due + every)
                self._cut ^= {strand}
        self._settle(at)

    def _begin_reboot(self, node: int, until: float) -> bool:
        if not self._powered[node]:
            return False
        self._rebooting[node] = until
        return True

    def _settle(self, now: float) -> None:
        """Make the consequences of what has changed: power, ways, flows, counters, statuses."""
        without_mains = {slug for feeder in self._feeders_off for slug in self._sites_of_feeder[feeder]}
        self._power = {slug: power.switched(slug not in without_mains, now) for slug, power in self._power.items()}
        dead = self._off | {slug for slug in without_mains if self._power[slug].supply(now) is Supply.NOTHING}
        restarting = frozenset(self._rebooting)
        for node in self.wiring.nodes:
            if node.site.slug in dead:
                self._rebooting.pop(node.index, None)  # it boots when the power is back
            powered = node.site.slug not in dead and node.index not in self._rebooting
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
                self._note_onu(strand, now, restarting)
        turns = (power.next_change(now) for power in self._power.values() if not power.mains)
        self._power_turns = tuple(sorted(at for at in turns if at is not None)[:1])

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

    def _note_onu(self, strand: int, now: float, restarting: Collection[int]) -> None:
        """What the OLT sees of a strand that came or went. An OLT that is dark itself sees nothing and forgets."""
        known, ends = self._onus[strand], self.wiring.strands[strand]
        if self._routes.strand_up[strand]:
            self._onus[strand] = OnuState(True, known.last_down_cause, now, known.offline_at)
        elif not self._powered[ends.z]:
            self._onus[strand] = OnuState(False, Loss.FORGOTTEN, known.online_at, now)
        elif self._powered[ends.a]:
            self._onus[strand] = OnuState(False, Loss.NO_LIGHT, known.online_at, now)
        else:
            cause = Loss.REBOOT if ends.a in restarting else Loss.DYING_GASP
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
    cause = Loss.DYING_GASP if rng.random() < 0.7 else Loss.NO_LIGHT
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
