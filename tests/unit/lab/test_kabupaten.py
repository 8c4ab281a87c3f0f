"""The invented kabupaten: exact counts where Purwakarta's are published, and nothing that an import would refuse."""

import random
import re
from collections import Counter
from datetime import date
from ipaddress import ip_address, ip_network

import pytest

from domain.evaluation.indicators import Measure
from domain.network import (
    Check,
    Inventory,
    Region,
    RegionCode,
    Role,
    ServiceClass,
    SiteKind,
    Stage,
    Topology,
    VillageKind,
    lies_in,
    village_kind,
)
from inventory.exporting import export_tables
from inventory.importing import read_import
from lab.errors import UnknownKabupatenError
from lab.hardware import MODELS
from lab.kabupaten import generate
from lab.kabupaten.geography import BOUNDS
from lab.kabupaten.unfolding import news, years_later

LIVE = (Stage.ACTIVE, Stage.HANDED_OVER)
NAMES = ("Sukamaju", "Cibodas", "Karang Anyar", "Sindangsari", "Mekarjaya", "Citalang", "Pasir Muncang")


def kabupaten(code: str, name: str, desa: list[int], kelurahan: list[int]) -> list[Region]:
    """Regions with so many desa and kelurahan per kecamatan; names repeat on purpose."""
    regions = [Region(RegionCode(code), name)]
    rng = random.Random(code)
    for number, (desas, kelurahans) in enumerate(zip(desa, kelurahan, strict=True), 1):
        district = f"{code}.{number:02d}"
        regions.append(Region(RegionCode(district), name.split()[-1] if number == 1 else f"Kecamatan Ke {number}"))
        kinds = ["1"] * kelurahans + ["2"] * desas
        regions += [
            Region(RegionCode(f"{district}.{kind}{at:03d}"), rng.choice(NAMES)) for at, kind in enumerate(kinds, 1)
        ]
    return regions


PURWAKARTA = kabupaten("32.14", "Kabupaten Purwakarta", [1, 10, 10, 16] + [11] * 12 + [14], [9] + [0] * 16)


@pytest.fixture(scope="module")
def inventory() -> Inventory:
    return generate("32.14", PURWAKARTA)


def test_purwakartas_published_figures(inventory: Inventory) -> None:
    kinds = Counter(village_kind(village.region_code) for village in inventory.villages)
    assert kinds == {VillageKind.DESA: 183, VillageKind.KELURAHAN: 9}
    live = [site for site in inventory.sites if site.kind is SiteKind.DESA and site.stage in LIVE]
    assert len(live) == 102
    early = {each.slug for each in inventory.stages if each.stage is Stage.ACTIVE and each.on <= date(2019, 11, 30)}
    assert sum(site.slug in early for site in live) == 42
    promised = [s for s in inventory.sites if s.kind is SiteKind.DESA and s.stage in (Stage.PLANNED, Stage.FUNDED)]
    assert len(live) + len(promised) == 112
    classes = Counter(service.class_ for service in inventory.services)
    assert classes == {ServiceClass.UMUM: 34, ServiceClass.KHUSUS: 81}
    assert sum(site.kind is SiteKind.CCTV for site in inventory.sites) == 76
    assert sum("(audio)" in site.name for site in inventory.sites) == 10
    assert {(t.due_on, t.value) for t in inventory.targets} >= {(date(2019, 11, 30), 42), (date(2020, 12, 31), 112)}


def test_every_connected_desa_has_one_router_and_one_access_point(inventory: Inventory) -> None:
    at = Counter((device.site, device.role) for device in inventory.devices)
    for site in inventory.sites:
        if site.kind is SiteKind.DESA:
            expected = 1 if site.stage in LIVE else 0
            assert at[site.slug, Role.ROUTER] == at[site.slug, Role.AP] == expected, site.slug


def test_the_same_seed_gives_the_same_and_another_seed_another(inventory: Inventory) -> None:
    assert generate("32.14", list(reversed(PURWAKARTA))) == inventory
    assert generate("32.14", PURWAKARTA, 7).devices != inventory.devices


def test_addresses_are_loopbacks_of_their_own(inventory: Inventory) -> None:
    addresses = [ip_address(device.address) for device in inventory.devices]
    assert len(set(addresses)) == len(addresses)
    assert all(address in ip_network("127.0.0.0/8") for address in addresses)
    assert not any(address in ip_network("127.0.0.0/16") for address in addresses)
    assert not any(address.packed[3] in (0, 255) for address in addresses)


def test_links_and_uplinks_name_what_there_is(inventory: Inventory) -> None:
    devices = {device.name: device for device in inventory.devices}
    segments = {segment.name for segment in inventory.segments}
    Topology.of(inventory.devices)
    shared = re.compile(r"gpon_1/\d+/\d+|GPON 0/\d+/\d+|ath0|.*sektor.*")
    ends = Counter()
    for link in inventory.links:
        for name, port in ((link.a_device, link.a_interface), (link.z_device, link.z_interface)):
            if name:
                ends[name, port] += not shared.fullmatch(port)
                assert MODELS[devices[name].model].port(port) or port.startswith("l2tp-"), (name, port)
        assert set(link.segments) <= segments, link.name
    assert max(ends.values()) == 1
    assert all(
        up in devices for device in devices.values() for up in (*device.uplink, device.mgmt_via, device.olt) if up
    )
    assert {site.power_feeder for site in inventory.sites if site.power_feeder} <= segments


def test_records_are_unique_sorted_and_of_their_kind(inventory: Inventory) -> None:
    for records, key in (
        (inventory.sites, "slug"),
        (inventory.devices, "name"),
        (inventory.links, "name"),
        (inventory.segments, "name"),
        (inventory.contracts, "id"),
        (inventory.services, "code"),
        (inventory.prefixes, "prefix"),
        (inventory.people, "name"),
    ):
        keys = [getattr(record, key) for record in records]
        assert keys == sorted(set(keys)), key
    sites = {site.slug for site in inventory.sites}
    assert all(device.site in sites for device in inventory.devices)
    networks = [ip_network(prefix.prefix) for prefix in inventory.prefixes]
    assert not any(a.overlaps(b) for n, a in enumerate(networks) for b in networks[:n])


def test_invented_coordinates_lie_inside_and_say_so(inventory: Inventory) -> None:
    for site in inventory.sites:
        assert (site.latitude, site.longitude) in BOUNDS["32.14"]
        assert "koordinat simulasi" in site.address
        assert "koordinat simulasi" in site.access_note
    assert len({(site.latitude, site.longitude) for site in inventory.sites}) > 0.99 * len(inventory.sites)


def test_a_kabupaten_without_known_bounds_has_no_coordinates() -> None:
    inventory = generate("91.20", kabupaten("91.20", "Kabupaten Jauh", [30] * 4, [0] * 4))
    assert all(site.latitude is None and "simulasi" not in site.address for site in inventory.sites)


@pytest.mark.parametrize(
    ("desa", "kelurahan"),
    [([0, 0], [5, 6]), ([80] * 5, [0] * 5), ([4] * 46, [0] * 46), ([1], [0]), ([469 // 16] * 16, [2] * 16)],
    ids=["kota", "few-big", "many-small", "one-village", "purworejo"],
)
def test_any_shape_of_kabupaten(desa: list[int], kelurahan: list[int]) -> None:
    inventory = generate("33.06", kabupaten("33.06", "Kota Anu", desa, kelurahan))
    connected = [s for s in inventory.sites if s.kind in (SiteKind.DESA, SiteKind.KELURAHAN) and s.stage in LIVE]
    total = sum(desa) + sum(kelurahan)
    assert abs(len(connected) - total * 102 / 183) <= 1
    Topology.of(inventory.devices)


def test_without_ping_cameras_are_asked_by_nothing() -> None:
    inventory = generate("32.14", PURWAKARTA, check=Check.SNMP, snmp_port=1234)
    checks = Counter((device.role, device.check) for device in inventory.devices)
    assert checks[Role.CAMERA, Check.NONE] == 76
    assert not any(check.by_icmp for _role, check in checks)
    assert {device.snmp_port for device in inventory.devices} == {1234}


@pytest.mark.parametrize("code", ["32", "32.14.01", "99.99"])
def test_what_is_no_kabupaten_is_refused(code: str) -> None:
    with pytest.raises(UnknownKabupatenError, match=re.escape(code)):
        generate(code, PURWAKARTA)


class Regions:
    """The invented regions, as an import asks for them."""

    def __init__(self) -> None:
        self._of = {region.code: region for region in PURWAKARTA}

    def home(self) -> RegionCode:
        return PURWAKARTA[0].code

    def get(self, code: str) -> Region | None:
        return self._of.get(RegionCode(code))

    def within(self, area: str) -> tuple[Region, ...]:
        return tuple(region for region in PURWAKARTA if lies_in(region.code, area))


def test_files_come_back_byte_for_byte(inventory: Inventory) -> None:
    given = export_tables(inventory)
    read = read_import(list(given.items()), Inventory(), Regions())
    assert read.errors == ()
    assert export_tables(read.inventory) == given


def test_the_master_plan_moves_with_the_history(inventory: Inventory) -> None:
    halves = {"2019-H1", "2019-H2", "2020-H1", "2020-H2"}
    assert {each.half for each in inventory.indicators} == halves
    (planned,) = [each for each in inventory.indicators if (each.half, each.code) == ("2020-H2", "SG-1")]
    assert planned.target == 112
    assert planned.measured is Measure.DESA_CONNECTED
    later = years_later(inventory, 6)
    assert {each.half for each in later.indicators} == {"2025-H1", "2025-H2", "2026-H1", "2026-H2"}
    assert news(inventory, later).indicators == later.indicators
