"""Who is polled how: lanes, and what a new inventory changes."""

from dataclasses import replace

from domain.network import Check, Device, DeviceStatus, PollClassName, Role
from domain.polling import DEFAULT_CLASSES
from domain.secrets import AuthProtocol, Secret, SnmpCommunity, SnmpUser, SnmpVersion
from kentongan.run.roster import Lane, Roster

CREDENTIALS = {
    "v1": SnmpCommunity("v1", SnmpVersion.V1, Secret("public")),
    "v2": SnmpCommunity("v2", SnmpVersion.V2C, Secret("public")),
    "v3": SnmpUser("v3", "noc", AuthProtocol.SHA1, Secret("geheim-geheim")),
}


def device(name: str, credential: str = "v2", address: str = "127.9.0.1", check: Check = Check.ICMP_SNMP) -> Device:
    return Device(name, "site", Role.ROUTER, address=address, credential=credential, check=check)


def test_lanes_follow_version_and_address_family() -> None:
    roster = Roster(DEFAULT_CLASSES)
    devices = [
        device("fast"),
        device("old", "v1"),
        device("safe", "v3"),
        device("six", address="fd00::1"),
        device("locked-out", "nobody-knows"),
        device("ping-only", check=Check.ICMP),
        device("nowhere", address=""),
    ]
    roster.update(devices, CREDENTIALS)
    assert {member.device.name: member.lane for member in roster.members()} == {
        "fast": Lane.SWEEP,
        "old": Lane.SINGLE,
        "safe": Lane.SWEEP,
        "six": Lane.SINGLE,
        "locked-out": Lane.NONE,
        "ping-only": Lane.NONE,
        "nowhere": Lane.NONE,
    }
    assert [member.device.name for member in roster.members() if not member.pinged] == ["nowhere"]


def test_only_devices_in_use_are_polled() -> None:
    roster = Roster(DEFAULT_CLASSES)
    roster.update([replace(device("a"), status=status) for status in DeviceStatus], CREDENTIALS)
    assert len(roster) == 1


def test_an_update_names_exactly_what_changed() -> None:
    roster = Roster(DEFAULT_CLASSES)
    a, b, c = device("a"), device("b"), device("c")
    assert {member.device.name for member in roster.update([a, b], CREDENTIALS).added} == {"a", "b"}
    kept = roster["a"]
    assert not roster.update([a, b], CREDENTIALS)
    change = roster.update([a, replace(b, poll_class=PollClassName.METERED), c], CREDENTIALS)
    assert [member.device.name for member in change.added] == ["c"]
    assert [member.device.name for member in change.changed] == ["b"]
    assert change.removed == ()
    assert roster["a"] is kept
    assert roster.update([c], CREDENTIALS).removed == ("a", "b")


def test_a_changed_password_is_a_change() -> None:
    roster = Roster(DEFAULT_CLASSES)
    roster.update([device("a")], CREDENTIALS)
    other = {"v2": SnmpCommunity("v2", SnmpVersion.V2C, Secret("another"))}
    assert [member.device.name for member in roster.update([device("a")], other).changed] == ["a"]
