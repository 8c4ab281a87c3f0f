"""Connected, served and unmeasured at a date; codes that the government changed; evidence and what is made of it."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from domain.coverage.columns import StageRows, day_number
from domain.coverage.evidence import CLASSES, Demands, Reason, Window
from domain.coverage.picture import CoverageHistory, Ground, Picture, Sort
from domain.coverage.villages import VillageBook
from domain.network import Internet, PollClassName, RegionCode, Stage, Village

TODAY = date(2026, 11, 22)
ONE, TWO, TOWN = "32.14.01.2001", "32.14.01.2002", "32.14.01.1001"
REGIONS = ("32.14", "32.14.01", ONE, TWO, TOWN)


def village(code: str, year: int | None = 2020, **more: object) -> Village:
    return replace(Village(RegionCode(code), year), **more)  # type: ignore[arg-type]


def history(
    sites: list[tuple[str, str, bool, Stage, str]],
    villages: tuple[Village, ...] = (),
    undated: dict[str, Stage] | None = None,
) -> CoverageHistory:
    """sites: slug, code, whether it counts, the stage it reached, and when."""
    undated = undated or {}
    ground = Ground([s[0] for s in sites], [s[1] for s in sites], [s[2] for s in sites], undated)
    told = [each for each in sites if each[0] not in undated]
    rows = StageRows(
        [s[0] for s in told], [s[3].value for s in told], [s[4] for s in told], [""] * len(told), [None] * len(told)
    )
    return CoverageHistory.of(VillageBook.of(REGIONS, villages), ground, rows)


def picture(made: CoverageHistory, on: date = TODAY, window: Window | None = None) -> Picture:
    return made.picture(on, TODAY, window or Window.empty(len(made.book)), Demands())


def connected(found: Picture) -> list[str]:
    return [each.code for each in found.villages(found.exists) if each.connected]


def seen(made: CoverageHistory, code: str, **more: int) -> Window:
    """30 days of ten service hours of one village."""
    size, at = len(made.book), made.codes[code]
    values = {"service": 300, "up": 300, "dark": 0, "use_days": 20, "speed_on": 0, "class_": 0} | more
    columns = {name: np.zeros(size, np.int64) for name in values}
    for name, value in values.items():
        columns[name][at] = value
    known = np.arange(size) == at
    speed, class_ = columns.pop("speed_on").astype(np.int32), columns.pop("class_").astype(np.uint8)
    return Window(**columns, speed_on=speed, class_=class_, known=known, last=TODAY)


def test_desa_and_kelurahan_are_counted_apart_and_at_their_date() -> None:
    made = history([("a", ONE, True, Stage.ACTIVE, "2019-11-20"), ("t", TOWN, True, Stage.HANDED_OVER, "2020-02-01")])
    before, now = picture(made, date(2019, 11, 30)), picture(made)
    assert (before.counts(before.mask(Sort.DESA)).connected, before.counts(before.mask(Sort.KELURAHAN)).connected) == (
        1,
        0,
    )
    assert (now.counts(now.mask(Sort.DESA)).villages, now.counts(now.mask(Sort.KELURAHAN)).connected) == (2, 1)
    assert [code for code, _counts in now.by_district(Sort.DESA)] == ["32.14.01"]


def test_a_site_that_does_not_count_or_is_suspended_connects_nobody() -> None:
    made = history([("a", ONE, False, Stage.ACTIVE, "2019-01-01"), ("b", TWO, True, Stage.SUSPENDED, "2019-01-01")])
    assert connected(picture(made)) == []
    assert next(each.stage for each in picture(made).villages(made.book.desa) if each.code == TWO) is Stage.SUSPENDED


def test_a_site_without_a_stage_date_counts_today_and_never_before() -> None:
    made = history([("a", ONE, True, Stage.ACTIVE, "")], undated={"a": Stage.ACTIVE})
    assert connected(picture(made)) == [ONE]
    assert connected(picture(made, date(2026, 11, 21))) == []
    assert picture(made).undated == 1


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({}, Reason.SERVED),
        ({"up": 280, "dark": 20}, Reason.UNAVAILABLE),
        ({"up": 280, "dark": 20, "class_": CLASSES.index(PollClassName.RADIO)}, Reason.SERVED),
        ({"use_days": 4}, Reason.UNUSED),
        ({"use_days": 0, "speed_on": day_number(TODAY) - 89}, Reason.SERVED),
        ({"use_days": 0, "speed_on": day_number(TODAY) - 90}, Reason.UNUSED),
        ({"up": 140}, Reason.UNSEEN),
        ({"service": 0, "up": 0}, Reason.NOTHING),
    ],
)
def test_what_is_made_of_evidence(more: dict[str, int], reason: Reason) -> None:
    made = history([("a", ONE, True, Stage.ACTIVE, "2019-01-01")])
    found = picture(made, window=seen(made, ONE, **more))
    facts = next(each for each in found.villages(made.book.desa) if each.code == ONE)
    assert facts.reason is reason


def test_what_is_not_connected_is_of_others_unless_it_is_seen_to_serve() -> None:
    made = history([], (village(ONE, internet=Internet.BAKTI), village(TWO, internet=Internet.OWN)))
    counts = picture(made).counts(made.book.desa)
    assert (counts.connected, counts.unmeasured) == (0, 2)
    assert counts.others == {Internet.OWN: 1, Internet.BAKTI: 1, Internet.NONE: 0, Internet.UNKNOWN: 0}
    found = picture(made, window=seen(made, ONE))
    assert (found.counts(made.book.desa).served, found.counts(made.book.desa).connected) == (1, 0)
    found = picture(made, window=seen(made, ONE, up=0, dark=300))
    assert found.counts(made.book.desa).not_served == 0, "who is not ours is not blamed"


def test_of_several_years_the_newest_that_is_not_later_holds() -> None:
    rows = (village(ONE, None, internet=Internet.NONE), village(ONE, 2020, internet=Internet.OWN), village(ONE, 2024))
    made = history([], rows)
    word = [
        list(Internet)[made.book.statistics.internet_at(year)[made.codes[ONE]]] for year in (2019, 2020, 2023, 2024)
    ]
    assert word == [Internet.NONE, Internet.OWN, Internet.OWN, Internet.UNKNOWN]
    later = history([], (village(ONE, 2024, internet=Internet.OWN),))
    assert list(Internet)[later.book.statistics.internet_at(2019)[later.codes[ONE]]] is Internet.OWN


def test_a_renamed_village_is_counted_under_the_code_of_its_time() -> None:
    old = "32.14.01.2099"
    made = history([("a", ONE, True, Stage.ACTIVE, "2019-01-01")], (village(ONE, 2022, former_code=old),))
    assert connected(picture(made, date(2021, 12, 31))) == [old]
    assert connected(picture(made, date(2022, 1, 1))) == [ONE]
    for on in (date(2021, 12, 31), date(2022, 1, 1)):
        assert picture(made, on).counts(picture(made, on).mask(Sort.DESA)).villages == 2, "never twice"
    kept = history([("a", old, True, Stage.ACTIVE, "2019-01-01")], (village(ONE, 2022, former_code=old),))
    assert connected(picture(kept)) == [ONE], "a site whose row still has the old code"


def test_a_village_that_was_split_was_one_before() -> None:
    made = history(
        [("a", ONE, True, Stage.ACTIVE, "2019-01-01"), ("b", TWO, True, Stage.ACTIVE, "2019-01-01")],
        (village(TWO, 2022, former_code=ONE),),
    )
    assert connected(picture(made, date(2021, 6, 1))) == [ONE]
    assert connected(picture(made, date(2022, 6, 1))) == [ONE, TWO]
    assert picture(made, date(2021, 6, 1)).counts(made.book.desa & picture(made, date(2021, 6, 1)).exists).villages == 1


def test_a_village_that_ceased_is_gone_after_its_last_year() -> None:
    gone = "32.14.01.2050"
    made = history([], (village(gone, 2019), village(gone, 2020)))
    assert [on for on in (2020, 2021) if picture(made, date(on, 6, 1)).exists[made.codes[gone]]] == [2020]
    assert history([], (village(ONE, 2021, former_code=TWO), village(TWO, 2021, former_code=ONE))).book, "a circle ends"
