"""What the inventory says of each thing that is checked: whose fault it would be, where it runs, whom it may wake."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from domain.incidents import Cause, CauseKind, Urgency
from domain.network import Device, Inventory, Role, Service

HIGHEST: Final = 1
EYES: Final = frozenset({Role.CAMERA, Role.NVR})


@dataclass(frozen=True, slots=True)
class ServiceSubject:
    """host: the device it runs on (a camera is its own), "" where nobody said. site: where, if the host is not known.

    urgency: of a failure; what merely warns is told by day.
    """

    code: str
    cause: Cause
    host: str = ""
    site: str = ""
    urgency: Urgency = Urgency.DAY


@dataclass(frozen=True, slots=True)
class ServiceSubjects:
    """By the code of a check. Made once per inventory."""

    by_code: Mapping[str, ServiceSubject] = field(default_factory=dict)
    devices: Mapping[str, Device] = field(default_factory=dict)  # in use
    at_site: Mapping[str, tuple[Device, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, inventory: Inventory) -> "ServiceSubjects":
        used = inventory.used_by_name
        critical = {site.slug for site in inventory.sites if site.criticality == HIGHEST}
        subjects = {name: _camera(each) for name, each in used.items() if each.role in EYES}
        subjects |= {each.code: _service(each, used, critical) for each in inventory.services}
        return cls(subjects, used, inventory.used_at_site)

    def get(self, code: str) -> ServiceSubject | None:
        return self.by_code.get(code)


def _camera(device: Device) -> ServiceSubject:
    return ServiceSubject(device.name, Cause(CauseKind.DEVICE, device.name), device.name, device.site)


def _service(service: Service, devices: Mapping[str, Device], critical: Iterable[str]) -> ServiceSubject:
    host = devices.get(service.host)
    site = host.site if host else service.site
    pages = service.public and site in critical
    return ServiceSubject(
        service.code,
        Cause(CauseKind.SERVICE, service.code),
        host.name if host else "",
        site,
        Urgency.PAGE if pages else Urgency.DAY,
    )
