"""Every region of the country, in both engines, and the home of an installation."""

import time

import pytest

from domain.network import Region, RegionCode, RegionLevel, VillageKind, village_kind
from inventory.regions import shipped_regions
from inventory.store import SqlInventoryStore, SqlRegionStore
from inventory.store.regions import NoRegencyError
from kentongan.database import Database


def test_the_shipped_country_is_whole_and_nested() -> None:
    regions = list(shipped_regions())
    levels = [region.level for region in regions]
    assert [levels.count(level) for level in RegionLevel] == [38, 514, 7285, 83762]
    known: set[str] = set()
    for region in regions:
        assert region.parent is None or region.parent in known, region
        known.add(region.code)
    assert len(known) == len(regions)


def test_all_regions_load_in_seconds_and_twice(database: Database) -> None:
    store = SqlRegionStore(database.engine)
    began = time.perf_counter()
    assert store.load_all() == 91599
    assert time.perf_counter() - began < 10
    assert store.load_all() == 91599
    assert len(store.within("")) == 91599
    purwakarta = store.within("32.14")
    assert purwakarta[0] == Region(RegionCode("32.14"), "Kabupaten Purwakarta")
    assert list(purwakarta) == sorted(purwakarta, key=lambda region: region.code)
    kinds = [village_kind(region.code) for region in purwakarta if region.level is RegionLevel.VILLAGE]
    assert (kinds.count(VillageKind.DESA), kinds.count(VillageKind.KELURAHAN)) == (183, 9)
    assert {region.code[:5] for region in purwakarta} == {"32.14"}
    assert store.within("32.1") == ()
    assert store.get("32.14.01.2010") is not None
    assert store.get("32.14.99") is None


def test_home_is_a_known_kabupaten(database: Database) -> None:
    store = SqlRegionStore(database.engine)
    assert store.home() is None
    with pytest.raises(NoRegencyError, match=r"32\.14"):
        store.set_home("32.14")
    store.load_all()
    for wrong in ("32", "32.14.01", "3214", "99.99", ""):
        with pytest.raises(NoRegencyError):
            store.set_home(wrong)
    store.set_home("33.03")
    store.set_home("32.14")
    assert store.home() == "32.14"
    assert SqlInventoryStore(database.engine).revision() == 0


def test_home_and_revision_share_a_row_without_harm(database: Database) -> None:
    inventory, regions = SqlInventoryStore(database.engine), SqlRegionStore(database.engine)
    inventory.write([])
    regions.load_all()
    regions.set_home("32.14")
    inventory.write([])
    assert (inventory.revision(), regions.home()) == (2, "32.14")
