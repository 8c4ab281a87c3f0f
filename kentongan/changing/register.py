"""What a built site adds to the inventory, and what goes again when it is undone; where nothing may be built. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from domain.intent import DeviceIntent, SecretHole, SiteIntent
from domain.language import _
from domain.network import Device, DeviceStatus, Inventory, Link, Prefix, Record, Site, Stage
from kentongan.errors import UsageError

BUILDS = (Stage.PLANNED, Stage.FUNDED)


def check_stage(inventory: Inventory, slug: str) -> None:
    """Whether something may be built there at all. Raises UsageError with what to do instead."""
    site = inventory.site_by_slug.get(slug)
    if site is None:
        return  # planning says so in its own words
    if site.stage is Stage.SUSPENDED:
        raise UsageError(
            _("{site} is suspended since {day}. Switch it on again first: kentongan site resume {site}").format(
                site=slug, day=site.stage_date or "?"
            )
        )
    if site.stage is Stage.RETIRED:
        raise UsageError(
            _(
                "{site} is retired since {day} and its addresses are given up. Taken down by mistake: kentongan site "
                "rollback {site}. To build there again, write it into sites.csv under a new slug and plan that."
            ).format(site=slug, day=site.stage_date or "?")
        )


def registered(intent: SiteIntent, inventory: Inventory) -> tuple[Record, ...]:
    """Devices in use, links and prefixes: what planning knows, beside what the office's own rows already say."""
    held = {device.name: device for device in inventory.devices}
    links = {link.name: link for link in inventory.links}
    devices = [
        _device(intent, each, held.get(each.name))
        for each in intent.devices
        if not each.elsewhere and (each.address or each.name in held)
    ]
    known = {*held, *(device.name for device in devices)}
    return (
        *devices,
        *(
            replace(
                links.get(each.name, Link(each.name, each.a_device)),
                a_device=each.a_device,
                z_device=each.z_device,
                medium=each.medium,
                purpose=each.purpose,
            )
            for each in intent.links
            if each.a_device in known and (not each.z_device or each.z_device in known)
        ),
        *_prefixes(intent),
    )


def _device(intent: SiteIntent, wanted: DeviceIntent, held: Device | None) -> Device:
    made = held or Device(wanted.name, intent.slug, wanted.role)
    polled_by = wanted.variables.get("snmp_auth")
    return replace(
        made,
        platform=made.platform or (wanted.platform.value if wanted.platform else ""),
        address=made.address or wanted.address,
        check=wanted.check if held is None or held.status is not DeviceStatus.IN_USE else held.check,
        credential=polled_by.credential if isinstance(polled_by, SecretHole) else made.credential,
        uplink=made.uplink or wanted.uplink,
        poll_class=wanted.poll_class,
        status=DeviceStatus.IN_USE,
    )


def _prefixes(intent: SiteIntent) -> Iterator[Prefix]:
    vlans = {vlan.key: vlan.id for vlan in intent.vlans}
    for subnet in intent.subnets:
        if subnet.prefix.num_addresses > 1:
            yield Prefix(
                str(subnet.prefix),
                vlans.get(subnet.vlan),
                subnet.purpose,
                intent.slug,
                str(subnet.gateway or ""),
                str(subnet.dhcp_from or ""),
                str(subnet.dhcp_to or ""),
            )


def built(site: Site, today: date) -> Site:
    """Forward only: a site that is active already stays so."""
    return replace(site, stage=Stage.BUILT, stage_date=today) if site.stage in BUILDS else site


def unregistered(
    intent: SiteIntent, inventory: Inventory, stage: Stage | None
) -> tuple[tuple[Record, ...], tuple[Record, ...]]:
    """What is written and what goes. stage: that the site had before it was built; None: nobody changed it."""
    own = {each.name for each in intent.devices if not each.elsewhere}
    links = {each.name for each in intent.links}
    prefixes = {each.prefix for each in _prefixes(intent)}
    site = inventory.site_by_slug[intent.slug]
    devices = [replace(each, status=DeviceStatus.PLANNED) for each in inventory.devices if each.name in own]
    back = [replace(site, stage=stage, stage_date=None)] if stage is not None else []
    gone: list[Record] = [
        *(each for each in inventory.links if each.name in links),
        *(each for each in inventory.prefixes if each.prefix in prefixes and each.site == intent.slug),
    ]
    return (*devices, *back), tuple(gone)
