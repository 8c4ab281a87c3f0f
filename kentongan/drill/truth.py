"""How it really is: what is broken, who can be reached by the poller, who is served, what each port would say.

Its own walk over the inventory, on purpose: it shares no code with the root cause, which it is the judge of. It knows
faults; the engine sees only what a poller would.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from domain.network import Check, Device, DeviceStatus, Inventory, Link, LinkPurpose, PowerSource, Role, Site, SiteKind

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


class Truth:
    """`view` of any set of faults; knows nothing of time."""

    def __init__(self, inventory: Inventory, doors: Collection[str] = ()) -> None:
        """doors: devices next to the poller; else what stands in a data centre and has no uplink, else no uplink."""
        self.devices: dict[str, Device] = {}
        for device in inventory.devices:
            if device.status is DeviceStatus.IN_USE:
                self.devices[device.name] = device
        self.sites: dict[str, Site] = {site.slug: site for site in inventory.sites}
        links = {link.name: link for link in inventory.links if link.a_device in self.devices}
        self.lines = {name: link for name, link in links.items() if not link.z_device}
        self.wires = {name: link for name, link in links.items() if link.z_device in self.devices}
        self._add_uplinks()
        self._lines_of: dict[str, list[Link]] = defaultdict(list)
        for link in self.lines.values():
            self._lines_of[link.a_device].append(link)
        self._wires_of: dict[str, list[tuple[Link, str]]] = defaultdict(list)
        for link in self.wires.values():
            self._wires_of[link.a_device].append((link, link.z_device))
            self._wires_of[link.z_device].append((link, link.a_device))
        self._links_at: dict[Port, list[Link]] = defaultdict(list)
        for link in (*self.wires.values(), *self.lines.values()):
            for port in ports_of(link):
                self._links_at[port].append(link)
        self.ports = tuple(sorted(self._links_at))
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

    def view(self, broken: Broken) -> View:
        dark_sites = broken.sites | {
            slug for slug, site in self.sites.items() if site.power_feeder in broken.feeders and not _is_backed(site)
        }
        on_battery = frozenset(
            slug
            for slug, site in self.sites.items()
            if site.power_feeder in broken.feeders and _is_backed(site) and slug not in broken.sites
        )
        powered = frozenset(
            name for name, device in self.devices.items() if device.site not in dark_sites and name not in broken.dead
        )
        whole = {name for name, link in self._all_links() if not self._is_cut(link, broken)}
        working = powered - broken.hung
        lines_up = {name for name in self.lines if name in whole and self.lines[name].a_device in powered}
        reached = frozenset() if broken.own_path else self._walk(working, whole, lines_up)
        outside = self._walk(working, whole, lines_up, tunnels=False)
        online = {self.lines[name].a_device for name in lines_up} & working
        return View(
            reached=reached,
            served=outside | self._behind(online - self.doors, working, whole),
            ports={port: self._port_up(port, powered, working, whole, lines_up) for port in self.ports},
            powered=powered,
            on_battery=on_battery,
        )

    def _all_links(self) -> Iterable[tuple[str, Link]]:
        yield from self.wires.items()
        yield from self.lines.items()

    def _is_cut(self, link: Link, broken: Broken) -> bool:
        if link.purpose is LinkPurpose.MANAGEMENT and not broken.deaf.isdisjoint((link.a_device, link.z_device)):
            return True
        if link.name in broken.cuts or not broken.cuts.isdisjoint(link.segments):
            return True
        if not broken.feeders.isdisjoint(link.segments):
            return True
        return link.provider in broken.providers if link.provider else False

    def _walk(
        self, working: frozenset[str], whole: set[str], lines_up: set[str], *, tunnels: bool = True
    ) -> frozenset[str]:
        found = set(self.doors & working)
        waiting = deque(sorted(found))
        while waiting:
            here = waiting.popleft()
            for link, other in self._wires_of[here]:
                if other in found or other not in working or link.name not in whole:
                    continue
                if link.purpose is LinkPurpose.MANAGEMENT and not (tunnels and self._is_carried(link, lines_up)):
                    continue
                found.add(other)
                waiting.append(other)
        return frozenset(found)

    def _behind(self, gates: Collection[str], working: frozenset[str], whole: set[str]) -> frozenset[str]:
        """Those who use a provider's line: the device at its end and what hangs on that inside the site."""
        found = set(gates)
        waiting = deque(sorted(found))
        while waiting:
            here = waiting.popleft()
            for link, other in self._wires_of[here]:
                beside = self.devices[here].site == self.devices[other].site
                if beside and other in working and link.name in whole and other not in found:
                    found.add(other)
                    waiting.append(other)
        return frozenset(found)

    def _is_carried(self, tunnel: Link, lines_up: set[str]) -> bool:
        """A tunnel runs on its site's line to a provider, where it has one."""
        lines = self._lines_of[tunnel.a_device] or self._lines_of[tunnel.z_device]
        return not lines or any(line.name in lines_up for line in lines)

    def _port_up(
        self,
        port: Port,
        powered: frozenset[str],
        working: frozenset[str],
        whole: set[str],
        lines_up: set[str],
    ) -> bool:
        """Of a port that many share (a sector, a PON) it is enough that one of them is there."""
        if port[0] not in powered:
            return False
        for link in self._links_at[port]:
            if link.name in self.lines:
                return True  # to the modem, which stands beside it
            other = link.z_device if link.a_device == port[0] else link.a_device
            if link.purpose is LinkPurpose.MANAGEMENT:
                if (
                    {link.a_device, link.z_device} <= working
                    and link.name in whole
                    and self._is_carried(link, lines_up)
                ):
                    return True
            elif link.name in whole and other in powered:
                return True
        return False

    def links_at(self, port: Port) -> tuple[Link, ...]:
        """More than one on a sector radio and on a PON."""
        return tuple(self._links_at[port])

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
