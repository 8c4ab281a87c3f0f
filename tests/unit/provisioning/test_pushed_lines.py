"""What is typed of a difference, and what takes it back: on platforms of lines under headings."""

from dataclasses import replace

import pytest

from domain.intent import Change, ChangeKind, Configuration, Platform, Section
from domain.secrets import Secret
from domain.shell import Command, Exchange, Reading, Reply, TimedOutError, Transcript
from provisioning.changing.errors import DeviceRefusedError
from provisioning.changing.telling import shown_acts, tell
from provisioning.difference import compare
from provisioning.platforms.pushing import PUSHING, Mark, Pushing, Say, Situation, registrations
from provisioning.platforms.pushing.ios import REFUSED as IOS_REFUSED
from provisioning.platforms.pushing.ios import has_timer
from provisioning.platforms.pushing.lines import Speech, typed, undoing

IOS = PUSHING[Platform.IOS]
SPEECH = Speech("", "exit", lambda _place, line: f"no {line}", opens=r"vlan \d+$")


def situation(platform: Platform, wanted: str, before: str, now: str, *, shared: bool = True) -> Situation:
    configuration = Configuration("desa", platform, 0, (Section("part", tuple(wanted.splitlines())),))
    sent = compare(configuration, before).changes
    return Situation(Mark("ab12cd", 600), configuration, "", before, now, sent, shared)


def said(pushing: Pushing, at: Situation) -> list[str]:
    return [act.text for act in pushing.revert(at) if isinstance(act, Say)]


def lines(wanted: str, *changes: Change) -> list[str]:
    return list(typed(wanted.splitlines(), changes, SPEECH))


def test_only_what_differs_is_typed_and_every_block_is_left() -> None:
    wanted = "hostname r1\ninterface Gi0/1\n description satu\n ip address 10.0.0.1\nip route x\n"
    assert lines(wanted, Change(ChangeKind.ADD, "interface Gi0/1", "ip address 10.0.0.1")) == [
        "interface Gi0/1",
        "ip address 10.0.0.1",
        "exit",
    ]
    assert lines(wanted) == []


def test_a_line_that_opens_a_block_is_left_too() -> None:
    """Otherwise the next line would be said to the wrong block."""
    both = (Change(ChangeKind.ADD, "", "vlan 104"), Change(ChangeKind.ADD, "", "ip route x"))
    assert lines("vlan 104\nip route x\n", *both) == ["vlan 104", "exit", "ip route x"]


def test_two_keys_of_one_user_stay_two() -> None:
    wanted = " username noc\n  key-string\n   satu\n   exit\n  key-string\n   dua\n   exit\n"
    assert lines(wanted, Change(ChangeKind.UNTOLD, "username noc", "key-string")) == [
        *("username noc", "key-string", "satu", "exit", "key-string", "dua", "exit", "exit")
    ]


def test_what_is_to_go_comes_last_under_its_heading() -> None:
    gone = Change(ChangeKind.REMOVE, "ip access-list standard KENTONGAN", "permit 10.1.0.0")
    assert lines("lldp run\n", gone, Change(ChangeKind.ADD, "", "lldp run")) == [
        *("lldp run", "ip access-list standard KENTONGAN", "no permit 10.1.0.0", "exit")
    ]


def test_what_took_no_effect_is_not_taken_back() -> None:
    at = situation(Platform.IOS, "lldp run\nip route x\n", "hostname r1\n", "hostname r1\nip route x\n")
    assert list(undoing(at, SPEECH)) == [((), "no ip route x")]


def test_a_port_that_was_switched_off_is_off_again() -> None:
    before = "interface GigabitEthernet0/1\n shutdown\n"
    at = situation(
        Platform.IOS, "interface GigabitEthernet0/1\n no shutdown\n", before, "interface GigabitEthernet0/1\n"
    )
    assert said(IOS, at)[:4] == ["configure terminal", "interface GigabitEthernet0/1", "shutdown", "exit"]


def test_what_was_on_by_default_is_on_again() -> None:
    at = situation(Platform.IOS, "no ip source-route\n", "hostname r1\n", "hostname r1\nno ip source-route\n")
    assert said(IOS, at)[:3] == ["configure terminal", "ip source-route", "end"]


def test_a_block_that_came_goes_whole() -> None:
    now = "interface GigabitEthernet0/1.20\n encapsulation dot1Q 20\n"
    at = situation(Platform.IOS, now, "hostname r1\n", f"hostname r1\n{now}")
    assert said(IOS, at)[:3] == ["configure terminal", "no interface GigabitEthernet0/1.20", "end"]


def test_a_secret_that_was_kept_masked_is_never_typed() -> None:
    before = "snmp-server community ***5*** RO\n"
    at = situation(Platform.IOS, "no snmp-server community\n", before, "hostname r1\n")
    assert said(IOS, at) == said(IOS, replace(at, sent=()))


@pytest.mark.parametrize(
    ("before", "armed"),
    [
        ("version 15.7\narchive\n path flash:x\n", True),
        ("version 17.3\narchive\n log config\n  hidekeys\n path bootflash:x\n", True),
        ("version 15.7\narchive\n log config\n  hidekeys\n", False),
        ("version 12.4\narchive\n path flash:x\n", False),
        ("hostname r1\n", False),
    ],
)
def test_which_ios_takes_a_change_back_by_itself(before: str, armed: bool) -> None:
    assert has_timer(before) is armed


@pytest.mark.parametrize(
    ("answer", "refused"),
    [
        ("        ^\n% Invalid input detected at '^' marker.\n", True),
        ("% 10.0.0.0 overlaps with GigabitEthernet0/0\n", True),
        ("Command rejected: Gi0/1 not a switching port.\n", True),
        ("%Warning: use /31 mask on non point-to-point interface cautiously\n", False),
        ("%LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to up\n", False),
        ("% Generating 2048 bit RSA keys, keys will be non-exportable...\n[OK]\n", False),
        ("", False),
    ],
)
def test_what_ios_refuses_and_what_it_only_remarks(answer: str, refused: bool) -> None:
    assert Say("x", bad=IOS_REFUSED).is_refused(answer) is refused


HUAWEI = """\
[MA5800V100R021: 6611]
#
[global-config]
  <global-config>
 sysname OLT
 ont-lineprofile gpon profile-id 21 profile-name "LINE"
  tcont 1 dba-profile-id 10
  commit
  quit
#
[vlan-config]
  <vlan-config>
 vlan 103 to 105 smart
 port vlan 104 to 105 0/3 0
#
[mpu]
  <mpu-0/3>
interface mpu 0/3
 speed 0 10000
#
[gpon]
  <gpon-0/1>
 interface gpon 0/1
 port 0 ont-auto-find enable
 ont add 3 5 sn-auth "5A544547C0FFEE01" omci ont-lineprofile-id 21 ont-srvprofile-id 21 desc "desa"
#
[bbs-config]
  <bbs-config>
 service-port 8 vlan 104 gpon 0/1/3 ont 5 gemport 1 multi-service user-vlan 100 tag-transform translate
#
return
"""
"""As an MA5800 writes it: framed sections, all one blank in, neighbouring VLANs in one line."""


def test_an_olt_that_frames_its_configuration_is_understood() -> None:
    wanted = """\
vlan 104 smart
port vlan 105 0/3 0
ont-lineprofile gpon profile-id 21 profile-name "LINE"
 tcont 1 dba-profile-id 10
interface mpu 0/3
 speed 0 10000
interface gpon 0/1
 ont add 3 5 sn-auth "ZTEGC0FFEE01" omci ont-lineprofile-id 21 ont-srvprofile-id 21 desc "desa"
service-port vlan 104 gpon 0/1/3 ont 5 gemport 1 multi-service user-vlan 100 tag-transform translate
"""
    configuration = Configuration("olt", Platform.HUAWEI_OLT, 0, (Section("onu", tuple(wanted.splitlines())),))
    found = compare(configuration, HUAWEI)
    assert found.changes == (), found.shown()
    (held,) = registrations(Platform.HUAWEI_OLT, HUAWEI)
    assert (held.port, held.onu, held.serial) == ("0/1/3", 5, "ZTEGC0FFEE01")


ZTE = """\
vlan database
  vlan 1,11-13,104
!
vlan 12
  description VLAN para uplink
!
interface gpon-olt_1/1/4
  no shutdown
  onu 1 type ZTE-F601 sn ZTEGC0FFEE01
!
interface gpon-onu_1/1/4:1
  name "desa"
  description "kentongan desa"
  sn-bind enable sn
  tcont 1 profile default
  gemport 1 unicast tcont 1 dir both
  service-port 1 vport 1 user-vlan 104 vlan 104\x20
!
interface gei_1/4/1
  switchport mode trunk
  switchport vlan 1,11-13,104 tag
!
end
"""
"""As a C320 writes it: all VLANs of a port in one line."""


def test_a_zte_that_writes_all_vlans_in_one_line_is_understood() -> None:
    wanted = """\
vlan 104
vlan 12
  description VLAN para uplink
interface gei_1/4/1
  switchport vlan 12 tag
  switchport vlan 104 tag
interface gpon-onu_1/1/4:1
  name desa
  description kentongan desa
  gemport 1 tcont 1
  service-port 1 vport 1 user-vlan 104 vlan 104
"""
    configuration = Configuration("olt", Platform.ZTE_OLT, 0, (Section("onu", tuple(wanted.splitlines())),))
    found = compare(configuration, ZTE)
    assert found.changes == (), found.shown()
    assert not compare(configuration, ZTE.replace("11-13,104", "11,13-105")).matches


def test_registrations_of_what_is_no_olt() -> None:
    assert list(registrations(Platform.IOS, HUAWEI)) == []


class Device:
    """Implements Shell: answers everything with one word."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.commands: list[Command] = []

    def run(self, command: Command) -> Reply:
        self.commands.append(command)
        if not self.answer:
            raise TimedOutError("r1", "r1 said nothing")
        return Reply(self.answer, 0.0)

    def read(self, reading: Reading) -> str:
        raise NotImplementedError

    def send_file(self, path: str, text: Secret) -> None:
        raise NotImplementedError

    octets = 0

    def transcript(self) -> Transcript:
        return Transcript("r1", (Exchange(0, "", "", 0),))

    def close(self) -> None: ...


def test_a_secret_is_filled_in_for_the_device_alone() -> None:
    device = Device("ok\n")
    act = Say("username noc secret ⟦lab/password|word⟧")
    tell(device, "r1", [act], lambda _hole: Secret("Kata$Sandi"))
    (command,) = device.commands
    assert command.text == "username noc secret Kata$Sandi"
    assert "Kata$Sandi" in {each.reveal() for each in command.secrets}
    assert shown_acts([act]) == ("username noc secret ***",)


def test_a_refusal_says_what_to_do_and_no_secret() -> None:
    device = Device("% no: Kata$Sandi\n")
    act = Say("username noc secret ⟦lab/password|word⟧", bad="^%", hint="Save it first.")
    with pytest.raises(DeviceRefusedError) as refused:
        tell(device, "r1", [act], lambda _hole: Secret("Kata$Sandi"))
    assert str(refused.value).endswith("It says: % no: *** Save it first.")
    assert "Kata$Sandi" not in str(refused.value)


def test_an_answer_that_may_show_secrets_is_shown_to_nobody() -> None:
    device = Device("+ username noc secret 5 $1$rahasia\n")
    with pytest.raises(DeviceRefusedError) as refused:
        tell(device, "r1", [Say("compare configuration", ok="is the same as", private=True)], lambda _hole: None)
    assert "rahasia" not in str(refused.value)
    assert device.commands[0].private
