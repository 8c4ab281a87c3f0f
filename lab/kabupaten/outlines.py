"""Invented outlines of a simulated kabupaten's kecamatan, as GeoJSON: each has what lies nearer to its sites than to
those of any other. None of them is a real border.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from typing import Final

from domain.network import Inventory, RegionCode, RegionLevel, level_of, parent_of

Position = tuple[float, float]
"""Longitude and latitude in degrees, as GeoJSON has them (RFC 7946)."""

MARGIN_DEGREES: Final = 0.02
CORNERS: Final = 12
BENDS: Final = 3
"""A border is halved so often, each time with its middle a little aside."""

BEND: Final = 0.13


def outlines(inventory: Inventory) -> bytes | None:
    """A FeatureCollection with one polygon for each kecamatan that has sites with coordinates; None if none has."""
    sites: dict[RegionCode, list[Position]] = {}
    for site in inventory.sites:
        district = _district(site.region_code)
        if district and site.latitude is not None and site.longitude is not None:
            sites.setdefault(district, []).append((site.longitude, site.latitude))
    if not sites:
        return None
    middles = {code: _middle(points) for code, points in sites.items()}
    whole = _hull(_around(point) for points in sites.values() for point in points)
    features = []
    for code, middle in sorted(middles.items()):
        cell = whole
        for other in middles.values():
            if other != middle:
                cell = _nearer(cell, middle, other)
        ring = _bent(cell)
        features.append(
            {
                "type": "Feature",
                "properties": {"code": code},
                "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
            }
        )
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _district(code: RegionCode | None) -> RegionCode | None:
    if code is None or level_of(code) is RegionLevel.DISTRICT:
        return code
    return parent_of(code) if level_of(code) is RegionLevel.VILLAGE else None


def _middle(points: Sequence[Position]) -> Position:
    return sum(x for x, _y in points) / len(points), sum(y for _x, y in points) / len(points)


def _around(point: Position) -> list[Position]:
    x, y = point
    turns = [2 * math.pi * corner / CORNERS for corner in range(CORNERS)]
    return [(x + MARGIN_DEGREES * math.cos(turn), y + MARGIN_DEGREES * math.sin(turn)) for turn in turns]


def _hull(groups: Iterable[list[Position]]) -> list[Position]:
    """The convex hull, counterclockwise (Andrew's monotone chain)."""
    points = sorted({point for group in groups for point in group})

    def half(ordered: Iterable[Position]) -> list[Position]:
        chain: list[Position] = []
        for point in ordered:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        return chain[:-1]

    return half(points) + half(reversed(points))


def _turn(a: Position, b: Position, c: Position) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _nearer(polygon: Sequence[Position], here: Position, there: Position) -> list[Position]:
    """The part of a convex polygon that lies nearer to `here` (Sutherland and Hodgman's clipping by one line)."""
    across = there[0] - here[0], there[1] - here[1]
    half_way = (there[0] + here[0]) / 2, (there[1] + here[1]) / 2

    def beyond(point: Position) -> float:
        return (point[0] - half_way[0]) * across[0] + (point[1] - half_way[1]) * across[1]

    kept: list[Position] = []
    for before, point in zip([polygon[-1], *polygon[:-1]], polygon, strict=True):
        was, now = beyond(before), beyond(point)
        if (was <= 0) != (now <= 0):
            share = was / (was - now)
            kept.append((before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])))
        if now <= 0:
            kept.append(point)
    return kept


def _bent(ring: Sequence[Position]) -> list[Position]:
    corners = [(round(x, 5), round(y, 5)) for x, y in ring]
    corners = [corner for at, corner in enumerate(corners) if corner != corners[at - 1]]
    return [point for a, b in zip(corners, [*corners[1:], corners[0]], strict=True) for point in _border(a, b, BENDS)]


def _border(a: Position, b: Position, bends: int) -> list[Position]:
    """From a to before b; the same points the other way round, so that neighbours share their border."""
    if bends == 0:
        return [a]
    low, high = sorted((a, b))
    dice = hashlib.sha256(f"{low} {high}".encode()).digest()[0] / 255 - 0.5
    dx, dy = high[0] - low[0], high[1] - low[1]
    middle = round((a[0] + b[0]) / 2 - 2 * BEND * dice * dy, 5), round((a[1] + b[1]) / 2 + 2 * BEND * dice * dx, 5)
    return [*_border(a, middle, bends - 1), *_border(middle, b, bends - 1)]
