"""The lab as inventory records: what an office would write in its files about these hosts and links."""

from domain.network import Check, Device, Inventory, Link, Medium, Role, Site, SiteKind
from lab.real.layout import COLLECTOR, HostPlan, Layout


def inventory_of(layout: Layout) -> Inventory:
    """A site per host, the hosts as devices behind their uplinks, the cables as links of fibre."""
    by_name = sorted(layout.hosts.values(), key=lambda host: host.name)
    between = (link for link in layout.links.values() if link.a_host != COLLECTOR)
    links = sorted(between, key=lambda link: link.name)
    return Inventory(
        sites=tuple(_site(host) for host in by_name),
        devices=tuple(_device(host) for host in by_name),
        links=tuple(
            Link(link.name, link.a_host, link.a_interface, link.z_host, link.z_interface, medium=Medium.FIBRE)
            for link in links
        ),
    )


def _site(host: HostPlan) -> Site:
    what = "Lab PoP" if host.role is Role.ROUTER else "Lab site"
    served = host.site is SiteKind.DESA
    return Site(f"lab-{host.name}", f"{what} {host.name}", host.site, host.region, counts_for_coverage=served)


def _device(host: HostPlan) -> Device:
    return Device(
        host.name,
        f"lab-{host.name}",
        host.role,
        address=host.address,
        check=Check.ICMP_SNMP,
        credential=host.credential,
        uplink=host.uplinks,
    )
