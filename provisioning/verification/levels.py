"""Checks of what arrives over glass and air: the level of light against its budget, the signal of a radio."""

from collections.abc import Iterator
from typing import Final

from domain.changes import Checked
from domain.intent import DeviceIntent, SiteIntent
from domain.language import _
from domain.network import Role
from domain.polling.facts import SensorClass
from provisioning.verification.budget import OpticalPath, expected
from provisioning.verification.ground import Ground, concluded, own, unchecked
from provisioning.verification.identity import probed

SIGNAL_DBM: Final = -78.0


def optical_level(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    """The router receives the light that its fibre's length and splitters leave, and no more."""
    for device in own(intent):
        path = ground.links.get(device.name)
        if device.role is not Role.ROUTER:
            continue
        if path is None or path.length_km is None:
            yield unchecked("optical-level", _("the length of its fibre is not known (links.csv, length_km)"), device)
            continue
        found = probed(device, ground)
        levels = [
            each.value
            for each in (found.sensors if found else ())
            if each.class_ is SensorClass.DBM and each.value is not None and "rx" in each.name.lower()
        ]
        if not levels:
            yield unchecked("optical-level", _("it tells no level of received light"), device)
            continue
        yield _level("optical-level", device, max(levels), path)


def onu_level(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    """The ONU receives the light that its fibre's length and splitters leave, as its OLT tells."""
    olt = next((each for each in intent.devices if each.role is Role.OLT), None)
    for device in own(intent):
        if device.role is not Role.ONU:
            continue
        serial = device.serial or str((olt.variables if olt else {}).get("onu_serial", ""))
        found = probed(olt, ground) if olt else None
        onu = next((each for each in (found.onus if found else ()) if serial and each.serial == serial), None)
        if onu is None or onu.rx_dbm is None:
            yield unchecked("onu-level", _("the OLT tells no level of this ONU"), device)
            continue
        path = ground.links.get(device.name, OpticalPath())
        yield _level("onu-level", device, onu.rx_dbm, path)


def signal(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    """Radios hear each other at -78 dBm or better."""
    for device in own(intent):
        if device.role is not Role.RADIO:
            continue
        found = probed(device, ground)
        levels = [
            each.value
            for each in (found.sensors if found else ())
            if each.class_ is SensorClass.SIGNAL and each.value is not None
        ]
        if not levels:
            yield unchecked("signal", _("it tells no signal"), device)
            continue
        weak = _("weaker than {limit:.0f} dBm").format(limit=SIGNAL_DBM) if min(levels) < SIGNAL_DBM else ""
        yield concluded("signal", device, weak, {"dbm": min(levels)})


def _level(name: str, device: DeviceIntent, dbm: float, path: OpticalPath) -> Checked:
    low, high = expected(path)
    evidence: dict[str, object] = {"dbm": dbm, "lowest": low, "highest": high}
    why = (
        ""
        if low <= dbm <= high
        else _("{dbm:.1f} dBm is not between {low:.1f} and {high:.1f}").format(dbm=dbm, low=low, high=high)
    )
    return concluded(name, device, why, evidence)
