"""Where things stand: a village is never named without its kecamatan."""

from collections.abc import Mapping

from domain.language import _
from domain.network import RegionLevel, Site, level_of, parent_of


def kecamatan_of(code: str | None, names: Mapping[str, str]) -> str:
    """Its name, empty where the region is none that lies in one."""
    while code and level_of(code) is not RegionLevel.DISTRICT:
        code = parent_of(code)
    return names.get(code, "") if code else ""


def place_name(site: Site, names: Mapping[str, str]) -> str:
    """'Desa Cibodas (Kec. Sukatani)'"""
    kecamatan = kecamatan_of(site.region_code, names)
    if not kecamatan or f"Kecamatan {kecamatan}" in site.name:
        return site.name
    return f"{site.name} ({_('Kec.')} {kecamatan})"
