"""Days of a kabupaten on a fake clock: what is degraded reaches the desk once, with its evidence, and ends once."""

from collections.abc import Iterable

from alerts.desk import Desk, DeskRules, Scene
from alerts.detect import InterfaceWatch
from alerts.evidence.assessment import Assessment
from alerts.evidence.ports import LinkPorts
from alerts.evidence.readings import ReadingBook
from alerts.evidence.uptimes import UptimeBook
from alerts.evidence.witnesses import Witnesses
from alerts.states import BoardView
from domain.incidents import Incident, Urgency
from domain.network import Role
from tests.unit.alerts.degraded_gear import Gear, device, link, sensor

PROBE, ROUTER = device("probe", Role.SENSOR, "dc"), device("r1")
PLANS = {
    "probe": (sensor("temperature", "Rack"),),
    "r1": (sensor("dbm", "sfp1 Rx", "sfp1"), sensor("cpu", "cpu")),
}


class Day:
    """The gear under a real desk; `told` is every notice as (event, cause's name, reason)."""

    def __init__(self, restored: Iterable[Incident] = (), seconds: float = 1000.0) -> None:
        self.gear = gear = Gear(PLANS, (PROBE, ROUTER), (link("FO", ("r1", "sfp1")),), seconds=seconds)
        self.view = BoardView(gear.board, gear.fleet)
        ports = LinkPorts(gear.fleet, InterfaceWatch(gear.fleet), self.view)
        books = UptimeBook(gear.fleet), ReadingBook(gear.fleet)
        witnesses = Witnesses(self.view, ports, *books, complaints=gear.watch)
        assessment = Assessment(witnesses)
        assessment.know(gear.inventory, {})
        self.desk = Desk(DeskRules(), assessment)
        self.desk.restore(restored, gear.now)
        gear.watch.restore(restored)
        self.told: list[tuple[str, str, str]] = []

    def minutes(self, count: int, celsius: float, dbm: float, cpu: float, *, alive: bool = True) -> None:
        for _ in range(count):
            self.gear.seconds += 60
            self.gear.poll("probe", celsius)
            if alive:
                self.gear.poll("r1", dbm, cpu)
            self.gear.ping({"probe": 0.001, "r1": 0.002 if alive else None})
            scene = Scene(self.gear.now, self.gear.watch.faults(self.gear.now))
            decision = self.desk.step(scene, self.view)
            self.told += [
                (each.event.value, each.incident.cause.name, each.incident.reason) for each in decision.notices
            ]


def test_a_hot_night_in_the_data_centre_pages_once_and_ends_once() -> None:
    day = Day()
    day.minutes(10, 24, -18, 10)
    day.minutes(60, 34, -18, 10)
    assert day.told == [("opened", "probe", "temperature")]
    (incident,) = day.desk.open
    assert incident.urgency is Urgency.PAGE
    assert incident.verdict.evidence[0].values["value"] == "34"
    day.minutes(30, 30.5, -18, 10)
    day.minutes(30, 31.9, -18, 10)
    assert len(day.told) == 1, "between the levels nothing is said"
    day.minutes(30, 22, -18, 10)
    assert day.told[1:] == [("resolved", "probe", "temperature")]


def test_a_sensor_that_trembles_about_its_level_all_day_is_told_once() -> None:
    day = Day()
    for _ in range(40):
        day.minutes(3, 24, -23.2, 10)
        day.minutes(3, 24, -22.5, 10)
    assert day.told == []
    for _ in range(20):
        day.minutes(15, 24, -23.2, 10)
        day.minutes(3, 24, -22.5, 10)
    assert day.told == [("opened", "FO", "optical-low")]


def test_what_is_degraded_stays_so_through_an_outage_and_a_restart() -> None:
    day = Day()
    day.minutes(30, 24, -18, 97)
    assert day.told == [("opened", "r1", "cpu")]
    day.minutes(60, 24, -18, 97, alive=False)
    assert len(day.told) == 1, "its readings are stale: nothing is said of it"
    after = Day(day.desk.open, day.gear.seconds)
    after.minutes(20, 24, -18, 97)
    assert after.told == []
    after.minutes(40, 24, -18, 10)
    assert after.told == [("resolved", "r1", "cpu")]
