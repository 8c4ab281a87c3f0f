"""A profile and what the address plan gives → subnets, VLANs, names, links of one site. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from ipaddress import ip_network

from domain.addressing import Allocation, Kind, Request
from domain.intent import LinkIntent, SubnetIntent, VlanIntent
from domain.intent.site import Address, Network
from domain.language import _
from provisioning.errors import SiteProfileError
from provisioning.profiles.schema import SiteProfile, SubnetProfile

VLAN_LABEL = "vlan-"
"""Before a VLAN's key in the address plan: a subnet may have the same key."""


def requests_of(profile: SiteProfile, site: str, region: str, zone: str = "") -> tuple[Request, ...]:
    """What the site needs of the address plan, subnets first."""
    subnets = (
        Request(
            site,
            subnet.key,
            kind=Kind.IPV4 if subnet.family == 4 else Kind.IPV6,
            purpose=subnet.purpose,
            region=region,
            zone=zone,
            length=subnet.length,
        )
        for subnet in profile.subnets
    )
    vlans = (
        Request(site, f"{VLAN_LABEL}{vlan.key}", kind=Kind.VLAN, purpose=vlan.purpose, region=region, zone=zone)
        for vlan in profile.vlans
    )
    return (*subnets, *vlans)


def vlans_of(profile: SiteProfile, given: Sequence[Allocation]) -> tuple[VlanIntent, ...]:
    by_label = {each.label: each for each in given}
    return tuple(VlanIntent(vlan.key, by_label[f"{VLAN_LABEL}{vlan.key}"].block.first) for vlan in profile.vlans)


def subnets_of(profile: SiteProfile, given: Sequence[Allocation]) -> tuple[SubnetIntent, ...]:
    """Raises SiteProfileError where a range is too small for its hosts."""
    by_label = {each.label: each for each in given}
    return tuple(_subnet(profile, subnet, ip_network(by_label[subnet.key].text)) for subnet in profile.subnets)


def _subnet(profile: SiteProfile, subnet: SubnetProfile, prefix: Network) -> SubnetIntent:
    single = prefix.num_addresses == 1
    first = int(prefix.network_address) + (not single)
    last = int(prefix.broadcast_address) - (not single and prefix.version == 4)
    address: type[Address] = type(prefix.network_address)
    hosts = {name: address(first + number) for number, name in enumerate(subnet.hosts)}
    start = None if subnet.dhcp is None else first + subnet.dhcp
    if (hosts and int(max(hosts.values(), key=int)) > last) or (start is not None and start > last):
        raise SiteProfileError(
            _("{profile}: the subnet {subnet} with /{length} is too small for what stands in it.").format(
                profile=profile.profile, subnet=subnet.key, length=prefix.prefixlen
            )
        )
    return SubnetIntent(
        subnet.key,
        subnet.purpose,
        prefix,
        subnet.vlan,
        gateway=next(iter(hosts.values()), None),
        dhcp_from=None if start is None else address(start),
        dhcp_to=None if start is None else address(last),
        hosts=hosts,
    )


def device_name(naming: str, site: str) -> str:
    return naming.format(site=site)


def links_of(profile: SiteProfile, names: Mapping[str, str], site: str) -> tuple[LinkIntent, ...]:
    """names: key of a device → its name."""
    return tuple(
        LinkIntent(
            device_name(link.name, site),
            names[link.a],
            names[link.z] if link.z else "",
            medium=link.medium,
            purpose=link.purpose,
        )
        for link in profile.links
    )


def label_of(name: str, district: str = "") -> str:
    """A site's name for configurations: plain ASCII without quotation marks, at most 63 characters.

    `Ma'rang (Kec. Ma'rang)` becomes `Marang (Kec. Marang)`; an empty result becomes `site`.
    """
    whole = f"{name} (Kec. {district})" if district and district not in name else name
    ascii_ = unicodedata.normalize("NFKD", whole.replace("'", "").replace("’", "")).encode("ascii", "ignore").decode()
    plain = " ".join(re.sub(r"[^A-Za-z0-9 .,_:/@()+=-]", " ", ascii_).split())
    return plain.lstrip(" .,_:/@)+=-")[:63].rstrip() or "site"
