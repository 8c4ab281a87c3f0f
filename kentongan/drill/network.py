"""A random network of a kabupaten's kind, small enough that a drill of a dozen faults takes a moment."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain.network import Inventory, Region, RegionCode, Role, SiteKind
from lab.kabupaten import generate

CODE = "32.14"
_BEGINNINGS = ("Suka", "Cibo", "Pasir", "Karang", "Mekar", "Sindang", "Tanjung", "Wana", "Ciko", "Parung")
_ENDINGS = ("jaya", "mulya", "sari", "wangi", "manah", "laya", "asih", "negara", "kerta", "rahayu")
_AGENCIES, _CAMERAS, _SERVICES = 6, 4, 12


@dataclass(frozen=True, slots=True)
class Network:
    """What there is, with the names of its regions by code."""

    inventory: Inventory
    region_names: Mapping[str, str]


def random_network(seed: int) -> Network:
    """Two to five kecamatan on a ring, with every kind of access; the same one for the same seed."""
    rng = random.Random(f"drill:{seed}")  # noqa: S311 - dice, no secret
    regions = _regions(rng)
    whole = generate(CODE, regions, seed=seed)
    smaller = _on_one_feeder(_smaller(whole, rng), rng)
    return Network(smaller, {region.code: region.name for region in regions})


def _regions(rng: random.Random) -> list[Region]:
    regions = [Region(RegionCode(CODE), "Kabupaten Sukajaya")]
    names = rng.sample([f"{first}{last}" for first in _BEGINNINGS for last in _ENDINGS], 6)
    for number in range(1, rng.randint(2, 5) + 1):
        code = f"{CODE}.{number:02d}"
        regions.append(Region(RegionCode(code), names[number - 1]))
        # names repeat over kecamatan, as they do in most kabupaten
        own = rng.sample([f"{first}{last}" for first in _BEGINNINGS[:5] for last in _ENDINGS[:5]], rng.randint(6, 12))
        regions += [Region(RegionCode(f"{code}.2{at:03d}"), name) for at, name in enumerate(own, 1)]
    return regions


def _smaller(whole: Inventory, rng: random.Random) -> Inventory:
    """With some of the agencies, cameras and applications only: they are all alike."""
    agencies = [site.slug for site in whole.sites if site.kind in (SiteKind.OPD, SiteKind.UPTD)]
    cameras = [site.slug for site in whole.sites if site.kind is SiteKind.CCTV]
    gone = {*_but_a_few(agencies, _AGENCIES, rng), *_but_a_few(cameras, _CAMERAS, rng)}
    devices = tuple(device for device in whole.devices if device.site not in gone)
    there = {device.name for device in devices} | {""}
    carrying = {up for device in devices for up in device.uplink}
    idle = {d.name for d in devices if d.role is Role.SWITCH and d.name.startswith("sw-opd") and d.name not in carrying}
    there -= idle
    links = tuple(link for link in whole.links if link.a_device in there and link.z_device in there)
    used = {name for link in links for name in link.segments} | {site.power_feeder for site in whole.sites}
    services = [service for service in whole.services if service.host in there]
    return replace(
        whole,
        sites=tuple(site for site in whole.sites if site.slug not in gone),
        devices=tuple(device for device in devices if device.name in there),
        links=links,
        segments=tuple(segment for segment in whole.segments if segment.name in used),
        services=tuple(sorted(rng.sample(services, min(_SERVICES, len(services))), key=lambda each: each.code)),
    )


def _on_one_feeder(inventory: Inventory, rng: random.Random) -> Inventory:
    """All desa of one kecamatan on one feeder, as it is in the hills."""
    districts = sorted({str(site.region_code)[:8] for site in inventory.sites if site.kind is SiteKind.DESA})
    chosen = rng.choice(districts)
    there = [s for s in inventory.sites if s.kind is SiteKind.DESA and str(s.region_code).startswith(chosen)]
    names = {site.slug for site in there}
    sites = tuple(replace(s, power_feeder=there[0].power_feeder) if s.slug in names else s for s in inventory.sites)
    return replace(inventory, sites=sites)


def _but_a_few(names: list[str], count: int, rng: random.Random) -> set[str]:
    return set(names) - set(rng.sample(names, min(count, len(names))))
