"""What checks may ask, which devices of a site they ask, and how each says what it found."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from domain.changes import Checked, Outcome, Ping, Probe
from domain.intent import DeviceIntent, SiteIntent
from domain.lan import LanReading, LinkChecks
from domain.network import Role
from domain.shell import Shell
from provisioning.verification.budget import OpticalPath
from provisioning.verification.speed_test import SpeedTest


@dataclass(frozen=True, slots=True)
class Ground:
    """What may be asked. shell: opens a conversation with a device of the site. defaults: tries a login that nobody
    may have left there; True: the device took it. links: device → the fibre it hangs on. urls: code of a service → its
    address. dns_name: a name that has to be found. link: asks the segments that this machine stands on itself; None:
    nobody may. throughput: how speed is measured; None: nobody may. communities: an address → the SNMP communities of
    the factory that it answers. stream: device and address → how its picture is, `ok` if it is well. heartbeat: device
    → seconds since the last one and between two. readings: what a router said of its LAN in this verification, so that
    it is logged in to once.
    """

    ping: Ping
    probe: Probe
    shell: Callable[[str], AbstractContextManager[Shell]]
    defaults: Callable[[str], bool]
    links: Mapping[str, OpticalPath] = field(default_factory=dict)
    urls: Mapping[str, str] = field(default_factory=dict)
    dns_name: str = ""
    link: LinkChecks | None = None
    throughput: SpeedTest | None = None
    communities: Callable[[str], tuple[str, ...]] | None = None
    stream: Callable[[str, str], str] | None = None
    heartbeat: Callable[[str], tuple[float, float] | None] | None = None
    readings: dict[str, LanReading] = field(default_factory=dict)


Check = Callable[[SiteIntent, Ground], Iterator[Checked]]


def own(intent: SiteIntent) -> Iterator[DeviceIntent]:
    return (device for device in intent.devices if not device.elsewhere)


def routers(intent: SiteIntent) -> Iterator[DeviceIntent]:
    return (device for device in own(intent) if device.role is Role.ROUTER and device.platform)


def concluded(name: str, device: DeviceIntent, why: str, evidence: dict[str, object]) -> Checked:
    return Checked(name, Outcome.FAILED if why else Outcome.PASSED, device.name, why, evidence)


def unchecked(name: str, why: str, device: DeviceIntent | None = None) -> Checked:
    return Checked(name, Outcome.UNCHECKED, device.name if device else "", why)
