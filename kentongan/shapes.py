"""Outlines of kecamatan: taken in whole or not at all, and handed out as GeoJSON for whoever draws a map."""

import json
from typing import Any, Final

from domain.network import Inventory, RegionLevel
from domain.network.outlines import coarser
from inventory.importing.shapes import read_shapes
from inventory.store.shapes import SqlShapeStore
from kentongan.installation import Installation
from lab.kabupaten.outlines import outlines

TOLERANCE_DEGREES: Final = 0.0004
"""About 45 m: a pixel where a kabupaten fills the screen."""


def take_shapes(installation: Installation, name: str, content: bytes) -> dict[str, Any]:
    """Stores the outlines of a file; says which kecamatan still have none. Raises inventory's ShapeError."""
    shapes = read_shapes(name, content, installation.regions)
    store = SqlShapeStore(installation.database.engine)
    store.put(shapes, name, installation.clock.now().unix_seconds)
    installation.record("shapes imported", name, count=len(shapes))
    there = {shape.code for shape in store.read()}
    regions = installation.regions.within(installation.regions.home() or "")
    missing = [region.name for region in regions if region.level is RegionLevel.DISTRICT and region.code not in there]
    return {"stored": [shape.code for shape in shapes], "missing": missing}


def simulate_shapes(installation: Installation, inventory: Inventory) -> None:
    """Invented outlines for a simulated kabupaten that has none yet."""
    content = None if SqlShapeStore(installation.database.engine).read() else outlines(inventory)
    if content is not None:
        take_shapes(installation, "lab.geojson", content)


def shapes_document(installation: Installation) -> dict[str, Any]:
    """A GeoJSON FeatureCollection of every outline that is kept, with code and name; as fine as a screen shows."""
    names = {str(region.code): region.name for region in installation.regions.within(installation.regions.home() or "")}
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": shape.code, "name": names.get(shape.code, shape.code)},
                "geometry": coarser(json.loads(shape.geometry), TOLERANCE_DEGREES),
            }
            for shape in SqlShapeStore(installation.database.engine).read()
        ],
    }
