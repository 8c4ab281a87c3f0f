"""Targets with their history, pace, forecast and slip; what to build next."""

from collections.abc import Callable
from datetime import date

import pytest

from domain.coverage.candidates import MILLION, Assumptions, Gap, Medium, Wanting, plan
from domain.coverage.progress import first_reached, forecast_of, month_ends, months_before, standing_of
from domain.coverage.reach import Reach, kilometres
from domain.coverage.targets import promises, sum_warnings
from domain.network import (
    Device,
    Indicator,
    Internet,
    Inventory,
    Link,
    RegionCode,
    Role,
    Site,
    SiteKind,
    Stage,
    Target,
    TargetKind,
)
from domain.network import Medium as LinkMedium

HOME, DUE = RegionCode("32.14"), date(2021, 12, 31)


def target(value: int, kind: TargetKind = TargetKind.RPJMD, decided: date | None = None, code: str = HOME) -> Target:
    return Target(RegionCode(code), DUE, Indicator.DESA, value, kind, "", decided)


def steadily(first: date, per_month: int) -> Callable[[date], int]:
    """So many more at the end of each month."""
    return lambda on: max(0, per_month * ((on.year - first.year) * 12 + on.month - first.month + 1))


def test_a_revision_replaces_what_was_promised_and_keeps_it_visible() -> None:
    rows = [target(147, decided=date(2018, 12, 28)), target(125, TargetKind.REVISION, date(2021, 6, 30))]
    (before,) = promises(rows, date(2021, 6, 29))
    (after,) = promises(rows, date(2021, 6, 30))
    assert (before.target.value, before.replaced) == (147, ())
    assert (after.target.value, [each.value for each in after.replaced]) == (125, [147])
    (same_day,) = promises([target(1, TargetKind.RKPD, DUE), target(2, TargetKind.RPJMD, DUE)], DUE)
    assert same_day.target.value == 1, "the year's plan says more than that of five years"


def test_kecamatan_that_do_not_sum_up_are_named() -> None:
    parts = [target(10, code="32.14.01"), target(12, code="32.14.02")]
    assert sum_warnings(promises([target(22), *parts], DUE)) == ()
    (warning,) = sum_warnings(promises([target(25), *parts], DUE))
    assert "2 kecamatan" in warning
    assert "22" in warning
    assert "25" in warning
    assert sum_warnings(promises(parts, DUE)) == (), "without a whole there is nothing to compare"


def test_months() -> None:
    assert months_before(date(2020, 12, 31), 24) == date(2018, 12, 31)
    assert months_before(date(2021, 3, 15), 1) == date(2021, 2, 15)
    assert months_before(date(2021, 3, 30), 1) == date(2021, 2, 28)
    assert months_before(date(2021, 2, 28), 2) == date(2020, 12, 31)
    assert months_before(date(2020, 1, 15), 1) == date(2019, 12, 15)
    assert month_ends(date(2019, 11, 5), date(2020, 1, 10)) == [
        date(2019, 11, 30),
        date(2019, 12, 31),
        date(2020, 1, 10),
    ]


def test_a_steady_pace_is_foreseen_without_a_spread() -> None:
    found = forecast_of(steadily(date(2018, 1, 1), 3), date(2020, 12, 31), 183, date(2018, 1, 1))
    assert found is not None
    assert (found.pace, found.months) == (3.0, 24)
    assert found.expected == found.earliest == found.latest == date(2023, 1, 31)


def test_an_uneven_pace_has_a_spread_around_what_is_expected() -> None:
    quick = steadily(date(2020, 1, 1), 5)
    found = forecast_of(lambda on: 42 + quick(on), date(2020, 12, 31), 183, date(2017, 12, 4))
    assert found is not None
    assert found.earliest is not None
    assert found.expected is not None
    assert found.earliest < found.expected
    assert found.latest is None, "in the slowest year nobody was connected"


def test_a_short_history_has_a_spread_too_and_what_is_expected_lies_in_it() -> None:
    """Twelve months of which one year alone could be looked at; eighteen that began and ended slowly."""
    quick = steadily(date(2020, 7, 1), 5)
    short = forecast_of(lambda on: 10 + quick(on), date(2020, 12, 31), 183, date(2019, 12, 4))
    assert short is not None
    assert (short.months, short.expected, short.earliest, short.latest) == (
        12,
        date(2025, 10, 7),
        date(2023, 5, 21),
        None,
    )
    humped = {date(2020, 1, 31): 0, date(2020, 7, 31): 1, date(2021, 1, 31): 31, date(2021, 7, 31): 32}
    slow = forecast_of(
        lambda on: max((count for day, count in humped.items() if day <= on), default=0),
        date(2021, 7, 31),
        64,
        date(2020, 1, 31),
    )
    assert slow is not None
    assert slow.months == 18
    assert slow.expected is not None
    assert slow.earliest is not None
    assert slow.latest is None or slow.latest >= slow.expected
    assert slow.earliest <= slow.expected


def test_in_the_middle_of_a_month_whole_months_are_counted() -> None:
    """One village on the first of each month: at whatever day it is asked, the pace is one."""
    for day in (1, 14, 28, 30):
        found = forecast_of(steadily(date(2018, 1, 1), 1), date(2020, 12, day), 183, date(2018, 1, 1))
        assert found is not None
        assert found.pace == 1.0


def test_nobody_is_foreseen_where_nothing_moves_or_too_little_is_known() -> None:
    still = forecast_of(lambda _on: 102, date(2026, 11, 22), 183, date(2017, 12, 4))
    assert still is not None
    assert (still.pace, still.expected, still.latest) == (0.0, None, None)
    assert forecast_of(lambda _on: 1, date(2020, 3, 1), 183, date(2020, 1, 1)) is None
    assert forecast_of(lambda _on: 183, date(2020, 3, 1), 183, date(2010, 1, 1)) is None
    assert forecast_of(lambda _on: 0, date(2020, 3, 1), 183, None) is None


def test_slip_of_a_target_that_is_met_missed_or_below_what_is_reached() -> None:
    count = steadily(date(2020, 1, 1), 5)
    first, on = date(2020, 1, 1), date(2021, 6, 30)

    def stands(value: int, due: date) -> tuple[int, int, date | None, int]:
        found = standing_of(value, due, on, count, first_reached(value, first, on, count), 5.0)
        return found.reached, found.short, found.reached_on, found.slip_days

    assert stands(60, date(2020, 12, 31)) == (60, 0, date(2020, 12, 1), -30)
    assert stands(65, date(2020, 12, 31)) == (60, 5, date(2021, 1, 1), 1)
    assert stands(200, date(2020, 12, 31)) == (60, 140, None, 181), "late so far"
    assert stands(200, date(2022, 12, 31)) == (90, 110, None, 0), "not due yet"
    assert stands(10, date(2020, 12, 31)) == (60, 0, date(2020, 2, 1), -334), "below what is reached: long since met"
    open_ = standing_of(200, date(2022, 12, 31), on, count, None, 5.0)
    assert open_.forecast == date(2023, 5, 1)


POP, SPUR, MAST = (-6.55, 107.44), (-6.60, 107.44), (-6.70, 107.50)
NETWORK = Inventory(
    sites=(
        Site("pop", "PoP", SiteKind.POP, latitude=POP[0], longitude=POP[1]),
        Site("spur", "Desa Spur", SiteKind.DESA, latitude=SPUR[0], longitude=SPUR[1]),
        Site("menara", "Menara", SiteKind.TOWER, latitude=MAST[0], longitude=MAST[1]),
        Site("later", "Desa Later", SiteKind.DESA, stage=Stage.PLANNED, latitude=-6.8, longitude=107.44),
    ),
    devices=(Device("r1", "pop", Role.ROUTER), Device("r2", "spur", Role.ROUTER, uplink=("r1",))),
    links=(Link("fo", "r2", z_device="r1", medium=LinkMedium.FIBRE, length_km=7.5),),
)


def wanting(code: str, people: int | None = 1000, at: tuple[float, float] | None = SPUR, **more: object) -> Wanting:
    values = {"internet": Internet.OWN, "share": 1.0} | more
    return Wanting(code, code, "Kec", people, at, **values)  # type: ignore[arg-type]


def test_the_way_begins_where_least_is_built_and_follows_what_exists() -> None:
    way = Reach(NETWORK, 1.3).way((-6.61, 107.44))
    assert way is not None
    assert (way.joins, way.along_km, way.pop) == ("spur", 7.5, "pop")
    assert way.new_km == pytest.approx(1.3 * kilometres((-6.61, 107.44), SPUR), abs=0.001)
    assert Reach(Inventory(), 1.3).way(SPUR) is None


def test_the_ranking_weighs_people_their_internet_and_equity_for_each_rupiah() -> None:
    found = plan(
        [
            wanting("a-few", 500),
            wanting("b-many", 2000),
            wanting("c-none", 1500, internet=Internet.NONE),
            wanting("d-behind", 1500, share=0.0),
        ],
        Reach(NETWORK, 1.3),
        100 * MILLION,
        Assumptions(),
    )
    assert [each.wanting.code for each in found.ranked] == ["d-behind", "c-none", "b-many", "a-few"]
    first = found.ranked[0]
    assert (first.cost, first.medium, first.value) == (35 * MILLION, Medium.FIBRE, round(1500 * 2 / 35, 4))
    assert [each.chosen for each in found.ranked] == [True, True, False, False]
    assert found.spent == 70 * MILLION


def test_what_is_too_dear_is_passed_over_for_what_fits() -> None:
    far = (-6.60, 107.47)
    found = plan([wanting("dear", 90_000, far), wanting("near", 10)], Reach(NETWORK, 1.3), 40 * MILLION, Assumptions())
    assert [(each.wanting.code, each.chosen) for each in found.ranked] == [("dear", False), ("near", True)]


def test_a_radio_says_that_nobody_checked_the_line_of_sight_and_who_sees_nothing_gets_a_satellite() -> None:
    near_mast, nowhere = (-6.75, 107.50), (-7.5, 108.4)
    found = plan([wanting("r", at=near_mast), wanting("s", at=nowhere)], Reach(NETWORK, 1.3), 0, Assumptions())
    media = {each.wanting.code: (each.medium, each.mast.site if each.mast else None) for each in found.ranked}
    assert media == {"r": (Medium.RADIO, "menara"), "s": (Medium.SATELLITE, None)}


def test_what_cannot_be_ranked_is_listed_with_its_reason() -> None:
    some = [wanting("a", at=None), wanting("b", None), wanting("c", stage=Stage.SUSPENDED), wanting("d")]
    found = plan(some, Reach(NETWORK, 1.3), 10**12, Assumptions())
    assert [(each.code, gap) for each, gap in found.unranked] == [
        ("a", Gap.NO_COORDINATES),
        ("b", Gap.NO_POPULATION),
        ("c", Gap.SUSPENDED),
    ]
    assert [each.wanting.code for each in found.ranked] == ["d"]
