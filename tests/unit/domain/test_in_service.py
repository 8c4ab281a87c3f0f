"""A month has the sites that were in service in it, whenever it is looked at, and from the day on that they were."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from domain.availability import By, Kind, Records, Report, Reporter, month
from domain.availability.statement import differences, plain_month
from domain.network import (
    Device,
    Inventory,
    Link,
    RegionCode,
    Role,
    Site,
    SiteKind,
    Stage,
    StageEntry,
)
from domain.states import State

WIB = ZoneInfo("Asia/Jakarta")
OCTOBER = month("2026-10", WIB, datetime(2027, 6, 1, tzinfo=UTC))
DAY = 86_400_000_000
OLD, NEW = RegionCode("32.14.01.2001"), RegionCode("32.14.01.2002")
BEFORE = Inventory(
    sites=(
        Site("pop", "PoP", SiteKind.POP, RegionCode("32.14.01")),
        Site("old", "Desa Cibodas", SiteKind.DESA, OLD),
        Site("new", "Desa Sindangsari", SiteKind.DESA, NEW, stage=Stage.BUILT),
    ),
    devices=(Device("p", "pop", Role.ROUTER), Device("o", "old", Role.ROUTER), Device("n", "new", Role.ROUTER)),
    links=(
        Link("fo-old", "p", z_device="o", provider="PT Tali"),
        Link("fo-new", "p", z_device="n", provider="PT Tali"),
    ),
    stages=(StageEntry("new", Stage.BUILT, date(2026, 9, 1), "BAPP 1"),),
)


def of(inventory: Inventory) -> Reporter:
    """October, in which all that was watched was up."""
    up = {device.name: (State.UP, "") for device in inventory.devices}
    return Reporter(Records(OCTOBER.span, inventory, up), {}, WIB)


def later(*entries: StageEntry) -> Inventory:
    sites = tuple(replace(site, stage=entries[-1].stage) if site.slug == "new" else site for site in BEFORE.sites)
    return replace(BEFORE, sites=sites, stages=(*BEFORE.stages, *entries))


def days(report: Report) -> dict[str, float]:
    """Service time of each row."""
    return {row.key: row.figure.service / DAY for row in report.rows}


def test_who_came_later_was_not_in_service_and_corrects_nothing() -> None:
    now = of(later(StageEntry("new", Stage.ACTIVE, date(2026, 11, 3), "BA 2")))
    assert days(now.report(By.DESA)) == {OLD: 31}
    assert days(now.report(By.LINK)) == {"fo-old": 31}
    frozen, today = (plain_month(OCTOBER, "WIB", [each.report(by) for by in By]) for each in (of(BEFORE), now))
    assert differences(frozen, today) == []


def test_who_came_in_the_month_counts_from_that_day_on() -> None:
    """Seen all the time that it was in service, not a third of a month."""
    now = of(later(StageEntry("new", Stage.ACTIVE, date(2026, 10, 22), "BA 2")))
    assert days(now.report(By.DESA)) == {OLD: 31, NEW: 10}
    assert days(now.report(By.LINK)) == {"fo-old": 31, "fo-new": 10}
    (district,) = now.report(By.KECAMATAN).rows
    assert (district.figure.kinds[Kind.UP], district.figure.outside) == (41 * DAY, 21 * DAY)


def test_suspended_still_counts_for_those_who_miss_it_and_retired_does_not() -> None:
    active = StageEntry("new", Stage.ACTIVE, date(2026, 9, 20), "BA 2")
    suspended = StageEntry("new", Stage.SUSPENDED, date(2026, 10, 5))
    retired = StageEntry("new", Stage.RETIRED, date(2026, 10, 11))
    assert days(of(later(active, suspended)).report(By.DESA))[NEW] == 31
    assert days(of(later(active, suspended, retired)).report(By.DESA))[NEW] == 10


def test_a_document_that_is_dated_back_brings_its_months_back() -> None:
    """As far as anybody knew, the site came in November; a document of October says otherwise."""
    known = StageEntry("new", Stage.ACTIVE, date(2026, 11, 3), "BA 2", date(2026, 11, 4))
    told = StageEntry("new", Stage.ACTIVE, date(2026, 10, 22), "BA 2", date(2027, 1, 9))
    frozen, today = (
        plain_month(OCTOBER, "WIB", [of(inventory).report(By.DESA)]) for inventory in (later(known), later(known, told))
    )
    assert [(each["by"], each["key"]) for each in differences(frozen, today)] == [("desa", NEW)]


def test_without_a_history_the_day_of_its_stage_counts_and_without_a_day_always() -> None:
    dated = replace(BEFORE.sites[2], stage=Stage.HANDED_OVER, stage_date=date(2026, 10, 30))
    inventory = replace(BEFORE, sites=(*BEFORE.sites[:2], dated), stages=())
    assert days(of(inventory).report(By.DESA)) == {OLD: 31, NEW: 2}
