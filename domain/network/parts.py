"""The part of an inventory that belongs to some of its sites: what stands there, and what ends or is served there."""

from collections.abc import Iterable

from domain.network.inventory import Inventory
from domain.network.sites import Site


def part_of(inventory: Inventory, sites: Iterable[Site]) -> Inventory:
    """Villages, people, segments and all that stands at no site are left out.

    A link belongs to both of its ends, an application to its site, or to its host's where it names no site.
    """
    kept = tuple(sites)
    slugs = {site.slug for site in kept}
    devices = tuple(device for device in inventory.devices if device.site in slugs)
    names = {device.name for device in devices}
    links = tuple(link for link in inventory.links if link.a_device in names or link.z_device in names)
    contracts = {link.contract for link in links} | {site.contract for site in kept}
    return Inventory(
        sites=kept,
        devices=devices,
        links=links,
        contracts=tuple(contract for contract in inventory.contracts if contract.id in contracts),
        services=tuple(
            each for each in inventory.services if each.site in slugs or (not each.site and each.host in names)
        ),
        stages=tuple(entry for entry in inventory.stages if entry.slug in slugs),
    )
