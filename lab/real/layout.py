"""Which hosts and links the lab has, and their addresses. Pure: nothing is made here."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.network import RegionCode, Role, SiteKind

COLLECTOR = "nms"
SWITCH = "sw"
PANEL = "panel"
COLLECTOR_ADDRESS = "10.99.7.1"
COLLECTOR_ADDRESS_IPV6 = "fd99:7::1"
MANAGEMENT_INTERFACE = "mgmt0"
MOST_HOSTS = 200  # the management network is one /24, its bridge one kernel bridge
KECAMATAN = RegionCode("32.14.01")
DESA = RegionCode("32.14.01.2010")


@dataclass(frozen=True, slots=True)
class HostPlan:
    """One host. `number` makes its addresses; `credential` is what the inventory says it wants to hear.

    site: what kind of site the inventory puts it in, one of its own; region: in which desa or kecamatan.
    """

    name: str
    number: int
    role: Role
    uplinks: tuple[str, ...]
    credential: str
    site: SiteKind
    region: RegionCode

    @property
    def address(self) -> str:
        return f"10.99.7.{10 + self.number}"

    @property
    def address_ipv6(self) -> str:
        return f"fd99:7::{10 + self.number:x}"


@dataclass(frozen=True, slots=True)
class LinkPlan:
    """One cable from interface to interface; each end has an address of a /30 of its own."""

    number: int
    a_host: str
    a_interface: str
    z_host: str
    z_interface: str

    @property
    def name(self) -> str:
        return f"{self.a_host}-{self.z_host}"

    @property
    def ends(self) -> tuple[tuple[str, str], tuple[str, str]]:
        return (self.a_host, self.a_interface), (self.z_host, self.z_interface)

    def address(self, host: str) -> str:
        block, place = divmod(self.number, 64)
        return f"10.98.{block}.{4 * place + (1 if host == self.a_host else 2)}"

    def panel_ports(self) -> tuple[str, str]:
        """The two ports of the patch panel this cable runs through, the side of `a` first."""
        return f"p{self.number}a", f"p{self.number}z"


@dataclass(frozen=True, slots=True)
class Layout:
    """Hosts by name and links by name. routed: the links on which routers speak OSPF with each other.

    in_band: there is no management network; the collector hangs on a router by a link of its own and reaches everybody
    through the network itself.
    """

    hosts: Mapping[str, HostPlan]
    links: Mapping[str, LinkPlan]
    routed: tuple[str, ...] = ()
    in_band: bool = False

    def links_of(self, host: str) -> tuple[LinkPlan, ...]:
        return tuple(link for link in self.links.values() if host in (link.a_host, link.z_host))

    def interfaces_of(self, host: str) -> tuple[tuple[str, LinkPlan], ...]:
        return tuple((interface, link) for link in self.links_of(host) for end, interface in link.ends if end == host)


def default_layout(hosts: int = 6) -> Layout:
    """Two routers r1 and r2, and sites s1, s2, … shared between them; neighbouring sites have a second link.

    With six hosts: r1-r2, r1-s1, r1-s2, r2-s3, r2-s4, s1-s2, s3-s4. Raises ValueError outside 2 … 200 hosts.
    """
    if not 2 <= hosts <= MOST_HOSTS:
        raise ValueError(f"a lab has 2 to {MOST_HOSTS} hosts, not {hosts}")
    sites = [f"s{number}" for number in range(1, hosts - 1)]
    half = (len(sites) + 1) // 2
    router_of = {site: "r1" if place < half else "r2" for place, site in enumerate(sites)}
    ends = [("r1", "e1", "r2", "e1")]
    ports = {"r1": 1, "r2": 1}
    for site in sites:
        router = router_of[site]
        ports[router] += 1
        ends.append((router, f"e{ports[router]}", site, "e1"))
    by_router = [[site for site in sites if router_of[site] == router] for router in ("r1", "r2")]
    ends += [(a, "e2", z, "e2") for group in by_router for a, z in zip(group[::2], group[1::2], strict=False)]
    links = [LinkPlan(number, *end) for number, end in enumerate(ends)]
    uplinks = {"r1": "", "r2": "r1", **router_of}
    # One v2c host, then each kind of SNMPv3 user in turn: a collector has to speak them all.
    wanted = ("lab-v2c", "lab-sha256-aes", "lab-sha-aes", "lab-md5-des", "lab-sha", "lab-v2c")
    plans = [
        HostPlan(name, number, Role.ROUTER, _some(up), wanted[number % len(wanted)], SiteKind.POP, KECAMATAN)
        if name in ("r1", "r2")
        else HostPlan(name, number, Role.SWITCH, _some(up), wanted[number % len(wanted)], SiteKind.OPD, DESA)
        for number, (name, up) in enumerate(uplinks.items())
    ]
    return Layout({plan.name: plan for plan in plans}, {link.name: link for link in links}, ("r1-r2",))


def _some(uplink: str) -> tuple[str, ...]:
    return (uplink,) if uplink else ()
