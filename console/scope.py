"""What of a look an account sees: its regions' sites, their devices, and incidents that touch one of them."""

from dataclasses import replace

from console.ports import Look
from domain.accounts import Account, sees
from domain.incidents import Incident
from domain.network import Inventory


def seen_by(account: Account, look: Look) -> Look:
    """The whole look for who sees the whole kabupaten."""
    if not account.regions:
        return look
    inventory = look.inventory
    sites = tuple(site for site in inventory.sites if sees(account, site.region_code or ""))
    slugs = {site.slug for site in sites}
    devices = tuple(device for device in inventory.devices if device.site in slugs)
    names = {device.name for device in devices}
    links = tuple(link for link in inventory.links if link.a_device in names or link.z_device in names)
    contracts = {link.contract for link in links} | {site.contract for site in sites}
    return replace(
        look,
        inventory=Inventory(
            villages=tuple(each for each in inventory.villages if sees(account, each.region_code)),
            sites=sites,
            devices=devices,
            links=links,
            contracts=tuple(contract for contract in inventory.contracts if contract.id in contracts),
            services=tuple(service for service in inventory.services if service.site in slugs),
            stages=tuple(entry for entry in inventory.stages if entry.slug in slugs),
        ),
        states={name: state for name, state in look.states.items() if name in names},
        open=tuple(incident for incident in look.open if touches(incident, slugs, names)),
        sees_all=False,
    )


def shows(look: Look, incident: Incident) -> bool:
    """Whether this look, which is cut already, shows an incident; also one that is over."""
    if incident in look.open or look.sees_all:
        return True
    return touches(incident, set(look.inventory.site_by_slug), set(look.inventory.used_by_name))


def touches(incident: Incident, slugs: set[str], devices: set[str]) -> bool:
    """Whether one of its members, or what is dark by it, is among these."""
    places = (*incident.impact.sites, *incident.impact.opd)
    return any(member.name in devices or member.name in slugs for member in incident.members) or any(
        place.key in slugs for place in places
    )
