"""A device of a platform by its name, set up as people want it to practise on."""

from lab.cli.clock import LabClock
from lab.cli.device import SimulatedDevice
from lab.cli.lines.plant import Onu
from lab.cli.platforms import Platform

_VERSIONS = {
    Platform.ROUTEROS6: "6.49.10",
    Platform.ROUTEROS7: "7.16",
    Platform.IOS: "15.7(3)M3",
    Platform.VRP: "V200R019C10SPC500",
}


def build(platform: Platform, *, version: str = "", seed: str = "", clock: LabClock | None = None) -> SimulatedDevice:
    """With management address 192.168.88.1/24 and, on an OLT, two ONUs that wait to be registered."""
    version = version or _VERSIONS.get(platform, "")
    match platform:
        case Platform.ROUTEROS6 | Platform.ROUTEROS7:
            return SimulatedDevice.routeros(version, seed=seed, clock=clock)
        case Platform.IOS:
            return SimulatedDevice.ios(version, seed=seed, clock=clock)
        case Platform.VRP:
            return SimulatedDevice.vrp(version, seed=seed, clock=clock)
        case Platform.ZTE_OLT:
            waiting = (Onu("1/1/1", "ZTEGC0FFEE01"), Onu("1/1/2", "ZTEGC0FFEE02"))
            return SimulatedDevice.zte_olt(onus=waiting, seed=seed, clock=clock)
        case Platform.HUAWEI_OLT:
            waiting = (Onu("0/1/0", "HWTC0FFEE01A", "HG8245H"), Onu("0/1/1", "HWTC0FFEE02A", "HG8245H"))
            return SimulatedDevice.huawei_olt(onus=waiting, seed=seed, clock=clock)
