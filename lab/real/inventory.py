"""The lab as inventory records: what an office would write in its files about these hosts and links."""

from domain.network import Check, Device, Inventory, Link, Medium, RegionCode, Role, Site, SiteKind
from lab.real.layout import HostPlan, Layout

_KECAMATAN = RegionCode("32.14.01")
_DESA = RegionCode("32.14.01.2010")


def inventory_of(layout: Layout) -> Inventory:
    """A site per host, the hosts as devices behind their uplinks, the cables as links of fibre."""
    by_name = sorted(layout.hosts.values(), key=lambda host: host.name)
    links = sorted(layout.links.values(), key=lambda link: link.name)
    return Inventory(
        sites=tuple(_site(host) for host in by_name),
        devices=tuple(_device(host) for host in by_name),
        links=tuple(
            Link(link.name, link.a_host, link.a_interface, link.z_host, link.z_interface, medium=Medium.FIBRE)
            for link in links
        ),
    )


def _site(host: HostPlan) -> Site:
    if host.role is Role.ROUTER:
        return Site(f"lab-{host.name}", f"Lab PoP {host.name}", SiteKind.POP, _KECAMATAN, counts_for_coverage=False)
    return Site(f"lab-{host.name}", f"Lab site {host.name}", SiteKind.OPD, _DESA, counts_for_coverage=False)


def _device(host: HostPlan) -> Device:
    return Device(
        host.name,
        f"lab-{host.name}",
        host.role,
        address=host.address,
        check=Check.ICMP_SNMP,
        credential=host.credential,
        uplink=(host.uplink,) if host.uplink else (),
    )
