"""A line that answers while the internet behind it is dead, and who tells of it."""

from datetime import UTC, datetime

from alerts.services import INTERNET_FAILS, InternetWatch
from domain.incidents import Condition, EvidenceKind, Incident, Member, Urgency
from domain.services import ServiceEvidence
from domain.time import Moment

NOW = Moment(1000.0, 1_790_000_000.0)
DEAD = ServiceEvidence("desa-1", NOW, True, internet_ok=False, dns_ok=False)
NO_NAMES = ServiceEvidence("desa-1", NOW, True, internet_ok=True, dns_ok=False)
WELL = ServiceEvidence("desa-1", NOW, True, internet_ok=True, dns_ok=True)
MUTE = ServiceEvidence("desa-1", NOW, True)


def watch() -> InternetWatch:
    watching = InternetWatch()
    watching.know({"desa-1": "rtr-desa-1"})
    return watching


def test_two_heartbeats_in_a_row_are_a_fault_of_the_site() -> None:
    watching = watch()
    assert [watching.note(said) for said in (DEAD, WELL, DEAD)] == [None, None, None]
    assert not watching.faults(NOW)
    assert watching.note(NO_NAMES) is True
    (fault,) = watching.faults(NOW).values()
    assert (fault.condition, fault.cause.name, fault.reason) == (Condition.DEGRADED, "desa-1", INTERNET_FAILS)
    assert (set(fault.members), fault.urgency) == ({"rtr-desa-1"}, Urgency.PAGE)
    assert [each.kind for each in fault.evidence] == [EvidenceKind.INTERNET_FAILS, EvidenceKind.WAN_UP]
    mapping = watching.faults(NOW)
    assert watching.note(DEAD) is None
    assert watching.note(MUTE) is None, "who says nothing changes nothing"
    assert watching.faults(NOW) is mapping
    assert watching.note(WELL) is False
    assert not watching.faults(NOW)
    assert watching.evidence(fault.key) == fault.evidence


def test_strangers_are_not_taken() -> None:
    watching = watch()
    stranger = ServiceEvidence("desa-2", NOW, True, internet_ok=False)
    assert [watching.note(stranger) for _ in range(3)] == [None] * 3
    assert not watching.faults(NOW)


def test_it_stands_over_a_restart_until_the_site_says_otherwise() -> None:
    first = watch()
    first.note(DEAD)
    first.note(DEAD)
    (fault,) = first.faults(NOW).values()
    at = datetime(2026, 11, 22, tzinfo=UTC)
    kept = Incident("a", fault.condition, fault.cause, fault.reason, Urgency.PAGE, at, at, (Member("rtr-desa-1", at),))
    second = watch()
    second.restore([kept])
    assert list(second.faults(NOW)) == [fault.key]
    assert second.note(WELL) is False
    assert not second.faults(NOW)
