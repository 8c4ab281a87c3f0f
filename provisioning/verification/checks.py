"""The checks by the names that profiles use. Each says what it found, or why it was not asked."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final

from domain.changes import Checked, Outcome, Ping, Probe
from domain.intent import DeviceIntent, Platform, SecretHole, SiteIntent
from domain.language import _
from domain.network import Role
from domain.polling import Discovery
from domain.polling.facts import SensorClass
from domain.shell import Command, Shell, ShellError
from provisioning.verification.budget import OpticalPath, expected

ECHOES: Final = 10
MOST_LOSS: Final = 0.1
MTU: Final = 1500
TUNNEL_MTU: Final = 1420
SIGNAL_DBM: Final = -78.0


@dataclass(frozen=True, slots=True)
class Ground:
    """What may be asked. shell: opens a conversation with a device of the site. defaults: tries a login that nobody
    may have left there; True: the device took it. links: device → the fibre it hangs on. urls: code of a service → its
    address. dns_name: a name that has to be found.
    """

    ping: Ping
    probe: Probe
    shell: Callable[[str], AbstractContextManager[Shell]]
    defaults: Callable[[str], bool]
    links: Mapping[str, OpticalPath] = field(default_factory=dict)
    urls: Mapping[str, str] = field(default_factory=dict)
    dns_name: str = ""


Check = Callable[[SiteIntent, Ground], Iterator[Checked]]


def verify(intent: SiteIntent, ground: Ground) -> tuple[Checked, ...]:
    """In the order of the profile. A check that nobody has written is not checked, and says so."""
    found: list[Checked] = []
    for name in intent.checks:
        check = CHECKS.get(name)
        if check is None:
            found.append(_unchecked(name, _("nobody has written this check yet")))
            continue
        results = list(check(intent, ground))
        found += results or [_unchecked(name, _("the site has nothing that it could be asked of"))]
    return tuple(found)


def reachable(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    for device in _own(intent):
        if not device.address or not device.check.by_icmp:
            continue
        answer = ground.ping(device.address, ECHOES)
        if answer is None:
            yield _unchecked("reachable", _("nobody can be pinged from here"), device)
            continue
        loss = 1 - answer.received / answer.sent
        evidence: dict[str, object] = {
            "address": device.address,
            "sent": answer.sent,
            "received": answer.received,
            "rttSeconds": answer.rtt_seconds,
        }
        why = "" if loss <= MOST_LOSS else _("{loss:.0%} of the echoes are lost").format(loss=loss)
        yield _found("reachable", device, why, evidence)


def snmp(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    for device in _own(intent):
        if not device.address or not device.check.by_snmp:
            continue
        found = _probed(device, ground)
        if found is None:
            yield _found("snmp", device, _("it does not answer SNMP"), {"address": device.address})
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
        yield _found("snmp", device, why, evidence)


def neighbour(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    for device in _own(intent):
        if device.role is not Role.ROUTER or not device.check.by_snmp:
            continue
        wanted = {
            other
            for link in intent.links
            for other in ((link.z_device,) if link.a_device == device.name else (link.a_device,))
            if device.name in (link.a_device, link.z_device) and other
        }
        found = _probed(device, ground)
        if found is None or not found.neighbours:
            yield _unchecked("neighbour", _("it tells of no neighbours"), device)
            continue
        seen = {one.sys_name.partition(".")[0]: one.local_interface for one in found.neighbours if one.sys_name}
        # An ONU or a media converter between them speaks no LLDP, so that those behind are seen too.
        known = {each.name.partition(".")[0] for each in intent.devices}
        good = (wanted | known) & set(seen)
        why = "" if good else _("none of {wanted} is next to it").format(wanted=", ".join(sorted(wanted)))
        yield _found("neighbour", device, why, {"seen": seen, "wanted": sorted(wanted)})


def optical_level(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    for device in _own(intent):
        path = ground.links.get(device.name)
        if device.role is not Role.ROUTER:
            continue
        if path is None or path.length_km is None:
            yield _unchecked("optical-level", _("the length of its fibre is not known (links.csv, length_km)"), device)
            continue
        found = _probed(device, ground)
        levels = [
            each.value
            for each in (found.sensors if found else ())
            if each.class_ is SensorClass.DBM and each.value is not None and "rx" in each.name.lower()
        ]
        if not levels:
            yield _unchecked("optical-level", _("it tells no level of received light"), device)
            continue
        yield _level("optical-level", device, max(levels), path)


def onu_level(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    olt = next((each for each in intent.devices if each.role is Role.OLT), None)
    for device in _own(intent):
        if device.role is not Role.ONU:
            continue
        serial = device.serial or str((olt.variables if olt else {}).get("onu_serial", ""))
        found = _probed(olt, ground) if olt else None
        onu = next((each for each in (found.onus if found else ()) if serial and each.serial == serial), None)
        if onu is None or onu.rx_dbm is None:
            yield _unchecked("onu-level", _("the OLT tells no level of this ONU"), device)
            continue
        path = ground.links.get(device.name, OpticalPath())
        yield _level("onu-level", device, onu.rx_dbm, path)


def signal(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    for device in _own(intent):
        if device.role is not Role.RADIO:
            continue
        found = _probed(device, ground)
        levels = [
            each.value
            for each in (found.sensors if found else ())
            if each.class_ is SensorClass.SIGNAL and each.value is not None
        ]
        if not levels:
            yield _unchecked("signal", _("it tells no signal"), device)
            continue
        weak = _("weaker than {limit:.0f} dBm").format(limit=SIGNAL_DBM) if min(levels) < SIGNAL_DBM else ""
        yield _found("signal", device, weak, {"dbm": min(levels)})


def path_mtu(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    octets = TUNNEL_MTU if any(subnet.key == "tunnel" for subnet in intent.subnets) else MTU
    for device in _own(intent):
        if device.role is not Role.ROUTER or not device.address:
            continue
        answer = ground.ping(device.address, 3, octets)
        if answer is None:
            yield _unchecked("path-mtu", _("packets of a chosen size cannot be sent from here"), device)
            continue
        why = "" if answer.received else _("packets of {octets} octets do not come through").format(octets=octets)
        yield _found("path-mtu", device, why, {"octets": octets, "received": answer.received})


def tunnel(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    subnet = next((each for each in intent.subnets if each.key == "tunnel"), None)
    for key, address in (subnet.hosts if subnet else {}).items():
        device = next((each for each in _own(intent) if each.key == key), None)
        if device is None:
            continue
        answer = ground.ping(str(address), 5)
        if answer is None:
            yield _unchecked("tunnel", _("nobody can be pinged from here"), device)
            continue
        why = "" if answer.received else _("its end in the tunnel does not answer")
        yield _found("tunnel", device, why, {"address": str(address), "received": answer.received})


def dns(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    for device in _routers(intent):
        line = {
            Platform.ROUTEROS: f":put [:resolve {ground.dns_name}]",
            Platform.FRR: f"getent ahosts {ground.dns_name}",
            Platform.OPENWRT: f"nslookup {ground.dns_name}",
        }.get(device.platform or Platform.VRP)
        if not ground.dns_name or line is None:
            yield _unchecked("dns", _("no name to look up, or no command for it on this platform"), device)
            continue
        yield _asked("dns", device, ground, line, r"\d+\.\d+\.\d+\.\d+|[0-9a-f]+::?[0-9a-f]", {"name": ground.dns_name})


def services(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    for device in _routers(intent):
        for code in intent.services:
            url = ground.urls.get(code, "")
            line = {
                Platform.ROUTEROS: f'/tool fetch url="{url}" output=none',
                Platform.FRR: f"curl -fsS -m 15 -o /dev/null '{url}' && echo reached",
                Platform.OPENWRT: f"uclient-fetch -q -T 15 -O /dev/null '{url}' && echo reached",
            }.get(device.platform or Platform.VRP)
            if not _is_plain(url) or line is None:
                why = _("{service} has no address, or the platform no command for it").format(service=code)
                yield _unchecked("services", why, device)
                continue
            yield _asked("services", device, ground, line, r"reached|finished", {"service": code, "url": url})


def no_default_credentials(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    for device in _own(intent):
        if device.platform is None or not device.address:
            continue
        try:
            taken = ground.defaults(device.name)
        except ShellError as error:
            yield _unchecked("no-default-credentials", str(error), device)
            continue
        why = _("it takes the login it came with from the factory") if taken else ""
        yield _found("no-default-credentials", device, why, {})


CHECKS: Final[Mapping[str, Check]] = {
    "reachable": reachable,
    "snmp": snmp,
    "neighbour": neighbour,
    "optical-level": optical_level,
    "onu-level": onu_level,
    "signal": signal,
    "path-mtu": path_mtu,
    "tunnel": tunnel,
    "dns": dns,
    "services": services,
    "no-default-credentials": no_default_credentials,
}


def _own(intent: SiteIntent) -> Iterator[DeviceIntent]:
    return (device for device in intent.devices if not device.elsewhere)


def _routers(intent: SiteIntent) -> Iterator[DeviceIntent]:
    return (device for device in _own(intent) if device.role is Role.ROUTER and device.platform)


def _probed(device: DeviceIntent, ground: Ground) -> Discovery | None:
    hole = device.variables.get("snmp_auth")
    if not isinstance(hole, SecretHole) or not device.address:
        return None
    return ground.probe(device.address, hole.credential)


def _asked(
    name: str, device: DeviceIntent, ground: Ground, line: str, good: str, evidence: dict[str, object]
) -> Checked:
    try:
        with ground.shell(device.name) as shell:
            said = shell.run(Command(line, 40)).text
    except ShellError as error:
        return _unchecked(name, str(error), device)
    last = " ".join(said.split())[-200:]
    why = "" if re.search(good, said) else _("the router says: {said}").format(said=last or "-")
    return _found(name, device, why, {**evidence, "answer": last})


def _level(name: str, device: DeviceIntent, dbm: float, path: OpticalPath) -> Checked:
    low, high = expected(path)
    evidence: dict[str, object] = {"dbm": dbm, "lowest": low, "highest": high}
    why = (
        ""
        if low <= dbm <= high
        else _("{dbm:.1f} dBm is not between {low:.1f} and {high:.1f}").format(dbm=dbm, low=low, high=high)
    )
    return _found(name, device, why, evidence)


def _is_plain(url: str) -> bool:
    return url.startswith(("http://", "https://")) and not set(url) & set("'\"\\$`; \n\r[]{}")


def _found(name: str, device: DeviceIntent, why: str, evidence: dict[str, object]) -> Checked:
    return Checked(name, Outcome.FAILED if why else Outcome.PASSED, device.name, why, evidence)


def _unchecked(name: str, why: str, device: DeviceIntent | None = None) -> Checked:
    return Checked(name, Outcome.UNCHECKED, device.name if device else "", why)
