"""Outlines of a simulated kabupaten: each kecamatan has one, they hold what is there, neighbours share a border."""

import json
from itertools import pairwise

from domain.network import Region, RegionLevel, lies_in
from inventory.importing.shapes import read_shapes
from inventory.regions import shipped_regions
from lab.kabupaten import generate
from lab.kabupaten.outlines import outlines

CODE = "32.14"
REGIONS = [region for region in shipped_regions() if lies_in(region.code, CODE)]


class Books:
    """The regions as the import asks for them."""

    def home(self) -> str:
        return CODE

    def within(self, code: str) -> list[Region]:
        return [region for region in REGIONS if lies_in(region.code, code)]


def test_every_kecamatan_has_one_that_the_import_takes() -> None:
    content = outlines(generate(CODE, REGIONS))
    assert content is not None
    shapes = read_shapes("lab.geojson", content, Books())
    assert {shape.code for shape in shapes} == {r.code for r in REGIONS if r.level is RegionLevel.DISTRICT}
    borders = [
        frozenset((tuple(a), tuple(b)))
        for shape in shapes
        for a, b in pairwise(json.loads(shape.geometry)["coordinates"][0])
    ]
    shared = sum(borders.count(border) == 2 for border in borders)
    assert 0.5 < shared / len(borders) < 0.9, "neighbours have one border between them, the coast is nobody's"
    assert max(borders.count(border) for border in borders) == 2


def test_who_lies_there_is_inside() -> None:
    inventory = generate(CODE, REGIONS)
    content = outlines(inventory)
    assert content is not None
    features = json.loads(content)["features"]
    places = [
        (site.longitude, site.latitude)
        for site in inventory.sites
        if site.longitude is not None and site.latitude is not None
    ]
    inside = sum(any(_holds(feature["geometry"]["coordinates"][0], *place) for feature in features) for place in places)
    assert inside == len(places)


def test_where_nothing_has_coordinates_nothing_is_drawn() -> None:
    regions = [region for region in shipped_regions() if lies_in(region.code, "11.01")]
    assert outlines(generate("11.01", regions)) is None


def _holds(ring: list[list[float]], x: float, y: float) -> bool:
    """Whether a ray to the east crosses the ring an odd number of times."""
    crossed = 0
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            crossed += 1
    return crossed % 2 == 1
