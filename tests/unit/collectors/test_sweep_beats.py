"""Polls of a sweep begin in beats: often enough for the schedule, seldom enough for batches worth the trouble."""

import pytest


def test_the_first_poll_begins_at_once(network):
    device = network.add()
    network.begin(device)
    network.step()
    assert len(network.agents[device].heard) == 1


def test_the_next_ones_begin_together_at_the_next_beat(network):
    first, second, third = (network.add() for _ in range(3))
    network.begin(first, deadline=48.0)
    network.step()
    network.begin(second, deadline=48.0)
    network.step(0.5)
    network.begin(third, deadline=48.0)
    network.step(0.4)
    assert not network.agents[second].heard
    assert network.sweeper.next_due() == pytest.approx(1001.0)
    network.step(0.2)
    assert [len(network.agents[device].heard) for device in (second, third)] == [1, 1]


def test_a_short_deadline_has_a_short_beat(network):
    first, second = network.add(), network.add()
    network.begin(first, deadline=4.8)
    network.step()
    network.begin(second, deadline=4.8)
    network.step(0.11)
    assert network.agents[second].heard


def test_what_waits_for_the_pace_does_not_wait_for_a_beat_as_well(network):
    first, second = network.add(), network.add()
    network.sweeper._limits = type(network.sweeper._limits)(in_flight=1, polls_per_second=10.0)
    network.begin(first, second, deadline=48.0)
    network.step()
    assert not network.agents[second].heard
    network.run(polls=2, within=0.9, tick=0.1)
    assert network.agents[second].heard
