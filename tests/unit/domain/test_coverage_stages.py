"""The ladder of stages, and what a site was on a day by what was known on another."""

from datetime import date

import pytest

from domain.coverage.columns import NO_STAGE, StageColumns, StageRows, day_number, stage_of
from domain.coverage.stages import Step, in_order, may_connect, standing, step
from domain.network import Site, SiteKind, Stage, StageEntry

MAY, JUNE, JULY = date(2026, 5, 12), date(2026, 6, 30), date(2026, 7, 20)


def columns(*entries: StageEntry) -> StageColumns:
    rows = StageRows(
        [each.slug for each in entries],
        [each.stage.value for each in entries],
        [each.on.isoformat() for each in entries],
        [each.document_no for each in entries],
        [each.recorded_on.isoformat() if each.recorded_on else None for each in entries],
    )
    return StageColumns.of(rows, {"a": 0, "b": 1})


def at(found: StageColumns, on: date, known_on: date) -> list[Stage | None]:
    return [stage_of(int(place)) for place in found.at(day_number(on), day_number(known_on))]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (None, Stage.ACTIVE, Step.FIRST),
        (Stage.PLANNED, Stage.FUNDED, Step.NEXT),
        (Stage.PLANNED, Stage.ACTIVE, Step.SKIPPED),
        (Stage.ACTIVE, Stage.BUILT, Step.BACK),
        (Stage.HANDED_OVER, Stage.SUSPENDED, Step.NEXT),
        (Stage.SUSPENDED, Stage.ACTIVE, Step.NEXT),
        (Stage.SUSPENDED, Stage.HANDED_OVER, Step.NEXT),
        (Stage.SUSPENDED, Stage.BUILT, Step.BACK),
        (Stage.PLANNED, Stage.RETIRED, Step.NEXT),
        (Stage.RETIRED, Stage.ACTIVE, Step.BACK),
        (Stage.ACTIVE, Stage.ACTIVE, Step.SAME),
    ],
)
def test_steps(before: Stage | None, after: Stage, found: Step) -> None:
    assert step(before, after) is found


def test_a_document_dated_may_that_arrives_in_july_changes_june_only_for_who_asks_later() -> None:
    entries = (StageEntry("a", Stage.BUILT, date(2026, 3, 1)), StageEntry("a", Stage.ACTIVE, MAY, "BAST/1", JULY))
    found = columns(*entries)
    assert at(found, JUNE, JUNE)[0] is Stage.BUILT, "as June's closed report had it"
    assert at(found, JUNE, JULY)[0] is Stage.ACTIVE, "as it is known now"
    for known_on in (JUNE, JULY):
        told = standing(entries, JUNE, known_on)
        assert told is not None
        assert told.stage is at(found, JUNE, known_on)[0], "records and columns tell the same"


def test_the_same_document_with_another_day_is_a_correction_and_not_a_second_event() -> None:
    first = StageEntry("a", Stage.ACTIVE, MAY, "BAST/1", MAY)
    right = StageEntry("a", Stage.ACTIVE, JULY, "BAST/1", date(2026, 8, 1))
    found = columns(first, right)
    assert at(found, JUNE, JUNE)[0] is Stage.ACTIVE
    assert at(found, JUNE, date(2026, 8, 1))[0] is None
    assert in_order((first, right)) == [right]


def test_of_one_day_the_word_recorded_later_holds_then_the_further_stage() -> None:
    entries = (
        StageEntry("a", Stage.HANDED_OVER, MAY, "BAST/1", MAY),
        StageEntry("a", Stage.FUNDED, MAY, "", JULY),
        StageEntry("b", Stage.BUILT, MAY, "", MAY),
        StageEntry("b", Stage.ACTIVE, MAY, "", MAY),
    )
    assert at(columns(*entries), JUNE, JUNE) == [Stage.HANDED_OVER, Stage.ACTIVE]
    assert at(columns(*entries), JUNE, JULY) == [Stage.FUNDED, Stage.ACTIVE]


def test_before_the_first_entry_and_of_unknown_sites_nothing_is_said() -> None:
    found = columns(StageEntry("b", Stage.ACTIVE, MAY), StageEntry("nobody", Stage.ACTIVE, MAY))
    assert len(found) == 1
    assert found.at(day_number(MAY) - 1, day_number(JULY)).tolist() == [NO_STAGE, NO_STAGE]
    assert columns().at(0, 0).tolist() == [NO_STAGE, NO_STAGE]


def test_a_cctv_pole_connects_no_village() -> None:
    assert may_connect(Site("a", "A", SiteKind.DESA))
    assert may_connect(Site("a", "A", SiteKind.PUBLIC))
    assert not may_connect(Site("a", "A", SiteKind.CCTV))
    assert not may_connect(Site("a", "A", SiteKind.POLE))
    assert not may_connect(Site("a", "A", SiteKind.DESA, counts_for_coverage=False))
