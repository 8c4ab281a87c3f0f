"""Suspended sites at the desk: what is dark there is nobody's fault, and no incident is made or kept of it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from alerts.desk.faults import Fault, Key, StateView
from domain.network import Inventory, Stage
from domain.time import Moment


def isolated_in(inventory: Inventory) -> frozenset[str]:
    """Devices at suspended sites, the services that run there, and the sites themselves, by name."""
    sites = {site.slug for site in inventory.sites if site.stage is Stage.SUSPENDED}
    if not sites:
        return frozenset()
    devices = {device.name for device in inventory.devices if device.site in sites}
    services = {
        each.code for each in inventory.services if each.host in devices or (not each.host and each.site in sites)
    }
    return frozenset(sites | devices | services)


@dataclass(frozen=True, slots=True)
class Unwatching:
    """Implements StateView: another one's, but that these names are gone from it."""

    view: StateView
    names: frozenset[str]

    def dark(self, name: str) -> bool:
        return name not in self.names and self.view.dark(name)

    def lit(self, name: str) -> bool:
        return name not in self.names and self.view.lit(name)

    def watched(self, name: str) -> bool:
        return name not in self.names and self.view.watched(name)

    def wavers(self, name: str) -> bool:
        return name not in self.names and self.view.wavers(name)

    def since(self, name: str) -> Moment:
        return self.view.since(name)


class Isolation:
    """Takes names out of faults; the same fault gives the same one each time."""

    def __init__(self, names: frozenset[str] = frozenset()) -> None:
        self.names = names
        self._made: dict[Key, tuple[Fault, Fault | None]] = {}

    def without(self, faults: Iterable[Fault]) -> list[Fault]:
        """Those that are about nobody else are left out."""
        if not self.names:
            return list(faults)
        before, self._made = self._made, {}
        kept = []
        for fault in faults:
            if self.names.isdisjoint(fault.members):
                kept.append(fault)
                continue
            known = before.get(fault.key)
            made = known[1] if known and known[0] is fault else self._reduced(fault)
            self._made[fault.key] = fault, made
            if made is not None:
                kept.append(made)
        return kept

    def _reduced(self, fault: Fault) -> Fault | None:
        members = fault.members - self.names
        if not members:
            return None
        return replace(fault, members=members, roots=fault.roots - self.names, unseen=fault.unseen - self.names)
