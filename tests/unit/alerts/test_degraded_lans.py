"""What routers say of the networks behind them: how often it must be said, whose matter it is, and when it is over."""

from dataclasses import replace
from ipaddress import IPv4Address
from zoneinfo import ZoneInfo

import pytest

from alerts.texts import Wording
from domain.incidents import CauseKind, Confidence, EvidenceKind, Incident, Member, Urgency, Verdict, VerdictKind
from domain.lan import DhcpPool, DoubleAddress, LanReading, Stranger
from domain.network import Device, Role
from domain.services.evidence import ServiceEvidence
from tests.unit.alerts.degraded_gear import Gear, device

GOOD = LanReading((), (), (DhcpPool("lan", 100, 10),))
ROGUE = LanReading((Stranger("aa:bb:cc:00:00:01", "bridge-lan", "192.168.1.1"),), (), GOOD.pools)
MACS = ("aa:00:00:00:00:01", "aa:00:00:00:00:02")
TWICE = LanReading((), (DoubleAddress(IPv4Address("10.1.1.9"), MACS),), GOOD.pools)
UNKNOWN = LanReading(notes=("nobody watches",))
FULL = LanReading((), (), (DhcpPool("lan", 100, 95), DhcpPool("tamu", 50, 1)))
SAID = {
    ("site", "desa-a", "dhcp-rogue"): ROGUE,
    ("site", "desa-a", "address-duplicate"): TWICE,
}


def gear(*names: str) -> Gear:
    return Gear({}, tuple(device(name) for name in names or ("r1",)))


def note(gear: Gear, reading: LanReading, name: str = "r1", hours: float = 1.0) -> bool:
    gear.seconds += hours * 3600
    return gear.watch.note_lan(name, "desa-a", reading, gear.now)


@pytest.mark.parametrize("reason", SAID)
def test_what_one_reading_says_the_next_must_confirm_to_begin_and_to_end(reason: tuple[str, str, str]) -> None:
    gear_, bad = gear(), SAID[reason]
    assert note(gear_, bad), "it is to be asked again soon"
    assert gear_.told() == set()
    assert not note(gear_, bad)
    assert gear_.told() == {reason}
    assert note(gear_, GOOD)
    assert not note(gear_, bad), "it was not over"
    assert note(gear_, GOOD)
    assert gear_.told() == {reason}
    assert not note(gear_, UNKNOWN), "who does not know says nothing"
    assert not note(gear_, GOOD)
    assert gear_.told() == set()


def test_a_pool_runs_out_and_recovers_between_its_levels() -> None:
    gear_ = gear()
    assert not note(gear_, FULL)
    assert gear_.told() == {("site", "desa-a", "dhcp-pool")}
    (said,) = gear_.fault(CauseKind.SITE, "desa-a", "dhcp-pool").evidence
    assert said.subject == "r1"
    assert [said.values[name] for name in ("what", "value", "limit")] == ["DHCP lan", "95", "90"]
    note(gear_, LanReading(pools=(DhcpPool("lan", 100, 87),)))
    assert gear_.told()
    note(gear_, GOOD)
    assert gear_.told() == set()


def test_the_sites_own_word_of_its_pool_goes_before_its_routers() -> None:
    gear_ = gear()
    note(gear_, FULL)
    gear_.watch.note_beat(ServiceEvidence("desa-a", gear_.now, fresh=True, pool_used=0.5))
    note(gear_, FULL)
    assert gear_.told() == set()
    gear_.watch.note_beat(ServiceEvidence("desa-a", gear_.now, fresh=True, pool_used=0.95))
    note(gear_, GOOD)
    assert gear_.told() == {("site", "desa-a", "dhcp-pool")}, "the router may say what it likes"
    gear_.watch.note_beat(ServiceEvidence("desa-a", gear_.now, fresh=True, pool_used=0.5))
    note(gear_, FULL, hours=3)
    assert gear_.told() == {("site", "desa-a", "dhcp-pool")}, "the site has said nothing for three hours"


def test_the_evidence_follows_who_stands_there_now() -> None:
    gear_ = gear()
    for _ in range(2):
        note(gear_, ROGUE)
    before = gear_.watch.faults(gear_.now)
    note(gear_, ROGUE)
    assert gear_.watch.faults(gear_.now) is before, "the same again is nothing new"
    note(gear_, LanReading((*(ROGUE.strangers or ()), Stranger("aa:bb:cc:00:00:02", "bridge-lan"))))
    (said,) = gear_.fault(CauseKind.SITE, "desa-a", "dhcp-rogue").evidence
    assert (said.kind, said.values["count"]) == (EvidenceKind.DHCP_STRANGER, "2")


@pytest.mark.parametrize(
    ("language", "reading", "sentence"),
    [
        ("en", ROGUE, "a foreign DHCP server behind r1: aa:bb:cc:00:00:01 192.168.1.1 bridge-lan"),
        ("id", ROGUE, "server DHCP liar di belakang r1: aa:bb:cc:00:00:01 192.168.1.1 bridge-lan"),
        ("en", TWICE, "an address is used by two hosts behind r1: 10.1.1.9 aa:00:00:00:00:01 aa:00:00:00:00:02"),
        ("id", TWICE, "alamat IP dipakai dua perangkat di belakang r1: 10.1.1.9 aa:00:00:00:00:01 aa:00:00:00:00:02"),
    ],
)
def test_people_are_told_which_box_to_look_for(language: str, reading: LanReading, sentence: str) -> None:
    gear_ = gear()
    for _ in range(2):
        note(gear_, reading)
    (fault,) = gear_.watch.faults(gear_.now).values()
    assert Wording(language, ZoneInfo("Asia/Jakarta")).evidence(fault.evidence[0]) == sentence


def test_a_router_that_is_gone_or_not_asked_any_more_is_forgotten() -> None:
    gear_ = gear("r1", "r2")
    for name in ("r1", "r2"):
        for _ in range(2):
            note(gear_, ROGUE, name)
    assert gear_.fault(CauseKind.SITE, "desa-a", "dhcp-rogue").members == {"r1", "r2"}
    gear_.watch.forget_lan("r1")
    assert gear_.fault(CauseKind.SITE, "desa-a", "dhcp-rogue").members == {"r2"}
    moved = Device("r2", "desa-b", Role.ROUTER, address="127.0.0.1")
    gear_.watch.know(replace(gear_.inventory, devices=(moved,)))
    assert gear_.told() == set(), "it stands in another village now"


@pytest.mark.parametrize("reason", [*SAID, ("site", "desa-a", "dhcp-pool")])
def test_what_stood_before_a_restart_stands_until_readings_are_clean_again(reason: tuple[str, str, str]) -> None:
    gear_ = gear()
    for _ in range(2):
        note(gear_, SAID.get(reason, FULL))
    fault = gear_.fault(CauseKind.SITE, "desa-a", reason[2])
    verdict = Verdict(VerdictKind.DEVICE, Confidence.WEAK, fault.evidence)
    began, members = gear_.now.utc, (Member("r1", gear_.now.utc),)
    incident = Incident("a", fault.condition, fault.cause, fault.reason, Urgency.DAY, began, began, members, verdict)
    after = gear()
    after.watch.restore([incident])
    assert after.told() == {reason}
    note(after, GOOD)
    note(after, GOOD)
    assert after.told() == set()
