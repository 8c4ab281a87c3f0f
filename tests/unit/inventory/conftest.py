"""The real regions of the country, and a short way to import a file in a test."""

from collections.abc import Callable

import pytest

from domain.network import Inventory, Region, RegionCode, lies_in
from inventory.importing import ImportResult, read_import
from inventory.regions.shipped import shipped_regions


class Regions:
    """A RegionStore in memory."""

    def __init__(self, known: dict[str, Region], home: str | None) -> None:
        self._known = known
        self._home = home

    def home(self) -> RegionCode | None:
        return RegionCode(self._home) if self._home else None

    def get(self, code: str) -> Region | None:
        return self._known.get(code)

    def within(self, area: str) -> tuple[Region, ...]:
        return tuple(region for code, region in sorted(self._known.items()) if lies_in(code, area))


@pytest.fixture(scope="session")
def country() -> dict[str, Region]:
    return {region.code: region for region in shipped_regions()}


@pytest.fixture(scope="session")
def purwakarta(country: dict[str, Region]) -> Regions:
    return Regions(country, "32.14")


Importer = Callable[..., ImportResult]


@pytest.fixture
def take(purwakarta: Regions) -> Importer:
    """Import files given as name=content; text is UTF-8, `_` in a name is a point: take(sites_csv="…")."""

    def run(stored: Inventory | None = None, **files: str | bytes) -> ImportResult:
        pairs = [
            (name.replace("_", "."), content if isinstance(content, bytes) else content.encode())
            for name, content in files.items()
        ]
        return read_import(pairs, stored or Inventory(), purwakarta)

    return run
