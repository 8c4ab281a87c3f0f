"""Whoever answers for a part of the kabupaten, or for one agency, is told of what lies there: nothing outside is named.

Everything outside Plered carries a mark in its name. No message to those who answer for Plered may hold it, of whatever
kind, in whatever language; the NOC's must.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest

from alerts.dispatch.areas import Area
from alerts.dispatch.contacts import read_contacts
from alerts.dispatch.digest import Night, contract_messages, digest_messages
from alerts.dispatch.directory import Directory
from alerts.dispatch.messages import Message
from alerts.dispatch.routing import Routing
from alerts.dispatch.standing import news
from alerts.texts import Wording
from domain.incidents import (
    ActKind,
    Cause,
    CauseKind,
    Condition,
    Confidence,
    Evidence,
    EvidenceKind,
    Impact,
    Incident,
    Liable,
    Member,
    NoticeEvent,
    NoticeReason,
    Party,
    Phase,
    Place,
    Suspect,
    Urgency,
    Verdict,
    VerdictKind,
)
from domain.network import (
    Contract,
    Device,
    Inventory,
    Link,
    Person,
    PersonRole,
    RegionCode,
    Role,
    Service,
    Site,
    SiteKind,
)
from tests.unit.alerts.telling_office import DAY, ZONE, Office, open_office

MARK: Final = "rahasia"
HERE, THERE = RegionCode("32.14.05"), RegionCode("32.14.10")
AGENCY: Final = "Dinas Pendidikan"
NAMES: Final = {
    "32.14": "Purwakarta", HERE: "Plered", f"{HERE}.2001": "Citeko",
    THERE: f"{MARK}-Tegalwaru", f"{THERE}.2001": f"{MARK}-Cadassari",
}  # fmt: skip
CUT: Final = ("telegram:1", "mailto:opd@example.id", "webhook:https://plered.example/k")
NOC: Final = "telegram:noc"
LANGUAGES: Final = ("id", "en")
OUTSIDE: Final = {"id": "luar wilayah Anda", "en": "outside your area"}


def site(slug: str, kind: SiteKind, code: str | None, **more: object) -> Site:
    mark = f"{MARK}-" if slug.startswith(MARK) else ""
    values = {"access_note": f"{mark}kunci", "power_feeder": f"{mark}penyulang", "contract": f"{mark}K-1", **more}
    return Site(slug, f"{mark}Lokasi {slug}", kind, RegionCode(code) if code else None, **values)  # type: ignore[arg-type]


INVENTORY: Final = Inventory(
    sites=(
        site("desa-citeko", SiteKind.DESA, f"{HERE}.2001", latitude=-6.64, longitude=107.39),
        site("sd-citeko", SiteKind.OPD, f"{HERE}.2001", organisation=AGENCY),
        site(f"{MARK}-cadassari", SiteKind.DESA, f"{THERE}.2001", latitude=-6.71, longitude=107.44),
        site(f"{MARK}-pop", SiteKind.POP, None, latitude=-6.51, longitude=107.53),
    ),
    devices=(
        Device("rtr-citeko", "desa-citeko", Role.ROUTER, zone="plered"),
        Device("rtr-sd", "sd-citeko", Role.ROUTER, zone="plered"),
        Device(f"{MARK}-rtr", f"{MARK}-cadassari", Role.ROUTER, zone=f"{MARK}-zona"),
        Device(f"{MARK}-olt", f"{MARK}-pop", Role.OLT, zone=f"{MARK}-zona"),
        Device(f"{MARK}-srv", f"{MARK}-pop", Role.SERVER, zone=f"{MARK}-zona"),
    ),
    links=(
        Link("FO Citeko", "rtr-citeko", z_device=f"{MARK}-olt", segments=("ruas-1", f"{MARK}-ruas")),
        Link(f"FO {MARK}", f"{MARK}-rtr", z_device=f"{MARK}-olt", segments=(f"{MARK}-ruas-2",)),
        Link(f"WAN {MARK}", f"{MARK}-olt", provider=f"{MARK}-net", circuit_id=f"{MARK}-cid", contract=f"{MARK}-K-2"),
    ),
    contracts=(
        Contract("K-1", "Nusantara", ends_on=date(2026, 11, 30)),
        Contract(f"{MARK}-K-1", f"{MARK}-net", ends_on=date(2026, 11, 30)),
        Contract(f"{MARK}-K-2", f"{MARK}-net", noc_phone=f"{MARK}-0812", noc_email=f"noc@{MARK}.example"),
    ),
    services=(
        Service("dapodik", "Dapodik", owner=AGENCY, host=f"{MARK}-srv"),
        Service(f"{MARK}-sip", f"{MARK} SIP", owner=f"{MARK}-dinas", host=f"{MARK}-srv"),
    ),
    people=(
        Person("Asep", PersonRole.ENGINEER, region_codes=(HERE,), channel="telegram:1", duty_hours="24/7"),
        Person("Mesin", PersonRole.NOC, region_codes=(HERE,), channel="webhook:https://plered.example/k"),
        Person("Euis", PersonRole.VIEWER, organisation=AGENCY, channel="mailto:opd@example.id"),
        Person("Piket", PersonRole.NOC, channel=NOC, duty_hours="24/7"),
        Person("Fajar", PersonRole.PLANNER, region_codes=(HERE,), channel="mailto:plan@example.id"),
        Person("Gilang", PersonRole.PLANNER, channel="mailto:semua@example.id"),
        Person(f"{MARK}-orang", PersonRole.ENGINEER, region_codes=(THERE,), channel=f"telegram:{MARK}"),
    ),
)  # fmt: skip
CAUSES: Final = (
    Cause(CauseKind.DEVICE, f"{MARK}-olt"),
    Cause(CauseKind.SITE, f"{MARK}-pop"),
    Cause(CauseKind.SITE, f"{MARK}-cadassari"),
    Cause(CauseKind.LINK, f"FO {MARK}"),
    Cause(CauseKind.LINK, f"WAN {MARK}"),
    Cause(CauseKind.SEGMENT, f"{MARK}-ruas-2"),
    Cause(CauseKind.FEEDER, f"{MARK}-penyulang"),
    Cause(CauseKind.PROVIDER, f"{MARK}-net"),
    Cause(CauseKind.SERVICE, f"{MARK}-sip"),
    Cause(CauseKind.MANAGEMENT, f"{MARK}-olt"),
    Cause(CauseKind.POLLER, f"{MARK}-zona"),
)
OWN: Final = (
    Cause(CauseKind.DEVICE, "rtr-citeko"),
    Cause(CauseKind.LINK, "FO Citeko"),
    Cause(CauseKind.SEGMENT, "ruas-1"),
)
TELLABLE: Final = tuple(reason for reason in NoticeReason if reason is not NoticeReason.OVER)


def witnesses() -> Iterator[Evidence]:
    values = {name: f"{MARK}-{name}" for name in ("what", "others", "by", "text", "host", "provider")}
    for kind in EvidenceKind:
        yield Evidence(kind, f"{MARK}-olt", DAY, values)
        yield Evidence(kind, "rtr-citeko", DAY, {"count": "3", "of": "4", **values})


VILLAGES: Final = (
    Place(f"{HERE}.2001", "Citeko", "Plered"),
    Place(f"{THERE}.2001", f"{MARK}-Cadassari", f"{MARK}-Tegalwaru"),
)
AGENCIES: Final = (Place("sd-citeko", "SD Citeko", "Plered"), Place(f"{MARK}-sd", f"{MARK}-SD", f"{MARK}-Tegalwaru"))


def fault(
    cause: Cause, id_: str, verdict: VerdictKind = VerdictKind.FIBRE, condition: Condition = Condition.OUTAGE
) -> Incident:
    names = ("rtr-citeko", "rtr-sd", f"{MARK}-rtr", f"{MARK}-olt", "dapodik", f"{MARK}-sip")
    return Incident(
        id_, condition, cause, "icmp-silent", Urgency.PAGE, DAY, DAY,
        tuple(Member(name, DAY) for name in names),
        Verdict(verdict, Confidence.STRONG, tuple(witnesses())),
        Verdict(verdict, Confidence.WEAK, tuple(witnesses())),
        (Cause(CauseKind.LINK, f"FO {MARK}"), Cause(CauseKind.DEVICE, f"{MARK}-rtr")),
        (Suspect(Cause(CauseKind.DEVICE, f"{MARK}-rtr"), 2, 1.0),),
        Liable(Party.PROVIDER, f"{MARK}-net"),
        Impact(VILLAGES, (Place(f"{MARK}-pop", f"{MARK}-PoP", ""),), AGENCIES, (), 9, 31_400),
        detail=f"FO {MARK}, FO Citeko",
    )  # fmt: skip


def office(language: str, **timing: object) -> Office:
    patience = {"group_wait_seconds": 0, "group_interval_seconds": 0, "burst": 9_999, **timing}
    return open_office(DAY, inventory=INVENTORY, names=NAMES, language=language, **patience)  # type: ignore[arg-type]


def said(message: Message) -> str:
    return json.dumps(dict(message.payload), ensure_ascii=False)


def sweep(messages: list[Message], *, least: int = 1) -> None:
    """No mark for those who may not have it, and not because nothing was told."""
    cut = [each for each in messages if each.channel in CUT]
    assert len(cut) >= least
    for each in cut:
        assert MARK not in said(each), (each.event, each.reason, each.channel, said(each))


def tell_all(place: Office, incident: Incident) -> None:
    """Everything that can be told of it, from its beginning to its end."""
    place.tell(incident)
    place.pass_(1)
    for reason in TELLABLE:
        place.tell(incident, NoticeEvent.UPDATED, reason)
        place.pass_(1)
    back = tuple(
        replace(each, back_at=place.now.utc) if number % 2 else each for number, each in enumerate(incident.members)
    )
    place.tell(replace(incident, members=back), NoticeEvent.UPDATED, NoticeReason.PARTLY_BACK)
    returning = replace(incident, phase=Phase.RETURNING, returning_since=place.now.utc)
    place.tell(returning, NoticeEvent.UPDATED, NoticeReason.RETURNING)
    place.pass_(1)
    place.tell(incident, NoticeEvent.UPDATED, NoticeReason.CAUSE_CHANGED)
    place.pass_(3 * 3600)  # nobody takes it: the ladder, and said again
    place.do(incident, ActKind.ACKNOWLEDGED, "Piket")
    place.pass_(5 * 3600)  # and it runs out
    place.do(incident, ActKind.CLOSED, "Piket", f"galian di {MARK}", cause="galian")
    place.over(incident)
    place.pass_(1)


@pytest.mark.parametrize(("cause", "language"), list(zip((*CAUSES, *OWN), LANGUAGES * 7, strict=True)), ids=str)
def test_nothing_outside_is_named_whatever_is_told(cause: Cause, language: str) -> None:
    place = office(language)
    tell_all(place, fault(cause, "aaaa-0001"))
    sweep(place.sent, least=len(TELLABLE))
    told = {(each.event, each.reason) for each in place.sent if each.channel == "telegram:1"}
    assert {event for event, _reason in told} == {event.value for event in NoticeEvent}
    assert {reason.value for reason in TELLABLE} <= {reason for _event, reason in told}
    assert MARK in "".join(said(each) for each in place.sent if each.channel == NOC), "the NOC is told where"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nor_in_any_condition_or_verdict(language: str) -> None:
    place = office(language)
    for number, condition in enumerate(Condition):
        for verdict in VerdictKind:
            place.tell(fault(CAUSES[0], f"aaaa-{number}{list(VerdictKind).index(verdict):03}", verdict, condition))
            place.pass_(1)
    sweep(place.sent, least=len(Condition) * len(VerdictKind))


@pytest.mark.parametrize("language", LANGUAGES)
def test_nor_where_many_are_told_in_one_message(language: str) -> None:
    place = office(language, burst=1, group_wait_seconds=10)
    for number, cause in enumerate(CAUSES):
        place.tell(fault(cause, f"aaaa-{number:04}"))
    place.pass_(60)
    held = [each for each in place.sent if each.event == "held" and each.channel == "telegram:1"]
    assert held
    sweep(held)
    assert OUTSIDE[language] in said(held[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_nor_in_the_morning_and_in_warnings_of_contracts(language: str) -> None:
    routing, directory = Routing(read_contacts(INVENTORY.people)[0]), Directory(INVENTORY, NAMES)
    wording, until = Wording(language, ZONE), datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
    incidents = tuple(fault(cause, f"aaaa-{number:04}") for number, cause in enumerate((*CAUSES, *OWN)))
    night = Night(until - timedelta(days=1), until, incidents, {}, "32.14", NAMES)
    digests = {
        each.channel: said(each) for each in digest_messages(night, directory, INVENTORY.contracts, routing, wording)
    }
    assert MARK not in digests["telegram:1"]
    assert OUTSIDE[language] in digests["telegram:1"]
    assert "rtr-citeko" in digests["telegram:1"]
    assert MARK in digests[NOC]
    warned = contract_messages(INVENTORY, routing, wording, until.date(), until)
    mine = [said(each) for each in warned if each.channel == "mailto:plan@example.id"]
    assert len(mine) == 1
    assert "K-1" in mine[0]
    assert MARK not in mine[0]
    assert len([each for each in warned if each.channel == "mailto:semua@example.id"]) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_nor_on_the_page_behind_a_link(language: str) -> None:
    place = office(language)
    incident = fault(CAUSES[0], "aaaa-0001")
    now, dispatcher = place.now.utc, place.dispatcher
    for phase in (Phase.OPEN, Phase.RETURNING, Phase.RESOLVED):
        found = replace(incident, phase=phase, resolved_at=now if phase is Phase.RESOLVED else None)
        for channel in CUT:
            cut, around = dispatcher.seen(found, channel, now)
            assert MARK not in news(dispatcher.writer, cut, around, now)
            assert MARK not in dispatcher.writer.wording.ticket(cut, now, around)
        assert MARK in news(dispatcher.writer, *dispatcher.seen(found, NOC, now), now)


def test_the_words() -> None:
    """What is dark in the area is said, and who knows the rest."""
    place = office("id")
    place.tell(replace(fault(CAUSES[0], "aaaa-0001", VerdictKind.DEVICE), liable=Liable(Party.OURS)))
    place.pass_(1)
    texts = {each.channel: str(each.payload["text"]).splitlines() for each in place.sent if "text" in each.payload}
    first, title, _likely, impact, knows, *_links = texts["telegram:1"]
    assert first == "MATI · kita · teknisi"
    assert title == "Gangguan dari luar wilayah Anda, 10.00 WIB"
    assert impact == "Dampak di wilayah Anda: 1 desa, 1 OPD."
    assert knows == "NOC tahu penyebabnya dan menanganinya."
    assert texts[NOC][1].startswith(f"{MARK}-olt")
    escalated = [each for each in place.pass_(1800) if each.channel == "telegram:1" and each.event == "escalated"]
    assert not escalated, "it has been told there"


def test_the_team_that_goes_is_named_where_it_is_known() -> None:
    """It sets out from the end that lives: a part does not know whose that is, and must not send its own."""
    place = office("id")
    place.tell(replace(fault(OWN[1], "aaaa-0001"), liable=Liable(Party.OURS)))
    place.tell(replace(fault(OWN[0], "aaaa-0002"), liable=Liable(Party.OURS)))
    place.pass_(1)
    first = [str(each.payload["text"]).splitlines()[0] for each in place.sent if each.channel == "telegram:1"]
    assert sorted(first) == ["PUTUS · kita · tim serat", "PUTUS · kita · tim serat Plered"]


def test_what_lies_inside_is_told_as_it_is() -> None:
    place = office("en")
    mine = replace(
        fault(OWN[0], "aaaa-0001"), members=(Member("rtr-citeko", DAY),), indistinct=(), suspects=(),
        impact=Impact(VILLAGES[:1], devices=1, population=4000), liable=Liable(Party.OURS), preliminary_verdict=None,
        verdict=Verdict(VerdictKind.DEVICE, Confidence.WEAK, (Evidence(EvidenceKind.SILENT_ALONE, "rtr-citeko", DAY),)),
    )  # fmt: skip
    place.tell(mine)
    place.pass_(1)
    mine_, theirs = (
        str(next(each for each in place.sent if each.channel == channel).payload["text"])
        for channel in ("telegram:1", NOC)
    )
    assert mine_.replace("Asep", "").replace("FO Citeko", f"FO {MARK}, FO Citeko") == theirs.replace("Piket", "")
    assert "Population of the area 4,000" in mine_


def test_an_agency_hears_of_its_application_and_not_of_where_it_runs() -> None:
    place = office("en")
    mine = replace(
        fault(Cause(CauseKind.SERVICE, "dapodik"), "aaaa-0001", VerdictKind.SERVICE, Condition.SERVICE),
        members=(Member("dapodik", DAY),), impact=Impact(services=(Place("dapodik", "Dapodik"),)), reason="silent",
        verdict=Verdict(VerdictKind.SERVICE, Confidence.WEAK, (Evidence(EvidenceKind.SERVICE_FAILS, "dapodik", DAY),)),
    )  # fmt: skip
    place.tell(mine)
    place.pass_(1)
    (text,) = (str(each.payload["text"]) for each in place.sent if each.channel == "mailto:opd@example.id")
    assert "Dapodik: does not answer" in text
    assert MARK not in text


def test_who_is_told_of_what() -> None:
    routing = Routing(read_contacts(INVENTORY.people)[0])
    day = DAY.date()
    assert routing.area(NOC, day) is None
    assert routing.area("telegram:1", day) == Area(frozenset({HERE}))
    agency = frozenset({AGENCY.casefold()})
    assert routing.area("mailto:opd@example.id", day) == Area(agencies=agency, owners=agency)
    assert routing.area("telegram:nobody", day) == Area(), "whoever was taken out of people.csv is told of no place"

    def area(*people: Person) -> Area | None:
        return Routing(read_contacts((*INVENTORY.people[3:4], *people))[0]).area("wa:1", day)

    def person(name: str, *regions: str, role: PersonRole = PersonRole.ENGINEER, **more: object) -> Person:
        return Person(name, role, region_codes=tuple(map(RegionCode, regions)), channel="wa:1", **more)  # type: ignore[arg-type]

    assert area(person("A", HERE), person("B", THERE)) == Area(frozenset({HERE, THERE})), "a group is of all in it"
    assert area(person("A", HERE), person("B")) is None
    assert area(person("A", "32.14")) is None, "the whole kabupaten"
    gone = person("B", valid_to=day - timedelta(days=1))
    assert area(person("A", HERE), gone) == Area(frozenset({HERE})), "their time is over"
    assert area(gone) is None, "but of what they were told they hear the end"


def test_where_nobody_is_told_everything_nobody_is_cut_off() -> None:
    alone = Routing(read_contacts(INVENTORY.people[:1])[0])
    assert alone.area("telegram:1", DAY.date()) is None
    planner = Routing(read_contacts((*INVENTORY.people[:1], INVENTORY.people[5]))[0])
    assert planner.area("telegram:1", DAY.date()) is None, "a planner mends nothing"
