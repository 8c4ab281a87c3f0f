"""An inventory while it is being made: hands out addresses and ports, keeps what was added, freezes at the end."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any

from domain.evaluation.indicators import PlanIndicator
from domain.network import (
    Check,
    Contract,
    Device,
    Inventory,
    Link,
    LinkPurpose,
    Medium,
    Person,
    Prefix,
    Region,
    RegionCode,
    Role,
    Segment,
    SegmentKind,
    Service,
    Site,
    SiteKind,
    StageEntry,
    Target,
    Village,
    key_of,
)
from lab.hardware import MODELS, Family, Model, PortKind
from lab.kabupaten.geography import Point, kilometres, near
from lab.kabupaten.ports import DEFAULT_WEB_PORT

SIMULATED = "koordinat simulasi"


@dataclass(frozen=True, slots=True)
class Area:
    """A kecamatan: `index` orders addresses, `villages` are its desa and kelurahan by code."""

    region: Region
    slug: str
    index: int
    centre: Point | None
    villages: tuple[Region, ...]

    @property
    def name(self) -> str:
        return self.region.name


@dataclass(slots=True)
class Draft:
    """Collects records. Every address is 127.(10 + kecamatan).(site).(device): unique, readable, outside 127.0/16."""

    code: RegionCode
    kabupaten: str
    rng: random.Random
    snmp_port: int
    check: Check
    credential: str
    web_port: int = DEFAULT_WEB_PORT
    camera_check: Check | None = None
    villages: list[Village] = field(default_factory=list)
    sites: dict[str, Site] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    segments: dict[str, Segment] = field(default_factory=dict)
    contracts: list[Contract] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    prefixes: list[Prefix] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    indicators: tuple[PlanIndicator, ...] = ()
    stages: list[StageEntry] = field(default_factory=list)
    _taken: set[tuple[str, str]] = field(default_factory=set)
    _sites_in: Counter[int] = field(default_factory=Counter)
    _block: dict[str, str] = field(default_factory=dict)
    _area: dict[str, Area] = field(default_factory=dict)
    _devices_at: Counter[str] = field(default_factory=Counter)

    def add_site(self, slug: str, name: str, kind: SiteKind, area: Area, **more: Any) -> Site:
        """A site somewhere in the kecamatan; its address and access note say that the coordinates are invented."""
        point = near(self.code, area.centre, self.rng)
        address = more.pop("address", f"{name}, Kec. {area.name}")
        note = more.pop("access_note", "")
        site = Site(
            slug,
            name,
            kind,
            region_code=more.pop("region_code", area.region.code),
            address=f"{address} ({SIMULATED})" if point else address,
            access_note=f"{note}; {SIMULATED}" if note and point else note or (SIMULATED if point else ""),
            latitude=point[0] if point else None,
            longitude=point[1] if point else None,
            **more,
        )
        self.sites[slug] = site
        self._sites_in[area.index] += 1
        self._block[slug] = f"127.{10 + area.index}.{self._sites_in[area.index]}"
        self._area[slug] = area
        return site

    def add_device(
        self, name: str, site: str, model: Model, role: Role, uplink: tuple[str, ...] = (), **more: Any
    ) -> Device:
        """A device with the next address of its site. What has no agent is asked by ICMP alone, or by nothing."""
        self._devices_at[site] += 1
        check = self.check if model.family is not Family.SILENT else Check.ICMP if self.check.by_icmp else Check.NONE
        bought = self.rng.randint(2017, 2024)
        device = Device(
            name,
            site,
            role,
            model=model.name,
            serial=_serial(role, self.rng.getrandbits(36)),
            mac="02:" + ":".join(f"{self.rng.getrandbits(8):02X}" for _ in range(5)),
            address=more.pop("address", f"{self._block[site]}.{self._devices_at[site]}"),
            zone=self._area[site].slug,
            check=more.pop("check", check),
            snmp_port=self.snmp_port,
            credential="" if model.family is Family.SILENT else self.credential,
            uplink=uplink,
            owner=more.pop("owner", "Diskominfo"),
            purchase_year=bought,
            asset_no=f"1.3.2.10.{len(self.devices) + 1:05d}",
            **more,
        )
        self.devices[name] = device
        return device

    def reroute(self, device: str, uplink: tuple[str, ...]) -> None:
        """Name the uplinks of a device that was added before them."""
        self.devices[device] = replace(self.devices[device], uplink=uplink)

    def free_port(self, device: str, *kinds: PortKind) -> str | None:
        """The first port of these kinds that nobody uses yet, taken; None when all are in use."""
        for port in MODELS[self.devices[device].model].ports:
            if port.kind in kinds and (device, port.name) not in self._taken:
                self._taken.add((device, port.name))
                return port.name
        return None

    def take_port(self, device: str, *kinds: PortKind) -> str:
        """As `free_port`, for places where the plan leaves room; raises ValueError when it does not."""
        port = self.free_port(device, *kinds)
        if port is None:
            raise ValueError(f"{device} has no free port of {', '.join(kinds)}: give it a bigger model")
        return port

    def add_link(self, name: str, a: tuple[str, str], z: tuple[str, str], medium: Medium, **more: Any) -> Link:
        """A link between two (device, port) ends; z ("", "") is a provider's side."""
        if name in self.links:
            raise ValueError(f"two links are named {name}")
        self._taken |= {a, z}
        length = more.pop("length_km", self._length(a[0], z[0], medium))
        link = Link(
            name,
            a_device=a[0],
            a_interface=a[1],
            z_device=z[0],
            z_interface=z[1],
            medium=medium,
            purpose=more.pop("purpose", LinkPurpose.SERVICE),
            owner=more.pop("owner", "Diskominfo"),
            length_km=length,
            **more,
        )
        self.links[name] = link
        return link

    def patch(self, name: str, a: tuple[str, str], z: tuple[str, str], capacity_mbps: float = 1000.0) -> Link:
        """A copper patch inside one site."""
        return self.add_link(name, a, z, Medium.COPPER, capacity_mbps=capacity_mbps)

    def add_cable(self, name: str, from_: str, to: str, length_km: float | None = None) -> str:
        """A fibre cable as a shared-risk segment; returns its name."""
        self.segments.setdefault(name, Segment(name, SegmentKind.CABLE, "Diskominfo", from_, to, length_km))
        return name

    def add_segment(self, name: str, kind: SegmentKind, owner: str, from_: str, to: str) -> str:
        self.segments.setdefault(name, Segment(name, kind, owner, from_, to))
        return name

    def area_of(self, site: str) -> Area:
        return self._area[site]

    def freeze(self) -> Inventory:
        """All records, each tuple sorted by its key."""
        return Inventory(
            villages=_sorted(self.villages, "region_code", "year"),
            sites=_sorted(self.sites.values(), "slug"),
            devices=_sorted(self.devices.values(), "name"),
            links=_sorted(self.links.values(), "name"),
            segments=_sorted(self.segments.values(), "name"),
            contracts=_sorted(self.contracts, "id"),
            services=_sorted(self.services, "code"),
            prefixes=_sorted(self.prefixes, "prefix"),
            people=_sorted(self.people, "name"),
            targets=tuple(sorted(self.targets, key=key_of)),
            indicators=self.indicators,
            stages=tuple(sorted(self.stages, key=key_of)),
        )

    def _length(self, a: str, z: str, medium: Medium) -> float | None:
        if medium not in (Medium.FIBRE, Medium.RADIO) or not (a and z):
            return None
        ends = [self.sites[self.devices[name].site] for name in (a, z)]
        points = [(end.latitude, end.longitude) for end in ends]
        if any(latitude is None or longitude is None for latitude, longitude in points):
            return round(self.rng.uniform(0.8, 7.0), 1)
        (lat1, lon1), (lat2, lon2) = points
        assert lat1 is not None
        assert lon1 is not None
        assert lat2 is not None
        assert lon2 is not None
        bends = 1.3 if medium is Medium.FIBRE else 1.0
        return round(max(kilometres((lat1, lon1), (lat2, lon2)) * bends, 0.1), 1)


def _sorted(records: Iterable[Any], *keys: str) -> tuple[Any, ...]:
    return tuple(sorted(records, key=attrgetter(*keys)))


def _serial(role: Role, bits: int) -> str:
    """An ONU's is its maker and four octets (ITU-T G.984.3), as the OLT tells it."""
    return f"ZTEG{bits & 0xFFFFFFFF:08X}" if role is Role.ONU else f"SIM{bits:09X}"
