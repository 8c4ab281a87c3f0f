"""Lines that a device must not have any more: found, in the order in which they can go, and nobody else's."""

import pytest

from domain.intent import Change, ChangeKind, Configuration, Platform, Section
from provisioning.difference import compare
from provisioning.platforms.pushing.routeros import script_of


def without(platform: Platform, lines: str, kept: str = "") -> Configuration:
    gone = (Section("downlink", tuple(lines.strip().splitlines())),)
    wanted = (Section("downlink", tuple(kept.strip().splitlines())),) if kept else ()
    return Configuration("pop", platform, 0, wanted, gone, "ds")


def removed(configuration: Configuration, read: str) -> list[tuple[str, str]]:
    changes = compare(configuration, read).changes
    assert all(each.kind is ChangeKind.REMOVE for each in changes)
    return [(each.place, each.line) for each in changes]


ROUTEROS = """
/interface vlan add name=vlan-ds interface=ether3 vlan-id=100 disabled=no comment="kentongan ds"
/ip address add address=10.32.1.1/30 interface=vlan-ds comment="kentongan ds"
/ip route add dst-address=10.33.0.0/24 gateway=10.32.1.2 comment="kentongan ds lan"
"""


def test_routeros_loses_routes_before_addresses_before_the_interface() -> None:
    read = ROUTEROS + '/interface vlan add name=vlan-other interface=ether3 vlan-id=101 comment="kentongan ds2"\n'
    found = compare(without(Platform.ROUTEROS, ROUTEROS), read).changes
    assert list(script_of(found)) == [
        "/ip route remove [find where dst-address=10.33.0.0/24 gateway=10.32.1.2]",
        '/ip address remove [find where address=10.32.1.1/30 interface="vlan-ds"]',
        '/interface vlan remove [find where name="vlan-ds"]',
    ]


def test_what_is_gone_already_is_no_difference() -> None:
    assert compare(without(Platform.ROUTEROS, ROUTEROS), "/system identity set name=pop\n").matches


def test_what_is_still_wanted_stays() -> None:
    kept = ROUTEROS.replace("disabled=no", "disabled=yes")
    (change,) = compare(without(Platform.ROUTEROS, ROUTEROS, kept), ROUTEROS).changes
    assert (change.kind, "disabled=yes" in change.line) == (ChangeKind.SET, True)


def test_of_a_device_that_serves_others_their_lines_are_left_alone() -> None:
    """Applying one site must not take another one's away."""
    others = ROUTEROS.replace("vlan-ds", "vlan-lain").replace("kentongan ds", "kentongan lain").replace("100", "101")
    shared = Configuration("pop", Platform.ROUTEROS, 7, (Section("downlink", tuple(ROUTEROS.split("\n"))),), (), "ds")
    found = compare(shared, ROUTEROS + others.replace("10.32.1", "10.32.2").replace("10.33.0", "10.33.1"))
    assert found.changes == ()
    stale = '/ip route add dst-address=10.44.0.0/24 gateway=10.32.1.2 comment="kentongan ds old"\n'
    assert [each.kind for each in compare(shared, ROUTEROS + stale).changes] == [ChangeKind.REMOVE]


IOS = """
interface GigabitEthernet0/1.100
 description kentongan ds
 encapsulation dot1Q 100
 no shutdown
ip route 10.33.0.0 255.255.255.0 10.32.1.2 name ds
"""
ZTE = """
vlan 100
interface gei_1/19/1
  switchport vlan 100 tag
interface gpon-olt_1/1/3
  onu 5 type ZTE-F660 sn ZTEGC0FFEE01
interface gpon-onu_1/1/3:5
  name ds
  tcont 1 profile 10M
pon-onu-mng gpon-onu_1/1/3:5
  service kentongan gemport 1 vlan 100
"""
HUAWEI = """
vlan 100 smart
port vlan 100 0/19 0
interface gpon 0/1
 ont add 3 5 sn-auth "ZTEGC0FFEE01" omci ont-lineprofile-id 1 ont-srvprofile-id 1 desc "ds"
 ont port native-vlan 3 5 eth 1 vlan 10 priority 0
service-port vlan 100 gpon 0/1/3 ont 5 gemport 1 multi-service user-vlan 10 tag-transform translate
"""


@pytest.mark.parametrize(
    ("platform", "lines", "expected"),
    [
        (
            Platform.IOS,
            IOS,
            [
                ("", "ip route 10.33.0.0 255.255.255.0 10.32.1.2 name ds"),
                ("", "interface GigabitEthernet0/1.100"),
            ],
        ),
        (
            Platform.ZTE_OLT,
            ZTE,
            [
                ("interface gpon-olt_1/1/3", "onu 5 type ZTE-F660 sn ZTEGC0FFEE01"),
                ("interface gei_1/19/1", "switchport vlan 100 tag"),
                ("", "vlan 100"),
            ],
        ),
        (
            Platform.HUAWEI_OLT,
            HUAWEI,
            [
                (
                    "",
                    "service-port vlan 100 gpon 0/1/3 ont 5 gemport 1 multi-service user-vlan 10 "
                    "tag-transform translate",
                ),
                (
                    "interface gpon 0/1",
                    "ont add 3 5 sn-auth 5A544547C0FFEE01 omci ont-lineprofile-id 1 ont-srvprofile-id 1 desc ds",
                ),
                ("", "port vlan 100 0/19 0"),
                ("", "vlan 100 smart"),
            ],
        ),
    ],
)
def test_blocks_go_from_the_last_line_to_the_first(
    platform: Platform, lines: str, expected: list[tuple[str, str]]
) -> None:
    assert removed(without(platform, lines), lines) == expected
    assert compare(without(platform, lines), "hostname pop\n").matches


def test_routes_of_a_linux_pop_go_and_the_others_stay() -> None:
    configuration = Configuration(
        "pop",
        Platform.FRR,
        0,
        (),
        (Section("downlink", ("ip route 10.33.0.0/24 10.32.1.2",), "/etc/frr/frr.conf"),),
        "ds",
    )
    read = "frr version 8.4\nip route 10.33.0.0/24 10.32.1.2\nip route 10.34.0.0/24 10.32.1.6\n"
    assert removed(configuration, read) == [("", "ip route 10.33.0.0/24 10.32.1.2")]


def test_equal_lines_gone_or_wanted_are_other_intents() -> None:
    wanted = without(Platform.IOS, "", IOS)
    assert wanted.fingerprint != without(Platform.IOS, IOS).fingerprint
    assert Change(ChangeKind.REMOVE, "", "x").shown() == "- x"
