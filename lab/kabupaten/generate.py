"""One call that invents a whole kabupaten from its regions, the same one for the same seed."""

import random
from collections.abc import Sequence

from domain.language import _
from domain.network import (
    Check,
    Inventory,
    Region,
    RegionCode,
    RegionLevel,
    lies_in,
    parent_of,
)
from lab.errors import UnknownKabupatenError
from lab.kabupaten.administration import (
    add_contracts,
    add_people,
    add_prefixes,
    add_services,
    add_statistics,
    add_targets,
)
from lab.kabupaten.cameras import build_cameras
from lab.kabupaten.core import build_datacentre, build_pops
from lab.kabupaten.draft import Area, Draft
from lab.kabupaten.geography import centres
from lab.kabupaten.indicators import indicators
from lab.kabupaten.naming import district_slugs, slug_of, village_slugs
from lab.kabupaten.offices import build_clinics, build_offices
from lab.kabupaten.ports import DEFAULT_WEB_PORT
from lab.kabupaten.villages import build_villages

DEFAULT_SEED = 20191101
DEFAULT_PORT = 10161
DEFAULT_CREDENTIAL = "lab"


def generate(
    code: str,
    regions: Sequence[Region],
    seed: int = DEFAULT_SEED,
    *,
    snmp_port: int = DEFAULT_PORT,
    check: Check = Check.ICMP_SNMP,
    credential: str = DEFAULT_CREDENTIAL,
    web_port: int = DEFAULT_WEB_PORT,
    camera_check: Check | None = None,
) -> Inventory:
    """The inventory of a simulated kabupaten or kota.

    `regions` must hold the kabupaten, its kecamatan and its villages; others are ignored. Village names and codes are
    the real ones. Everything else is invented from `seed`: sites, devices, populations, coordinates, people, prices
    (addresses and access notes of sites with coordinates say `koordinat simulasi`). Devices lie on 127.x.y.z outside
    127.0/16, each on its own address, all on `snmp_port`; `check` is what devices with an agent are asked by, and with
    `Check.SNMP` the cameras, which have no agent, are asked by nothing; `camera_check` says otherwise, and with
    `Check.RTSP` they carry the credential CAMERA_CREDENTIAL. Applications lie on the addresses of the data centre's
    servers, each on its own port from `web_port` on: `lab.services` serves them and the cameras.
    Raises UnknownKabupatenError for a code that is no kabupaten among the regions.
    """
    known = {region.code: region for region in regions if lies_in(region.code, code)}
    home = known.get(RegionCode(code))
    if home is None or home.level is not RegionLevel.REGENCY:
        raise UnknownKabupatenError(
            _("{code} is not the code of a kabupaten or kota: give one like 32.14").format(code=code)
        )
    draft = Draft(
        home.code,
        plain_name(home.name),
        random.Random(f"{code}:{seed}"),
        snmp_port,
        check,
        credential,
        web_port,
        camera_check,
    )
    areas = _areas(draft, list(known.values()))
    if not areas:
        raise UnknownKabupatenError(_("{code} has no kecamatan with villages in it").format(code=code))
    villages = [village for area in areas for village in area.villages]
    slugs = village_slugs(villages, {area.region.code: area.slug for area in areas})
    build_datacentre(draft, areas[0])
    build_pops(draft, areas)
    build_offices(draft, areas[0])
    build_clinics(draft, areas)
    build_cameras(draft, areas)
    build_villages(draft, areas, slugs)
    add_statistics(draft, areas, slugs)
    add_contracts(draft)
    add_services(draft)
    add_prefixes(draft, areas)
    add_people(draft, areas)
    desa = sum(village.code[9] == "2" for village in villages)
    add_targets(draft, desa or len(villages))
    draft.indicators = indicators(desa or len(villages))
    return draft.freeze()


def plain_name(name: str) -> str:
    """`Kabupaten Purwakarta` → `Purwakarta`; a kota keeps its word."""
    for word in ("Kabupaten ", "KABUPATEN ", "Kab. "):
        name = name.removeprefix(word)
    return name


def _areas(draft: Draft, known: Sequence[Region]) -> list[Area]:
    """The kecamatan that have villages, the seat first (the one of the kabupaten's name, else with most kelurahan)."""
    inside: dict[RegionCode, list[Region]] = {}
    for region in sorted(known, key=lambda region: region.code):
        if region.level is RegionLevel.VILLAGE:
            inside.setdefault(parent_of(region.code) or draft.code, []).append(region)
    districts = [region for region in known if region.level is RegionLevel.DISTRICT and region.code in inside]
    slugs = district_slugs(districts)

    def rank(district: Region) -> tuple[bool, int, str]:
        kelurahan = sum(village.code[9] == "1" for village in inside[district.code])
        return slug_of(district.name) != slug_of(draft.kabupaten), -kelurahan, district.code

    ordered = sorted(districts, key=rank)
    points = centres(draft.code, [district.code for district in ordered], draft.rng)
    return [
        Area(district, slugs[district.code], index, points.get(district.code), tuple(inside[district.code]))
        for index, district in enumerate(ordered)
    ]
