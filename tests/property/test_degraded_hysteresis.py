"""Thresholds against a slow model of one sensor, and what must hold whatever is read: nothing comes and goes."""

from dataclasses import replace
from itertools import pairwise
from math import isnan, nan

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.degraded.thresholds import Threshold
from tests.unit.alerts.degraded_gear import Gear, device, sensor

READING = st.one_of(
    st.sampled_from([nan, 20.0, 27.9, 28.0, 28.1, 30.0, 31.9, 32.0, 32.1, 50.0, -5.0, 4.9, 5.0, 5.1, 9.9, 10.0, 10.1]),
    st.floats(-10, 60, width=16),
)
STEPS = st.lists(st.tuples(READING, st.sampled_from([10.0, 60.0, 600.0])), max_size=60)


class Model:
    """One sensor, in plain Python: the contrary must be read `polls` times in a row and stand `seconds`."""

    def __init__(self, threshold: Threshold) -> None:
        self.threshold, self.raised = threshold, False
        self.count, self.since = 0, 0.0

    def read(self, value: float, at: float) -> bool:
        each = self.threshold
        if isnan(value) or not each.believe_from <= value <= each.believe_to:
            return self.raised
        contrary = each.clears(value) if self.raised else each.raises(value)
        if not contrary:
            self.count = 0
            return self.raised
        self.count += 1
        if self.count == 1:
            self.since = at
        if self.count >= each.polls and at - self.since >= each.seconds:
            self.raised, self.count = not self.raised, 0
        return self.raised


def told(threshold: Threshold, steps: list[tuple[float, float]]) -> list[bool]:
    gear = Gear({"r1": (sensor("temperature", "T"),)}, (device("r1"),), thresholds=(threshold,))
    seen = []
    for value, seconds in steps:
        gear.seconds += seconds
        gear.poll("r1", value)
        seen.append(bool(gear.told()))
    return seen


@settings(max_examples=60)
@given(STEPS, st.integers(1, 4), st.sampled_from([0.0, 60.0, 300.0]), st.booleans())
def test_columns_say_what_one_sensor_by_itself_would(
    steps: list[tuple[float, float]], polls: int, seconds: float, both: bool
) -> None:
    threshold = Threshold(
        "t", "temperature", "temperature", raise_above=32, clear_below=28, polls=polls, seconds=seconds
    )
    if both:
        threshold = replace(threshold, raise_below=5.0, clear_above=10.0, believe_from=-4.0)
    model, at = Model(threshold), 1000.0
    expected = []
    for value, later in steps:
        at += later
        expected.append(model.read(value, at))
    assert told(threshold, steps) == expected


@settings(max_examples=40)
@given(st.lists(st.floats(28, 31.875, width=32), min_size=1, max_size=80), st.booleans())
def test_nothing_that_stays_between_the_levels_changes_anything(values: list[float], hot: bool) -> None:
    threshold = Threshold("t", "temperature", "temperature", raise_above=32, clear_below=28)
    steps = [(40.0 if hot else 20.0, 60.0), *((value, 60.0) for value in values)]
    assert set(told(threshold, steps)) == {hot}


@settings(max_examples=40)
@given(STEPS, st.integers(2, 5))
def test_a_fault_stands_for_as_many_readings_as_it_needs_to_end(steps: list[tuple[float, float]], polls: int) -> None:
    threshold = Threshold("t", "temperature", "temperature", raise_above=32, clear_below=28, polls=polls)
    seen = told(threshold, [step for step in steps if not isnan(step[0])])
    turns = [number for number in range(1, len(seen)) if seen[number] != seen[number - 1]]
    assert all(later - earlier >= polls for earlier, later in pairwise(turns))
