"""Slugs that people can read and that stay apart when two villages bear one name."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

from domain.network import Region, RegionCode


def slug_of(text: str) -> str:
    """Lower-case ASCII letters and digits joined by single hyphens: `Cikao Bandung` → `cikao-bandung`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower().replace("'", "")).strip("-") or "x"


def district_slugs(districts: Iterable[Region]) -> Mapping[RegionCode, str]:
    """Kecamatan code → slug; two of one name carry the last part of their code."""
    return _apart({district.code: slug_of(district.name) for district in districts})


def village_slugs(villages: Iterable[Region], districts: Mapping[RegionCode, str]) -> Mapping[RegionCode, str]:
    """Village code → `<village>-<kecamatan>`: a village is never named without its kecamatan."""
    return _apart(
        {
            village.code: f"{slug_of(village.name)}-{districts[village.parent]}"
            for village in villages
            if village.parent is not None
        }
    )


def _apart(slugs: dict[RegionCode, str]) -> Mapping[RegionCode, str]:
    times = Counter(slugs.values())
    return {code: slug if times[slug] == 1 else f"{slug}-{code.rpartition('.')[2]}" for code, slug in slugs.items()}
