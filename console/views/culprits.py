"""What in the inventory an incident is laid to: devices, sites, and the ways between devices that are broken. Pure."""

from dataclasses import dataclass

from console.ports import Look
from console.views.paths import provider_of
from domain.incidents import Cause, CauseKind
from domain.network import Link


@dataclass(frozen=True, slots=True)
class Culprits:
    """devices: that are the cause themselves. ways: pairs of names between which it lies. lines: devices at which a
    provider's line begins that is it. sites: of devices and lines.

    Empty where the cause is nothing that this look shows, or none of the ways of data: a feeder of the power company.
    """

    devices: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    ways: frozenset[frozenset[str]] = frozenset()
    lines: frozenset[str] = frozenset()


def culprits_of(cause: Cause, look: Look) -> Culprits:
    """A link with both ends is a way; one that ends at a provider is the device at which it begins."""
    inventory, name = look.inventory, cause.name
    match cause.kind:
        case CauseKind.DEVICE | CauseKind.MANAGEMENT:
            found = {name} & inventory.used_by_name.keys()
        case CauseKind.SITE:
            found = {each for each, device in inventory.used_by_name.items() if device.site == name}
        case CauseKind.LINK:
            return _along([link for link in inventory.links if link.name == name], look)
        case CauseKind.SEGMENT:
            return _along([link for link in inventory.links if name in link.segments], look)
        case CauseKind.PROVIDER:
            return _along([link for link in inventory.links if provider_of(link, look) == name], look)
        case CauseKind.SERVICE:
            hosts = {service.host for service in inventory.services if service.code == name}
            found = hosts & inventory.used_by_name.keys()
        case CauseKind.POLLER | CauseKind.FEEDER:
            return Culprits()
    return Culprits(frozenset(found), frozenset(inventory.used_by_name[each].site for each in found))


def _along(links: list[Link], look: Look) -> Culprits:
    known = look.inventory.used_by_name
    ways, lines = set(), set()
    for link in links:
        if link.a_device in known and link.z_device in known:
            ways.add(frozenset({link.a_device, link.z_device}))
        else:
            lines |= {link.a_device, link.z_device} & known.keys()
    sites = frozenset(known[each].site for each in lines)
    return Culprits(sites=sites, ways=frozenset(ways), lines=frozenset(lines))
