"""The desk on a fake clock: faults are handed in as root cause would, notices are read off."""

from dataclasses import replace

import pytest

from alerts.desk import Fault, Scene
from domain.incidents import (
    Cause,
    CauseKind,
    Condition,
    Evidence,
    EvidenceKind,
    NoticeEvent,
    NoticeReason,
    Phase,
    VerdictKind,
)
from tests.unit.alerts.desk_stage import Stage, moment, outage

OPENED, UPDATED, RESOLVED = NoticeEvent.OPENED, NoticeEvent.UPDATED, NoticeEvent.RESOLVED


@pytest.fixture
def stage() -> Stage:
    return Stage()


def fallen(stage: Stage, names: str, seconds: float) -> None:
    stage.eyes.fell |= dict.fromkeys(names, seconds)


def back(stage: Stage, names: str) -> None:
    for name in names:
        del stage.eyes.fell[name]


def test_another_explanation_of_the_same_dark_root_waits_no_longer(stage: Stage) -> None:
    fallen(stage, "AB", 0)
    assert stage.at(80, outage("A", "A", kind=CauseKind.DEVICE)) == []
    link = outage("fo-1", "AB", "A")
    assert stage.at(90, outage("lab", "AB", "A", CauseKind.SITE)) == stage.at(139, link) == []
    assert stage.at(140, link) == [OPENED]
    assert stage.told[0].incident.cause.name == "fo-1"


def test_what_takes_in_an_old_dark_still_waits_for_its_own(stage: Stage) -> None:
    """A was dark alone for a minute when the feeder of all went: that may be a generator's change-over."""
    fallen(stage, "A", 0)
    assert stage.at(80, outage("A", "A", kind=CauseKind.DEVICE)) == []
    fallen(stage, "BC", 58)
    feeder = outage("p", "ABC", "ABC", CauseKind.FEEDER)
    assert stage.at(138, feeder) == []
    assert stage.at(141, feeder) == stage.at(197, feeder) == []
    assert stage.at(198, feeder) == [OPENED]


def test_a_fault_that_stands_is_told_once_and_ends_once(stage: Stage) -> None:
    fallen(stage, "AB", 0)
    fault = outage("fo-1", "AB")
    assert stage.at(80, fault) == []
    assert stage.at(139, fault) == []
    assert stage.at(140, fault) == [OPENED]
    assert stage.at(3600, fault) == []
    back(stage, "AB")
    assert stage.at(4000) == []
    assert stage.at(4299) == []
    assert stage.at(4300) == [RESOLVED]
    assert stage.at(9999) == []
    opened, resolved = stage.told
    assert opened.incident.id == resolved.incident.id
    assert opened.id != resolved.id
    assert [member.name for member in opened.incident.members] == ["A", "B"]
    assert opened.incident.started_at == moment(0).utc
    assert resolved.incident.resolved_at == moment(4000).utc
    assert opened.incident.verdict.preliminary
    assert resolved.incident.verdict.kind is VerdictKind.FIBRE
    assert resolved.incident.preliminary_verdict == opened.incident.verdict


def test_a_change_over_of_a_generator_pages_nobody(stage: Stage) -> None:
    fallen(stage, "A", 0)
    stage.at(80, outage("fo-1", "A"))
    back(stage, "A")
    stage.at(130)
    assert stage.at(900) == []
    assert stage.stored == {}


def test_a_fall_in_the_return_is_the_same_incident_and_the_return_must_hold_longer(stage: Stage) -> None:
    fallen(stage, "A", 0)
    stage.at(60, outage("fo-1", "A"))
    stage.at(120, outage("fo-1", "A"))
    back(stage, "A")
    stage.at(400)
    fallen(stage, "A", 500)
    stage.at(560, outage("fo-1", "A"))
    back(stage, "A")
    stage.at(800)
    assert stage.at(1300) == []  # 300 s would have held; after a relapse it takes 600
    assert stage.at(1400) == [RESOLVED]
    assert stage.events == [OPENED, RESOLVED]
    assert stage.told[-1].incident.handling.relapses == 1


def test_a_radio_that_flaps_is_told_once_and_ends_when_it_is_quiet(stage: Stage) -> None:
    for start in range(0, 2400, 240):
        fallen(stage, "A", start)
        for later in (60, 120, 121):
            stage.at(start + later, outage("radio-1", "A"))
        back(stage, "A")
        stage.at(start + 180)
    assert stage.events == [OPENED]
    assert stage.desk.open[0].flapping
    stage.at(2340 + 1200)
    assert stage.events == [OPENED, RESOLVED]


def test_a_late_parent_takes_its_child_in_with_one_update(stage: Stage) -> None:
    fallen(stage, "A", 0)
    stage.at(60, outage("fo-child", "A"))
    stage.at(120, outage("fo-child", "A"))
    child = stage.told[0].incident.id
    fallen(stage, "PB", 200)
    parent = outage("fo-parent", "PAB", "P")
    assert stage.at(260, parent) == []
    assert stage.at(320, parent) == [UPDATED]
    told = stage.told[-1]
    assert told.reason is NoticeReason.MERGED
    assert told.incident.merged_from == (child,)
    assert told.incident.cause.name == "fo-parent"
    assert stage.stored[child].phase is Phase.MERGED
    assert stage.stored[child].merged_into == told.incident.id
    assert [member.name for member in stage.stored[child].members] == ["A"]
    back(stage, "PAB")
    stage.at(600)
    stage.at(900)
    assert stage.events == [OPENED, UPDATED, RESOLVED]


def test_what_stays_dark_when_the_parent_is_mended_becomes_its_own_incident(stage: Stage) -> None:
    fallen(stage, "PAB", 0)
    parent, behind = outage("fo-parent", "PAB", "P"), outage("fo-child", "A")
    stage.at(60, parent)
    stage.at(120, parent)
    back(stage, "PB")
    stage.at(1000, behind)
    assert stage.at(1299, behind) == []
    assert stage.at(1300, behind) == [OPENED]
    assert stage.told[-1].incident.cause.name == "fo-child"
    assert stage.at(1600, behind) == [RESOLVED]
    assert stage.told[-1].incident.cause.name == "fo-parent"
    assert [each.cause.name for each in stage.desk.open] == ["fo-child"]


def test_some_back_is_said_as_such(stage: Stage) -> None:
    fallen(stage, "ABCD", 0)
    stage.at(60, outage("feeder-1", "ABCD", "ABCD", CauseKind.FEEDER))
    stage.at(120, outage("feeder-1", "ABCD", "ABCD", CauseKind.FEEDER))
    back(stage, "AB")
    rest = outage("feeder-1", "CD", "CD", CauseKind.FEEDER)
    stage.at(1000, rest)
    assert stage.at(1299, rest) == []
    assert stage.at(1300, rest) == [UPDATED]
    assert stage.told[-1].reason is NoticeReason.PARTLY_BACK
    assert [member.name for member in stage.told[-1].incident.dark] == ["C", "D"]


def test_one_that_fell_before_its_feeder_stays_apart(stage: Stage) -> None:
    fallen(stage, "L", 0)
    alone = outage("site-l", "L", "L", CauseKind.SITE)
    stage.at(60, alone)
    stage.at(120, alone)
    fallen(stage, "ABC", 1000)
    feeder = outage("wanayasa-3", "ABCL", "ABCL", CauseKind.FEEDER)
    stage.at(1060, feeder)
    stage.at(1120, feeder)
    assert sorted(each.cause.name for each in stage.desk.open) == ["site-l", "wanayasa-3"]
    assert [m.name for m in stage.told[-1].incident.members] == ["A", "B", "C"]
    back(stage, "ABC")
    stage.at(1500, alone)
    stage.at(1900, alone)
    assert stage.events == [OPENED, OPENED, RESOLVED]
    assert [each.cause.name for each in stage.desk.open] == ["site-l"]


def test_a_better_explanation_of_the_same_dark_is_the_same_incident(stage: Stage) -> None:
    fallen(stage, "A", 0)
    stage.at(60, outage("fo-1", "A"))
    stage.at(120, outage("fo-1", "A"))
    segment = outage("cable-7", "A", "A", CauseKind.SEGMENT)
    assert stage.at(200, segment) == []
    assert stage.at(319, segment) == []
    assert stage.at(320, segment) == [UPDATED]
    assert stage.told[-1].reason is NoticeReason.CAUSE_CHANGED
    assert len({notice.incident.id for notice in stage.told}) == 1


def test_blindness_freezes_what_is_open(stage: Stage) -> None:
    fallen(stage, "A", 0)
    stage.at(60, outage("fo-1", "A"))
    stage.at(120, outage("fo-1", "A"))
    stage.eyes.unknown = {"A"}
    blind = Fault(Condition.BLIND, Cause(CauseKind.POLLER, ""), "blind", frozenset({"poller"}))
    stage.at(200, blind, blind=True)
    stage.at(260, blind, blind=True)
    stage.at(2000, blind, blind=True)
    assert stage.events == [OPENED, OPENED]
    stage.eyes.unknown = set()
    stage.at(2100, outage("fo-1", "A"))
    stage.at(2400, outage("fo-1", "A"))
    assert [(n.event, n.incident.condition) for n in stage.told[2:]] == [(RESOLVED, Condition.BLIND)]
    assert [each.condition for each in stage.desk.open] == [Condition.OUTAGE]


def test_time_in_which_we_are_blind_holds_no_return(stage: Stage) -> None:
    fallen(stage, "A", 0)
    stage.at(60, outage("fo-1", "A"))
    stage.at(120, outage("fo-1", "A"))
    back(stage, "A")
    stage.at(200)
    stage.at(250, blind=True)
    stage.at(600, blind=True)
    assert stage.at(650) == []
    assert stage.at(900) == [RESOLVED]  # 50 s before and 250 s after


def test_a_restart_goes_on_where_it_was(stage: Stage) -> None:
    fallen(stage, "A", 0)
    stage.at(60, outage("fo-1", "A"))
    stage.at(120, outage("fo-1", "A"))
    stage.restart(200)
    assert stage.at(201, outage("fo-1", "A")) == []
    assert stage.at(999, outage("fo-1", "A")) == []
    back(stage, "A")
    stage.at(1000)
    stage.restart(1100)
    stage.at(1101)
    assert stage.at(1400) == [RESOLVED]
    assert len({notice.incident.id for notice in stage.told}) == 1


def test_after_a_restart_nobody_is_back_before_he_has_been_seen(stage: Stage) -> None:
    fallen(stage, "A", 0)
    stage.at(60, outage("fo-1", "A"))
    stage.at(120, outage("fo-1", "A"))
    stage.restart(200)
    stage.eyes.unknown = {"A"}
    stage.at(201)
    stage.at(9999)
    assert stage.events == [OPENED]


def test_a_muted_incident_is_told_when_the_window_ends_and_it_still_stands(stage: Stage) -> None:
    stage.assessment.silent = "MW-1"
    fallen(stage, "A", 0)
    fault = outage("fo-1", "A")
    stage.at(60, fault)
    assert stage.at(120, fault) == []
    assert stage.desk.open[0].silenced_by == "MW-1"
    stage.assessment.silent = ""
    assert stage.at(500, fault) == [OPENED]


def test_no_resolve_without_an_announcement(stage: Stage) -> None:
    stage.assessment.silent = "MW-1"
    fallen(stage, "A", 0)
    stage.at(60, outage("fo-1", "A"))
    stage.at(120, outage("fo-1", "A"))
    back(stage, "A")
    stage.at(200)
    stage.at(600)
    assert stage.told == []
    assert [each.phase for each in stage.stored.values()] == [Phase.RESOLVED]


def test_growth_is_told_but_not_each_step_of_it(stage: Stage) -> None:
    fallen(stage, "A", 0)
    stage.at(60, outage("fo-1", "A"))
    stage.at(120, outage("fo-1", "A"))
    for number, name in enumerate("BCDEF"):
        fallen(stage, name, 200 + number)
        stage.at(300 + number, outage("fo-1", "ABCDEF"[: number + 2], "A"))
    assert stage.events == [OPENED]
    assert stage.at(500, outage("fo-1", "ABCDEF", "A")) == [UPDATED]
    assert stage.told[-1].reason is NoticeReason.GREW


def test_a_degraded_thing_is_known_by_its_reason_too(stage: Stage) -> None:
    ring = Fault(Condition.DEGRADED, Cause(CauseKind.LINK, "fo-1"), "redundancy-lost", frozenset("A"))
    dim = replace(ring, reason="optical-low")
    for seconds in (0, 60):
        stage.at(seconds, ring, dim)
    assert stage.events == [OPENED, OPENED]
    stage.at(100, dim)
    assert stage.at(400, dim) == [RESOLVED]
    assert stage.told[-1].incident.reason == "redundancy-lost"


def test_done_ends_it_only_if_the_probe_agrees(stage: Stage) -> None:
    fallen(stage, "AB", 0)
    fault = outage("fo-1", "AB")
    stage.at(60, fault)
    stage.at(120, fault)
    id_ = stage.desk.open[0].id
    assert stage.desk.finish(id_, moment(200)) == ("A", "B")
    back(stage, "AB")
    stage.at(210)
    decision = stage.desk.finish(id_, moment(220))
    assert not isinstance(decision, tuple)
    assert [notice.event for notice in decision.notices] == [RESOLVED]
    with pytest.raises(KeyError):
        stage.desk.finish(id_, moment(230))


def test_merged_by_hand_stays_merged(stage: Stage) -> None:
    fallen(stage, "AB", 0)
    faults = outage("fo-1", "A"), outage("fo-2", "B")
    stage.at(60, *faults)
    stage.at(120, *faults)
    first, second = (notice.incident.id for notice in stage.told)
    decision = stage.desk.merge(second, first, moment(200))
    assert [notice.reason for notice in decision.notices] == [NoticeReason.MERGED]
    assert stage.at(300, *faults) == []
    assert [each.id for each in stage.desk.open] == [first]
    with pytest.raises(ValueError, match=first):
        stage.desk.merge(first, first, moment(301))


def test_it_began_with_those_that_are_still_its_own(stage: Stage) -> None:
    """One that had been dark for half an hour was laid to the same cause and is another's since."""
    fallen(stage, "A", 0)
    fallen(stage, "B", 1800)
    fault = outage("fo-1", "AB")
    stage.at(1860, fault)
    stage.at(1920, fault)
    (whole,) = stage.desk.open
    assert whole.started_at == moment(0).utc
    stage.desk.split(whole.id, ["A"], Cause(CauseKind.SITE, "a"), moment(2000))
    began = {each.cause.name: each.started_at for each in stage.desk.open}
    assert began == {"fo-1": moment(1800).utc, "a": moment(0).utc}


def test_split_by_hand_stays_apart(stage: Stage) -> None:
    fallen(stage, "AB", 0)
    fault = outage("fo-1", "AB", "AB")
    stage.at(60, fault)
    stage.at(120, fault)
    whole = stage.desk.open[0].id
    stage.desk.split(whole, ["B"], Cause(CauseKind.SITE, "b"), moment(200))
    stage.at(300, fault)
    stage.at(1000, fault)
    assert sorted(each.cause.name for each in stage.desk.open) == ["b", "fo-1"]
    with pytest.raises(ValueError, match=whole):
        stage.desk.split(whole, ["Z"], Cause(CauseKind.SITE, "z"), moment(301))


def test_a_device_that_leaves_the_inventory_leaves_its_incident(stage: Stage) -> None:
    fallen(stage, "A", 0)
    stage.at(60, outage("fo-1", "A"))
    stage.at(120, outage("fo-1", "A"))
    stage.eyes.gone = {"A"}
    stage.eyes.fell = {}
    assert stage.at(200) == [RESOLVED]
    assert stage.desk.open == ()


def test_other_witnesses_must_stand_and_more_of_them_need_not(stage: Stage) -> None:
    down, up = Evidence(EvidenceKind.PORT_DOWN, "sw"), Evidence(EvidenceKind.PORT_UP, "sw")
    stage.assessment.said = (down,)
    fallen(stage, "A", 0)
    fault = outage("fo-1", "A")
    stage.at(60, fault)
    stage.at(120, fault)
    stage.assessment.said = (down, Evidence(EvidenceKind.RX_LOST, "sw"))
    stage.at(130, fault)
    assert stage.desk.open[0].verdict.evidence == stage.assessment.said
    stage.assessment.said = (up,)
    stage.at(200, fault)
    stage.at(319, fault)
    assert up not in stage.desk.open[0].verdict.evidence, "the port comes up before what stands behind it answers"
    stage.at(320, fault)
    assert stage.desk.open[0].verdict.evidence == (up,)


def test_a_cause_that_is_believed_for_a_moment_is_not_taken_over(stage: Stage) -> None:
    fallen(stage, "A", 0)
    link, device = outage("fo-1", "A"), outage("rtr-a", "A", kind=CauseKind.DEVICE)
    stage.at(60, link)
    stage.at(120, link)
    stage.at(200, device)
    stage.at(260, link)
    stage.at(310, device)
    stage.at(400, device)
    assert stage.desk.open[0].cause.name == "fo-1"
    back(stage, "A")
    stage.at(420)
    stage.at(720)
    assert stage.events == [OPENED, RESOLVED]
    assert stage.told[-1].incident.cause.name == "fo-1"


def test_who_is_only_not_looked_at_is_a_member_and_counts_nowhere(stage: Stage) -> None:
    fallen(stage, "ABC", 0)
    fault = replace(outage("sw-1", "ABC", "A", CauseKind.DEVICE), unseen=frozenset("BC"))
    stage.at(60, fault)
    stage.at(120, fault)
    assert stage.told[0].incident.impact.devices == 1
    assert [member.unseen for member in stage.told[0].incident.members] == [False, True, True]
    stage.at(200, replace(fault, unseen=frozenset("C")))
    assert stage.desk.open[0].impact.devices == 2


def test_who_left_an_incident_counts_no_more_in_it(stage: Stage) -> None:
    fallen(stage, "AB", 0)
    both = outage("fo-parent", "AB", "A")
    stage.at(60, both)
    stage.at(120, both)
    stage.desk.split(stage.desk.open[0].id, ["B"], Cause(CauseKind.SITE, "b"), moment(200))
    stage.at(210, both)
    assert {each.cause.name: each.impact.devices for each in stage.desk.open} == {"fo-parent": 1, "b": 1}


def test_what_is_due_and_does_not_come_by_itself_wakes_nobody(stage: Stage) -> None:
    fallen(stage, "A", 0)
    fault = outage("fo-1", "A")
    stage.at(60, fault)
    stage.at(120, fault)
    fallen(stage, "B", 200)
    grown = outage("fo-1", "AB", "A")
    for seconds in (260, 420, 600, 4000):  # one more is no news, however long it waits
        decision = stage.desk.step(Scene(moment(seconds), {grown.key: grown}), stage.eyes)
        assert decision.wake_at > seconds


def test_nobody_says_that_it_is_over_while_it_may_be_falling_again(stage: Stage) -> None:
    fallen(stage, "AB", 0)
    fault = outage("radio-1", "AB")
    stage.at(60, fault)
    stage.at(120, fault)
    back(stage, "AB")
    stage.at(400)
    stage.eyes.missed = {"A", "B"}
    assert stage.at(700) == []
    stage.eyes.missed = {"A"}
    assert stage.at(709) == []
    assert stage.at(710) == [RESOLVED], "one of two that lost a packet holds nothing up"


def test_what_is_open_about_a_suspended_site_alone_ends_and_nothing_more_is_opened(stage: Stage) -> None:
    fallen(stage, "A", 0)
    stage.at(60, outage("fo-1", "A"))
    stage.at(120, outage("fo-1", "A"))
    (before,) = stage.desk.open
    stage.desk.isolate(frozenset("A"))
    assert stage.at(130, outage("fo-1", "A")) == [RESOLVED]
    assert stage.stored[before.id].phase is Phase.RESOLVED
    assert [member.name for member in stage.stored[before.id].members] == ["A"]
    assert stage.at(900, outage("fo-1", "A")) == []
    assert stage.desk.open == ()
    stage.desk.isolate(frozenset())
    stage.at(1000, outage("fo-1", "A"))
    assert stage.at(1100, outage("fo-1", "A")) == [OPENED]


def test_a_wider_fault_lets_the_suspended_site_go_and_stays(stage: Stage) -> None:
    fallen(stage, "AB", 0)
    stage.at(60, outage("fo-1", "AB", "A"))
    stage.at(120, outage("fo-1", "AB", "A"))
    stage.desk.isolate(frozenset("A"))
    stage.at(130, outage("fo-1", "AB", "A"))
    (incident,) = stage.desk.open
    assert [member.name for member in incident.members] == ["B"]
    assert stage.events == [OPENED]
