"""What does not change while the world runs: devices with their ports, and the strands between them."""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.network import Device, Inventory, Link, LinkPurpose, Medium, Role, Site, SiteKind
from lab.hardware import MODELS, Family, Model, Port, PortKind
from lab.world.traffic import Load, load, nothing

PROVIDER, USERS = -1, -2
A_SIDE, Z_SIDE = 0, 1
_IF_TYPES: Mapping[PortKind, int] = {
    PortKind.ETHERNET: 6,
    PortKind.SFP: 6,
    PortKind.GPON: 250,
    PortKind.WIRELESS: 71,
    PortKind.LTE: 244,
    PortKind.TUNNEL: 131,
    PortKind.BRIDGE: 209,
    PortKind.LOOPBACK: 24,
}


@dataclass(frozen=True, slots=True)
class Strand:
    """Something bytes run over: a link, a provider's line (z is PROVIDER), or the users' side of a port (z is USERS).

    `carrier` is the strand a tunnel runs on. Direction 0 is a → z, direction 1 is z → a.
    """

    name: str
    a: int
    z: int
    medium: Medium
    management: bool = False
    carrier: int | None = None
    far_port: str = ""
    near_port: str = ""


@dataclass(frozen=True, slots=True)
class Interface:
    """One interface of one device; `ends` are the strands in it and the side it has of each."""

    if_index: int
    name: str
    kind: PortKind
    if_type: int
    speed_bps: int
    mac: bytes
    alias: str
    ends: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Node:
    """One device: `down` is what it draws from the internet for itself, `up` what it sends there (bytes/s)."""

    index: int
    device: Device
    site: Site
    model: Model
    interfaces: tuple[Interface, ...]
    down: Load
    up: Load

    @property
    def has_agent(self) -> bool:
        return self.model.family is not Family.SILENT


@dataclass(frozen=True, slots=True)
class Wiring:
    """All of it. `users` maps a USERS strand to its share of its device's load."""

    nodes: tuple[Node, ...]
    strands: tuple[Strand, ...]
    users: Mapping[int, tuple[int, float]]
    links_of_segment: Mapping[str, tuple[int, ...]]
    by_name: Mapping[str, int] = field(default_factory=dict)
    by_address: Mapping[str, int] = field(default_factory=dict)


def wire(inventory: Inventory, seed: int) -> Wiring:
    """The wiring of an inventory whose devices are all of models the lab knows (those of `lab.kabupaten`)."""
    sites = {site.slug: site for site in inventory.sites}
    devices = inventory.devices
    by_name = {device.name: index for index, device in enumerate(devices)}
    strands = _strands(inventory.links, by_name)
    users: dict[int, tuple[int, float]] = {}
    nodes = []
    ends = _ends(inventory.links, by_name)
    for index, device in enumerate(devices):
        model = MODELS[device.model]
        ports = [*model.ports, *_tunnels(ends[index], model)]
        rng = random.Random(f"{seed}:{device.name}")
        shares = _user_ports(device, ports, ends[index])
        for name, part in shares:
            strand = len(strands)
            strands.append(Strand(f"{device.name}:{name}", index, USERS, Medium.COPPER))
            users[strand] = (index, part)
            ends[index].setdefault(name, []).append((strand, A_SIDE))
        down, up = _demand(device, sites[device.site], rng)
        interfaces = _interfaces(device, model, ports, ends[index], inventory, strands)
        nodes.append(Node(index, device, sites[device.site], model, interfaces, down, up))
    links_of_segment: dict[str, list[int]] = {}
    for strand, link in enumerate(inventory.links):
        for segment in link.segments:
            links_of_segment.setdefault(segment, []).append(strand)
    return Wiring(
        tuple(nodes),
        tuple(strands),
        users,
        {name: tuple(links) for name, links in links_of_segment.items()},
        by_name,
        {device.address: index for index, device in enumerate(devices)},
    )


def _strands(links: Sequence[Link], by_name: Mapping[str, int]) -> list[Strand]:
    """One strand per link, in the links' order; a tunnel runs on its device's line to the provider."""
    lines = {by_name[link.a_device]: at for at, link in enumerate(links) if not link.z_device}
    return [
        Strand(
            link.name,
            by_name[link.a_device],
            by_name[link.z_device] if link.z_device else PROVIDER,
            link.medium,
            link.purpose is LinkPurpose.MANAGEMENT,
            lines.get(by_name[link.a_device]) if link.medium is Medium.VPN else None,
            link.z_interface,
            link.a_interface,
        )
        for link in links
    ]


_Ends = dict[str, list[tuple[int, int]]]


def _ends(links: Sequence[Link], by_name: Mapping[str, int]) -> list[_Ends]:
    ends: list[_Ends] = [{} for _ in by_name]
    for at, link in enumerate(links):
        ends[by_name[link.a_device]].setdefault(link.a_interface, []).append((at, A_SIDE))
        if link.z_device:
            ends[by_name[link.z_device]].setdefault(link.z_interface, []).append((at, Z_SIDE))
    return ends


def _tunnels(ends: _Ends, model: Model) -> list[Port]:
    return [Port(name, PortKind.TUNNEL, 0) for name in sorted(ends) if model.port(name) is None]


def _user_ports(device: Device, ports: Sequence[Port], ends: _Ends) -> list[tuple[str, float]]:
    """Where people plug in, with each port's share: the radios of an access point, one LAN port of a router."""
    if device.role is Role.AP:
        return [("wlan1", 0.25), ("wlan2", 0.75)]
    if device.role is Role.ROUTER and not device.name.startswith(("rtr-inti", "rtr-pop")):
        free = [port.name for port in ports if port.kind is PortKind.ETHERNET and port.name not in ends]
        return [(free[-1], 1.0)] if free else []
    return []


def _demand(device: Device, site: Site, rng: random.Random) -> tuple[Load, Load]:
    """Mean loads in bytes per second, by what the device is for."""
    wobble = rng.random()
    metered = 0.15 if device.mgmt_via else 1.0
    match device.role:
        case Role.AP if site.kind is SiteKind.MPP:
            mean, peak = rng.uniform(4e5, 1.2e6), 11.0
        case Role.AP:
            mean, peak = rng.uniform(2e5, 1.2e6) * metered, rng.uniform(19.0, 21.0)
        case Role.ROUTER if device.name.startswith(("rtr-inti", "rtr-pop")):
            mean, peak = 2e3, 12.0
        case Role.ROUTER if site.kind in (SiteKind.DESA, SiteKind.KELURAHAN):
            mean, peak = rng.uniform(3e4, 2e5) * metered, rng.uniform(9.5, 11.0)
        case Role.ROUTER:
            mean, peak = rng.uniform(4e5, 3e6), rng.uniform(9.5, 14.0)
        case Role.SERVER:
            return load(rng.uniform(1e5, 6e5), 11.0, wobble), load(rng.uniform(5e5, 6e6), 11.0, wobble)
        case Role.CAMERA:
            return load(2e3, 12.0, wobble), load(rng.uniform(2.5e5, 5e5), 13.0, wobble)
        case Role.ONU:
            return nothing(), nothing()
        case _:
            mean, peak = rng.uniform(40, 400), 12.0
    return load(mean, peak, wobble), load(mean * rng.uniform(0.08, 0.2), peak, wobble * 3 % 1)


def _interfaces(
    device: Device, model: Model, ports: Sequence[Port], ends: _Ends, inventory: Inventory, strands: Sequence[Strand]
) -> tuple[Interface, ...]:
    base = int(device.mac.replace(":", ""), 16)
    return tuple(
        Interface(
            _if_index(model.family, port, number),
            port.name,
            port.kind,
            _IF_TYPES[port.kind],
            _speed(port, ends.get(port.name, []), inventory),
            (base + number - 1 & 0xFFFFFFFFFFFF).to_bytes(6, "big") if port.kind is not PortKind.LOOPBACK else b"",
            _alias(ends.get(port.name, []), strands),
            tuple(ends.get(port.name, ())),
        )
        for number, port in enumerate(ports, 1)
    )


def _speed(port: Port, ends: Sequence[tuple[int, int]], inventory: Inventory) -> int:
    """What the port runs at: the slower of the link's two ports, a provider's line by its contract on LTE."""
    speed = port.speed_bps
    for strand, side in ends:
        if strand >= len(inventory.links):
            continue
        link = inventory.links[strand]
        far_device, far_name = (
            (link.z_device, link.z_interface) if side == A_SIDE else (link.a_device, link.a_interface)
        )
        far = next((d for d in inventory.devices if d.name == far_device), None) if far_device else None
        other = MODELS[far.model].port(far_name) if far else None
        if other is not None and other.kind in (PortKind.ETHERNET, PortKind.SFP):
            speed = min(speed, other.speed_bps)
    return speed


def _alias(ends: Sequence[tuple[int, int]], strands: Sequence[Strand]) -> str:
    names = [strands[strand].name for strand, _side in ends if strands[strand].z != USERS]
    return names[0] if len(names) == 1 else ""


def _if_index(family: Family, port: Port, number: int) -> int:
    match family:
        case Family.ZTE_C320:
            return _zte_index(port.name)
        case Family.HUAWEI_MA56XX:
            return _huawei_index(port)
        case _:
            return number


def _huawei_index(port: Port) -> int:
    """GPON: 0xFA000000 + slot * 8192 + port * 256; Ethernet has a base of its own and 64 to a port."""
    _frame, slot, at = (int(part) for part in re.findall(r"\d+", port.name))
    return (
        0xFA000000 + (slot << 13) + (at << 8) if port.kind is PortKind.GPON else 0x0E000000 + (slot << 13) + (at << 6)
    )


def _zte_index(name: str) -> int:
    """ifIndex of a C320's port: 0x10000000, then the slot and the port, both from nought (seen in a real walk)."""
    _shelf, slot, port = (int(part) for part in name.rpartition("_")[2].split("/"))
    return 0x10000000 | (slot - 1) << 16 | (port - 1) << 8
