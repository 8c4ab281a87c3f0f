"""Checks of the network behind a router: asked on the router, and by ourselves where we stand on that segment."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Final

from domain.changes import Checked
from domain.intent import DeviceIntent, SiteIntent, SubnetIntent
from domain.lan import DUPLICATES_TOLD, DhcpOffer, LanReading, LinkLimits, SegmentError, fullest, overlapping
from domain.language import _
from domain.shell import ShellError
from provisioning.lan import LAN_READERS, read_lan
from provisioning.verification.ground import Ground, concluded, routers, unchecked

FULL: Final = 0.9
OFFERS: Final = LinkLimits(6.0)
ANSWERS: Final = LinkLimits(4.0)


def strangers(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    """Nobody but the router hands out addresses."""
    name = "lan-dhcp-rogue"
    for device in _asked(intent):
        reading = _reading(device, ground)
        if reading.strangers is None:
            yield unchecked(name, _why(reading), device)
            continue
        told = [f"{each.mac} {each.address}".strip() + f" ({each.interface})" for each in reading.strangers]
        why = _("another DHCP server: {list}").format(list=", ".join(told)) if told else ""
        yield concluded(name, device, why, {"strangers": told, "notes": list(reading.notes)})
    for device, subnet, interface in _here(intent, ground):
        assert ground.link is not None
        try:
            offers = ground.link.dhcp_offers(interface, OFFERS)
        except SegmentError as error:
            yield unchecked(name, str(error), device)
            continue
        others = [_told(each) for each in offers if each.server != str(subnet.gateway)]
        why = _("another DHCP server: {list}").format(list=", ".join(others)) if others else ""
        yield concluded(name, device, why, {"interface": interface, "offers": [_told(each) for each in offers]})


def doubles(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    """No address is used by two hosts."""
    name = "lan-addresses"
    for device in _asked(intent):
        reading = _reading(device, ground)
        if reading.doubles is None:
            yield unchecked(name, _why(reading), device)
            continue
        yield _doubled(name, device, {str(each.address): list(each.macs) for each in reading.doubles})
    for device, subnet, interface in _here(intent, ground):
        assert ground.link is not None
        if not isinstance(subnet.prefix, IPv4Network):
            continue
        try:
            holders = ground.link.holders(interface, subnet.prefix, ANSWERS)
        except SegmentError as error:
            yield unchecked(name, str(error), device)
            continue
        yield _doubled(name, device, {str(each.address): list(each.macs) for each in overlapping(holders)})


def pools(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    """The router hands out addresses where it is to, and has some left."""
    name = "lan-dhcp-pool"
    wanted = [subnet.key for subnet in intent.subnets if subnet.dhcp_from is not None]
    for device in _asked(intent) if wanted else ():
        reading = _reading(device, ground)
        if reading.pools is None:
            yield unchecked(name, _why(reading), device)
            continue
        worst = fullest(reading.pools)
        evidence: dict[str, object] = {each.name: {"size": each.size, "used": each.used} for each in reading.pools}
        why = ""
        if worst is None:
            why = _("it hands out no addresses")
        elif worst.share >= FULL:
            why = _("{used} of {size} addresses of {pool} are given out").format(
                used=worst.used, size=worst.size, pool=worst.name
            )
        yield concluded(name, device, why, evidence)


def neighbours(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    """Every configured device that hangs on the router is seen from there, by its name."""
    name = "lan-neighbours"
    for device in _asked(intent):
        wanted = sorted(
            each.name
            for each in intent.devices
            if device.key in each.uplink and each.platform is not None and not each.elsewhere
        )
        if not wanted:
            continue
        reading = _reading(device, ground)
        if not reading.neighbours:
            yield unchecked(name, _("it tells of no neighbours"), device)
            continue
        seen = {each.name.partition(".")[0]: each.interface for each in reading.neighbours if each.name}
        missing = [each for each in wanted if each.partition(".")[0] not in seen]
        why = _("not seen from it: {list}").format(list=", ".join(missing)) if missing else ""
        yield concluded(name, device, why, {"seen": seen, "wanted": wanted})


def _asked(intent: SiteIntent) -> Iterator[DeviceIntent]:
    return (device for device in routers(intent) if device.platform in LAN_READERS)


def _reading(device: DeviceIntent, ground: Ground) -> LanReading:
    """All of it in one conversation, once in a verification; a router that does not answer is not asked again."""
    known = ground.readings.get(device.name)
    if known is None:
        try:
            with ground.shell(device.name) as shell:
                known = read_lan(str(device.platform), shell)
        except ShellError as error:
            known = LanReading(notes=(str(error),))
        ground.readings[device.name] = known
    return known


def _here(intent: SiteIntent, ground: Ground) -> Iterator[tuple[DeviceIntent, SubnetIntent, str]]:
    """The site's networks with DHCP that this machine stands on itself, and by which interface."""
    router = next(routers(intent), None)
    if ground.link is None or router is None:
        return
    standing = ground.link.networks()
    for subnet in intent.subnets:
        for interface, networks in standing.items():
            if subnet.dhcp_from is not None and subnet.prefix in networks:
                yield router, subnet, interface


def _doubled(name: str, device: DeviceIntent, found: dict[str, list[str]]) -> Checked:
    told = [f"{address} ({', '.join(macs)})" if macs else address for address, macs in found.items()]
    listed = ", ".join(told[:DUPLICATES_TOLD])
    why = _("used by two hosts: {list}").format(list=listed) if told else ""
    return concluded(name, device, why, {"addresses": found})


def _told(offer: DhcpOffer) -> str:
    return f"{offer.server} {offer.mac}"


def _why(reading: LanReading) -> str:
    return "; ".join(reading.notes) or _("the router does not tell")
