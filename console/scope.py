"""What of a look an account sees: sites of its regions and agencies, their devices, incidents that touch one."""

from dataclasses import replace

from console.cutting import cut_incidents
from console.ports import Look
from domain.accounts import Account, sees, sees_site
from domain.incidents import Incident
from domain.network.parts import part_of


def seen_by(account: Account, look: Look) -> Look:
    """The whole look for who sees the whole kabupaten."""
    if account.sees_everything:
        return look
    sites = [site for site in look.inventory.sites if sees_site(account, site)]
    villages = tuple(each for each in look.inventory.villages if sees(account, each.region_code))
    inventory = replace(part_of(look.inventory, sites), villages=villages)
    slugs = {site.slug for site in sites}
    names = {device.name for device in inventory.devices}
    named = names | {service.code for service in inventory.services}
    states = {name: state for name, state in look.states.items() if name in names}
    cut = replace(look, inventory=inventory, states=states, open=(), sees_all=False)
    open_ = cut_incidents(cut, (incident for incident in look.open if touches(incident, slugs, named)))
    return replace(cut, open=tuple(open_))


def shows(look: Look, incident: Incident) -> bool:
    """Whether this look, which is cut already, shows an incident; also one that is over."""
    if look.sees_all:
        return True
    inventory = look.inventory
    named = {*inventory.used_by_name, *(service.code for service in inventory.services)}
    return touches(incident, set(inventory.site_by_slug), named)


def touches(incident: Incident, slugs: set[str], named: set[str]) -> bool:
    """Whether one of its members, or what is dark by it, is among these. named: devices and applications."""
    places = (*incident.impact.sites, *incident.impact.opd)
    return any(member.name in named or member.name in slugs for member in incident.members) or any(
        place.key in slugs for place in places
    )
