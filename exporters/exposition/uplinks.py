"""By which port a site hangs on the network: its router's, and the link that leaves the site behind it. Pure.

Between them may stand what nobody asks: an ONU, a radio, a provider's modem. The router's port tells the traffic of the
site alone; a PON port tells that of all who share it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from domain.network import Device, Inventory, Link, LinkPurpose, Role

_DEEPEST: Final = 4  # boxes of one site in a row
_ROUTERS: Final = frozenset({Role.ROUTER, Role.FIREWALL})

End = tuple[str, str, str, Link]
"""Own interface, peer's name ("" for a provider), the peer's interface, the link."""


def uplinks(inventory: Inventory) -> Iterator[tuple[str, str, str, str]]:
    """Site, device, interface, link: one for each way out of each router; sites without a router have none."""
    devices = inventory.used_by_name
    ends = _ends(inventory.links)
    for device in devices.values():
        if device.role in _ROUTERS and device.site:
            for interface, link in _ways_out(device, devices, ends):
                yield device.site, device.name, interface, link


def _ends(links: tuple[Link, ...]) -> Mapping[str, list[End]]:
    found: dict[str, list[End]] = defaultdict(list)
    for link in links:
        if link.purpose is LinkPurpose.SERVICE:
            found[link.a_device].append((link.a_interface, link.z_device, link.z_interface, link))
            if link.z_device:
                found[link.z_device].append((link.z_interface, link.a_device, link.a_interface, link))
    return found


def _ways_out(
    device: Device, devices: Mapping[str, Device], ends: Mapping[str, list[End]]
) -> Iterator[tuple[str, str]]:
    for interface, peer, _, link in ends.get(device.name, ()):
        if interface and (not peer or peer in device.uplink):
            yield interface, _leaving(device.site, peer, link, devices, ends)


def _leaving(site: str, peer: str, link: Link, devices: Mapping[str, Device], ends: Mapping[str, list[End]]) -> str:
    """The first link of the way up whose far end is not at the site."""
    for _ in range(_DEEPEST):
        if peer not in devices or devices[peer].site != site:
            break
        above = devices[peer].uplink
        onward = next((end for end in ends.get(peer, ()) if not end[1] or end[1] in above), None)
        if onward is None:
            break
        _, peer, _, link = onward
    return link.name
