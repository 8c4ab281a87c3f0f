"""Outlines drawn coarser keep their shape, and nothing vanishes whole."""

import math
from itertools import pairwise

from domain.network.outlines import coarser

CIRCLE = [
    [107 + math.cos(turn) / 10, -6.5 + math.sin(turn) / 10] for turn in [k * math.tau / 5000 for k in range(5000)]
]
CIRCLE.append(CIRCLE[0])


def test_a_fine_line_loses_points_and_no_more_than_the_tolerance() -> None:
    drawn = coarser({"type": "Polygon", "coordinates": [CIRCLE]}, 0.0005)["coordinates"][0]
    assert 10 < len(drawn) < 100
    assert drawn[0] == drawn[-1] == CIRCLE[0]
    assert all(point in CIRCLE for point in drawn)
    for before, after in pairwise(drawn):
        middle = [(a + b) / 2 for a, b in zip(before, after, strict=True)]
        assert math.hypot(middle[0] - 107, middle[1] + 6.5) > 0.1 - 0.00051


def test_islands_and_holes_below_the_tolerance_go() -> None:
    dot = [[108.0, -6.5], [108.0001, -6.5], [108.0001, -6.5001], [108.0, -6.5]]
    hole = [[107.0, -6.5], [107.0001, -6.5], [107.0001, -6.5001], [107.0, -6.5]]
    drawn = coarser({"type": "MultiPolygon", "coordinates": [[CIRCLE, hole], [dot]]}, 0.0005)
    assert drawn["type"] == "Polygon"
    assert len(drawn["coordinates"]) == 1


def test_what_would_vanish_whole_stays() -> None:
    dot = {"type": "Polygon", "coordinates": [[[108.0, -6.5], [108.0001, -6.5], [108.0001, -6.5001], [108.0, -6.5]]]}
    assert coarser(dot, 0.0005) == dot
    point = {"type": "Polygon", "coordinates": [[[108.0, -6.5]] * 4]}
    assert coarser(point, 0.0005) == point
