"""Whatever happens in a month, its parts add up to it exactly, in any order, and every dark instant is charged once."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from domain.availability import Blame, Held, Kind, figure_of, together
from domain.availability.kinds import DARK
from domain.availability.spans import common, length, lengths_inside, spans_of, without
from domain.availability.timeline import (
    best_of,
    combined,
    constant,
    dark_to_planned,
    dark_to_unknown,
    overlay,
    sums,
    timeline_of,
    to_unknown,
)
from domain.incidents import Liable, Party
from domain.time import WeeklyHours

START, END = 1_000, 4_000
MOMENTS = st.integers(START - 500, END + 500)
PAIRS = st.lists(st.tuples(MOMENTS, MOMENTS), max_size=8)
SPANS = PAIRS.map(spans_of)
INSIDE = SPANS.map(lambda spans: common(spans, ((START, END),)))
KINDS = st.sampled_from(list(Kind))
TURNS = st.sampled_from([to_unknown, dark_to_planned, dark_to_unknown])


@st.composite
def timelines(draw: st.DrawFn):  # type: ignore[no-untyped-def]
    changes = draw(st.lists(st.tuples(MOMENTS, KINDS), max_size=12))
    if draw(st.booleans()):
        changes.sort(key=lambda change: change[0])
    return timeline_of(draw(KINDS), changes, START, END)


def instants(timeline) -> list[Kind]:  # type: ignore[no-untyped-def]
    return [timeline.at(moment) for moment in range(START, END, 13)]


def is_partition(timeline) -> bool:  # type: ignore[no-untyped-def]
    edges = [START, *(end for _start, end, _kind in timeline.stretches)]
    return (
        [start for start, _end, _kind in timeline.stretches] == edges[:-1]
        and edges[-1] == END
        and all(start < end for start, end, _kind in timeline.stretches)
    )


@given(timelines())
def test_a_timeline_has_no_gap_and_no_overlap_even_when_the_clock_goes_back(timeline) -> None:  # type: ignore[no-untyped-def]
    assert is_partition(timeline)


@given(timelines(), SPANS, TURNS)
def test_an_overlay_turns_what_is_inside_and_nothing_else(timeline, spans, turn) -> None:  # type: ignore[no-untyped-def]
    turned = overlay(timeline, spans, turn)
    assert is_partition(turned)
    for moment in range(START, END, 13):
        inside = any(start <= moment < end for start, end in spans)
        before = timeline.at(moment)
        assert turned.at(moment) is (turn(before) if inside else before)


@given(st.lists(timelines(), min_size=1, max_size=4), st.data())
def test_any_way_up_is_up_in_whatever_order(ways, data) -> None:  # type: ignore[no-untyped-def]
    best = best_of(ways)
    assert is_partition(best)
    assert best == best_of(data.draw(st.permutations(ways)))
    for moment, kind in zip(range(START, END, 13), instants(best), strict=True):
        there = {way.at(moment) for way in ways}
        assert kind in there
        assert (kind is Kind.UP) is (Kind.UP in there)
        if kind in DARK or kind is Kind.PLANNED:
            assert not there & {Kind.UP, Kind.DEGRADED, Kind.UNKNOWN}
    assert is_partition(combined(ways, max))


@given(PAIRS, PAIRS)
def test_sets_of_time_behave_like_sets(one, other) -> None:  # type: ignore[no-untyped-def]
    a, b = spans_of(one), spans_of(other)
    in_a = {moment for start, end in one for moment in range(start, end)}
    in_b = {moment for start, end in other for moment in range(start, end)}
    assert length(a) == len(in_a)
    assert length(common(a, b)) == len(in_a & in_b)
    assert length(without(a, b)) == len(in_a - in_b)
    assert lengths_inside(a, b) == [length(common((span,), b)) for span in a]
    assert spans_of(without(a, b)) == without(a, b)


def blame(number: int) -> Blame:
    liable = Liable(list(Party)[number % 8], str(number % 3))
    return Blame(f"i{number}", START + number * 7, f"c{number % 4}", liable, liable, START)


HELD = st.lists(st.tuples(MOMENTS, MOMENTS, st.integers(0, 6)), max_size=6).map(
    lambda all_: [Held((start, end), blame(number)) for start, end, number in all_ if start < end]
)


@given(timelines(), INSIDE, HELD, SPANS, st.data())
def test_the_parts_sum_to_the_whole_and_every_dark_instant_is_charged_once(  # type: ignore[no-untyped-def]
    timeline, hours, held, expected, data
) -> None:
    figure = figure_of(timeline, hours, held, expected)
    assert sum(figure.kinds.values()) + figure.outside == END - START
    assert sum(figure.kinds.values()) == length(hours)
    assert figure.charged == figure.dark
    assert figure.kinds == sums(timeline, hours)
    assert figure.longest <= figure.dark
    assert (figure.outages == 0) is (figure.dark == 0)
    assert figure_of(timeline, hours, data.draw(st.permutations(held)), expected) == figure


@given(st.lists(st.tuples(timelines(), INSIDE, HELD), max_size=5), st.data())
def test_many_together_are_the_sum_in_whatever_order(all_, data) -> None:  # type: ignore[no-untyped-def]
    figures = [figure_of(*each) for each in all_]
    sum_ = together(figures)
    assert sum_ == together(data.draw(st.permutations(figures)))
    assert sum(sum_.kinds.values()) + sum_.outside == len(figures) * (END - START)
    assert sum_.charged == sum_.dark
    assert sum_.things == len(figures)


@given(st.data())
def test_service_hours_and_the_rest_are_the_month_in_every_zone(data) -> None:  # type: ignore[no-untyped-def]
    zone = ZoneInfo(data.draw(st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "UTC"])))
    start = data.draw(st.datetimes(datetime(2024, 2, 1), datetime(2032, 3, 1))).replace(tzinfo=UTC)
    end = start + timedelta(hours=data.draw(st.integers(1, 24 * 40)))
    text = data.draw(st.sampled_from(["24/7", "Sen-Jum 07.30-16.00", "22-06", "Sab-Min 00-24", "Jum 8-11, 13-16"]))
    hours = WeeklyHours.parse(text)
    spans = hours.intervals(start, end, zone)
    assert all(one[1] < other[0] for one, other in pairwise(spans))
    open_ = sum((until - begin for begin, until in spans), timedelta())
    minute = timedelta(minutes=37)
    at, covered, count = start, 0, 0
    while at < end:
        inside = any(begin <= at < until for begin, until in spans)
        assert inside is hours.covers(at.astimezone(zone).replace(tzinfo=None))
        covered, count, at = covered + inside, count + 1, at + minute
    assert timedelta() <= open_ <= end - start
    if text == "24/7":
        assert open_ == end - start


def test_a_month_without_a_change_is_one_stretch() -> None:
    assert constant(Kind.UP, START, END).stretches == ((START, END, Kind.UP),)
