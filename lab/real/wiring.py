"""Cables and the management network: a patch panel between all links, so that a cut darkens both ends at once.

Each link end is wired to a port of the panel, a namespace of its own, where one bridge joins the two ports of a link.
Taking the ports down takes the carrier from both ends while their interfaces stay administratively up, as a dug-up
fibre does. The bridges pass LLDP on, which bridges otherwise keep for themselves.

A lab whose collector is in band has no management network: hosts have their address on the loopback, routers forward,
and everybody else sends everything to the one router he hangs on.
"""

from collections.abc import Iterable
from pathlib import Path

from domain.network import Role
from lab.real.layout import (
    COLLECTOR,
    COLLECTOR_ADDRESS,
    COLLECTOR_ADDRESS_IPV6,
    MANAGEMENT_INTERFACE,
    PANEL,
    SWITCH,
    HostPlan,
    Layout,
    LinkPlan,
)
from lab.real.namespaces import batch, inside

_PASS_LLDP = "0x4000"  # bit 14: 01-80-C2-00-00-0E, IEEE 802.1AB nearest bridge


def namespace_roles(layout: Layout) -> tuple[str, ...]:
    return (*(() if layout.in_band else (SWITCH,)), PANEL, COLLECTOR, *layout.hosts)


def build(layout: Layout, prefix: str) -> None:
    """Make all namespaces, the management network if there is one, and the links, everything up."""
    batch(f"netns add {prefix}-{role}" for role in namespace_roles(layout))
    batch(_bridges(layout), f"{prefix}-{PANEL}")
    batch(_link_cables(layout, prefix))
    batch(_panel_ports_up(layout.links.values()), f"{prefix}-{PANEL}")
    if layout.in_band:
        _build_in_band(layout, prefix)
    else:
        _build_management(layout, prefix)


def _build_management(layout: Layout, prefix: str) -> None:
    batch(["link add bridge0 type bridge mcast_snooping 0", "link set bridge0 up"], f"{prefix}-{SWITCH}")
    batch(_management_cables(layout, prefix))
    batch([f"link set m{number} master bridge0 up" for number in _ports(layout)], f"{prefix}-{SWITCH}")
    batch(_addresses(MANAGEMENT_INTERFACE, COLLECTOR_ADDRESS, COLLECTOR_ADDRESS_IPV6), f"{prefix}-{COLLECTOR}")
    for host in layout.hosts.values():
        commands = _addresses(MANAGEMENT_INTERFACE, host.address, host.address_ipv6)
        batch([*commands, *_ends_up(layout, host.name)], f"{prefix}-{host.name}")


def _build_in_band(layout: Layout, prefix: str) -> None:
    way_in = next(link for link in layout.links.values() if link.a_host == COLLECTOR)
    out = f"route add default via {way_in.address(way_in.z_host)}"
    batch(["link set lo up", *_ends_up(layout, COLLECTOR), out], f"{prefix}-{COLLECTOR}")
    for host in layout.hosts.values():
        commands = ["link set lo up", f"address add {host.address}/32 dev lo", *_ends_up(layout, host.name)]
        if host.role is Role.ROUTER:
            with inside(f"{prefix}-{host.name}"):
                Path("/proc/sys/net/ipv4/ip_forward").write_text("1", encoding="ascii")
            commands += _routes_to_sites(layout, host)
        else:
            (_own, link), *_more = layout.interfaces_of(host.name)
            commands.append(f"route add default via {link.address(link.a_host)} src {host.address}")
        batch(commands, f"{prefix}-{host.name}")


def _routes_to_sites(layout: Layout, router: HostPlan) -> list[str]:
    """Routes of the kernel to the addresses of those that hang on the router; OSPF takes them from there."""
    behind = [(link, layout.hosts[link.z_host]) for link in layout.links_of(router.name) if link.a_host == router.name]
    return [
        f"route add {site.address}/32 via {link.address(site.name)}"
        for link, site in behind
        if site.role is not Role.ROUTER
    ]


def _ends_up(layout: Layout, host: str) -> list[str]:
    commands = []
    for interface, link in layout.interfaces_of(host):
        commands += [f"address add {link.address(host)}/30 dev {interface}", f"link set {interface} up"]
    return commands


def darken(link: LinkPlan, prefix: str) -> None:
    batch([f"link set {port} down" for port in link.panel_ports()], f"{prefix}-{PANEL}")


def light(link: LinkPlan, prefix: str) -> None:
    batch([f"link set {port} up" for port in link.panel_ports()], f"{prefix}-{PANEL}")


def set_management(host_number: int, prefix: str, up: bool) -> None:
    """Plug a host into the management network, or pull its plug."""
    batch([f"link set m{host_number} {'up' if up else 'down'}"], f"{prefix}-{SWITCH}")


def _ports(layout: Layout) -> list[str]:
    return ["nms", *(str(host.number) for host in layout.hosts.values())]


def _bridges(layout: Layout) -> list[str]:
    commands = []
    for link in layout.links.values():
        commands.append(
            f"link add b{link.number} type bridge mcast_snooping 0 group_fwd_mask {_PASS_LLDP} forward_delay 0"
        )
        commands.append(f"link set b{link.number} up")
    return commands


def _management_cables(layout: Layout, prefix: str) -> list[str]:
    ends = [("mnms", COLLECTOR), *((f"m{host.number}", host.name) for host in layout.hosts.values())]
    return [
        f"link add {port} netns {prefix}-{SWITCH} type veth peer name {MANAGEMENT_INTERFACE} netns {prefix}-{role}"
        for port, role in ends
    ]


def _link_cables(layout: Layout, prefix: str) -> list[str]:
    return [
        f"link add {port} netns {prefix}-{PANEL} type veth peer name {interface} netns {prefix}-{host}"
        for link in layout.links.values()
        for port, (host, interface) in zip(link.panel_ports(), link.ends, strict=True)
    ]


def _panel_ports_up(links: Iterable[LinkPlan]) -> list[str]:
    return [f"link set {port} master b{link.number} up" for link in links for port in link.panel_ports()]


def _addresses(interface: str, address: str, address_ipv6: str) -> list[str]:
    return [
        "link set lo up",
        f"address add {address}/24 dev {interface}",
        f"address add {address_ipv6}/64 dev {interface} nodad",
        f"link set {interface} up",
    ]
