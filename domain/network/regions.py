"""Administrative areas by their Kemendagri code: 32 · 32.14 · 32.14.01 · 32.14.01.2010."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NewType

RegionCode = NewType("RegionCode", str)

_CODE = re.compile(r"\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?")


class RegionLevel(StrEnum):
    PROVINCE = "province"
    REGENCY = "regency"
    DISTRICT = "district"
    VILLAGE = "village"


class VillageKind(StrEnum):
    """The first digit of the village part: 1 is a kelurahan, 2 a desa; 14 codes of the country begin with 3."""

    KELURAHAN = "kelurahan"
    DESA = "desa"
    OTHER = "other"


_LEVELS: Final = tuple(RegionLevel)
_KINDS: Final = {"1": VillageKind.KELURAHAN, "2": VillageKind.DESA}


@dataclass(frozen=True, slots=True)
class Region:
    """A province, kabupaten or kota, kecamatan, desa or kelurahan."""

    code: RegionCode
    name: str

    @property
    def level(self) -> RegionLevel:
        return level_of(self.code)

    @property
    def parent(self) -> RegionCode | None:
        return parent_of(self.code)


def is_region_code(text: str) -> bool:
    """Whether the text is written as a code; not whether such a region exists."""
    return _CODE.fullmatch(text) is not None


def level_of(code: str) -> RegionLevel:
    return _LEVELS[code.count(".")]


def parent_of(code: str) -> RegionCode | None:
    head, dot, _ = code.rpartition(".")
    return RegionCode(head) if dot else None


def village_kind(code: str) -> VillageKind:
    """Raises ValueError for a code that is not a village's."""
    if level_of(code) is not RegionLevel.VILLAGE:
        raise ValueError(f"{code} is not the code of a village")
    return _KINDS.get(code[9], VillageKind.OTHER)


def lies_in(code: str, area: str) -> bool:
    """Whether `code` is `area` or lies inside it."""
    return code == area or code.startswith(area + ".")
