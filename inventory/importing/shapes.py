"""Reads outlines of regions from GeoJSON (RFC 7946). Pure: it says what each region looks like, and stores nothing.

Only kecamatan, and the kabupaten itself, are taken: villages are many and their outlines disputed.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.language import _
from domain.network import Region, RegionLevel, RegionStore
from inventory.errors import InventoryError
from inventory.importing.findings import shown
from inventory.importing.regionnames import fold

CODES: Final = ("code", "kode", "region_code", "kode_wilayah", "kdcpum", "kode_kec", "kdkec", "kdepum")
NAMES: Final = ("name", "nama", "kecamatan", "nama_kec", "namobj", "wadmkc", "nmkec")
MOST_BYTES: Final = 50_000_000
MOST_POINTS: Final = 500_000
LEAST_RING: Final = 4
FULL_LENGTH: Final = 10
LATITUDES: Final = (-11.5, 6.5)
LONGITUDES: Final = (94.5, 141.5)
_TAKEN: Final = frozenset({RegionLevel.DISTRICT, RegionLevel.REGENCY})


class ShapeError(InventoryError):
    """A file that is no GeoJSON of regions here; the message names the feature and what to do."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A region's outline: a GeoJSON geometry of type Polygon or MultiPolygon, as compact JSON."""

    code: str
    geometry: str


def read_shapes(name: str, content: bytes, regions: RegionStore) -> tuple[Shape, ...]:
    """All outlines of a FeatureCollection, by code. Raises ShapeError for the first thing that is wrong."""
    if len(content) > MOST_BYTES:
        raise ShapeError(_("{file} is larger than {count} MB.").format(file=name, count=MOST_BYTES // 1_000_000))
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ShapeError(_("{file} is no JSON. Export it as GeoJSON.").format(file=name)) from None
    features = document.get("features") if isinstance(document, Mapping) else None
    if not isinstance(features, list) or not features:
        raise ShapeError(_("{file} is no GeoJSON FeatureCollection with features in it.").format(file=name))
    _refuse_projected(name, document)
    finder = _Finder(regions)
    found: dict[str, Shape] = {}
    for number, feature in enumerate(features, 1):
        where = _("{file}, feature {number}").format(file=name, number=number)
        properties = feature.get("properties") if isinstance(feature, Mapping) else None
        if not isinstance(properties, Mapping):
            raise ShapeError(_("{where}: it has no properties.").format(where=where))
        region = finder.find(properties, where)
        if region.code in found:
            raise ShapeError(_("{where}: {code} stands there twice.").format(where=where, code=region.code))
        geometry = _checked(feature.get("geometry"), where)
        found[region.code] = Shape(region.code, json.dumps(geometry, separators=(",", ":")))
    return tuple(found[code] for code in sorted(found))


class _Finder:
    """The region that a feature's properties name, by its code, else by its name inside the home kabupaten."""

    def __init__(self, regions: RegionStore) -> None:
        self._home = regions.home() or ""
        inside = [region for region in regions.within(self._home) if region.level in _TAKEN]
        self._by_code = {region.code.replace(".", ""): region for region in inside}
        self._by_name: dict[str, list[Region]] = {}
        for region in inside:
            if region.level is RegionLevel.DISTRICT:
                self._by_name.setdefault(fold(region.name), []).append(region)

    def find(self, properties: Mapping[str, Any], where: str) -> Region:
        folded = {str(key).casefold(): value for key, value in properties.items()}
        written = next((str(folded[key]).strip() for key in CODES if folded.get(key) not in (None, "")), "")
        if written:
            region = self._by_code.get(_bare(written))
            if region is None:
                raise ShapeError(
                    _("{where}: '{code}' is no kecamatan of {home}.").format(
                        where=where, code=shown(written), home=self._home
                    )
                )
            return region
        for key in NAMES:
            if isinstance(folded.get(key), str):
                same = self._by_name.get(fold(folded[key].removeprefix("Kec. ").removeprefix("Kecamatan ")), [])
                if len(same) == 1:
                    return same[0]
                raise ShapeError(
                    _("{where}: no single kecamatan is called '{name}'.").format(where=where, name=shown(folded[key]))
                )
        raise ShapeError(
            _("{where}: no property names the region. Add one called {names}.").format(where=where, names="code")
        )


def _bare(code: str) -> str:
    """Digits alone. Some files fill a kecamatan's code up to the ten digits of a village."""
    digits = code.replace(".", "")
    return digits.removesuffix("0000") if len(digits) == FULL_LENGTH else digits


def _refuse_projected(name: str, document: Mapping[str, Any]) -> None:
    crs = document.get("crs")
    said = json.dumps(crs) if crs else ""
    if said and "CRS84" not in said and "4326" not in said:
        raise ShapeError(_("{file} is in another projection: export it in WGS 84 (EPSG:4326).").format(file=name))


def _checked(geometry: Any, where: str) -> dict[str, Any]:
    kind = geometry.get("type") if isinstance(geometry, Mapping) else None
    coordinates = geometry.get("coordinates") if isinstance(geometry, Mapping) else None
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(coordinates, list) or not coordinates:
        raise ShapeError(_("{where}: an outline is a Polygon or a MultiPolygon.").format(where=where))
    polygons = [coordinates] if kind == "Polygon" else coordinates
    points = 0
    made = []
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            raise ShapeError(_("{where}: a polygon without a ring.").format(where=where))
        rings = [_ring(ring, where) for ring in polygon]
        points += sum(map(len, rings))
        made.append(rings)
    if points > MOST_POINTS:
        raise ShapeError(_("{where}: {count} points are too many; simplify it.").format(where=where, count=points))
    return {"type": kind, "coordinates": made[0] if kind == "Polygon" else made}


def _ring(ring: Any, where: str) -> list[list[float]]:
    if not isinstance(ring, list) or len(ring) < LEAST_RING:
        raise ShapeError(_("{where}: a ring has four points at least.").format(where=where))
    made = [_point(point, where) for point in ring]
    if made[0] != made[-1]:
        raise ShapeError(_("{where}: a ring ends where it began.").format(where=where))
    return made


def _point(point: Any, where: str) -> list[float]:
    numbers: Sequence[Any] = point if isinstance(point, list) and len(point) >= 2 else ()
    if not numbers or any(isinstance(each, bool) or not isinstance(each, int | float) for each in numbers[:2]):
        raise ShapeError(_("{where}: a point is [longitude, latitude].").format(where=where))
    longitude, latitude = float(numbers[0]), float(numbers[1])
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        raise ShapeError(_("{where}: a point is [longitude, latitude].").format(where=where))
    if not (LONGITUDES[0] <= longitude <= LONGITUDES[1] and LATITUDES[0] <= latitude <= LATITUDES[1]):
        raise ShapeError(
            _("{where}: [{longitude}, {latitude}] lies outside Indonesia. Is it longitude first, in degrees?").format(
                where=where, longitude=longitude, latitude=latitude
            )
        )
    return [round(longitude, 6), round(latitude, 6)]
