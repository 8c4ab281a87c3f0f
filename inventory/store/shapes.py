"""Keeps the outlines of regions, as GeoJSON geometries."""

from collections.abc import Iterable

from sqlalchemy import Engine, select

from inventory.importing.shapes import Shape
from inventory.store.coverage_tables import region_shape
from inventory.store.rows import upsert


class SqlShapeStore:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def put(self, shapes: Iterable[Shape], source: str, unix_seconds: float) -> None:
        """In place of what was kept of the same regions, in one transaction."""
        rows = [
            {"region_code": each.code, "geometry": each.geometry, "source": source, "imported_at": unix_seconds}
            for each in shapes
        ]
        with self._engine.begin() as connection:
            upsert(connection, region_shape, rows)

    def read(self) -> tuple[Shape, ...]:
        """By code."""
        query = select(region_shape.c.region_code, region_shape.c.geometry).order_by(region_shape.c.region_code)
        with self._reader.connect() as connection:
            return tuple(Shape(*row) for row in connection.execute(query))
