"""The kabupaten as a drawing: each kecamatan as dark as its desa are served. Nothing where no outline is known."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Ring = Sequence[Sequence[float]]

WIDTH: Final = 640.0
STEPS: Final = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """One kecamatan. path: of SVG. x, y: where its figures stand. step: 0 for none served to 4 for all."""

    code: str
    name: str
    path: str
    x: float
    y: float
    served: int
    villages: int
    step: int


@dataclass(frozen=True, slots=True)
class Choropleth:
    """A box of width by height, in the units of its paths."""

    width: float
    height: float
    pieces: tuple[Piece, ...]


def choropleth(outlines: Mapping[str, Any], kecamatan: Iterable[Mapping[str, Any]]) -> Choropleth | None:
    """outlines: a GeoJSON FeatureCollection with codes; kecamatan: rows of the coverage document. None: none fits."""
    geometries = {
        each["properties"]["code"]: _polygons(each["geometry"]) for each in outlines["features"] if each["geometry"]
    }
    drawn = [each for each in kecamatan if geometries.get(each["code"])]
    points = [point for each in drawn for rings in geometries[each["code"]] for point in rings[0]]
    if not points:
        return None
    project, height = _projection(points)
    return Choropleth(WIDTH, height, tuple(_piece(each, geometries[each["code"]], project) for each in drawn))


def _polygons(geometry: Mapping[str, Any]) -> list[list[Ring]]:
    found: list[list[Ring]] = geometry["coordinates"]
    return found if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]


class _Projection:
    """Equirectangular around the middle: a kabupaten is too small to tell the difference."""

    def __init__(self, west: float, north: float, scale: float, squeeze: float) -> None:
        self._west, self._north, self._scale, self._squeeze = west, north, scale, squeeze

    def __call__(self, point: Sequence[float]) -> tuple[float, float]:
        return (point[0] - self._west) * self._squeeze * self._scale, (self._north - point[1]) * self._scale


def _projection(points: Sequence[Sequence[float]]) -> tuple[_Projection, float]:
    west, east = min(x for x, *_ in points), max(x for x, *_ in points)
    south, north = min(y for _, y, *_ in points), max(y for _, y, *_ in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / max((east - west) * squeeze, (north - south) * 0.5, 1e-6)
    return _Projection(west, north, scale, squeeze), round((north - south) * scale, 1)


def _piece(row: Mapping[str, Any], polygons: Sequence[Sequence[Ring]], project: _Projection) -> Piece:
    rings = [[project(point) for point in ring] for rings in polygons for ring in rings]
    x, y = _middle(max(rings, key=lambda ring: abs(_area(ring))))
    villages, served = row["desa"]["villages"], row["desa"]["served"]
    step = math.ceil(STEPS * served / villages) if villages else 0
    path = "".join("M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in ring[:-1]) + "z" for ring in rings)
    return Piece(row["code"], row["name"], path, round(x, 1), round(y, 1), served, villages, step)


def _pairs(ring: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float, float, float, float]]:
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        yield x1, y1, x2, y2, x1 * y2 - x2 * y1


def _area(ring: Sequence[tuple[float, float]]) -> float:
    return sum(cross for *_, cross in _pairs(ring)) / 2


def _middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The centroid; the first point of what has no area."""
    area = _area(ring)
    if not area:
        return ring[0]
    x = sum((x1 + x2) * cross for x1, _y1, x2, _y2, cross in _pairs(ring)) / (6 * area)
    y = sum((y1 + y2) * cross for _x1, y1, _x2, y2, cross in _pairs(ring)) / (6 * area)
    return x, y
