"""The checks by the names that profiles use. Each says what it found, or why it was not asked."""

from collections.abc import Mapping
from typing import Final

from domain.changes import Checked
from domain.intent import SiteIntent
from domain.language import _
from provisioning.verification import lan
from provisioning.verification.ground import Check, Ground, unchecked
from provisioning.verification.identity import neighbour, no_default_credentials, snmp
from provisioning.verification.levels import onu_level, optical_level, signal
from provisioning.verification.reach import path_mtu, reachable, tunnel
from provisioning.verification.signs import heartbeat, stream
from provisioning.verification.throughput import throughput
from provisioning.verification.village import dns, services


def verify(intent: SiteIntent, ground: Ground) -> tuple[Checked, ...]:
    """In the order of the profile. A check that nobody has written is not checked, and says so."""
    found: list[Checked] = []
    for name in intent.checks:
        check = CHECKS.get(name)
        if check is None:
            found.append(unchecked(name, _("nobody has written this check yet")))
            continue
        results = list(check(intent, ground))
        found += results or [unchecked(name, _("the site has nothing that it could be asked of"))]
    return tuple(found)


CHECKS: Final[Mapping[str, Check]] = {
    "reachable": reachable,
    "snmp": snmp,
    "neighbour": neighbour,
    "optical-level": optical_level,
    "onu-level": onu_level,
    "signal": signal,
    "throughput": throughput,
    "path-mtu": path_mtu,
    "tunnel": tunnel,
    "dns": dns,
    "services": services,
    "heartbeat": heartbeat,
    "stream": stream,
    "no-default-credentials": no_default_credentials,
    "lan-dhcp-rogue": lan.strangers,
    "lan-addresses": lan.doubles,
    "lan-dhcp-pool": lan.pools,
    "lan-neighbours": lan.neighbours,
}
