"""What coverage is told by, on both engines: stages as columns, evidence as a meter, users by month, outlines."""

from datetime import date, timedelta

from domain.coverage.columns import StageColumns, day_number
from domain.coverage.evidence import EvidenceDay, UseDay
from domain.network import Funding, PollClassName, RegionCode, Site, SiteKind, Stage, StageEntry, Village
from inventory.importing.shapes import Shape
from inventory.store import SqlInventoryStore
from inventory.store.coverage import SqlCoverageStore
from inventory.store.shapes import SqlShapeStore
from kentongan.database import Database

DESA, OTHER = RegionCode("32.14.01.2010"), RegionCode("32.14.01.2011")
TODAY = date(2026, 11, 22)


def test_what_was_written_is_told_in_columns(database: Database) -> None:
    inventory = SqlInventoryStore(database.engine, lambda: TODAY)
    told = StageEntry("a", Stage.HANDED_OVER, date(2020, 5, 12), "BAST/1", date(2020, 7, 20))
    inventory.write(
        [
            Site("a", "A", SiteKind.DESA, DESA, stage=Stage.BUILT, stage_date=date(2020, 3, 1), funding=Funding.APBD),
            told,
            Site("pole", "Tiang", SiteKind.CCTV, DESA),
            Village(DESA, 2020, former_code="32.14.01.2099"),
        ]
    )
    (site, _pole) = inventory.read().sites
    assert (site.stage, site.stage_date, site.document_no) == (Stage.HANDED_OVER, told.on, "BAST/1")
    store = SqlCoverageStore(database.engine)
    ground, rows = store.ground()
    assert dict(zip(ground.slugs, ground.counts, strict=True)) == {"a": True, "pole": False}
    assert ground.undated == {"pole": Stage.ACTIVE}
    columns = StageColumns.of(rows, {"a": 0})
    assert columns.at(day_number(TODAY), day_number(TODAY)).tolist() == [list(Stage).index(Stage.HANDED_OVER)]
    assert columns.at(day_number(TODAY), day_number(date(2020, 7, 1))).tolist() == [255], "the first row came today"
    assert [row.former_code for row in store.statistics()] == ["32.14.01.2099"]


def test_windows_and_months(database: Database) -> None:
    store = SqlCoverageStore(database.engine)
    first = date(2026, 1, 1)
    for number in range(40):
        day = first + timedelta(days=number)
        both = [EvidenceDay(DESA, day, 100, 90, 5, used=True, class_=PollClassName.SLOW)]
        both += [EvidenceDay(OTHER, day, 100, 50, 50, speed_mbps=20.0)] if number < 20 else []
        store.add_evidence(both)
    window = store.window({DESA: 0, OTHER: 1}, first + timedelta(days=39), 30)
    assert (window.service.tolist(), window.up.tolist(), window.dark.tolist()) == (
        [3000, 1000],
        [2700, 500],
        [150, 500],
    )
    assert window.use_days.tolist() == [30, 0]
    assert window.speed_on.tolist() == [0, day_number(first + timedelta(days=19))]
    assert window.class_.tolist() == [3, 0]
    assert store.last_day() == first + timedelta(days=39)
    store.add_use([UseDay(DESA, first, leases=5, users=5, octets=2**40), UseDay(DESA, date(2026, 2, 1), users=2)])
    store.add_use([UseDay(DESA, first, leases=9, users=4, octets=1)])
    months = store.use_months(first, date(2026, 12, 31))
    assert [(each.month, each.leases, each.users, each.mean_users) for each in months] == [
        ("2026-01", 9, 5, 5.0),
        ("2026-02", None, 2, 2.0),
    ]
    assert store.use_on(first)[DESA].octets == 2**40 + 1


def test_outlines_replace_each_other(database: Database) -> None:
    store = SqlShapeStore(database.engine)
    store.put([Shape("32.14.02", "{}"), Shape("32.14.01", "{}")], "a.geojson", 1.0)
    store.put([Shape("32.14.01", '{"type":"Polygon"}')], "b.geojson", 2.0)
    assert store.read() == (Shape("32.14.01", '{"type":"Polygon"}'), Shape("32.14.02", "{}"))
