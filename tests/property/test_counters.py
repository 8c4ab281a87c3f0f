"""Counters against a slow model in plain Python, and against what must hold whatever the network does."""

from math import inf, isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.polling import Fleet, Kind, Plan
from domain.polling.counters import (
    SPEED_MARGIN,
    CounterAdvance,
    CounterBook,
    Verdict,
)
from domain.polling.displaced import ALL
from domain.polling.speeds import UNITS
from tests.property.counter_model import (
    NARROW,
    PLANS,
    UPTIME,
    WIDE,
    WIDER,
    WRAP32,
    WRAP64,
    Poll,
    SlowDevice,
    column_of,
    make_sweep,
)

# --- worlds ----------------------------------------------------------------------------------------------------------

EDGES32 = st.sampled_from([0, 1, 5, 2**31 - 1, 2**31, WRAP32 - 6000, WRAP32 - 1])
RAW32 = EDGES32 | st.integers(0, WRAP32 - 1)
RAW64 = st.sampled_from([0, 7, WRAP32, 2**53 + 1, WRAP64 - 1]) | st.integers(0, WRAP64 - 1)
SPEEDS = st.sampled_from([100, 100, 100, 0, 10, 1000, 4294, 10**7, WRAP32 - 1])  # megabits, and nonsense
ELAPSED = st.sampled_from([0.0, 0.5, 10.0, 20.0, 60.0, 900.0, 3600.0, 86400.0]) | st.floats(0.1, 1e5)
STEPS = st.sampled_from([0, 1, 1000, 10**6, 10**7, 7 * 10**8, 8 * 10**9]) | st.integers(0, 2**33)


@st.composite
def timelines(draw: st.DrawFn) -> list[list[tuple[str, Plan, dict[int, int | None], float]]]:
    """Rounds of polls of up to three devices that count, restart, jump, fall silent and change their shape."""
    plans = {name: draw(st.sampled_from(PLANS)) for name in ("a", "b", "c")}
    raw: dict[tuple[str, int], int] = {}
    steady = 1000.0
    rounds = []
    for _ in range(draw(st.integers(2, 7))):
        elapsed = draw(ELAPSED)
        steady += elapsed
        polls = []
        for name in draw(st.permutations(sorted(plans)).flatmap(lambda order: st.sampled_from([order, order[:2]]))):
            if draw(st.integers(0, 9)) == 0:
                plans[name] = draw(st.sampled_from(PLANS))
            event = draw(st.sampled_from(["run", "run", "run", "run", "restart", "anything", "step"]))
            values: dict[int, int | None] = {}
            for place, column in enumerate(plans[name].columns):
                size = WRAP64 if column.kind is Kind.COUNTER64 else WRAP32
                old = raw.get((name, place))
                if column.kind is Kind.GAUGE32:
                    new = draw(SPEEDS) * (1 if column.quantity == "ifHighSpeed" else 10**6)
                elif old is None or event == "anything":
                    new = draw(RAW64 if size == WRAP64 else RAW32)
                elif column.quantity == "sysUpTime":
                    new = draw(st.integers(0, int(elapsed * 100))) if event == "restart" else old + int(elapsed * 100)
                elif column.quantity == "ifCounterDiscontinuityTime":
                    new = old + draw(st.sampled_from([0, 0, 0, 1]))
                elif event == "restart":
                    new = draw(st.integers(0, 10**9))
                elif event == "step":
                    new = max(0, old - draw(STEPS))
                else:
                    new = old + draw(STEPS)
                raw[name, place] = new % size
                answer = draw(st.sampled_from(["valid"] * 8 + ["invalid", "absent"]))
                if answer != "absent":
                    values[place] = raw[name, place] if answer == "valid" else None
            polls.append((name, plans[name], values, steady))
        rounds.append(polls)
    return rounds


def play(rounds: list, walls: list[float]):
    """Yields, for each round, the polls, the book's answer and the model's."""
    fleet = Fleet()
    book = CounterBook(fleet)
    models: dict[str, SlowDevice] = {}
    for polls, wall in zip(rounds, walls, strict=False):
        for name, plan, _, _ in polls:
            if name not in models or models[name].plan is not plan:
                apart = models[name].apart if name in models else set()
                models[name] = SlowDevice(plan, apart=apart)
                fleet.put(name, plan)
        sweep = make_sweep(fleet, [Poll(name, at, values) for name, _, values, at in polls], wall)
        advance = book.advance(sweep)
        expected = [models[name].poll(at, values) for name, _, values, at in polls]
        yield fleet, book, polls, sweep, advance, expected


@given(timelines())
def test_the_book_says_what_the_model_says(rounds: list) -> None:
    for fleet, _, _, sweep, advance, expected in play(rounds, [0.0] * len(rounds)):
        assert list(advance.restarted) == [restarted for restarted, _ in expected]
        got = {
            (int(sweep.row[at]), int(cell - fleet.start[sweep.device[sweep.row[at]]])): entry
            for at, cell, *entry in zip(
                advance.position,
                advance.cell,
                advance.verdict.tolist(),
                advance.delta.tolist(),
                advance.total.tolist(),
                strict=True,
            )
        }
        want = {(row, place): list(entry) for row, (_, seen) in enumerate(expected) for place, entry in seen.items()}
        assert got == want


@given(timelines())
def test_no_rate_is_above_the_port_or_below_zero_and_only_a_restart_lowers_a_total(rounds: list) -> None:
    before: dict[tuple[str, int], int] = {}
    shapes: dict[str, Plan] = {}
    fastest: dict[tuple[str, str], float] = {}
    for fleet, _, polls, sweep, advance, _ in play(rounds, [0.0] * len(rounds)):
        assert not (advance.rate < 0).any()
        for name, plan, values, _ in polls:
            told = {
                column.instance: values.get(at) for at, column in enumerate(plan.columns) if column.quantity in UNITS
            }
            units = {column.instance: 8 * UNITS[column.quantity] for column in plan.columns if column.quantity in UNITS}
            for column in plan.columns:
                key = (name, column.instance)
                now = (told.get(column.instance) or 0) * units.get(column.instance, 0) or inf
                heard = told.get(column.instance) is not None
                fastest[key] = max(fastest.get(key, 0), column.port_bps or inf, now if heard else 0)
        columns = [
            (fleet.name(device), fleet.plan(device).columns[cell - fleet.start[device]])
            for device, cell in zip(sweep.device[sweep.row[advance.position]].tolist(), advance.cell, strict=True)
        ]
        limit = SPEED_MARGIN * np.array([fastest[name, column.instance] / 8 for name, column in columns])
        assert not (advance.rate > limit).any()
        for name, plan, _, _ in polls:
            if shapes.get(name) is not plan:
                before = {key: value for key, value in before.items() if key[0] != name}
                shapes[name] = plan
        for at, cell, verdict, delta, rate, total in zip(
            advance.position, advance.cell, advance.verdict, advance.delta, advance.rate, advance.total, strict=True
        ):
            name = polls[sweep.row[at]][0]
            key = (name, int(cell - fleet.start[fleet.index(name)]))
            counted = verdict in (Verdict.ACCEPTED, Verdict.WRAPPED)
            assert counted != isnan(rate)
            assert counted or delta == 0
            if verdict == Verdict.INVALID:
                continue
            if key in before and verdict not in (Verdict.RESTART, Verdict.DISCONTINUITY):
                assert int(total) == (before[key] + int(delta)) % WRAP64
            before[key] = int(total)


@given(timelines(), st.lists(st.floats(-1e10, 1e10), min_size=7, max_size=7))
def test_the_wall_clock_does_not_matter(rounds: list, walls: list[float]) -> None:
    still = [advance for *_, advance, _ in play(rounds, [0.0] * 7)]
    jumping = [advance for *_, advance, _ in play(rounds, walls)]
    for one, other in zip(still, jumping, strict=True):
        assert np.array_equal(one.verdict, other.verdict)
        assert np.array_equal(one.rate, other.rate, equal_nan=True)


# --- single cases, by name -------------------------------------------------------------------------------------------


def poll_twice(plan: Plan, first: dict[int, int], second: dict[int, int], seconds: float = 60.0) -> CounterAdvance:
    fleet = Fleet()
    book = CounterBook(fleet)
    fleet.put("a", plan)
    book.advance(make_sweep(fleet, [Poll("a", 1000.0, first)]))
    return book.advance(make_sweep(fleet, [Poll("a", 1000.0 + seconds, second)]))


@given(st.integers(1, 6000), st.floats(-5, 5))
def test_day_497_is_no_restart(before_the_end: int, late: float) -> None:
    uptime = WRAP32 - before_the_end
    after = (uptime + 6000 + round(late * 100)) % WRAP32
    advance = poll_twice(WIDE, {0: uptime, 1: 10}, {0: after, 1: 20})
    assert not advance.restarted.any()
    assert list(advance.verdict) == [Verdict.ACCEPTED]


@given(uptime=st.integers(0, WRAP32 - 1), booted_ago=st.floats(0, 60))
def test_a_restart_is_seen_at_any_age(uptime: int, booted_ago: float) -> None:
    """Up for less than the interval, after any uptime that is not just what the circle makes of it."""
    new = round(booted_ago * 100)
    expected = (uptime + 6000) % WRAP32
    advance = poll_twice(WIDE, {0: uptime, 1: 10**9}, {0: new, 1: 2 * 10**9})
    if min((new - expected) % WRAP32, (expected - new) % WRAP32) > 100 * (30 + 0.02 * 60):
        assert advance.restarted.all()
        assert list(advance.verdict) == [Verdict.RESTART]


def test_a_young_agent_that_restarts_at_once_is_seen() -> None:
    assert poll_twice(WIDE, {0: 500, 1: 9}, {0: 300, 1: 10}, seconds=4).restarted.all()


def test_an_uptime_that_leaps_ahead_is_a_gap_and_no_restart() -> None:
    advance = poll_twice(WIDE, {0: 10**6, 1: 9}, {0: 10**8, 1: 10})
    assert not advance.restarted.any()
    assert list(advance.verdict) == [Verdict.CLOCK]


def test_a_restart_noticed_while_the_table_failed_is_still_a_gap_when_it_answers() -> None:
    fleet = Fleet()
    book = CounterBook(fleet)
    fleet.put("a", WIDE)
    book.advance(make_sweep(fleet, [Poll("a", 1000.0, {0: 10**6, 1: 10})]))
    book.advance(make_sweep(fleet, [Poll("a", 1060.0, {0: 100, 1: None})]))
    advance = book.advance(make_sweep(fleet, [Poll("a", 1120.0, {0: 6100, 1: 10**6})]))
    assert list(advance.verdict) == [Verdict.RESTART]
    assert int(advance.total[0]) == 10**6, "it fits the port: exported as it is, a plain counter reset"


def test_one_wrap_of_32_bits_is_counted_and_the_total_runs_on() -> None:
    advance = poll_twice(NARROW, {0: 10**6, 1: WRAP32 - 10}, {0: 10**6 + 6000, 1: 20})
    assert list(advance.verdict) == [Verdict.WRAPPED]
    assert (int(advance.delta[0]), float(advance.rate[0]), int(advance.total[0])) == (30, 0.5, 30)


def test_a_64_bit_counter_never_wraps() -> None:
    advance = poll_twice(WIDE, {0: 10**6, 1: WRAP64 - 10}, {0: 10**6 + 6000, 1: 20})
    assert list(advance.verdict) == [Verdict.BACKWARDS]
    assert int(advance.total[0]) == WRAP64 - 10, "the total stands"


def test_32_bits_at_a_gigabit_are_not_trusted_for_a_minute() -> None:
    fast = Plan((UPTIME, column_of("ifInOctets", Kind.COUNTER32, "ge1", 1e9)))
    assert list(poll_twice(fast, {0: 1, 1: 10}, {0: 6001, 1: 20}).verdict) == [Verdict.TOO_LONG]
    assert list(poll_twice(fast, {0: 1, 1: 10}, {0: 2001, 1: 20}, 20.0).verdict) == [Verdict.ACCEPTED]


def test_what_is_too_fast_becomes_the_new_base() -> None:
    fleet = Fleet()
    book = CounterBook(fleet)
    fleet.put("a", WIDE)
    verdicts = []
    for k, raw in enumerate((1000, 10**12, 10**12 + 6000)):
        advance = book.advance(make_sweep(fleet, [Poll("a", 1000.0 + 60 * k, {0: 6000 * k, 1: raw})]))
        verdicts.append((Verdict(int(advance.verdict[0])), int(advance.total[0])))
    assert verdicts == [(Verdict.FIRST, 1000), (Verdict.TOO_FAST, 1000), (Verdict.ACCEPTED, 7000)]
    assert book.counts[Verdict.TOO_FAST] == 1


def test_a_port_that_renegotiates_is_believed_at_once_and_the_poll_between_has_the_higher_speed() -> None:
    fleet = Fleet()
    book = CounterBook(fleet)
    fleet.put("a", WIDE)
    verdicts, raw = [], 0
    for k, (speed, octets) in enumerate(
        [(100, 0), (100, 10**8), (1000, 10**9), (1000, 10**9), (10, 10**9), (10, 10**9)]
    ):
        raw += octets
        advance = book.advance(make_sweep(fleet, [Poll("a", 1000.0 + 60 * k, {0: 6000 * k, 5: raw, 6: speed})]))
        verdicts.append(Verdict(int(advance.verdict[0])).name)
    assert verdicts == ["FIRST", "ACCEPTED", "ACCEPTED", "ACCEPTED", "ACCEPTED", "TOO_FAST"]


def test_a_speed_that_discovery_knew_better_than_to_the_megabit_stays() -> None:
    plan = Plan(
        (
            UPTIME,
            column_of("ifHCInOctets", Kind.COUNTER64, "dsl", 1_900_000.0),
            column_of("ifHighSpeed", Kind.GAUGE32, "dsl"),
        )
    )
    assert list(poll_twice(plan, {0: 1, 1: 0, 2: 1}, {0: 6001, 1: 14_000_000, 2: 1}).verdict) == [Verdict.ACCEPTED]


def displaced_in_one_process() -> tuple[dict[str, list[str]], int]:
    """A counter stepped back without a restart; what is kept of that, and the last total."""
    fleet = Fleet()
    book = CounterBook(fleet)
    fleet.put("a", WIDE)
    total = 0
    for k, raw in enumerate((10**12, 10**12 + 6000, 10**11, 10**11 + 6000)):
        polls = [Poll("a", 1000.0 + 60 * k, {0: 6000 * k, 1: raw, 5: 7})]
        total = int(book.advance(make_sweep(fleet, polls)).total[0])
    assert book.displaced.version == 1
    return book.displaced.names(), total


@pytest.mark.parametrize("raw", [10**11 + 12_000, 500, 10**12])
def test_a_counter_that_stepped_back_makes_no_rate_after_our_own_restart(raw: int) -> None:
    """Whatever it did meanwhile: a reader takes the total that fell to nought for a plain reset."""
    names, _total = displaced_in_one_process()
    assert names == {"a": ["ifHCInOctets ether1"]}
    fleet = Fleet()
    book = CounterBook(fleet)
    book.displaced.expect(names)
    fleet.put("a", WIDE)
    first = book.advance(make_sweep(fleet, [Poll("a", 50.0, {0: 24_000, 1: raw, 5: 7})]))
    assert list(first.total) == [0, 7], "the others are exported as they are"
    more = book.advance(make_sweep(fleet, [Poll("a", 110.0, {0: 30_000, 1: raw + 6000, 5: 7})]))
    assert list(more.total) == [6000, 7]
    assert book.displaced.names() == names


def test_a_counter_that_stepped_back_makes_no_rate_when_the_shape_changes() -> None:
    fleet = Fleet()
    book = CounterBook(fleet)
    fleet.put("a", WIDE)
    for k, raw in enumerate((10**12, 10**11)):
        book.advance(make_sweep(fleet, [Poll("a", 1000.0 + 60 * k, {0: 6000 * k, 1: raw, 5: 7})]))
    fleet.put("a", WIDER)
    again = book.advance(make_sweep(fleet, [Poll("a", 1120.0, {0: 12_000, 1: 10**11, 5: 7, 7: 8})]))
    assert list(again.total) == [0, 7, 8]


def test_a_restart_puts_a_displaced_counter_right() -> None:
    fleet = Fleet()
    book = CounterBook(fleet)
    fleet.put("a", WIDE)
    for at, uptime, raw in ((0, 10**6, 10**12), (60, 10**6 + 6000, 10**11), (120, 1000, 5000)):
        book.advance(make_sweep(fleet, [Poll("a", 1000.0 + at, {0: uptime, 1: raw})]))
    assert book.displaced.names() == {}


def test_when_all_of_a_device_is_displaced_no_names_are_kept() -> None:
    fleet = Fleet()
    book = CounterBook(fleet)
    fleet.put("a", WIDE)
    for k, raw in enumerate((10**12, 10**11)):
        book.advance(make_sweep(fleet, [Poll("a", 1000.0 + 60 * k, {0: 6000 * k, 1: raw, 5: raw})]))
    assert book.displaced.names() == {"a": [ALL]}
    later = Fleet()
    book = CounterBook(later)
    book.displaced.expect({"a": [ALL]})
    later.put("a", WIDER)
    again = book.advance(make_sweep(later, [Poll("a", 1120.0, {0: 12_000, 1: 10**11, 5: 7, 7: 8})]))
    assert list(again.total) == [0, 0, 0]


def test_a_row_of_an_older_layout_is_passed_over() -> None:
    fleet = Fleet()
    book = CounterBook(fleet)
    fleet.put("a", WIDE)
    stale = make_sweep(fleet, [Poll("a", 1000.0, {0: 1, 1: 10}, generation_lag=1)])
    assert len(book.advance(stale).cell) == 0


def test_a_range_of_cells_given_to_another_device_begins_anew() -> None:
    fleet = Fleet()
    book = CounterBook(fleet)
    fleet.put("a", WIDE)
    first = make_sweep(fleet, [Poll("a", 1000.0, {0: 1, 1: 10})])
    book.advance(first)
    fleet.remove("a")
    fleet.put("b", WIDE)
    again = book.advance(make_sweep(fleet, [Poll("b", 1060.0, {0: 6001, 1: 20})]))
    assert list(again.verdict) == [Verdict.FIRST]
