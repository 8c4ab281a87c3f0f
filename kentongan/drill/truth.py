"""How it really is: what is broken, who can be reached by the poller, who is served, what each port would say.

Its own walk over the inventory, on purpose: it shares no code with the root cause, which it is the judge of. It knows
faults; the engine sees only what a poller would.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from domain.network import (
    Check,
    Device,
    DeviceStatus,
    Inventory,
    Link,
    LinkPurpose,
    Medium,
    PowerSource,
    Role,
    Site,
    SiteKind,
)

K = TypeVar("K")
V = TypeVar("V")

Port = tuple[str, str]
"""Device and interface."""

_BACKUP = frozenset({PowerSource.UPS, PowerSource.SOLAR, PowerSource.GENERATOR})
_NO_CARRIERS = frozenset({Role.CAMERA, Role.NVR, Role.UPS, Role.INVERTER, Role.SENSOR})


@dataclass(frozen=True, slots=True)
class Broken:
    """Everything that is wrong at one moment, by name. hung: it has power and light, and forwards nothing.

    dead: it has neither. deaf: a concentrator that answers and ends no tunnel. own_path: the poller's own way out.
    """

    cuts: frozenset[str] = frozenset()
    feeders: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    hung: frozenset[str] = frozenset()
    dead: frozenset[str] = frozenset()
    deaf: frozenset[str] = frozenset()
    providers: frozenset[str] = frozenset()
    own_path: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """reached: devices that answer the poller. served: devices whose users are connected. ports: up or not."""

    reached: frozenset[str]
    served: frozenset[str]
    ports: Mapping[Port, bool]
    powered: frozenset[str]
    on_battery: frozenset[str]  # sites


@dataclass(frozen=True, slots=True)
class _Conditions:
    """What works at one moment: devices with power, those of them that forward, links that are cut."""

    powered: frozenset[str]
    working: frozenset[str]
    cut: frozenset[str]


class Truth:
    """`view` of any set of faults; knows nothing of time."""

    def __init__(self, inventory: Inventory, doors: Collection[str] = ()) -> None:
        """doors: devices next to the poller; else what stands in a data centre and has no uplink, else no uplink."""
        self.devices = {each.name: each for each in inventory.devices if each.status is DeviceStatus.IN_USE}
        self.sites: dict[str, Site] = {site.slug: site for site in inventory.sites}
        links = {link.name: link for link in inventory.links if link.a_device in self.devices}
        self.lines = {name: link for name, link in links.items() if not link.z_device}
        self.wires = {name: link for name, link in links.items() if link.z_device in self.devices}
        self._add_uplinks()
        self._lines_of = _grouped((link.a_device, link) for link in self.lines.values())
        self._wires_of = _grouped(
            (near, (link, far))
            for link in self.wires.values()
            for near, far in ((link.a_device, link.z_device), (link.z_device, link.a_device))
        )
        every = (*self.wires.values(), *self.lines.values())
        self._links_at = _grouped((port, link) for link in every for port in ports_of(link))
        self.ports = tuple(sorted(self._links_at))
        self._over = _grouped((name, link.name) for link in every for name in {link.name, *link.segments})
        self._of_provider = _grouped((link.provider, link.name) for link in every if link.provider)
        self._tunnels = _grouped(
            (end, link.name)
            for link in self.wires.values()
            if link.purpose is LinkPurpose.MANAGEMENT
            for end in (link.a_device, link.z_device)
        )
        self._at_site = _grouped((device.site, name) for name, device in self.devices.items())
        self._on_feeder = _grouped((s.power_feeder, s) for s in self.sites.values() if s.power_feeder)
        self.doors = frozenset(doors) or self._doors()
        self.watched = frozenset(name for name, device in self.devices.items() if is_polled(device))

    def _add_uplinks(self) -> None:
        joined = {frozenset((link.a_device, link.z_device)) for link in self.wires.values()}
        for name, device in self.devices.items():
            for up in device.uplink:
                pair = frozenset((name, up))
                if up in self.devices and up != name and up != device.mgmt_via and pair not in joined:
                    joined.add(pair)
                    link = Link(f"{name} - {up}", name, "", up)
                    self.wires[link.name] = link

    def _doors(self) -> frozenset[str]:
        tops = [device for device in self.devices.values() if not set(device.uplink) & self.devices.keys()]
        carrying = {up for device in self.devices.values() for up in device.uplink}
        tops = [device for device in tops if device.name in carrying] or tops
        centre = [device for device in tops if self._kind(device) is SiteKind.DATACENTER]
        return frozenset(device.name for device in centre or tops)

    def _kind(self, device: Device) -> SiteKind | None:
        site = self.sites.get(device.site)
        return site.kind if site else None

    # -- one moment -------------------------------------------------------------------------------------------------

    def reached(self, broken: Broken) -> frozenset[str]:
        """Devices that answer the poller."""
        return frozenset() if broken.own_path else self._walk(self._conditions(broken))

    def view(self, broken: Broken) -> View:
        now = self._conditions(broken)
        online = {line.a_device for name, line in self.lines.items() if name not in now.cut} & now.working
        return View(
            reached=self.reached(broken),
            served=self._walk(now, tunnels=False) | self._behind(online - self.doors, now),
            ports={port: self._port_up(port, now) for port in self.ports},
            powered=now.powered,
            on_battery=frozenset(
                site.slug
                for name in broken.feeders
                for site in self._on_feeder.get(name, ())
                if _is_backed(site) and site.slug not in broken.sites
            ),
        )

    def _conditions(self, broken: Broken) -> _Conditions:
        out = {s.slug for name in broken.feeders for s in self._on_feeder.get(name, ()) if not _is_backed(s)}
        off = {name for slug in out | broken.sites for name in self._at_site.get(slug, ())}
        powered = frozenset(self.devices.keys() - off - broken.dead)
        cut = {link for name in broken.cuts | broken.feeders for link in self._over.get(name, ())}
        cut.update(link for name in broken.providers for link in self._of_provider.get(name, ()))
        cut.update(link for name in broken.deaf for link in self._tunnels.get(name, ()))
        return _Conditions(powered, powered - broken.hung, frozenset(cut))

    def _walk(self, now: _Conditions, *, tunnels: bool = True) -> frozenset[str]:
        found = set(self.doors & now.working)
        waiting = deque(sorted(found))
        while waiting:
            for link, other in self._wires_of.get(waiting.popleft(), ()):
                if other in found or other not in now.working or link.name in now.cut:
                    continue
                if link.purpose is LinkPurpose.MANAGEMENT and not (tunnels and self._is_carried(link, now)):
                    continue
                found.add(other)
                waiting.append(other)
        return frozenset(found)

    def _behind(self, gates: Collection[str], now: _Conditions) -> frozenset[str]:
        """Those who use a provider's line: the device at its end and what hangs on that inside the site."""
        found = set(gates)
        waiting = deque(sorted(found))
        while waiting:
            here = waiting.popleft()
            for link, other in self._wires_of.get(here, ()):
                beside = self.devices[here].site == self.devices[other].site
                if beside and other in now.working and link.name not in now.cut and other not in found:
                    found.add(other)
                    waiting.append(other)
        return frozenset(found)

    def _is_carried(self, tunnel: Link, now: _Conditions) -> bool:
        """A tunnel runs on its site's line to a provider, where it has one."""
        lines = self._lines_of.get(tunnel.a_device) or self._lines_of.get(tunnel.z_device) or ()
        return not lines or any(line.name not in now.cut and line.a_device in now.powered for line in lines)

    def _port_up(self, port: Port, now: _Conditions) -> bool:
        """A sector and a PON are up whoever is there."""
        if port[0] not in now.powered:
            return False
        if "pon" in port[1].lower() or any(link.medium is Medium.RADIO for link in self._links_at[port]):
            return True
        return any(self._carries(link, port[0], now) for link in self._links_at[port])

    def _carries(self, link: Link, device: str, now: _Conditions) -> bool:
        if not link.z_device:
            return True  # to the modem, which stands beside it
        if link.name in now.cut:
            return False
        if link.purpose is LinkPurpose.MANAGEMENT:
            return {link.a_device, link.z_device} <= now.working and self._is_carried(link, now)
        return (link.z_device if link.a_device == device else link.a_device) in now.powered

    def links_at(self, port: Port) -> tuple[Link, ...]:
        """More than one on a sector radio and on a PON."""
        return self._links_at[port]

    def villages_dark(self, view: View, among: Collection[str]) -> frozenset[str]:
        """Codes of the desa whose sites nobody is served at, of those that some of the devices `among` stand at."""
        found = set()
        for slug in {self.devices[name].site for name in among if name in self.devices}:
            site = self.sites.get(slug)
            if site is None or site.kind is not SiteKind.DESA or not site.region_code:
                continue
            carriers = [
                name
                for name, device in self.devices.items()
                if device.site == slug and device.role not in _NO_CARRIERS and device.check is not Check.NONE
            ]
            if carriers and not view.served.intersection(carriers):
                found.add(str(site.region_code))
        return frozenset(found)


def ports_of(link: Link) -> tuple[Port, ...]:
    ends = ((link.a_device, link.a_interface), (link.z_device, link.z_interface))
    return tuple((device, interface) for device, interface in ends if device and interface)


def is_polled(device: Device) -> bool:
    return device.check.by_icmp or device.check.by_snmp


def _is_backed(site: Site) -> bool:
    return not _BACKUP.isdisjoint(site.power)


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    groups: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}
