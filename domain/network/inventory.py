"""Everything there is in one kabupaten, as one frozen whole, and the port that keeps it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from domain.network.administration import Contract, Person, Prefix, Service, Target
from domain.network.devices import Device
from domain.network.links import Link, Segment
from domain.network.regions import Region, RegionCode
from domain.network.sites import Site, Village

Record = Village | Site | Device | Link | Segment | Contract | Service | Prefix | Person | Target


@dataclass(frozen=True, slots=True)
class Inventory:
    """All records, each tuple sorted by its key. Field names are the names of the import files without `.csv`."""

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
