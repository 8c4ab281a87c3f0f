"""What lies in a receiver's area, and what they are told of an incident: the rest is neither named nor counted. Pure.

Decision 0021. Whoever answers for the whole kabupaten is told everything; `None` stands for that.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from alerts.dispatch.contacts import Contact
from domain.network import Inventory, PersonRole, RegionLevel, Site, level_of, lies_in
from domain.network.parts import part_of

# Viewers and approvers hear of their own organisation's applications alone.
WHOLE: Final = frozenset({PersonRole.NOC, PersonRole.ENGINEER, PersonRole.ADMIN, PersonRole.PLANNER})
HANDLING: Final = WHOLE - {PersonRole.PLANNER}


@dataclass(frozen=True, slots=True)
class Area:
    """regions: what stands there. agencies: what stands at their sites. owners: their applications, wherever they run.

    None of all: nothing.
    """

    regions: frozenset[str] = frozenset()
    agencies: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()

    def holds(self, site: Site) -> bool:
        """What stands in no region is for those who are told everything."""
        if site.region_code and any(lies_in(site.region_code, region) for region in self.regions):
            return True
        return plain(site.organisation) in self.agencies

    def part(self, inventory: Inventory) -> Inventory:
        found = part_of(inventory, filter(self.holds, inventory.sites))
        codes = {each.code for each in found.services}
        own = (each for each in inventory.services if plain(each.owner) in self.owners and each.code not in codes)
        return replace(found, services=(*found.services, *own))


NOTHING: Final = Area()


def areas_of(contacts: Collection[Contact], day: date) -> dict[str, Area | None]:
    """By channel. What several share is of all of them; whose time is over counts where nobody else is left.

    Empty where nobody is told everything: then all are, for a fault that nobody can find helps no one.
    """
    valid = [each for each in contacts if each.is_valid(day)]
    if not any(each.role in HANDLING and _is_whole(each) for each in valid):
        return {}
    by_channel: dict[str, list[Contact]] = {}
    for contact in (*valid, *(each for each in contacts if not each.is_valid(day))):
        found = by_channel.setdefault(contact.channel, [])
        if contact.is_valid(day) or not any(each.is_valid(day) for each in found):
            found.append(contact)
    return {channel: None if any(map(_is_whole, found)) else _area(found) for channel, found in by_channel.items()}


def plain(name: str) -> str:
    """An organisation as people mean it; empty for none."""
    return " ".join(name.casefold().split())


def _is_whole(contact: Contact) -> bool:
    if not contact.regions:
        return contact.role in WHOLE
    return any(level_of(region) in (RegionLevel.PROVINCE, RegionLevel.REGENCY) for region in contact.regions)


def _area(contacts: Iterable[Contact]) -> Area:
    contacts = tuple(contacts)
    named = [each for each in contacts if plain(each.organisation)]
    return Area(
        frozenset(region for each in contacts for region in each.regions),
        frozenset(plain(each.organisation) for each in named if each.role not in WHOLE),
        frozenset(plain(each.organisation) for each in named),
    )
