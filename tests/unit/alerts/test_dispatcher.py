"""Who is told, on which channel, when: the ladder, the night, the flood, the end. Every test pushes its own clock."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from alerts.dispatch.contacts import read_contacts
from alerts.dispatch.directory import Directory
from alerts.dispatch.routing import Routing
from alerts.dispatch.standing import Hands, in_hands, latest_of, news, unheard
from domain.incidents import (
    ActKind,
    CauseKind,
    Condition,
    Member,
    NoticeEvent,
    NoticeReason,
    Party,
    Phase,
    Urgency,
    VerdictKind,
)
from tests.unit.alerts.telling_office import DAY, INVENTORY, NAMES, NIGHT, ZONE, Office, fault, open_office

HOOK = "webhook:https://noc.example/hook"


def told(office: Office) -> list[tuple[str, str, str]]:
    return [(message.channel, message.event, message.reason) for message in office.sent]


def test_the_area_on_duty_is_told_first_and_once() -> None:
    office = open_office()
    assert office.tell(fault()) == []
    sent = office.pass_(60)
    assert [(message.channel, message.person) for message in sent] == [("telegram:1", "Asep"), ("wa:62811", "Cici")]
    assert "FO Plered–Tegalwaru" in str(sent[0].payload["text"])
    assert "https://k.example/t/" in str(sent[0].payload["text"])
    assert office.pass_(600) == []


def test_at_night_only_who_is_on_duty_is_woken() -> None:
    office = open_office(NIGHT)
    office.tell(fault(at=NIGHT))
    assert [message.channel for message in office.pass_(60)] == ["telegram:1"]


def test_what_may_wait_waits_for_the_morning() -> None:
    office = open_office(NIGHT)
    slow = fault(at=NIGHT, urgency=Urgency.DAY, condition=Condition.DEGRADED)
    office.tell(slow)
    assert office.pass_(5 * 3600) == []
    assert office.now.utc.astimezone(ZONE).hour == 7
    sent = office.pass_(3600)
    assert {message.channel for message in sent} == {"telegram:1", "wa:62811"}, "the day's people, not the night's"
    assert sent[0].at.astimezone(ZONE) == datetime(2026, 11, 23, 7, 30, tzinfo=ZONE)


def test_what_came_and_went_before_it_was_told_is_told_to_nobody() -> None:
    office = open_office(NIGHT)
    slow = fault(at=NIGHT, urgency=Urgency.DAY)
    office.tell(slow)
    office.pass_(3600)
    office.over(slow)
    assert office.pass_(12 * 3600) == []
    assert all(memory is None for (kind, _key), memory in office.memories.items() if kind == "incident")


def test_an_end_goes_to_those_who_were_told_and_names_what_announced_it() -> None:
    office = open_office(machines=(HOOK,))
    cut = fault()
    office.tell(cut)
    office.pass_(60)
    office.over(cut)
    office.pass_(60)
    begun = {message.channel: message.id for message in office.sent if message.event == "opened"}
    ended = {message.channel: message.after for message in office.sent if message.event == "resolved"}
    assert ended == begun
    assert set(begun) == {HOOK, "telegram:1", "wa:62811"}


def test_the_ladder_is_climbed_until_somebody_takes_it() -> None:
    office = open_office(NIGHT, escalate_seconds=900, machines=(HOOK,))
    cut = fault(at=NIGHT)
    office.tell(cut)
    office.pass_(899)
    assert {message.channel for message in office.sent} == {HOOK, "telegram:1"}
    office.pass_(60)
    assert [each for each in told(office) if each[1] == "escalated"] == [
        (HOOK, "escalated", "not-acknowledged"),
        ("telegram:2", "escalated", "not-acknowledged"),
        ("wa:62811", "escalated", "not-acknowledged"),
    ], "the next ring: others on duty, and the area's own who are not"
    office.pass_(900)
    assert told(office)[-1] == ("mailto:dedi@example.id", "escalated", "not-acknowledged")
    count = len(office.sent)
    office.pass_(3 * 3600)
    assert len(office.sent) == count, "the ladder has an end"


def test_an_acknowledgement_stops_the_ladder_and_is_told_to_who_was_woken() -> None:
    office = open_office(NIGHT)
    cut = fault(at=NIGHT)
    office.tell(cut)
    office.pass_(60)
    office.do(cut, ActKind.ACKNOWLEDGED, "Asep")
    office.pass_(3 * 3600)
    assert told(office) == [("telegram:1", "opened", "new"), ("telegram:1", "acknowledged", "acknowledged")]
    assert "Asep" in str(office.sent[-1].payload["text"])


def test_an_acknowledgement_expires_and_the_ladder_begins_again() -> None:
    office = open_office(NIGHT)
    cut = fault(at=NIGHT)
    office.tell(cut)
    office.pass_(60)
    until = office.now.utc + timedelta(hours=1)
    office.do(cut, ActKind.ACKNOWLEDGED, "Asep", until=until.isoformat())
    office.pass_(3600)
    assert ("telegram:1", "escalated", "not-acknowledged") in told(office)
    assert [act.kind for step in office.steps for act in step.acts] == [ActKind.ACKNOWLEDGEMENT_ENDED]
    office.pass_(960)
    assert ("telegram:2", "escalated", "not-acknowledged") in told(office)


def test_setting_out_acknowledges_too() -> None:
    office = open_office(NIGHT)
    cut = fault(at=NIGHT)
    office.tell(cut)
    office.pass_(60)
    office.do(cut, ActKind.DEPARTED, "Asep")
    office.pass_(3600)
    assert not [each for each in told(office) if each[1] == "escalated"]


def test_what_nobody_takes_is_repeated() -> None:
    office = open_office(NIGHT, repeat_seconds=4 * 3600)
    cut = fault(at=NIGHT)
    office.tell(cut)
    office.pass_(5 * 3600)
    repeats = [message for message in office.sent if message.reason == "repeat"]
    assert {message.channel for message in repeats} == {message.channel for message in office.sent}
    assert "Masih berlangsung" in str(repeats[0].payload["text"])
    office.over(cut)
    office.pass_(24 * 3600)
    assert len([message for message in office.sent if message.reason == "repeat"]) == len(repeats)


def test_updates_to_people_keep_their_distance_and_the_last_one_counts() -> None:
    office = open_office(group_interval_seconds=300, machines=(HOOK,))
    cut = fault()
    office.tell(cut)
    office.pass_(30)
    office.tell(
        replace(cut, members=(*cut.members, Member("rtr-cadassari", DAY))), NoticeEvent.UPDATED, NoticeReason.GREW
    )
    office.pass_(30)
    partly = replace(cut, members=(replace(cut.members[0], back_at=DAY), Member("rtr-cadassari", DAY)))
    office.tell(partly, NoticeEvent.UPDATED, NoticeReason.PARTLY_BACK)
    office.pass_(600)
    mine = [each for each in told(office) if each[0] == "telegram:1"]
    assert mine == [("telegram:1", "opened", "new"), ("telegram:1", "updated", "partly-back")]
    assert "PULIH SEBAGIAN 1/2" in str(office.sent[-1].payload["text"])
    assert [each[2] for each in told(office) if each[0] == HOOK] == ["new", "grew", "partly-back"], "machines hear all"


def test_what_changes_within_the_group_wait_is_told_as_it_is_now() -> None:
    office = open_office(group_wait_seconds=30)
    cut = fault()
    office.tell(cut)
    office.pass_(10)
    office.tell(
        replace(cut, members=(*cut.members, Member("rtr-cadassari", DAY))), NoticeEvent.UPDATED, NoticeReason.GREW
    )
    office.pass_(60)
    mine = [message for message in office.sent if message.channel == "telegram:1"]
    assert [(message.event, message.reason) for message in mine] == [("opened", "new")]
    assert mine[0].id.startswith(f"{cut.id}-1-opened@")


def test_a_storm_is_a_burst_and_a_count_and_every_end_is_told() -> None:
    office = open_office(burst=3, window_seconds=600)
    faults = [fault(f"L{n}", id_=f"st{n:02}-0000", members=("rtr-sukahaji",), villages=30 - n) for n in range(30)]
    for each in faults:
        office.tell(each)
    office.pass_(60)
    mine = [message for message in office.sent if message.channel == "telegram:1"]
    assert [message.event for message in mine] == ["opened", "opened", "held"]
    assert mine[0].topic == "st00-0000", "the gravest alone"
    text = str(mine[2].payload["text"])
    assert text.startswith("28 kabar ditahan")
    assert "dan " in text
    for each in faults:
        office.over(each)
    office.pass_(1200)
    ends = [message for message in office.sent if message.channel == "telegram:1"][3:]
    assert [message.event for message in ends] == ["resolved", "resolved", "held"]
    assert "28 pulih" in str(ends[2].payload["text"])


def test_an_end_after_a_summary_names_the_summary() -> None:
    office = open_office(burst=1)
    one, two = fault("A", id_="aaaa-0000"), fault("B", id_="bbbb-0000")
    office.tell(one)
    office.tell(two)
    office.pass_(60)
    summary = next(message for message in office.sent if message.channel == "telegram:1")
    assert summary.event == "held"
    office.over(two)
    office.pass_(1200)
    end = next(message for message in office.sent if message.topic == "bbbb-0000" and message.channel == "telegram:1")
    assert end.after == summary.id


def test_a_late_parent_is_one_update_with_the_old_numbers() -> None:
    office = open_office(machines=(HOOK,))
    one, two = fault("A", id_="aaaa-0000"), fault("B", id_="bbbb-0000")
    office.tell(one)
    office.tell(two)
    office.pass_(60)
    parent = replace(fault("P", id_="pppp-0000"), merged_from=(one.id, two.id))
    for child in (one, two):
        office.incidents[child.id] = replace(child, phase=Phase.MERGED, merged_into=parent.id)
    office.tell(parent, NoticeEvent.UPDATED, NoticeReason.MERGED)
    office.pass_(600)
    after = [message for message in office.sent if message.topic == parent.id]
    assert sorted({(message.channel, message.event) for message in after}) == [
        ("telegram:1", "updated"),
        ("wa:62811", "updated"),
        (HOOK, "updated"),
    ]
    assert after[0].payload["body"]["incident"]["mergedFrom"] == [one.id, two.id]  # type: ignore[index]
    office.over(parent)
    office.pass_(60)
    assert {message.topic for message in office.sent if message.event == "resolved"} == {parent.id}


def test_who_knew_of_a_child_hears_of_the_parent_and_its_acknowledgement_holds() -> None:
    office = open_office(NIGHT)
    child = fault("A", NIGHT, id_="aaaa-0000")
    office.tell(child)
    office.pass_(1000)  # climbed: Budi, of another kecamatan, knows of it too
    office.do(child, ActKind.ACKNOWLEDGED, "Budi")
    parent = replace(fault("P", NIGHT, id_="pppp-0000"), merged_from=(child.id,))
    office.incidents[child.id] = replace(child, phase=Phase.MERGED, merged_into=parent.id)
    office.tell(parent, NoticeEvent.UPDATED, NoticeReason.MERGED)
    office.pass_(3600)
    assert ("telegram:2", "updated", "merged") in told(office)
    assert not [message for message in office.sent if message.topic == parent.id and message.event == "escalated"]
    office.over(parent)
    office.pass_(60)
    assert ("telegram:2", "resolved", "over") in told(office)


def test_an_application_is_its_owners_matter() -> None:
    office = open_office(NIGHT)
    app = fault(
        "simpeg",
        NIGHT,
        kind=CauseKind.SERVICE,
        condition=Condition.SERVICE,
        verdict=VerdictKind.SERVICE,
        members=("simpeg",),
    )
    office.tell(app)
    office.pass_(3600)
    assert {message.channel for message in office.sent} == {"mailto:euis@example.id"}


def test_an_application_without_an_owner_in_reach_waits_for_the_day() -> None:
    orphan = replace(INVENTORY, people=tuple(each for each in INVENTORY.people if each.name != "Euis"))
    office = open_office(NIGHT, inventory=orphan)
    app = fault("simpeg", NIGHT, kind=CauseKind.SERVICE, condition=Condition.SERVICE, members=("simpeg",))
    office.tell(app)
    assert office.pass_(5 * 3600) == []
    office.pass_(3600)
    assert "wa:62811" in {message.channel for message in office.sent}


def test_the_provider_gets_a_ticket_not_pages() -> None:
    office = open_office(provider_tickets=True)
    circuit = fault("WAN Cadassari", verdict=VerdictKind.PROVIDER, members=("rtr-cadassari",), party=Party.PROVIDER)
    office.tell(circuit)
    office.pass_(4 * 3600)
    theirs = [message for message in office.sent if "nusantara" in message.channel]
    assert [(message.channel, message.event) for message in theirs] == [("mailto:noc@nusantara.example", "ticket")]
    assert "1-88213" in str(theirs[0].payload["text"])
    assert "14/2026" in str(theirs[0].payload["text"])


def test_nobody_to_tell_is_said_aloud() -> None:
    office = open_office(NIGHT, inventory=replace(INVENTORY, people=()))
    office.tell(fault(at=NIGHT))
    assert office.steps[-1].nobody == (fault().id,)
    assert unheard(office.dispatcher.tracks.values()) == 1


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("machines", [(), (HOOK,)])
def test_who_comes_into_the_files_later_is_told_of_what_nobody_heard(
    machines: tuple[str, ...], restarted: bool
) -> None:
    office = open_office(NIGHT, machines, inventory=replace(INVENTORY, people=()))
    office.tell(fault(at=NIGHT))
    office.pass_(3600)
    assert not [message for message in office.sent if not message.channel.startswith("webhook")]
    if restarted:
        office.restart()
    routing = Routing(read_contacts(INVENTORY.people)[0])
    office.dispatcher.take_over(routing, Directory(INVENTORY, NAMES))
    assert office.pass_(0) == []
    assert [message.channel for message in office.pass_(60)] == ["telegram:1"]
    assert unheard(office.dispatcher.tracks.values()) == 0
    office.dispatcher.take_over(routing, Directory(INVENTORY, NAMES))
    assert office.pass_(0) + office.pass_(60) == [], "once is enough"


def test_who_comes_later_is_told_of_what_may_wait_as_well() -> None:
    office = open_office(machines=(HOOK,), inventory=replace(INVENTORY, people=()))
    office.tell(fault(urgency=Urgency.DAY, condition=Condition.DEGRADED))
    office.pass_(3600)
    office.dispatcher.take_over(Routing(read_contacts(INVENTORY.people)[0]), Directory(INVENTORY, NAMES))
    office.pass_(0)
    assert {message.channel for message in office.pass_(60)} == {"telegram:1", "wa:62811"}


def test_who_has_it_and_what_a_person_heard_last() -> None:
    office = open_office()
    first, second = fault("first", id_="firs-0001"), fault("second", id_="seco-0001")
    office.tell(first)
    office.pass_(60)
    office.tell(second)
    tracks = office.dispatcher.tracks
    assert latest_of(tracks.values(), ["telegram:1"]) == first.id, "the second is not told yet"
    office.pass_(60)
    assert latest_of(tracks.values(), ["telegram:1"]) == second.id
    assert latest_of(tracks.values(), ["telegram:99"]) is None
    assert in_hands(office.dispatcher, first.id, office.now.utc) is None
    until = office.now.utc + timedelta(hours=2)
    office.do(first, ActKind.ACKNOWLEDGED, "Budi", until=until.isoformat())
    assert in_hands(office.dispatcher, first.id, office.now.utc) == Hands("Budi", until)
    assert in_hands(office.dispatcher, first.id, until) is None
    assert in_hands(office.dispatcher, "none-0001", until) is None
    office.over(second)
    office.pass_(60)
    assert latest_of(tracks.values(), ["telegram:1"]) == first.id


def test_two_that_came_together_are_not_told_apart() -> None:
    office = open_office()
    for number in range(2):
        office.tell(fault(f"fault {number}", id_=f"same-000{number}"))
    office.pass_(60)
    assert latest_of(office.dispatcher.tracks.values(), ["telegram:1"]) is None


@pytest.mark.parametrize("phase", list(Phase))
def test_an_incident_reads_as_it_stands(phase: Phase) -> None:
    office, incident = open_office(), fault()
    ended = DAY + timedelta(hours=1) if phase is Phase.RESOLVED else None
    incident = replace(incident, phase=phase, resolved_at=ended)
    around = office.dispatcher.directory.around(incident)
    text = news(office.dispatcher.writer, incident, around, DAY + timedelta(hours=2))
    assert "FO Plered–Tegalwaru" in text
    assert "https://" not in text
    assert text.startswith("PULIH") is (phase is Phase.RESOLVED)


def test_what_is_only_recorded_is_told_to_nobody() -> None:
    office = open_office(machines=(HOOK,))
    office.tell(replace(fault(), urgency=Urgency.RECORD))
    assert office.pass_(3600) == []


@pytest.mark.parametrize("moment", [0, 5, 60, 890, 905, 2000])
def test_a_restart_anywhere_changes_nothing(moment: float) -> None:
    def run(restarts: bool) -> list[tuple[str, str, str]]:
        office = open_office(NIGHT, machines=(HOOK,))
        cut = fault(at=NIGHT)
        office.tell(cut)
        office.pass_(moment)
        if restarts:
            office.restart()
        office.pass_(2000 - moment)
        office.do(cut, ActKind.ACKNOWLEDGED, "Asep")
        if restarts:
            office.restart()
        office.pass_(60)
        office.over(cut)
        if restarts:
            office.restart()
        office.pass_(60)
        return [(message.id, message.event, message.reason) for message in office.sent]

    assert run(True) == run(False)


@pytest.mark.parametrize("jump", [-3600.0, 86_400.0, -150_000_000.0])
def test_a_clock_that_is_set_neither_hurries_nor_stops_the_ladder(jump: float) -> None:
    office = open_office(DAY, escalate_seconds=900)
    cut = fault()
    office.tell(cut)
    office.pass_(60)
    count = len(office.sent)
    office.pass_(100, wall=100 + jump)
    assert [message for message in office.sent[count:] if message.event == "escalated"] == []
    office.pass_(800)
    assert [message.event for message in office.sent[count:]].count("escalated") >= 1


def test_an_acknowledgement_of_what_is_just_over_is_harmless() -> None:
    office = open_office()
    cut = fault()
    office.tell(cut)
    office.pass_(60)
    office.over(cut)
    office.do(cut, ActKind.ACKNOWLEDGED, "Asep")
    office.pass_(3600)
    assert told(office)[-1][1] == "resolved"


def test_news_of_what_somebody_has_taken_says_so() -> None:
    office = open_office(group_interval_seconds=300)
    cut = fault()
    office.tell(cut)
    office.pass_(60)
    office.tell(
        replace(cut, members=(*cut.members, Member("rtr-cadassari", DAY))), NoticeEvent.UPDATED, NoticeReason.GREW
    )
    office.do(cut, ActKind.ACKNOWLEDGED, "Asep")
    office.pass_(600)
    mine = [message for message in office.sent if message.channel == "telegram:1"]
    assert [message.event for message in mine] == ["opened", "updated"]
    assert "Diterima: Asep." in str(mine[1].payload["text"])


def test_hundreds_at_once_are_a_handful_of_messages() -> None:
    office = open_office(NIGHT, burst=5)
    for n in range(300):
        office.tell(fault(f"L{n}", NIGHT, id_=f"x{n:03}-0000"))
    assert len(office.pass_(60)) == 5
