"""Everything there is in one kabupaten, as one frozen whole, and the port that keeps it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from domain.evaluation.indicators import PlanIndicator
from domain.network.administration import Contract, Person, Prefix, Service, Target
from domain.network.devices import Device, DeviceStatus
from domain.network.links import Link, Segment
from domain.network.regions import Region, RegionCode
from domain.network.sites import Site, Village
from domain.network.stages import StageEntry

_OfTheNetwork = Village | Site | Device | Link | Segment | StageEntry | Service | Prefix
Record = _OfTheNetwork | Contract | Person | Target | PlanIndicator


@dataclass(frozen=True)
class Inventory:
    """All records, each tuple sorted by its key. Field names are the names of the import files without `.csv`.

    What many look things up by is made once, when it is first asked for, and shared: a country has 80,000 of each.
    """

    villages: tuple[Village, ...] = ()
    sites: tuple[Site, ...] = ()
    devices: tuple[Device, ...] = ()
    links: tuple[Link, ...] = ()
    segments: tuple[Segment, ...] = ()
    contracts: tuple[Contract, ...] = ()
    services: tuple[Service, ...] = ()
    prefixes: tuple[Prefix, ...] = ()
    people: tuple[Person, ...] = ()
    targets: tuple[Target, ...] = ()
    stages: tuple[StageEntry, ...] = ()
    indicators: tuple[PlanIndicator, ...] = ()

    @cached_property
    def site_by_slug(self) -> Mapping[str, Site]:
        return {site.slug: site for site in self.sites}

    @cached_property
    def used_by_name(self) -> Mapping[str, Device]:
        """Devices in use."""
        return {device.name: device for device in self.devices if device.status is DeviceStatus.IN_USE}

    @cached_property
    def used_at_site(self) -> Mapping[str, tuple[Device, ...]]:
        """Devices in use, by the slug of their site."""
        found: dict[str, list[Device]] = {}
        for device in self.used_by_name.values():
            found.setdefault(device.site, []).append(device)
        return {slug: tuple(devices) for slug, devices in found.items()}


class InventoryStore(Protocol):
    """Where the inventory is kept. Each write is one transaction and raises `revision()` by one."""

    def revision(self) -> int: ...

    def read(self) -> Inventory: ...

    def write(self, records: Iterable[Record]) -> None:
        """Insert each record or replace the one of the same key; nothing else changes."""
        ...

    def remove(self, records: Iterable[Record]) -> None: ...


class RegionStore(Protocol):
    """Every region of the country, and which kabupaten this installation serves."""

    def home(self) -> RegionCode | None: ...

    def get(self, code: str) -> Region | None: ...

    def within(self, area: str) -> tuple[Region, ...]:
        """The area itself and all that lies in it, sorted by code."""
        ...
