"""Columns tell what records tell; what is learned later changes nothing that was known; parts sum up; ranks stand."""

import random
from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.coverage.candidates import Assumptions, Wanting, plan
from domain.coverage.columns import StageColumns, StageRows, day_number, stage_of
from domain.coverage.evidence import CLASSES, Demands, Window
from domain.coverage.picture import CoverageHistory, Ground, Sort
from domain.coverage.progress import forecast_of
from domain.coverage.reach import Reach
from domain.coverage.stages import standing
from domain.coverage.villages import VillageBook
from domain.network import Internet, Inventory, RegionCode, Site, SiteKind, Stage, StageEntry, Village

BEGIN = date(2019, 1, 1)
SLUGS = ("a", "b", "c")
CODES = ("32.14.01.1001", "32.14.01.2001", "32.14.01.2002", "32.14.02.2001", "32.14.02.2002")
days = st.integers(0, 12).map(lambda number: BEGIN + timedelta(days=30 * number))
entries = st.lists(
    st.builds(
        StageEntry,
        st.sampled_from(SLUGS),
        st.sampled_from(Stage),
        days,
        st.sampled_from(["", "BAST/1", "BAST/2"]),
        st.none() | days,
    ),
    max_size=14,
    unique_by=lambda each: (each.slug, each.stage, each.on, each.document_no),
)


def rows_of(told: list[StageEntry]) -> StageRows:
    return StageRows(
        [each.slug for each in told],
        [each.stage.value for each in told],
        [each.on.isoformat() for each in told],
        [each.document_no for each in told],
        [each.recorded_on.isoformat() if each.recorded_on else None for each in told],
    )


def stages_at(told: list[StageEntry], on: date, known_on: date) -> list[Stage | None]:
    found = StageColumns.of(rows_of(told), {slug: at for at, slug in enumerate(SLUGS)})
    return [stage_of(int(place)) for place in found.at(day_number(on), day_number(known_on))]


@given(entries, days, days)
@settings(max_examples=100, deadline=None)
def test_columns_tell_what_records_tell(told, on, known_on):
    by_records = [standing([each for each in told if each.slug == slug], on, known_on) for slug in SLUGS]
    assert stages_at(told, on, known_on) == [each.stage if each else None for each in by_records]


@given(entries, days, days, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_what_is_recorded_later_changes_nothing_that_was_known(told, on, known_on, dice):
    known = [each for each in told if (each.recorded_on or each.on) <= known_on]
    assert stages_at(told, on, known_on) == stages_at(known, on, known_on)
    dice.shuffle(known)
    assert stages_at(known, on, known_on) == stages_at(told, on, known_on), "whatever the order of the rows"


villages = st.lists(
    st.builds(
        Village,
        st.sampled_from(CODES).map(RegionCode),
        st.none() | st.integers(2018, 2020),
        internet=st.sampled_from(Internet),
        former_code=st.sampled_from(["", "", "32.14.01.2099"]),
    ),
    max_size=6,
    unique_by=lambda each: (each.region_code, each.year),
)


@given(entries, villages, days, st.integers(0, 2**32 - 1), st.lists(st.sampled_from(CODES), min_size=3, max_size=3))
@settings(max_examples=100, deadline=None)
def test_parts_sum_up_in_the_whole_and_in_each_kecamatan(told, statistics, on, seed, codes):
    ground = Ground(SLUGS, codes, [True] * len(SLUGS), {})
    made = CoverageHistory.of(VillageBook.of(("32.14", "32.14.01", *CODES), statistics), ground, rows_of(told))
    dice, size = np.random.default_rng(seed), len(made.book)
    service, up, dark, use = (dice.integers(0, 100, size) for _each in range(4))
    window = Window(
        service,
        up,
        dark,
        use,
        np.zeros(size, np.int32),
        dice.integers(0, len(CLASSES), size).astype(np.uint8),
        use > 50,
        on,
    )
    found = made.picture(on, on, window, Demands())
    for sort in Sort:
        whole = found.counts(found.mask(sort))
        parts = [counts for _code, counts in found.by_district(sort)]
        assert whole.villages == whole.served + whole.not_served + whole.unmeasured == sum(p.villages for p in parts)
        for name in ("connected", "served", "not_served", "unmeasured", "on_paper", "connected_unmeasured"):
            assert getattr(whole, name) == sum(getattr(part, name) for part in parts)
        assert whole.on_paper + whole.connected_unmeasured <= whole.connected <= whole.villages
    listed = list(found.villages(found.exists))
    assert sum(each.connected for each in listed) == int(found.connected.sum())


@given(st.integers(0, 2**32 - 1), st.integers(0, 2_000))
@settings(max_examples=40, deadline=None)
def test_the_same_input_gives_the_same_ranking_and_the_budget_is_kept(seed, millions):
    dice = random.Random(seed)
    reach = Reach(Inventory(sites=(Site("pop", "PoP", SiteKind.POP, latitude=-6.5, longitude=107.4),)), 1.3)
    all_ = [
        Wanting(
            f"v{number:02d}",
            "",
            "",
            dice.choice([None, 0, 900, 900, 5_000]),
            None if dice.random() < 0.1 else (-6.5 - dice.random() / 5, 107.4),
            dice.choice(list(Internet)),
            dice.random(),
        )
        for number in range(20)
    ]
    budget = millions * 1_000_000
    one = plan(all_, reach, budget, Assumptions())
    dice.shuffle(all_)
    other = plan(all_, reach, budget, Assumptions())
    assert one == other
    assert one.spent <= budget
    assert len(one.ranked) + len(one.unranked) == len(all_)
    values = [each.value for each in one.ranked]
    assert values == sorted(values, reverse=True)


@given(st.lists(st.integers(-4, 12), min_size=1, max_size=40), st.integers(0, 300), st.dates(date(2024, 1, 1)))
@settings(max_examples=200, deadline=None)
def test_what_is_expected_lies_in_its_spread_whatever_the_past_was(steps, whole, on):
    """steps: villages that came, or were lost, in each month before the day."""
    first = on - timedelta(days=30 * len(steps))

    def count(day: date) -> int:
        return max(0, sum(step for at, step in enumerate(steps) if first + timedelta(days=30 * at) <= day))

    found = forecast_of(count, on, whole, first)
    if found is None:
        assert count(on) >= whole or len(steps) < 7
        return
    early, expected, late = (each or date.max for each in (found.earliest, found.expected, found.latest))
    assert on < early <= expected <= late
    assert (found.pace > 0) or expected == date.max
