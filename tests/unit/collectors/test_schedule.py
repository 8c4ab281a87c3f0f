"""Slots on a fake clock: even, one at a time, the same after a restart, and no burst after a pause."""

import random

import numpy as np
import pytest

from collectors.allowance import Allowance
from collectors.schedule import Schedule, phase_of
from domain.time import Moment


def at(steady: float, wall: float = 0.0) -> Moment:
    return Moment(steady, wall)


def filled(count: int, interval: float = 60.0, begin: float = 5000.0, first_within: float = np.inf) -> Schedule:
    schedule = Schedule(first_within)
    for device in range(count):
        schedule.put(device, f"rtr-{device}", interval, at(begin))
    return schedule


def run(
    schedule: Schedule, begin: float, end: float, tick: float = 0.1, flight: float = 0.0
) -> list[tuple[float, int]]:
    """(second, device) of everything given out; each comes back after `flight` seconds."""
    given: list[tuple[float, int]] = []
    flying: list[tuple[float, np.ndarray]] = []
    for second in np.arange(begin, end, tick).tolist():
        for back, devices in [each for each in flying if each[0] <= second]:
            schedule.finished(devices, at(second))
            flying.remove((back, devices))
        due = schedule.due(at(second))
        given += [(second, device) for device in due.tolist()]
        flying.append((second + flight, due))
    for _, devices in flying:
        schedule.finished(devices, at(end))
    return given


def test_each_device_is_given_once_an_interval_and_evenly() -> None:
    schedule = filled(600)
    given = run(schedule, 5000, 5120)
    for begin in (5000, 5060):
        assert sorted(device for second, device in given if begin <= second < begin + 60) == list(range(600))
    per_second = np.histogram([second for second, _ in given], np.arange(5000, 5121, 1))[0]
    assert per_second.max() <= 25, "ten a second on average"
    assert (schedule.late, schedule.skipped) == (0, 0)


def test_the_place_in_the_interval_is_the_same_after_a_restart() -> None:
    before = {device: second for second, device in run(filled(50), 5000, 5060.2)}
    after = {device: second for second, device in run(filled(50, begin=5600), 5600, 5660.2)}
    assert all(abs((after[device] - before[device]) % 60) < 0.2 or (after[device] - before[device]) % 60 > 59.8
               for device in before)  # fmt: skip
    assert phase_of("rtr-1") == phase_of("rtr-1") != phase_of("rtr-2")


def test_a_rare_device_is_asked_soon_after_the_start_and_then_rarely() -> None:
    given = [second for second, _ in run(filled(1, 3600.0, first_within=60.0), 5000, 5000 + 2 * 3600, tick=1.0)]
    assert 5000 <= given[0] <= 5060
    assert len(given) in (2, 3)
    assert 1800 <= given[1] - given[0] <= 5400


def test_rare_devices_do_not_stay_bunched_where_the_start_put_them() -> None:
    given = run(filled(600, 3600.0, first_within=60.0), 5000, 5000 + 3 * 3600, tick=1.0)
    later = [second for second, _ in given if second > 5000 + 3600 * 1.6]
    assert np.histogram(later, np.arange(min(later), max(later), 60.0))[0].max() < 30, "ten a minute on average"


def test_a_device_in_flight_is_not_given_again_and_its_slots_are_counted() -> None:
    schedule = filled(1, 10.0)
    given = run(schedule, 5000, 5100, flight=25.0)
    gaps = np.diff([second for second, _ in given])
    assert (gaps >= 25).all()
    assert schedule.skipped >= 4
    assert len(given) + schedule.skipped in (9, 10, 11)


def test_a_slightly_late_tick_is_used_and_counted() -> None:
    schedule = filled(1, 60.0)
    slot = run(schedule, 5000, 5060)[0][0]
    assert schedule.due(at(slot + 60 + 4)).tolist() == [0]
    assert (schedule.late, schedule.skipped) == (1, 0)


def test_a_pause_makes_no_burst() -> None:
    schedule = filled(1000)
    run(schedule, 5000, 5060)
    burst = schedule.due(at(5060 + 600))
    assert len(burst) <= 150
    assert schedule.skipped >= 1000 * 10 - 150
    schedule.finished(burst, at(5660))
    again = run(schedule, 5660.1, 5720.2)
    assert len({device for _, device in again} | set(burst.tolist())) == 1000


@pytest.mark.parametrize(("interval", "turn"), [(3.0, 1.0), (3.0, 2.0), (3.0, 7.0), (20.0, 20.0), (60.0, 61.0)])
@pytest.mark.parametrize("jitter", [0.0, 0.3])
def test_a_process_that_is_always_late_passes_nobody_over_twice(interval: float, turn: float, jitter: float) -> None:
    """Turns of a starved process beat against the slots: without a claim to the next slot some are never asked."""
    chance = random.Random(f"{interval} {turn} {jitter}")
    schedule, asked, longest = filled(150, interval, first_within=60.0), np.full(150, 5000.0), np.zeros(150)
    second = 5000.0
    while second < 5000 + 40 * interval:
        due = schedule.due(at(second))
        longest[due] = np.maximum(longest[due], second - asked[due])
        asked[due] = second
        schedule.finished(due, at(second))
        second += turn * (1 + chance.uniform(-jitter, jitter))
    assert np.maximum(longest, second - asked).max() <= 2 * interval + 2 * turn * (1 + jitter)


def test_who_was_passed_over_comes_first_when_its_next_slot_has_come() -> None:
    schedule = filled(100)
    run(schedule, 5000, 5060)
    slots = [5060 + (60 * phase_of(f"rtr-{device}") - 5060) % 60 for device in range(100)]
    schedule.finished(schedule.due(at(5090)), at(5090))
    passed_over = {device for device in range(100) if slots[device] < 5090 - 6}
    again = schedule.due(at(5148)).tolist()
    claims = [device in passed_over for device in again]
    assert passed_over & set(again) == {device for device in passed_over if slots[device] < 5148 - 60}
    assert claims == sorted(claims, reverse=True)
    assert not all(claims)


def test_the_first_time_is_not_passed_over_however_late() -> None:
    schedule = filled(50, 3600.0, first_within=60.0)
    assert sorted(schedule.due(at(5000 + 900)).tolist()) == list(range(50))


def test_only_steady_time_counts() -> None:
    one, other = filled(100), filled(100)
    for k in range(1200):
        first = one.due(at(5000 + k / 10, 0.0))
        second = other.due(at(5000 + k / 10, (-1) ** k * 1e9))
        assert first.tolist() == second.tolist()
        one.finished(first, at(0))
        other.finished(second, at(0))


def test_asked_out_of_turn_only_if_nobody_asks_already() -> None:
    schedule = filled(3)
    assert schedule.claim(np.array([2, 0, 0, 99]), at(5000)).tolist() == [0, 2]
    assert schedule.claim(np.array([0, 1]), at(5000)).tolist() == [1]
    assert schedule.in_flight == 3
    schedule.finished(np.array([0, 1, 2]), at(5001))
    assert len(run(schedule, 5001, 5061)) == 3, "slots did not move"


def test_removed_and_put_again() -> None:
    schedule = filled(2)
    schedule.claim(np.array([0]), at(5000))
    schedule.remove(0)
    schedule.remove(77)
    assert len(schedule) == 1
    assert {device for _, device in run(schedule, 5000, 5120)} == {1}
    schedule.put(0, "new", 60.0, at(5120))
    assert {device for _, device in run(schedule, 5120, 5180)} == {0, 1}
    with pytest.raises(ValueError, match="new"):
        schedule.put(0, "new", 0.0, at(5180))


def test_a_new_interval_holds_from_now_on() -> None:
    schedule = filled(1, 60.0)
    run(schedule, 5000, 5060)
    schedule.put(0, "rtr-0", 10.0, at(5060))
    assert len(run(schedule, 5060, 5120)) == 6


def test_a_device_over_its_allowance_is_asked_more_rarely_until_the_month_ends() -> None:
    schedule, allowance = filled(3, 10.0), Allowance()
    for device, megabytes in enumerate((0.0, 1.0, 1.0)):
        allowance.put(device, megabytes)
    allowance.spend(np.array([0, 1, 2]), np.array([10**9, 1_000_000, 999_999]))
    changes = allowance.changes()
    assert [(factor, devices.tolist()) for factor, devices in changes] == [(4.0, [1])]
    for factor, devices in changes:
        schedule.stretch(devices, factor)
    run(schedule, 5000, 5010)
    given = [device for _, device in run(schedule, 5010, 5090)]
    assert (given.count(0), given.count(1), given.count(2)) == (8, 2, 8)
    assert allowance.changes() == []
    allowance.spend(np.array([1]), 1_000_000)
    assert [factor for factor, _ in allowance.changes()] == [16.0]
    allowance.begin_month()
    assert [(factor, devices.tolist()) for factor, devices in allowance.changes()] == [(1.0, [1])]
