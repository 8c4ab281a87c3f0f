"""Whose matter a reading is: the link its port belongs to, the ONU an OLT speaks of, or the device itself."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from alerts.degraded.measures import Measure
from domain.incidents import Cause, CauseKind
from domain.network import Device, DeviceStatus, Inventory, Link, Role, SiteKind
from domain.polling import Column
from domain.polling.onus import port_place

OF_LINKS: Final = frozenset({"dbm", "signal", Measure.SATURATION, Measure.ERRORS, Measure.DISCARDS})
"""Measures of a port that speak of what is plugged into it."""

_ONU_NAME: Final = re.compile(r"(\d+(?:/\d+)+)[:/](\d+)\b")


@dataclass(frozen=True, slots=True)
class Subject:
    """cause: what the fault is about. member: the device that is not well; evidence speaks of it."""

    cause: Cause
    member: str


@dataclass(frozen=True, slots=True)
class Subjects:
    """The inventory as the watchers need it: devices in use, kinds of site, links by their ends, ONUs by their OLT."""

    devices: Mapping[str, Device] = field(default_factory=dict)
    kinds: Mapping[str, SiteKind] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    ends: Mapping[tuple[str, str], Link] = field(default_factory=dict)
    linked: Mapping[str, frozenset[str]] = field(default_factory=dict)
    _onus: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    _gateways: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, inventory: Inventory) -> "Subjects":
        used = {each.name: each for each in inventory.devices if each.status is DeviceStatus.IN_USE}
        ends = {}
        linked: dict[str, set[str]] = {}
        for link in inventory.links:
            for device, interface in ((link.a_device, link.a_interface), (link.z_device, link.z_interface)):
                if device in used and interface:
                    ends[device, interface] = link
                    linked.setdefault(device, set()).add(interface)
        return cls(
            devices=used,
            kinds={site.slug: site.kind for site in inventory.sites},
            links={link.name: link for link in inventory.links},
            ends=ends,
            linked={name: frozenset(interfaces) for name, interfaces in linked.items()},
            _onus={
                (each.olt, port_place(each.olt_port), each.onu_id): each.name
                for each in used.values()
                if each.olt and each.onu_id
            },
            _gateways=_gateways(used.values()),
        )

    def kind(self, device: Device) -> SiteKind | None:
        return self.kinds.get(device.site)

    def about(self, device: str, measure: str, column: Column) -> Subject:
        """Of a reading or rate of one column of a device."""
        if measure in OF_LINKS:
            link = self.ends.get((device, column.interface))
            if link is not None:
                return Subject(Cause(CauseKind.LINK, link.name), device)
        if measure == "dbm":
            onu = self._onu(device, column.instance)
            if onu is not None:
                return Subject(Cause(CauseKind.DEVICE, onu), onu)
        return Subject(Cause(CauseKind.DEVICE, device), device)

    def gateway(self, site: str) -> str:
        """The device that a site's own word is about: its router, or whatever else stands there; the site itself."""
        return self._gateways.get(site, site)

    def _onu(self, olt: str, sensor: str) -> str | None:
        found = _ONU_NAME.search(sensor)
        return self._onus.get((olt, found.group(1), found.group(2))) if found else None


def _gateways(devices: Iterable[Device]) -> dict[str, str]:
    order = (Role.ROUTER, Role.FIREWALL, Role.MODEM)
    best: dict[str, tuple[int, str]] = {}
    for each in devices:
        rank = order.index(each.role) if each.role in order else len(order)
        best[each.site] = min(best.get(each.site, (len(order) + 1, "")), (rank, each.name))
    return {site: name for site, (_rank, name) in best.items()}
