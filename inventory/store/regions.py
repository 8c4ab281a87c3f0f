"""Every region of the country in a database, and which kabupaten this installation serves."""

from typing import Any

from sqlalchemy import Engine, Row, and_, or_, select

from domain.language import _
from domain.network import Region, RegionCode, RegionLevel
from inventory.errors import InventoryError
from inventory.regions import shipped_regions
from inventory.store.installation import read_home, write_home
from inventory.store.rows import upsert
from inventory.store.tables import regions


class NoRegencyError(InventoryError):
    """The code is not that of a kabupaten or kota of the country."""


class SqlRegionStore:
    """Implements domain.network.RegionStore."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def home(self) -> RegionCode | None:
        """None before `set_home`."""
        with self._reader.connect() as connection:
            code = read_home(connection)
        return RegionCode(code) if code else None

    def set_home(self, code: str) -> None:
        """Raises NoRegencyError for anything but the code of a known kabupaten or kota."""
        region = self.get(code)
        if region is None or region.level is not RegionLevel.REGENCY:
            raise NoRegencyError(
                _("{code} is not the code of a kabupaten or kota. Write it with its point, for example 32.14.").format(
                    code=code
                )
            )
        with self._engine.begin() as connection:
            write_home(connection, region.code)

    def get(self, code: str) -> Region | None:
        with self._reader.connect() as connection:
            row = connection.execute(select(regions).where(regions.c.code == code)).first()
        return _region(row) if row else None

    def within(self, area: str) -> tuple[Region, ...]:
        """The area itself and all that lies in it, sorted by code; the whole country for an empty text."""
        # '/' follows '.' in ASCII, and codes are compared by their bytes: one range of the index.
        inside = and_(regions.c.code > area + ".", regions.c.code < area + "/")
        query = select(regions).where(or_(regions.c.code == area, inside)) if area else select(regions)
        with self._reader.connect() as connection:
            return tuple(_region(row) for row in connection.execute(query.order_by(regions.c.code)))

    def load_all(self) -> int:
        """Store every shipped region, replacing names that changed; returns how many.

        A code that is no longer shipped stays: sites may still carry it.
        """
        rows = [{"code": region.code, "name": region.name} for region in shipped_regions()]
        with self._engine.begin() as connection:
            upsert(connection, regions, rows)
        return len(rows)


def _region(row: Row[Any]) -> Region:
    return Region(RegionCode(row.code), row.name)
