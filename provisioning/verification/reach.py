"""Checks by echoes from here: whether the devices answer, and how large a packet comes through whole."""

from collections.abc import Iterator
from typing import Final

from domain.changes import Checked
from domain.intent import DeviceIntent, SiteIntent
from domain.language import _
from domain.network import Role
from provisioning.verification.ground import Ground, concluded, own, unchecked

ECHOES: Final = 10
MOST_LOSS: Final = 0.1
MTU: Final = 1500
WIREGUARD_MTU: Final = 1420
L2TP_MTU: Final = 1400  # with IPsec; what the tunnel templates set
SMALLEST_MTU: Final = 576  # RFC 791: every host takes that much
FINE: Final = 8  # octets: the search ends when it knows this well
SIZED_ECHOES: Final = 2


def reachable(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    """Every device that is pinged answers, and at most one echo in ten is lost."""
    for device in own(intent):
        if not device.address or not device.check.by_icmp:
            continue
        answer = ground.ping(device.address, ECHOES)
        if answer is None:
            yield unchecked("reachable", _("nobody can be pinged from here"), device)
            continue
        loss = 1 - answer.received / answer.sent
        evidence: dict[str, object] = {
            "address": device.address,
            "sent": answer.sent,
            "received": answer.received,
            "rttSeconds": answer.rtt_seconds,
        }
        why = "" if loss <= MOST_LOSS else _("{loss:.0%} of the echoes are lost").format(loss=loss)
        yield concluded("reachable", device, why, evidence)


def tunnel(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    """Both ends of the tunnel answer."""
    subnet = next((each for each in intent.subnets if each.key == "tunnel"), None)
    for key, address in (subnet.hosts if subnet else {}).items():
        device = next((each for each in own(intent) if each.key == key), None)
        if device is None:
            continue
        answer = ground.ping(str(address), 5)
        if answer is None:
            yield unchecked("tunnel", _("nobody can be pinged from here"), device)
            continue
        why = "" if answer.received else _("its end in the tunnel does not answer")
        yield concluded("tunnel", device, why, {"address": str(address), "received": answer.received})


def path_mtu(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    """A packet of the full size comes through without being cut: 1500 octets, in a tunnel 1420 (L2TP: 1400)."""
    for device in own(intent):
        if device.role is Role.ROUTER and device.address:
            yield _fits(device, ground, _wanted(intent, device))


def _wanted(intent: SiteIntent, device: DeviceIntent) -> int:
    if not any(subnet.key == "tunnel" for subnet in intent.subnets):
        return MTU
    return L2TP_MTU if device.variables.get("tunnel_kind") == "l2tp" else WIREGUARD_MTU


def _fits(device: DeviceIntent, ground: Ground, wanted: int) -> Checked:
    """The full size first; only if it is lost is the largest sought that is not, by halves."""

    def comes(octets: int) -> bool | None:
        answer = ground.ping(device.address, SIZED_ECHOES, octets)
        return None if answer is None else answer.received > 0

    whole = comes(wanted)
    if whole is None:
        return unchecked("path-mtu", _("packets of a chosen size cannot be sent from here"), device)
    if whole:
        return concluded("path-mtu", device, "", {"octets": wanted, "mtu": wanted})
    if not comes(SMALLEST_MTU):
        return unchecked("path-mtu", _("it does not answer at all"), device)
    passes, lost = SMALLEST_MTU, wanted
    while lost - passes > FINE:
        middle = (passes + lost) // 2
        passes, lost = (middle, lost) if comes(middle) else (passes, middle)
    why = _("packets of {octets} octets do not come through, those of {mtu} do").format(octets=wanted, mtu=passes)
    return concluded("path-mtu", device, why, {"octets": wanted, "mtu": passes})
