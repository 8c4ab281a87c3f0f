"""Desa and kelurahan: which are connected, since when, by fibre, GPON, radio or through a provider and a tunnel."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from domain.network import (
    Check,
    LinkPurpose,
    Medium,
    Meter,
    Operator,
    PollClassName,
    PowerSource,
    Region,
    RegionCode,
    Role,
    SegmentKind,
    SiteKind,
    VillageKind,
    village_kind,
)
from lab.hardware import (
    ACCESS_POINT,
    DESA_ROUTER,
    FIBRE_DESA_ROUTER,
    HUAWEI_OLT,
    HUAWEI_ONT,
    LTE_ROUTER,
    OLT,
    ONU,
    RADIO,
    SECTOR_RADIO,
    PortKind,
)
from lab.kabupaten.core import CONCENTRATOR, feeder, pop_router, pop_site, pop_switch
from lab.kabupaten.draft import Area, Draft
from lab.kabupaten.history import ALL, CONNECTED, PLANNED, Choice, Way, stages_of

_ONUS_PER_PON = 32
_SPURS_PER_POLE_LINE = 3
_BATTERY_SHARE, _POSTPAID_SHARE = 0.11, 0.15
_STATIONS_PER_SECTOR = 8


class Access(StrEnum):
    """How a village's site is reached."""

    GPON = "gpon"
    FIBRE = "fibre"
    RADIO = "radio"
    PROVIDER = "provider"


def share(count: int, part: int) -> int:
    """`part` of 183 desa, carried over to a kabupaten of `count`."""
    return round(count * part / ALL)


def choose(areas: Sequence[Area], kind: VillageKind | None, rng: random.Random) -> Choice:
    """Which villages (of one kind, or all) are connected and which come next; every kecamatan gets its share."""
    villages = [
        (village, (at + rng.random()) / len(area.villages))
        for area in areas
        for at, village in enumerate(rng.sample(area.villages, len(area.villages)))
        if kind is None or village_kind(village.code) is kind
    ]
    ordered = [village for village, _rank in sorted(villages, key=lambda pair: (pair[1], pair[0].code))]
    connected = share(len(ordered), CONNECTED)
    planned = share(len(ordered), PLANNED)
    return Choice(tuple(ordered[:connected]), tuple(ordered[connected:planned]))


def build_villages(draft: Draft, areas: Sequence[Area], slugs: Mapping[RegionCode, str]) -> None:
    """Sites, devices and links of all connected villages; sites alone for those that are planned or funded."""
    desa = choose(areas, VillageKind.DESA, draft.rng)
    others = choose(areas, VillageKind.KELURAHAN, draft.rng)
    home = {village.code: area for area in areas for village in area.villages}
    stages = stages_of(desa) | stages_of(others)
    olts = _olt_areas(areas, [*desa.connected, *others.connected], home)
    builders = {area.region.code: _AreaBuilder(draft, area, area.region.code in olts) for area in areas}
    for village in [*desa.connected, *others.connected]:
        area = home[village.code]
        builders[area.region.code].connect(village, slugs[village.code], stages[village.code])
    for village in [*desa.planned, *others.planned]:
        _add_site(draft, village, home[village.code], slugs[village.code], stages[village.code])


def _olt_areas(
    areas: Sequence[Area], connected: Sequence[Region], home: Mapping[RegionCode, Area]
) -> frozenset[RegionCode]:
    """The two fifths of the kecamatan with most connected villages get an OLT."""
    counts = {area.region.code: 0 for area in areas}
    for village in connected:
        counts[home[village.code].region.code] += 1
    ranked = sorted(counts, key=lambda code: (-counts[code], code))
    return frozenset(ranked[: math.ceil(len(areas) * 0.4)])


def _add_site(draft: Draft, village: Region, area: Area, slug: str, way: Way, operator: Operator | None = None) -> str:
    kelurahan = village_kind(village.code) is VillageKind.KELURAHAN
    own = random.Random(f"{draft.code}:{slug}:power")  # its own dice: a new habit changes nothing else
    battery, postpaid = own.random() < _BATTERY_SHARE, own.random() < _POSTPAID_SHARE
    title = "Kelurahan" if kelurahan else "Desa"
    draft.add_site(
        slug,
        f"{title} {village.name}",
        SiteKind.KELURAHAN if kelurahan else SiteKind.DESA,
        area,
        region_code=village.code,
        organisation=f"Pemerintah {title} {village.name}",
        address=f"Kantor {title} {village.name}, Kec. {area.name}",
        access_note="kunci di perangkat desa",
        power=(PowerSource.PLN, PowerSource.SOLAR) if battery else (PowerSource.PLN,),
        power_feeder=feeder(draft, area),
        pln_customer_id=f"53{draft.rng.randrange(10**10):010d}",
        meter=Meter.POSTPAID if kelurahan or postpaid else Meter.PREPAID,
        service_hours="Mon-Fri 07:30-15:30",
        operator=operator or Operator.DISKOMINFO,
        criticality=3,
        stage=way.stage,
        stage_date=way.on,
        document_no=way.document,
        funding=way.funding,
        contact=f"Operator {title} {village.name}",
    )
    draft.stages += way.entries(slug)
    return slug


class _AreaBuilder:
    """One kecamatan's access network: fills GPON, fibre, radio and provider in turns, as its PoP allows."""

    def __init__(self, draft: Draft, area: Area, with_olt: bool) -> None:
        self._draft = draft
        self._area = area
        self._olt = with_olt
        self._turn = area.index
        self._onus = 0
        self._spurs = 0
        self._stations = 0
        self._huawei = False
        if with_olt:
            self._build_olt()

    def connect(self, village: Region, slug: str, way: Way) -> None:
        """The site with a router and an access point, reached by the next kind of access in turn."""
        access, port = self._next_access()
        provided = access is Access.PROVIDER
        _add_site(self._draft, village, self._area, slug, way, Operator.PROVIDER if provided else None)
        match access:
            case Access.GPON:
                router = self._by_gpon(slug)
            case Access.FIBRE:
                router = self._by_fibre(slug, port)
            case Access.RADIO:
                router = self._by_radio(slug)
            case Access.PROVIDER:
                router = self._by_provider(slug)
        device = self._draft.devices[router]
        ap = self._draft.add_device(
            f"ap-{slug}",
            slug,
            ACCESS_POINT,
            Role.AP,
            uplink=(router,),
            mgmt_via=device.mgmt_via,
            poll_class=device.poll_class,
        )
        self._draft.patch(
            f"utp-{ap.name}", (ap.name, "ether1"), (router, self._draft.take_port(router, PortKind.ETHERNET))
        )

    def _next_access(self) -> tuple[Access, str]:
        """The kind, and the PoP router's port for a fibre; a PoP without a free port takes the next best."""
        self._turn += 1
        if self._olt:
            if self._turn % 7 != 0:
                return Access.GPON, ""
            return Access.PROVIDER, ""
        if self._turn % 5 in (0, 3) and self._area.index % 2:
            return Access.RADIO, ""
        if self._turn % 5 == 1:
            return Access.PROVIDER, ""
        port = self._draft.free_port(pop_router(self._area), PortKind.SFP)
        if port:
            return Access.FIBRE, port
        return (Access.RADIO if self._turn % 5 == 2 else Access.PROVIDER), ""

    def _build_olt(self) -> None:
        """Every third is a Huawei, which counts cards, ports and ONTs from nought."""
        slug, draft = self._area.slug, self._draft
        self._huawei = sum(device.role is Role.OLT for device in draft.devices.values()) % 3 == 1
        model, uplink_port = (HUAWEI_OLT, "ethernet0/2/0") if self._huawei else (OLT, "xgei_1/4/2")
        olt = draft.add_device(f"olt-{slug}", pop_site(self._area), model, Role.OLT, uplink=(pop_router(self._area),))
        draft.add_link(
            f"fo-olt-{slug}",
            (olt.name, uplink_port),
            (pop_router(self._area), draft.take_port(pop_router(self._area), PortKind.SFP)),
            Medium.FIBRE,
            capacity_mbps=10_000.0,
        )

    def _by_gpon(self, slug: str) -> str:
        draft, area = self._draft, self._area
        olt = f"olt-{area.slug}"
        pon, number = divmod(self._onus, 4) if self._onus < 16 * 4 else (self._onus % 16, self._onus // 16)
        self._onus += 1
        card, port = pon // 8 + 1, pon % 8 + 1
        place = f"0/{card - 1}/{port - 1}" if self._huawei else f"1/{card}/{port}"
        onu = draft.add_device(
            f"onu-{slug}",
            slug,
            HUAWEI_ONT if self._huawei else ONU,
            Role.ONU,
            uplink=(olt,),
            check=Check.NONE,
            olt=olt,
            olt_port=place,
            onu_id=str(number if self._huawei else number + 1),
        )
        feeder_cable = draft.add_cable(
            f"feeder-{area.slug}-{card}-{port}", f"PoP {area.name}", f"ODC {area.name} {port}"
        )
        splitter = draft.add_segment(
            f"splitter-{area.slug}-{card}-{port}", SegmentKind.SPLITTER, "Diskominfo", f"ODC {area.name} {port}", "ODP"
        )
        drop = draft.add_cable(f"drop-{slug}", f"splitter-{area.slug}-{card}-{port}", draft.sites[slug].name)
        draft.add_link(
            f"gpon-{slug}",
            (onu.name, "pon"),
            (olt, f"GPON {place}" if self._huawei else f"gpon_{place}"),
            Medium.FIBRE,
            capacity_mbps=1_000.0,
            segments=(feeder_cable, splitter, drop),
        )
        router = draft.add_device(f"rtr-{slug}", slug, DESA_ROUTER, Role.ROUTER, uplink=(onu.name,))
        draft.patch(f"utp-onu-{slug}", (onu.name, "eth1"), (router.name, "ether1"))
        return router.name

    def _by_fibre(self, slug: str, port: str) -> str:
        draft, pop = self._draft, pop_router(self._area)
        ring = next(link for link in draft.links.values() if (link.a_device, link.a_interface) == (pop, "sfp-sfpplus2"))
        line = self._spurs // _SPURS_PER_POLE_LINE + 1
        self._spurs += 1
        poles = draft.add_segment(
            f"tiang-{self._area.slug}-{line}", SegmentKind.POLE, "PLN", ring.segments[0], f"Kec. {self._area.name}"
        )
        cable = draft.add_cable(f"kabel-desa-{slug}", poles, draft.sites[slug].name)
        router = draft.add_device(f"rtr-{slug}", slug, FIBRE_DESA_ROUTER, Role.ROUTER, uplink=(pop,))
        # The spur leaves the PoP in the ring's first cable and shares poles with its neighbours: who cuts the cable
        # cuts the village too, and a pole that falls takes three.
        draft.add_link(
            f"fo-desa-{slug}",
            (router.name, "sfp1"),
            (pop, port),
            Medium.FIBRE,
            capacity_mbps=1_000.0,
            segments=(ring.segments[0], poles, cable),
        )
        return router.name

    def _by_radio(self, slug: str) -> str:
        draft = self._draft
        tower, sector = self._sector()
        cpe = draft.add_device(f"rad-{slug}", slug, RADIO, Role.RADIO, uplink=(sector,), poll_class=PollClassName.RADIO)
        draft.add_link(
            f"radio-{slug}",
            (cpe.name, "ath0"),
            (sector, "ath0"),
            Medium.RADIO,
            capacity_mbps=150.0,
            segments=(tower,),
        )
        router = draft.add_device(
            f"rtr-{slug}", slug, DESA_ROUTER, Role.ROUTER, uplink=(cpe.name,), poll_class=PollClassName.RADIO
        )
        draft.patch(f"utp-rad-{slug}", (cpe.name, "eth0"), (router.name, "ether1"))
        return router.name

    def _sector(self) -> tuple[str, str]:
        """The tower's segment and its sector radio; a new sector for every eight stations."""
        draft, area = self._draft, self._area
        number = self._stations // _STATIONS_PER_SECTOR + 1
        self._stations += 1
        site, name = f"menara-{area.slug}", f"rad-sektor-{area.slug}-{number}"
        segment = draft.add_segment(f"menara-{area.slug}", SegmentKind.TOWER, "Diskominfo", area.name, area.name)
        if site not in draft.sites:
            draft.add_site(
                site,
                f"Menara {area.name}",
                SiteKind.TOWER,
                area,
                organisation="Diskominfo",
                access_note="izin naik menara dari Diskominfo",
                power=(PowerSource.PLN, PowerSource.SOLAR),
                power_feeder=feeder(draft, area),
                service_hours="24x7",
                operator=Operator.DISKOMINFO,
                counts_for_coverage=False,
                criticality=2,
            )
        if name not in draft.devices:
            switch = pop_switch(area)
            draft.add_device(name, site, SECTOR_RADIO, Role.RADIO, uplink=(switch,), poll_class=PollClassName.RADIO)
            draft.patch(f"utp-{name}", (name, "eth0"), (switch, draft.take_port(switch, PortKind.ETHERNET)))
        return segment, name

    def _by_provider(self, slug: str) -> str:
        draft = self._draft
        medium, provider, contract = draft.rng.choice(
            (
                (Medium.LTE, "Seluler Pasundan", "K-LTE-1"),
                (Medium.LTE, "Seluler Pasundan", "K-LTE-1"),
                (Medium.COPPER, "Serat Parahyangan", "K-DESA-1"),
                (Medium.LEO, "Orbit Rendah", "K-LEO-1"),
                (Medium.VSAT, "Satelit Nusa", "K-VSAT-1"),
            )
        )
        draft.sites[slug] = replace(draft.sites[slug], contract=contract)
        lte = medium is Medium.LTE
        poll_class = PollClassName.SLOW if medium is Medium.VSAT else PollClassName.METERED
        router = draft.add_device(
            f"rtr-{slug}",
            slug,
            LTE_ROUTER if lte else DESA_ROUTER,
            Role.ROUTER,
            uplink=(CONCENTRATOR,),
            mgmt_via=CONCENTRATOR,
            poll_class=poll_class,
        )
        draft.add_link(
            f"internet-{slug}",
            (router.name, "lte1" if lte else "ether1"),
            ("", ""),
            medium,
            provider=provider,
            circuit_id=f"CID-{draft.rng.randint(10000, 99999)}",
            contract=contract,
            owner=provider,
            capacity_mbps=20.0 if lte else 50.0,
            cir_down_mbps=10.0,
            cir_up_mbps=2.0,
            quota_gb=150.0 if medium in (Medium.LTE, Medium.VSAT) else None,
        )
        draft.add_link(
            f"vpn-{slug}",
            (router.name, "l2tp-out1"),
            (CONCENTRATOR, f"l2tp-{slug}"),
            Medium.VPN,
            purpose=LinkPurpose.MANAGEMENT,
            capacity_mbps=2.0,
        )
        return router.name
