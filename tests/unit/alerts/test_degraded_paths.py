"""Loss and round trip against each device's own baseline, and states that are degraded by themselves."""

import random

import numpy as np
import pytest

from domain.incidents import CauseKind, Urgency
from domain.polling import Outcome
from tests.unit.alerts.degraded_gear import Gear, device

ALONE = {"r1": ()}


def warm(trip: float = 0.002, attempts: int = 200, **others: float) -> Gear:
    """Pings with a little noise until the baseline is warm."""
    gear = Gear(ALONE, (device("r1"),))
    draw = random.Random(7)
    gear.ping({"r1": trip})
    for _ in range(attempts):
        lost = draw.random() < others.get("loss", 0.0)
        gear.pings(1, {"r1": None if lost else trip * draw.uniform(0.9, 1.2)})
    return gear


def test_a_round_trip_that_has_grown_is_told_against_its_own_past_and_ends() -> None:
    gear = warm(0.004)
    gear.pings(20, {"r1": 0.120})
    assert gear.told() == set(), "ten minutes are asked for"
    gear.pings(60, {"r1": 0.120})
    assert gear.told() == {("device", "r1", "latency")}
    values = gear.fault(CauseKind.DEVICE, "r1", "latency").evidence[0].values
    assert float(values["value"]) == pytest.approx(120, rel=0.15)
    assert float(values["before"]) == pytest.approx(4.2, rel=0.15)
    assert values["unit"] == "ms"
    gear.pings(80, {"r1": 0.004})
    assert gear.told() == set()


def test_single_slow_answers_and_growth_that_nobody_feels_are_no_fault() -> None:
    gear = warm(0.002)
    for _ in range(60):
        gear.pings(1, {"r1": 2.0})
        gear.pings(4, {"r1": 0.002})
    assert gear.told() == set(), "one in five"
    gear.pings(120, {"r1": 0.012})
    assert gear.told() == set(), "six times as long, and still nothing"


def test_a_satellite_that_always_needs_so_long_and_loses_as_much_is_well() -> None:
    gear = warm(0.620, attempts=1500, loss=0.12)
    gear.pings(3, {"r1": None})
    gear.pings(2, {"r1": 0.620})
    assert gear.board.state(gear.fleet.index("r1")).reason == "loss 20%"
    assert gear.told() == set(), "what is loss for others is its usual day"
    young = Gear(ALONE, (device("r1"),))
    young.pings(10, {"r1": 0.620})
    young.pings(3, {"r1": None})
    young.pings(2, {"r1": 0.620})
    assert young.told() == {("device", "r1", "loss")}, "of one that is not known yet the state's word counts"


def test_loss_beyond_what_is_usual_is_told_and_ends() -> None:
    gear = warm(0.620, attempts=800, loss=0.05)
    for _ in range(60):
        gear.pings(1, {"r1": None})
        gear.pings(2, {"r1": 0.620})
    assert ("device", "r1", "loss") in gear.told()
    fault = gear.fault(CauseKind.DEVICE, "r1", "loss")
    assert float(next(each for each in fault.evidence).values["value"]) > 10
    gear.pings(300, {"r1": 0.620})
    assert gear.told() == set()


def test_an_outage_is_no_loss_and_what_was_said_before_it_stays() -> None:
    gear = warm()
    gear.pings(200, {"r1": None})
    gear.pings(3, {"r1": 0.002})
    assert gear.told() == set()
    gear.pings(80, {"r1": 0.200})
    assert gear.told() == {("device", "r1", "latency")}
    gear.pings(500, {"r1": None})
    assert gear.told() == {("device", "r1", "latency")}


def test_short_outages_are_no_loss_however_many_there_are() -> None:
    gear = warm()
    for _ in range(8):
        gear.pings(7, {"r1": None})
        gear.pings(20, {"r1": 0.002})
    assert gear.told() == set()


def test_nothing_is_said_before_it_is_warm() -> None:
    gear = warm(attempts=50)
    gear.pings(40, {"r1": 0.5})
    assert gear.told() == set()


def test_what_is_usual_outlives_a_restart() -> None:
    before = warm(0.004)
    after = Gear(ALONE, (device("r1"),))
    after.watch.expect(before.watch.usual())
    after.pings(80, {"r1": 0.120})
    assert after.told() == {("device", "r1", "latency")}
    assert [each.device for each in after.watch.usual()] == ["r1"]


def test_asking_again_at_once_is_no_second_loss() -> None:
    calm, hasty = warm(), warm()
    for _ in range(12):
        calm.pings(1, {"r1": None})
        hasty.pings(1, {"r1": None})
        for _ in range(3):
            hasty.pings(1, {"r1": None}, every=0.2)
        calm.pings(19, {"r1": 0.002})
        hasty.pings(19, {"r1": 0.002})
    assert hasty.told() == calm.told() == set()


def snmp_silent(gear: Gear) -> None:
    for _ in range(6):
        gear.pings(3, {"r1": 0.002})
        device, outcome = np.array([gear.fleet.index("r1")]), np.array([Outcome.SILENT], np.uint8)
        gear.board.observe_outcomes(device, outcome, np.array([gear.seconds]))
        gear.board.step(gear.now)
    gear.pings(1, {"r1": 0.002})


def test_snmp_that_is_silent_waits_ten_minutes_and_never_wakes_anybody() -> None:
    gear = warm()
    gear.poll("r1")
    snmp_silent(gear)
    assert gear.told() == {("device", "r1", "snmp-silent")}
    fault = gear.fault(CauseKind.DEVICE, "r1", "snmp-silent")
    assert (fault.urgency, fault.settle_seconds) == (Urgency.DAY, 600.0)
    gear.pings(10, {"r1": None})
    gear.seconds += 60
    assert gear.told() == {("device", "r1", "snmp-silent")}, "dark: nothing new is known of it"
    gear.pings(10, {"r1": 0.002})
    gear.poll("r1")
    gear.board.step(gear.now)
    gear.pings(5, {"r1": 0.002})
    assert gear.told() == set()
