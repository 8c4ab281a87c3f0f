"""Applications and cameras that fail: what is a fault of theirs, and what is their network's."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alerts.desk.faults import Fault
from alerts.services import ServiceSubjects, ServiceWatch
from domain.incidents import CauseKind, Condition, EvidenceKind, Incident, Member, Urgency
from domain.network import Check, Device, Inventory, Role, Service, Site, SiteKind
from domain.services import (
    CertificateFacts,
    CertificateRole,
    CheckKind,
    Finding,
    ServiceOutcome,
    ServiceWord,
    certificate_findings,
    sentences,
)
from domain.time import Moment

START = datetime(2026, 11, 22, tzinfo=UTC)
INVENTORY = Inventory(
    sites=(Site("dc", "Pusat Data", SiteKind.DATACENTER, criticality=1), Site("pole", "Tiang", SiteKind.CCTV)),
    devices=(
        Device("vm-1", "dc", Role.VM, address="10.0.0.1"),
        Device("cam-1", "pole", Role.CAMERA, address="10.0.0.2", check=Check.RTSP, uplink=("sw-1",)),
        Device("sw-1", "pole", Role.SWITCH, address="10.0.0.3"),
    ),
    services=(
        Service("portal", "Portal", url="https://portal", public=True, host="vm-1", owner="Diskominfo"),
        Service("arsip", "Arsip", url="https://arsip", host="vm-1", owner="Dinas Arsip"),
    ),
)


def at(seconds: float) -> Moment:
    return Moment(1000 + seconds, START.timestamp() + seconds)


def outcome(word: ServiceWord, seconds: float, code: str = "portal", *, reached: bool = True) -> ServiceOutcome:
    findings = () if word is ServiceWord.OK else (Finding(word, code, {"status": "500"}),)
    return ServiceOutcome(code, CheckKind.HTTP, at(seconds), findings, status=200, reached=reached)


class Office:
    """A watch whose ways can be cut. `dark`: codes that lie behind an outage."""

    def __init__(self) -> None:
        self.watch = ServiceWatch()
        self.watch.know(ServiceSubjects.of(INVENTORY), ("portal", "arsip", "cam-1"))
        self.dark: set[str] = set()
        self.seconds = 0.0

    def see(self, *words: ServiceWord, code: str = "portal", reached: bool = True, blind: bool = False) -> list[bool]:
        """Whether each outcome asks for another look."""
        asked = []
        for word in words:
            self.seconds += 60
            one = outcome(word, self.seconds, code, reached=reached)
            asked.append(self.watch.take(one, at(self.seconds), self.dark.__contains__, blind=blind))
        return asked

    def show(self, days: float) -> None:
        """A page whose certificate ends in so many days."""
        self.seconds += 60
        now = at(self.seconds)
        facts = CertificateFacts(
            0, "portal", CertificateRole.LEAF, "portal", "CA", ("portal",), START - timedelta(days=300),
            now.utc + timedelta(days=days), "ff",
        )  # fmt: skip
        found = certificate_findings((facts,), now.utc)
        one = replace(outcome(ServiceWord.OK, self.seconds), findings=found, certificates=(facts,))
        self.watch.take(one, now, self.dark.__contains__, blind=False)

    def look(self, told: bool = False) -> tuple[str, ...]:
        return self.watch.look(self.dark.__contains__, lambda _key: told)

    @property
    def faults(self) -> list[Fault]:
        return list(self.watch.faults(at(self.seconds)).values())

    @property
    def reasons(self) -> list[str]:
        return sorted(fault.reason for fault in self.faults)


@pytest.fixture
def office() -> Office:
    return Office()


def test_one_bad_check_asks_again_two_are_a_fault_of_the_application(office: Office) -> None:
    assert office.see(ServiceWord.OK, ServiceWord.WRONG_STATUS) == [False, True]
    assert office.faults == []
    assert office.see(ServiceWord.WRONG_STATUS) == [False]
    (fault,) = office.faults
    assert (fault.condition, fault.cause.kind, fault.cause.name) == (Condition.SERVICE, CauseKind.SERVICE, "portal")
    assert (set(fault.members), fault.urgency) == ({"portal"}, Urgency.PAGE)
    (evidence,) = fault.evidence
    assert (evidence.kind, evidence.at) == (EvidenceKind.SERVICE_FAILS, at(120).utc)
    assert evidence.values["status"] == "200"
    assert "500" in sentences(evidence.values)[0]
    office.see(ServiceWord.OK)
    assert office.faults == []
    assert office.watch.evidence(fault.key) == fault.evidence, "what it was is known at its end"


def test_only_a_public_application_of_the_highest_criticality_may_wake(office: Office) -> None:
    office.see(ServiceWord.REFUSED, ServiceWord.REFUSED, code="arsip")
    office.see(ServiceWord.FROZEN, ServiceWord.FROZEN, code="cam-1")
    assert {fault.cause.name: fault.urgency for fault in office.faults} == {
        "arsip": Urgency.DAY,
        "cam-1": Urgency.DAY,
    }
    camera = next(fault for fault in office.faults if fault.cause.name == "cam-1")
    assert camera.cause.kind is CauseKind.DEVICE


def test_failing_in_another_way_is_the_same_fault(office: Office) -> None:
    office.see(ServiceWord.WRONG_STATUS, ServiceWord.WRONG_STATUS)
    mapping = office.watch.faults(at(0))
    office.see(ServiceWord.WRONG_STATUS)
    assert office.watch.faults(at(0)) is mapping, "nothing new was found"
    office.see(ServiceWord.REFUSED)
    assert office.reasons == ["wrong-status"]
    assert office.faults[0].evidence[0].values["word"] == "refused"


@pytest.mark.parametrize(
    ("before", "after", "stands"),
    [
        (ServiceWord.SLOW, ServiceWord.WRONG_STATUS, ["slow", "wrong-status"]),
        (ServiceWord.WRONG_STATUS, ServiceWord.SLOW, ["slow"]),
        (ServiceWord.DEFACED, ServiceWord.REFUSED, ["defaced"]),
        (ServiceWord.DEFACED, ServiceWord.SLOW, ["slow"]),
        (ServiceWord.REFUSED, ServiceWord.DEFACED, ["defaced"]),
        (ServiceWord.CERTIFICATE_NAME, ServiceWord.CLOAKED, ["certificate-name", "cloaked"]),
    ],
)
def test_nothing_is_over_that_was_not_seen_to_be_over(
    office: Office, before: ServiceWord, after: ServiceWord, stands: list[str]
) -> None:
    office.see(before, before, after, after)
    assert office.reasons == stands
    office.see(ServiceWord.OK)
    assert office.reasons == []


def test_a_stolen_page_is_told_at_once_a_warning_by_day(office: Office) -> None:
    office.see(ServiceWord.DEFACED, ServiceWord.DEFACED)
    assert (office.faults[0].settle_seconds, office.faults[0].urgency) == (0.0, Urgency.PAGE)
    office.see(ServiceWord.SLOW, ServiceWord.SLOW)
    assert (office.faults[0].settle_seconds, office.faults[0].urgency) == (None, Urgency.DAY)


def test_behind_an_outage_nothing_is_judged_and_afterwards_it_is_asked_at_once(office: Office) -> None:
    office.see(ServiceWord.OK)
    office.see(ServiceWord.UNREACHED, reached=False)
    office.dark.add("portal")
    assert office.see(*[ServiceWord.UNREACHED] * 4, reached=False) == [False] * 4
    assert office.look() == ()
    assert office.faults == []
    office.dark.clear()
    assert office.look() == ("portal",)
    assert office.look() == ()
    assert office.see(*[ServiceWord.REFUSED] * 2) == [True, False], "one of before the outage does not count"
    assert office.reasons == ["refused"]


def test_the_outage_that_shows_a_moment_later_takes_the_untold_fault_away(office: Office) -> None:
    office.see(*[ServiceWord.UNREACHED] * 2, reached=False)
    assert office.reasons == ["unreached"]
    office.dark.add("portal")
    office.look()
    assert office.reasons == []


def test_what_was_told_before_the_outage_stands_until_it_is_seen_to_be_over(office: Office) -> None:
    office.see(*[ServiceWord.UNREACHED] * 2, reached=False)
    office.dark.add("portal")
    office.look(told=True)
    assert office.reasons == ["unreached"]
    office.dark.clear()
    assert office.look(told=True) == ("portal",)
    assert office.reasons == ["unreached"]
    office.see(ServiceWord.OK)
    assert office.reasons == []


def test_who_answers_is_judged_whatever_seems_dark(office: Office) -> None:
    office.dark.add("portal")
    office.see(ServiceWord.WRONG_STATUS, ServiceWord.WRONG_STATUS)
    office.look()
    assert office.reasons == ["wrong-status"]


def test_blind_time_says_nothing(office: Office) -> None:
    office.see(*[ServiceWord.REFUSED] * 5, blind=True)
    assert office.faults == []
    assert office.see(ServiceWord.REFUSED) == [True]


def test_a_certificate_is_warned_of_at_30_and_at_7_days_and_never_called_over_before_it_is(office: Office) -> None:
    office.show(31)
    assert office.reasons == []
    office.show(29)
    assert office.reasons == ["certificate-expires"]
    (fault,) = office.faults
    assert (fault.urgency, fault.evidence[0].kind) == (Urgency.DAY, EvidenceKind.CERTIFICATE)
    mapping = office.watch.faults(at(0))
    office.show(28)
    assert office.watch.faults(at(0)) is mapping, "a day less is nothing new"
    office.show(6)
    assert office.reasons == ["certificate-expires", "certificate-expires-soon"]
    office.see(ServiceWord.REFUSED, ServiceWord.REFUSED)
    assert office.reasons == ["certificate-expires", "certificate-expires-soon", "refused"]
    office.show(-1)
    office.show(-1)
    assert office.reasons == ["certificate-expired", "certificate-expires", "certificate-expires-soon"]
    office.show(365)
    assert office.reasons == []


def test_one_that_is_found_ended_is_one_fault(office: Office) -> None:
    office.show(-1)
    office.show(-1)
    assert office.reasons == ["certificate-expired"]


def test_after_a_restart_what_was_told_stands_until_a_check_decides(office: Office) -> None:
    office.see(ServiceWord.WRONG_STATUS, ServiceWord.WRONG_STATUS)
    (fault,) = office.faults
    incident = Incident(
        "a", fault.condition, fault.cause, fault.reason, Urgency.PAGE, START, START, (Member("portal", START),)
    )
    again = Office()
    again.watch.restore([incident])
    assert [each.key for each in again.faults] == [fault.key]
    again.see(ServiceWord.REFUSED)
    assert [each.key for each in again.faults] == [fault.key]
    again.see(ServiceWord.REFUSED)
    assert [each.key for each in again.faults] == [fault.key]
    again.see(ServiceWord.OK)
    assert again.faults == []


def test_what_is_not_checked_any_more_has_no_fault(office: Office) -> None:
    office.see(ServiceWord.REFUSED, ServiceWord.REFUSED)
    office.watch.know(ServiceSubjects.of(INVENTORY), ("arsip",))
    assert office.faults == []
    assert office.see(ServiceWord.REFUSED) == [False]
