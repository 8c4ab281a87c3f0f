"""What will be watched of a planned site, and what that costs on its link in a month of 30 days. Pure.

SNMP traffic is an estimate until the device's shape is known: `kentongan devices` shows what it came to.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from domain.intent import DeviceIntent, SiteIntent, Traffic, Watched
from domain.network import Check, Medium, PollClassName, Role
from domain.polling import PollClass
from domain.polling.classes import SECONDS_PER_MONTH

POLL_BYTES: Final[Mapping[Role, int]] = {Role.ROUTER: 6000, Role.SWITCH: 9000, Role.AP: 4000, Role.RADIO: 3500}
"""Requests and answers of one poll: a router with ten interfaces takes three exchanges of 40 variables."""
OTHER_POLL_BYTES: Final = 2500
BEAT_BYTES: Final = 8000
"""One push: a TLS handshake with a certificate chain, the post, two pings of five packets and a question to DNS."""
METERED: Final = (Medium.LTE, Medium.VSAT, Medium.LEO)


def watched_of(devices: Iterable[DeviceIntent], classes: Mapping[PollClassName, PollClass]) -> tuple[Watched, ...]:
    """Devices of the site itself that are checked at all."""
    return tuple(
        Watched(device.name, device.address, device.check, device.poll_class, _megabytes(device, classes))
        for device in devices
        if not device.elsewhere and device.check is not Check.NONE
    )


def _megabytes(device: DeviceIntent, classes: Mapping[PollClassName, PollClass]) -> float:
    poll_class = classes[device.poll_class]
    total = poll_class.icmp_megabytes() if device.check.by_icmp else 0.0
    if device.check.by_snmp:
        total += poll_class.snmp_megabytes(POLL_BYTES.get(device.role, OTHER_POLL_BYTES))
    return round(total, 3)


def traffic_of(
    site: SiteIntent, watched: Iterable[Watched], beat_seconds: float | None, quota_gb: float | None = None
) -> Traffic:
    """beat_seconds: between two heartbeats; None: the site does not push."""
    beats = BEAT_BYTES * SECONDS_PER_MONTH / beat_seconds / 1e6 if beat_seconds else 0.0
    polling = sum(each.month_megabytes for each in watched)
    return Traffic(round(polling, 3), round(beats, 3), site.medium in METERED or quota_gb is not None, quota_gb)
