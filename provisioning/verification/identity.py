"""Checks of who stands there, by SNMP and login: the planned device, at its port, without its factory login."""

from collections.abc import Iterator, Mapping

from domain.changes import Checked
from domain.intent import DeviceIntent, LinkIntent, SecretHole, SiteIntent
from domain.language import _
from domain.network import Role
from domain.polling import Discovery
from domain.shell import ShellError
from provisioning.verification.ground import Ground, concluded, own, unchecked

UP = 1  # ifOperStatus, IF-MIB


def snmp(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    """Every polled device answers SNMPv3 (authPriv) with its own key, and has the serial that was planned."""
    for device in own(intent):
        if not device.address or not device.check.by_snmp:
            continue
        found = probed(device, ground)
        if found is None:
            yield concluded("snmp", device, _("it does not answer SNMP"), {"address": device.address})
            continue
        evidence: dict[str, object] = {
            "name": found.system.name,
            "model": found.model,
            "version": found.version,
            "serial": found.serial,
            "planned": device.serial,
        }
        why = ""
        if device.serial and found.serial and device.serial != found.serial:
            why = _("serial {found} instead of {planned}").format(found=found.serial, planned=device.serial)
        yield concluded("snmp", device, why, evidence)
        if device.serial and not found.serial:
            yield unchecked(
                "snmp", _("it tells no serial; {planned} was planned").format(planned=device.serial), device
            )


def neighbour(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    """The router's port towards its uplink is up, and who was planned there is seen at that port (LLDP, MNDP, CDP)."""
    for device in own(intent):
        if device.role is not Role.ROUTER or not device.check.by_snmp:
            continue
        found = probed(device, ground)
        if found is None:
            yield unchecked("neighbour", _("it does not answer SNMP"), device)
            continue
        port = _uplink_port(intent, device)
        state = next((each.oper_status for each in found.interfaces if port and each.name == port), None)
        seen = {_short(one.sys_name): one.local_interface for one in found.neighbours if one.sys_name}
        wanted = sorted(_wanted(intent, device))
        evidence: dict[str, object] = {"port": port, "portUp": None if state is None else state == UP}
        evidence |= {"seen": seen, "wanted": wanted}
        if state is not None and state != UP:
            yield concluded("neighbour", device, _("its port {port} is not up").format(port=port), evidence)
        elif not seen:
            yield unchecked("neighbour", _("it tells of no neighbours"), device)
        else:
            yield concluded("neighbour", device, _stranger(intent, device, wanted, seen), evidence)


def no_default_credentials(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    """No device takes the login or the SNMP community it came with from the factory; each is tried once."""
    for device in own(intent):
        if device.platform is None or not device.address:
            continue
        open_to = ground.communities(device.address) if ground.communities else ()
        evidence: dict[str, object] = {"communities": list(open_to)} if ground.communities else {}
        if open_to:
            why = _("it answers the SNMP community {list}").format(list=", ".join(open_to))
            yield concluded("no-default-credentials", device, why, evidence)
            continue
        try:
            taken = ground.defaults(device.name)
        except ShellError as error:
            yield unchecked("no-default-credentials", str(error), device)
            continue
        why = _("it takes the login it came with from the factory") if taken else ""
        yield concluded("no-default-credentials", device, why, evidence)


def probed(device: DeviceIntent, ground: Ground) -> Discovery | None:
    """Asked with the key that it was told; None if it does not answer or was told none."""
    hole = device.variables.get("snmp_auth")
    if not isinstance(hole, SecretHole) or not device.address:
        return None
    return ground.probe(device.address, hole.credential)


def _uplink_port(intent: SiteIntent, device: DeviceIntent) -> str:
    """As the link names it, else as its configuration does; '' where neither does."""
    port = _linked_port(intent, device) or device.variables.get("wan_interface")
    return port if isinstance(port, str) else ""


def _linked_port(intent: SiteIntent, device: DeviceIntent) -> str:
    for link in _links(intent, device):
        here = link.a_interface if link.a_device == device.name else link.z_interface
        there = link.z_device if link.a_device == device.name else link.a_device
        if here and there in device.uplink:
            return here
    return ""


def _wanted(intent: SiteIntent, device: DeviceIntent) -> set[str]:
    """Who stands at the other ends of its links."""
    ends = {end for link in _links(intent, device) for end in (link.a_device, link.z_device)}
    return ends - {"", device.name}


def _stranger(intent: SiteIntent, device: DeviceIntent, wanted: list[str], seen: Mapping[str, str]) -> str:
    """An ONU or a media converter between them speaks no LLDP, so that those behind are seen too."""
    known = {_short(each.name) for each in intent.devices} | {_short(each) for each in wanted}
    if not known & seen.keys():
        return _("none of {wanted} is next to it").format(wanted=", ".join(wanted))
    told, lan = _linked_port(intent, device), device.variables.get("lan_interfaces")
    for name in sorted({_short(each.name) for each in intent.devices if each.elsewhere} & seen.keys()):
        port = seen[name]  # a VLAN's name on the right port is as good; a port of the LAN is a swapped cable
        if (told and port and port != told) or (isinstance(lan, tuple) and port in lan):
            return _("{device} is next to its port {seen}, not {port}").format(
                device=name, seen=port, port=_uplink_port(intent, device)
            )
    return ""


def _links(intent: SiteIntent, device: DeviceIntent) -> Iterator[LinkIntent]:
    return (link for link in intent.links if device.name in (link.a_device, link.z_device))


def _short(name: str) -> str:
    return name.partition(".")[0]
