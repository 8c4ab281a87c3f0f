"""From an inventory to strands: what carries an answer from a device to the one before it.

A strand is a service link between two devices, a tunnel to the concentrator through which a device is looked at, or an
`uplink` that no link represents. A provider's line (a link without a far device) carries the strands of its device.
Nothing in an inventory makes this fail: what names an unknown device, itself or nothing is passed over.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from domain.network import Check, Device, DeviceStatus, Inventory, Link, LinkPurpose, Medium

INTERNET = ""
"""Far end of a strand that leads to us without the network's own devices: a site that only pushes."""


@dataclass(frozen=True, slots=True)
class Line:
    """What is known of a link, or of an uplink without one (`implied`, named after the pair)."""

    name: str
    medium: Medium
    segments: tuple[str, ...] = ()
    provider: str = ""
    within_site: bool = False
    implied: bool = False
    management: bool = False


@dataclass(frozen=True, slots=True)
class Strand:
    """near, far: device names; far may be INTERNET or `(provider's end)`. carrier: the line it runs on, if another."""

    near: str
    far: str
    line: Line
    carrier: Line | None = None
    management: bool = False


@dataclass(slots=True)
class Strands:
    """via: devices that are looked at through a concentrator but have no tunnel of their own.

    heartbeat_lines: by device, the provider's lines its heartbeat comes over. dangling: lines of a provider that carry
    no strand, by their device.
    """

    devices: dict[str, Device]
    strands: list[Strand] = field(default_factory=list)
    via: dict[str, str] = field(default_factory=dict)
    heartbeat_lines: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    dangling: list[tuple[str, Line]] = field(default_factory=list)


def strands_of(inventory: Inventory) -> Strands:
    """Of two links of one name the last one counts. Devices are sorted by name."""
    devices = {d.name: d for d in inventory.devices if d.status is DeviceStatus.IN_USE}
    return _Stranding({name: devices[name] for name in sorted(devices)}, inventory.links).run()


def uplinks_of(device: Device, devices: Mapping[str, Device]) -> tuple[str, ...]:
    """Known uplinks, each once; the OLT stands in where an ONU names none."""
    ups = tuple(dict.fromkeys(up for up in device.uplink if up in devices and up != device.name))
    if not ups and device.olt in devices and device.olt != device.name:
        return (device.olt,)
    return ups


class _Stranding:
    def __init__(self, devices: dict[str, Device], links: Iterable[Link]) -> None:
        self.out = Strands(devices)
        self.devices = devices
        self.joined: dict[frozenset[str], list[Line]] = defaultdict(list)
        self.tunnels: dict[frozenset[str], list[Line]] = defaultdict(list)
        self.lines_out: dict[str, list[Line]] = defaultdict(list)
        self.neighbours: dict[str, list[str]] = defaultdict(list)
        self.ups = {name: uplinks_of(device, devices) for name, device in devices.items()}
        self._sort_links({link.name: link for link in links})

    def _sort_links(self, links: Mapping[str, Link]) -> None:
        for name in sorted(links):
            link = links[name]
            a, z = link.a_device, link.z_device
            management = link.purpose is LinkPurpose.MANAGEMENT
            line = Line(
                name,
                link.medium,
                tuple(dict.fromkeys(link.segments)),
                link.provider,
                z in self.devices and a in self.devices and self.devices[a].site == self.devices[z].site,
                management=management,
            )
            if a not in self.devices or a == z:
                continue
            if not z:
                if not management:
                    self.lines_out[a].append(line)
            elif z in self.devices:
                pair = frozenset((a, z))
                (self.tunnels if management else self.joined)[pair].append(line)
                if not management:
                    self.neighbours[a].append(z)
                    self.neighbours[z].append(a)

    def run(self) -> Strands:
        for pair, lines in self.joined.items():
            near, far = sorted(pair)
            self.out.strands.extend(Strand(near, far, line) for line in lines)
        said: set[tuple[frozenset[str], str]] = set()
        used: set[frozenset[str]] = set()
        for name, device in self.devices.items():
            carrying = len(self.out.strands)
            lines = self.lines_out.get(name, [])
            for strand in self._upwards(device):
                key = frozenset((strand.near, strand.far)), "" if strand.line.implied else strand.line.name
                if key not in said:
                    said.add(key)
                    self.out.strands.append(strand)
            if self._by_push(device):
                self.out.strands.extend(Strand(name, INTERNET, line) for line in lines)
            elif device.mgmt_via in self.devices and device.mgmt_via != name:
                used.add(frozenset((name, device.mgmt_via)))
                self._look_through(device)
            if lines and not self._by_push(device):
                self.out.heartbeat_lines[name] = tuple(lines)
            if lines and not any(s.carrier or s.line in lines for s in self.out.strands[carrying:]):
                self.out.dangling.extend((name, line) for line in lines)
        self._lonely_tunnels(used)
        return self.out

    def _by_push(self, device: Device) -> bool:
        return device.check is Check.PUSH and bool(self.lines_out.get(device.name))

    def _upwards(self, device: Device) -> Iterator[Strand]:
        """Strands for uplinks that no service link represents."""
        if self._by_push(device):
            return
        for up in self.ups[device.name]:
            pair = frozenset((device.name, up))
            if pair in self.joined or up == device.mgmt_via or pair in self.tunnels:
                continue
            lines = self.lines_out.get(device.name)
            for line in lines or [self._implied(device.name, up)]:
                yield Strand(device.name, up, line)

    def _look_through(self, device: Device) -> None:
        """The device is seen only through its concentrator: by its own tunnel, its uplink's, or along its fibre."""
        name, centre = device.name, device.mgmt_via
        pair = frozenset((name, centre))
        if pair in self.joined:
            return
        ups = self.ups[name]
        beside = [n for n in self.neighbours.get(name, ()) if name not in self.ups[n]]
        lines: list[Line] = self.lines_out.get(name, [])
        tunnels = self.tunnels.get(pair, [])
        if tunnels or lines or centre in ups or not (ups or beside):
            carriers: list[Line | None] = [*lines] or [None]
            for tunnel in tunnels or [self._implied(name, centre, management=True)]:
                self.out.strands.extend(Strand(name, centre, tunnel, carrier, True) for carrier in carriers)
        elif not any(self.devices[up].mgmt_via == centre for up in (*ups, *beside)):
            self.out.via[name] = centre

    def _lonely_tunnels(self, used: set[frozenset[str]]) -> None:
        """A management link counts as a way only where one of its ends has no other."""
        tied = {end for strand in self.out.strands for end in (strand.near, strand.far)}
        for pair in sorted(self.tunnels, key=sorted):
            if pair not in used and not pair <= tied:
                near, far = sorted(pair)
                self.out.strands.extend(Strand(near, far, line, None, True) for line in self.tunnels[pair])

    def _implied(self, near: str, far: str, *, management: bool = False) -> Line:
        within = self.devices[near].site == self.devices[far].site
        medium = Medium.VPN if management else Medium.COPPER if within else Medium.FIBRE
        return Line(f"{near}–{far}", medium, within_site=within, implied=True, management=management)
