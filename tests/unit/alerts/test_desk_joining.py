"""What people merge or split stays so, whatever the machine finds afterwards; what would not stay is refused."""

from dataclasses import replace

import pytest

from alerts.desk import Fault, OrderRefusedError, obey
from domain.incidents import Act, ActKind, Cause, CauseKind, Condition, Incident, Urgency
from tests.unit.alerts.desk_stage import Stage, moment, outage

FIRST, SECOND = outage("fo-1", "A"), outage("fo-2", "B")


def complaint(name: str, members: str, reason: str = "loss", condition: Condition = Condition.DEGRADED) -> Fault:
    cause = Cause(CauseKind.LINK, name)
    return Fault(condition, cause, reason, frozenset(members), urgency=Urgency.DAY, settle_seconds=0)


def opened(*faults: Fault) -> tuple[Stage, dict[str, Incident]]:
    """All of them stand, each as an incident of its own."""
    stage = Stage()
    dark = [name for fault in faults if fault.condition is not Condition.DEGRADED for name in fault.members]
    stage.eyes.fell = dict.fromkeys(dark, 0.0)
    for seconds in (60, 130):
        stage.at(seconds, *faults)
    return stage, {each.cause.name: each for each in stage.desk.open}


def order(stage: Stage, incident: Incident, kind: ActKind, **values: str) -> None:
    act = Act(incident.id, moment(200).utc, "Asep", kind, "kabel yang sama", values)
    decision = obey(stage.desk, act, moment(200)).decision
    assert decision.acts[0] == act
    stage.stored |= {each.id: each for each in decision.incidents}


def names(stage: Stage) -> list[tuple[str, str]]:
    return sorted((each.cause.name, "".join(member.name for member in each.members)) for each in stage.desk.open)


def test_merged_stays_merged_though_the_machine_lays_it_to_something_else() -> None:
    stage, found = opened(FIRST, SECOND)
    order(stage, found["fo-2"], ActKind.MERGED, into=found["fo-1"].id)
    router = outage("rtr-b", "B", kind=CauseKind.DEVICE)
    for seconds in (210, 400, 700, 2000):
        assert stage.at(seconds, FIRST, router) == []
        assert names(stage) == [("fo-1", "AB")]


def test_merged_stays_merged_when_both_are_laid_to_something_else_and_after_a_restart() -> None:
    stage, found = opened(FIRST, SECOND)
    order(stage, found["fo-2"], ActKind.MERGED, into=found["fo-1"].id)
    devices = outage("rtr-a", "A", kind=CauseKind.DEVICE), outage("rtr-b", "B", kind=CauseKind.DEVICE)
    for seconds in (210, 400):
        stage.at(seconds, *devices)
    stage.restart(500)
    for seconds in (510, 900, 2000):
        stage.at(seconds, *devices)
        assert [member for _cause, member in names(stage)] == ["AB"]


def test_who_stays_dark_when_the_others_are_back_is_still_one_of_its_own() -> None:
    stage, found = opened(FIRST, SECOND)
    order(stage, found["fo-2"], ActKind.MERGED, into=found["fo-1"].id)
    del stage.eyes.fell["A"]
    router = outage("rtr-b", "B", kind=CauseKind.DEVICE)
    for seconds in (210, 400, 700, 1200):
        stage.at(seconds, router)
    assert ("rtr-b", "B") in names(stage)


@pytest.mark.parametrize(
    ("child", "into", "why"),
    [
        (complaint("l-2", "B"), FIRST, "not of one kind"),
        (replace(outage("vpn", "B", kind=CauseKind.MANAGEMENT), condition=Condition.MANAGEMENT), FIRST, "of one kind"),
        (complaint("l-2", "B", "optical-low"), complaint("l-1", "A"), "different complaints"),
    ],
)
def test_what_would_part_again_is_not_merged(child: Fault, into: Fault, why: str) -> None:
    stage, found = opened(child, into)
    with pytest.raises(OrderRefusedError, match=why):
        order(stage, found[child.cause.name], ActKind.MERGED, into=found[into.cause.name].id)
    assert len(stage.desk.open) == 2


def test_complaints_of_one_reason_stay_merged() -> None:
    faults = complaint("l-1", "A"), complaint("l-2", "B")
    stage, found = opened(*faults)
    order(stage, found["l-2"], ActKind.MERGED, into=found["l-1"].id)
    for seconds in (210, 900, 2000):
        stage.at(seconds, *faults)
        assert names(stage) == [("l-1", "AB")]


def test_split_stays_split_whatever_it_is_laid_to() -> None:
    both = outage("fo-1", "AB", "A")
    stage, found = opened(both)
    order(stage, found["fo-1"], ActKind.SPLIT, members="B")
    for seconds, fault in ((210, both), (900, both), (1500, outage("kabel", "AB", "AB", CauseKind.SEGMENT))):
        stage.at(seconds, fault)
        assert [members for _cause, members in names(stage)] == ["B", "A"]
    assert names(stage)[0] == ("B", "B")


@pytest.mark.parametrize(("fault", "members"), [(outage("fo-1", "AB"), ""), (outage("fo-1", "AB"), "A|Z"),
                         (outage("fo-1", "AB"), "A|B"), (complaint("l-1", "AB"), "A")])  # fmt: skip
def test_what_is_no_part_of_it_is_not_split_off(fault: Fault, members: str) -> None:
    stage, found = opened(fault)
    with pytest.raises(OrderRefusedError):
        order(stage, found[fault.cause.name], ActKind.SPLIT, members=members)
    assert len(stage.desk.open) == 1


def test_nothing_is_merged_into_itself_or_into_what_is_not_open() -> None:
    stage, found = opened(FIRST)
    for into in (found["fo-1"].id, "gone-0000", ""):
        with pytest.raises(OrderRefusedError):
            order(stage, found["fo-1"], ActKind.MERGED, into=into)
