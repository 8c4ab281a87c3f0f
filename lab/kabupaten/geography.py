"""Invented coordinates inside a kabupaten's rough bounds. None of them is the place of a real building.

Bounds are a few kabupaten's published extents, drawn in a little so that points fall on land that is theirs; a
kabupaten that is not among them gets no coordinates: none is better than one in a neighbour's rice field.
"""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from domain.network import RegionCode


@dataclass(frozen=True, slots=True)
class Bounds:
    """Degrees; south and west are the smaller ones."""

    south: float
    west: float
    north: float
    east: float

    def __contains__(self, point: object) -> bool:
        if not (isinstance(point, tuple) and len(point) == 2):
            return False
        latitude, longitude = point
        return bool(self.south <= latitude <= self.north and self.west <= longitude <= self.east)


BOUNDS: Mapping[str, Bounds] = MappingProxyType(
    {
        "32.14": Bounds(-6.75, 107.36, -6.45, 107.58),
        "33.03": Bounds(-7.46, 109.20, -7.18, 109.55),
        "33.06": Bounds(-7.87, 109.82, -7.57, 110.10),
        "33.27": Bounds(-7.18, 109.30, -6.88, 109.62),
    }
)

Point = tuple[float, float]


def centres(code: str, districts: Sequence[RegionCode], rng: random.Random) -> Mapping[RegionCode, Point]:
    """One point per kecamatan, on a jittered grid; the first in `districts` (the seat) lies in the middle."""
    bounds = BOUNDS.get(code)
    if bounds is None:
        return {}
    side = math.ceil(math.sqrt(len(districts)))
    rows = math.ceil(len(districts) / side)
    cells = [((row + 0.5) / rows, (column + 0.5) / side) for row in range(rows) for column in range(side)]
    cells.sort(key=lambda cell: (cell[0] - 0.5) ** 2 + (cell[1] - 0.5) ** 2)
    points = {}
    for district, (down, right) in zip(districts, cells, strict=False):
        x = right + rng.uniform(-0.18, 0.18) / side
        y = down + rng.uniform(-0.18, 0.18) / rows
        points[district] = (
            bounds.south + (bounds.north - bounds.south) * y,
            bounds.west + (bounds.east - bounds.west) * x,
        )
    return points


def near(code: str, centre: Point | None, rng: random.Random, reach_degrees: float = 0.022) -> Point | None:
    """A point near `centre`, inside the bounds, to five digits (about a metre)."""
    bounds = BOUNDS.get(code)
    if bounds is None or centre is None:
        return None
    latitude = min(max(centre[0] + rng.uniform(-reach_degrees, reach_degrees), bounds.south), bounds.north)
    longitude = min(max(centre[1] + rng.uniform(-reach_degrees, reach_degrees), bounds.west), bounds.east)
    return round(latitude, 5), round(longitude, 5)


def bearing(centre: Point, point: Point) -> float:
    """Radians around `centre`, for putting kecamatan in the order a ring would visit them."""
    return math.atan2(point[0] - centre[0], point[1] - centre[1])


def kilometres(a: Point, b: Point) -> float:
    """Great-circle distance on a sphere of 6371 km."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(h))
