"""What of a look an account sees: sites of its regions and agencies, their devices, incidents that touch one."""

from dataclasses import replace

from console.cutting import cut_incidents
from console.ports import Look
from domain.accounts import Account, sees, sees_site
from domain.incidents import Incident
from domain.network import Inventory


def seen_by(account: Account, look: Look) -> Look:
    """The whole look for who sees the whole kabupaten."""
    if account.sees_everything:
        return look
    inventory = look.inventory
    sites = tuple(site for site in inventory.sites if sees_site(account, site))
    slugs = {site.slug for site in sites}
    devices = tuple(device for device in inventory.devices if device.site in slugs)
    names = {device.name for device in devices}
    links = tuple(link for link in inventory.links if link.a_device in names or link.z_device in names)
    contracts = {link.contract for link in links} | {site.contract for site in sites}
    services = tuple(
        each for each in inventory.services if each.site in slugs or (not each.site and each.host in names)
    )
    named = names | {service.code for service in services}
    cut = replace(
        look,
        inventory=Inventory(
            villages=tuple(each for each in inventory.villages if sees(account, each.region_code)),
            sites=sites,
            devices=devices,
            links=links,
            contracts=tuple(contract for contract in inventory.contracts if contract.id in contracts),
            services=services,
            stages=tuple(entry for entry in inventory.stages if entry.slug in slugs),
        ),
        states={name: state for name, state in look.states.items() if name in names},
        open=(),
        sees_all=False,
    )
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
