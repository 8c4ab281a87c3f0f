"""Waves of sites: canaries first, batches after them, the rest untouched when too many fail, taken up again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.changes import Wave, WaveSiteState, WaveState
from domain.changes.waves import begun, ended, judged, new_wave, next_sites, resumed

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
SITES = tuple(f"desa-{number}" for number in range(1, 11))


def wave(**order: float) -> Wave:
    return replace(new_wave("w1", SITES, "siti", NOW), **{"canary": 2, "batch": 4, "stop_percent": 25.0, **order})


def one_ended(wave: Wave, slug: str, why: str = "", passed: int = 1) -> Wave:
    state = WaveSiteState.FAILED if why else WaveSiteState.DONE
    return ended(wave, replace(wave.site(slug), state=state, job=f"j-{slug}", passed=passed, why=why), LATER)


def batch_ended(wave: Wave, failed: Mapping[str, str] | None = None, passed: int = 1) -> Wave:
    """Those who are next come to their end, all at once."""
    slugs = next_sites(wave)
    wave = begun(wave, slugs, NOW)
    for slug in slugs:
        wave = one_ended(wave, slug, (failed or {}).get(slug, ""), passed)
    return judged(wave, LATER)


def test_canaries_first_then_batches_in_the_order_of_the_file() -> None:
    course, at = [], wave()
    while batch := next_sites(at):
        course.append(batch)
        at = batch_ended(at)
    assert course == [SITES[:2], SITES[2:6], SITES[6:]]
    assert (at.state, at.why, at.untouched, at.failed) == (WaveState.DONE, "", (), ())


def test_more_canaries_than_a_batch_holds_come_before_all_others() -> None:
    at = batch_ended(wave(canary=5, batch=3))
    assert next_sites(at) == SITES[3:5]


@pytest.mark.parametrize(("failed", "passed"), [({"desa-2": "taken back"}, 1), ({}, 0)])
def test_nobody_follows_a_canary_that_failed_or_is_not_known_to_work(failed: Mapping[str, str], passed: int) -> None:
    at = batch_ended(wave(), failed, passed)
    assert at.state is WaveState.STOPPED
    assert ("desa-2" if failed else "desa-1") in at.why
    assert (next_sites(at), at.untouched) == ((), SITES[2:])


def test_a_wave_without_canaries_begins_with_a_batch() -> None:
    assert next_sites(wave(canary=0)) == SITES[:4]


@pytest.mark.parametrize(
    ("limit", "failed", "state"),
    [
        (25.0, 1, WaveState.OPEN),  # 1 of 6
        (25.0, 2, WaveState.STOPPED),  # 2 of 6
        (0.0, 1, WaveState.STOPPED),
        (0.0, 0, WaveState.OPEN),
        (100.0, 4, WaveState.OPEN),
    ],
)
def test_the_rate_of_those_that_ended_stops_it(limit: float, failed: int, state: WaveState) -> None:
    at = batch_ended(batch_ended(wave(stop_percent=limit)), dict.fromkeys(SITES[2 : 2 + failed], "no"))
    assert at.state is state
    assert at.untouched == SITES[6:]
    assert [each.site for each in at.failed] == list(SITES[2 : 2 + failed])


def test_the_next_one_begins_as_soon_as_one_has_ended() -> None:
    at = batch_ended(wave())
    under_way = list(next_sites(at))
    at = begun(at, under_way, NOW)
    assert next_sites(at, under_way) == ()
    for slug, follows in [("desa-4", "desa-7"), ("desa-3", "desa-8")]:
        under_way.remove(slug)
        at = judged(one_ended(at, slug), LATER, under_way)
        assert next_sites(at, under_way) == (follows,)
        at = begun(at, [follows], NOW)
        under_way.append(follows)
    assert sorted(under_way) == ["desa-5", "desa-6", "desa-7", "desa-8"]


def test_nobody_follows_the_first_canary_before_the_last_has_ended() -> None:
    at = begun(wave(), SITES[:2], NOW)
    at = judged(one_ended(at, "desa-1"), LATER, ["desa-2"])
    assert (at.state, next_sites(at, ["desa-2"])) == (WaveState.OPEN, ())


def test_who_is_under_way_may_yet_be_good_and_ends_though_the_wave_has_stopped() -> None:
    at = begun(batch_ended(wave()), SITES[2:6], NOW)
    at = judged(one_ended(at, "desa-3", "no"), LATER, SITES[3:6])  # 1 of 6 that were begun, 1 of 3 that ended
    assert at.state is WaveState.OPEN
    at = judged(one_ended(at, "desa-4", "no"), LATER, SITES[4:6])
    assert (at.state, next_sites(at, SITES[4:6]), at.untouched) == (WaveState.STOPPED, (), SITES[6:])
    at = judged(one_ended(at, "desa-5", "no"), LATER, SITES[5:6])
    assert (at.state, at.why.split()[:3]) == (WaveState.STOPPED, ["3", "of", "6"])


def test_nothing_is_stopped_when_nobody_is_left_to_begin_with() -> None:
    at = begun(batch_ended(batch_ended(wave())), SITES[6:], NOW)
    for slug in SITES[6:9]:
        at = judged(one_ended(at, slug, "no"), LATER, SITES[SITES.index(slug) + 1 :])
        assert at.state is WaveState.OPEN
    assert judged(one_ended(at, SITES[9]), LATER).state is WaveState.DONE


def test_that_the_last_ones_failed_stops_nobody_any_more() -> None:
    at = batch_ended(batch_ended(wave()))
    at = batch_ended(at, dict.fromkeys(SITES[6:], "no"))
    assert (at.state, len(at.failed)) == (WaveState.DONE, 4)


def test_who_was_interrupted_comes_again_with_the_hour_of_its_beginning() -> None:
    at = begun(batch_ended(wave()), SITES[2:6], NOW)
    at = resumed(at, LATER)
    assert next_sites(at) == SITES[2:6]
    again = begun(at, next_sites(at), LATER)
    assert {again.site(slug).began_at for slug in SITES[2:6]} == {NOW}


def test_resumed_it_tries_again_what_failed_and_does_not_wait_for_canaries_that_are_done() -> None:
    at = resumed(batch_ended(batch_ended(wave(stop_percent=0)), {"desa-4": "no"}), LATER)
    assert (at.state, at.why) == (WaveState.OPEN, "")
    assert next_sites(at) == ("desa-4", *SITES[6:9])
    assert (at.site("desa-4").job, at.site("desa-3").job) == ("", "j-desa-3")
    blind = resumed(batch_ended(wave(), passed=0), LATER)
    assert next_sites(batch_ended(blind)) == SITES[6:10], "whoever resumes has looked at the canaries"


def test_a_canary_that_failed_is_the_canary_again() -> None:
    at = resumed(batch_ended(wave(), {"desa-1": "no"}), LATER)
    assert next_sites(at) == ("desa-1",)


def test_a_site_that_is_named_twice_is_built_once() -> None:
    assert [each.site for each in new_wave("w", ["a", "b", "a"], "siti", NOW).sites] == ["a", "b"]
