"""A storm of separate faults: each is told once, in handfuls, and who has nothing new is not judged again."""

from collections.abc import Mapping

from alerts.desk import Fault, Opinion, Scene
from alerts.desk.faults import Key
from alerts.desk.review import MOST_REVIEWS, MOST_SECOND_LOOKS
from domain.incidents import Cause, CauseKind, Condition, Incident, NoticeEvent
from domain.time import Moment
from tests.unit.alerts.desk_stage import Assessment, Stage, moment

MANY = 250
NAMES = [f"r{number:03}" for number in range(MANY)]
FAULTS = {
    fault.key: fault
    for name in NAMES
    for fault in [
        Fault(Condition.OUTAGE, Cause(CauseKind.DEVICE, name), "silent", frozenset({name}), frozenset({name}))
    ]
}


class Counting(Assessment):
    judged = 0

    def opinion(self, incident: Incident, now: Moment, *, closing: bool) -> Opinion:
        self.judged += 1
        return super().opinion(incident, now, closing=closing)


class Storm(Stage):
    def __init__(self) -> None:
        super().__init__()
        self.counting = self.assessment = Counting()
        self.desk = type(self.desk)(self.rules, self.assessment)
        self.wake_at = 0.0

    def step(self, seconds: float, faults: Mapping[Key, Fault], *, same: bool = False) -> list[NoticeEvent]:
        self.counting.judged = 0
        decision = self.desk.step(Scene(moment(seconds), faults, same=same), self.eyes)
        self.told += decision.notices
        self.wake_at = decision.wake_at
        return [notice.event for notice in decision.notices]


def fallen() -> tuple[Storm, float]:
    """All have been told. Returns the time."""
    storm = Storm()
    storm.eyes.fell |= dict.fromkeys(NAMES, 0.0)
    storm.step(80, FAULTS)
    assert storm.step(140, FAULTS) == [NoticeEvent.OPENED] * MOST_REVIEWS
    at = 140.0
    while storm.wake_at < at + 1:
        assert storm.wake_at > at
        at = storm.wake_at
        assert len(storm.step(at, FAULTS, same=True)) <= MOST_REVIEWS
    return storm, at


def test_each_is_told_once_and_a_step_never_takes_long() -> None:
    storm, at = fallen()
    assert at < 142
    assert sorted(notice.incident.cause.name for notice in storm.told) == NAMES


def test_an_end_comes_for_each_as_well() -> None:
    storm, at = fallen()
    storm.told.clear()
    storm.eyes.fell.clear()
    storm.step(at + 100, {})
    storm.step(at + 500, {})
    at += 500
    while storm.desk.open:
        at += 0.2
        assert len(storm.step(at, {}, same=True)) <= MOST_REVIEWS
    assert sorted(notice.incident.cause.name for notice in storm.told) == NAMES
    assert {notice.event for notice in storm.told} == {NoticeEvent.RESOLVED}


def test_time_alone_judges_nobody_again_and_an_event_everybody() -> None:
    storm, at = fallen()
    storm.step(at + 10, FAULTS, same=True)
    assert storm.counting.judged == 0
    storm.step(at + 20, FAULTS)
    judged, at = storm.counting.judged, at + 20
    assert judged == MOST_SECOND_LOOKS
    while storm.wake_at < at + 1:
        at = storm.wake_at
        storm.step(at, FAULTS, same=True)
        judged += storm.counting.judged
    assert judged == MANY


def test_what_is_new_goes_before_what_is_old() -> None:
    storm, at = fallen()
    storm.eyes.fell["z"] = at
    late = Fault(Condition.OUTAGE, Cause(CauseKind.DEVICE, "z"), "silent", frozenset({"z"}), frozenset({"z"}))
    faults = {**FAULTS, late.key: late}
    storm.step(at + 1, faults)
    storm.told.clear()
    storm.step(at + 61, faults)
    assert [notice.incident.cause.name for notice in storm.told] == ["z"]
