"""Outlines of regions, drawn coarser: what a map of the whole kabupaten cannot show need not travel to a telephone."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Ring = list[list[float]]
"""Positions [longitude, latitude] in degrees; the last is the first again (RFC 7946)."""

LEAST_RING: Final = 4


def coarser(geometry: Mapping[str, Any], tolerance_degrees: float) -> dict[str, Any]:
    """A Polygon or MultiPolygon without the points that lie nearer than the tolerance to the line between their
    neighbours, and without islands and holes that are no more than that. What would vanish whole stays as it was.
    """
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    drawn = []
    for rings in polygons:
        outer, *holes = [_simplified(ring, tolerance_degrees) for ring in rings]
        if len(outer) >= LEAST_RING:
            drawn.append([outer, *(hole for hole in holes if len(hole) >= LEAST_RING)])
    if not drawn:
        return dict(geometry)
    if len(drawn) == 1:
        return {"type": "Polygon", "coordinates": drawn[0]}
    return {"type": "MultiPolygon", "coordinates": drawn}


def _simplified(ring: Ring, tolerance: float) -> Ring:
    """Douglas and Peucker (1973), from the first point over the one that is farthest from it."""
    points = np.array(ring, np.float64)
    farthest = int(np.argmax(np.hypot(*(points - points[0]).T)))
    kept = {0, farthest, len(points) - 1}
    spans = [(0, farthest), (farthest, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        aside = _distances(points[first + 1 : last], points[first], points[last])
        at = int(np.argmax(aside))
        if aside[at] > tolerance:
            middle = first + 1 + at
            kept.add(middle)
            spans += [(first, middle), (middle, last)]
    return [ring[at] for at in sorted(kept)]


def _distances(points: NDArray[np.float64], a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """To the line through a and b; to a where both are one point."""
    along, apart = b - a, points - a
    length = float(np.hypot(*along))
    if not length:
        return np.asarray(np.hypot(*apart.T))
    found: NDArray[np.float64] = np.abs(apart @ np.array([-along[1], along[0]])) / length
    return found
