"""What stands between a device and its intent: by sections, by statements, by options, and never a secret."""

import pytest

from domain.intent import Change, ChangeKind, Configuration, Difference, Platform, SecretHole, Section
from provisioning.difference import compare
from provisioning.errors import UnreadableConfigurationError

HOLE = SecretHole("pwk", "password", ("word",)).marker()


def configuration(platform: Platform, text: str, target: str = "") -> Configuration:
    return Configuration("rtr", platform, 7, (Section("part", tuple(text.strip("\n").splitlines()), target),))


def changes(platform: Platform, wanted: str, read: str, target: str = "") -> list[tuple[str, str]]:
    found = compare(configuration(platform, wanted, target), read)
    return [(change.kind.value, change.line) for change in found.changes]


IOS = """
hostname rtr
no ip http server
username noc privilege 15 secret ⟦pwk/password|word⟧
interface GigabitEthernet0/0
 description kentongan link
 ip address 10.0.0.2 255.255.255.252
 no shutdown
ip access-list standard KENTONGAN-MANAGEMENT
 permit 10.9.0.0 0.0.0.255
line vty 0 4
 transport input ssh
"""
IOS_READ = """
Building configuration...
!
hostname rtr
!
username noc privilege 15 secret 9 $9$abc
ip http server
interface GigabitEthernet0/0
 description kentongan link
 ip address 10.0.0.2 255.255.255.252
 duplex auto
!
interface GigabitEthernet0/1
 description theirs
!
ip access-list standard KENTONGAN-MANAGEMENT
 permit 10.9.0.0 0.0.0.255
 permit 192.168.0.0 0.0.255.255
!
line vty 0 4
 transport input telnet ssh
end
"""


def test_sections_are_compared_by_their_heading() -> None:
    assert changes(Platform.IOS, IOS, IOS_READ) == [
        ("add", "no ip http server"),
        ("untold", "username noc privilege 15 secret ⟦pwk/password|word⟧"),
        ("set", "transport input ssh"),
        ("remove", "permit 192.168.0.0 0.0.255.255"),
    ]


def test_a_difference_is_shown_under_its_heading_without_secrets() -> None:
    shown = compare(configuration(Platform.IOS, IOS), IOS_READ).shown()
    assert "@@ line vty 0 4 @@\n- transport input telnet ssh\n+ transport input ssh\n" in shown
    assert "? username noc privilege 15 secret ***\n" in shown
    assert "⟦" not in shown


def test_what_cannot_be_told_is_no_difference() -> None:
    wanted = "username noc privilege 15 secret " + HOLE
    found = compare(configuration(Platform.IOS, wanted), "username noc privilege 15 secret 9 $9$x\n")
    assert found.matches
    assert [change.kind for change in found.changes] == [ChangeKind.UNTOLD]
    assert not compare(configuration(Platform.IOS, wanted), "username other secret 9 $9$x\n").matches


def test_the_same_configuration_in_another_order_matches() -> None:
    lines = IOS.strip().replace(" secret ⟦pwk/password|word⟧", "").splitlines()
    read = "\n".join([*lines[3:], *lines[:3]])
    assert compare(configuration(Platform.IOS, "\n".join(lines)), read).changes == ()


def test_vrp_takes_back_with_undo() -> None:
    wanted = "undo telnet server enable\nsysname rtr\naaa\n local-user noc privilege level 15\n"
    read = "sysname old\ntelnet server enable\naaa\n local-user noc privilege level 3\n#\nreturn\n"
    assert changes(Platform.VRP, wanted, read) == [
        ("add", "undo telnet server enable"),
        ("set", "sysname rtr"),
        ("add", "local-user noc privilege level 15"),
    ]


ROS = """
/system identity set name=rtr
/ip service set telnet disabled=yes
/ip service set ssh address=10.9.0.0/24,10.8.0.0/24 disabled=no port=22
/ip address add address=10.0.0.2/30 interface=ether1 comment="kentongan link"
/ip route add dst-address=0.0.0.0/0 gateway=10.0.0.1 comment="kentongan default"
/snmp community set [ find default=yes ] read-access=no
/user add name=noc password=⟦pwk/password|routeros⟧ comment=kentongan
/interface wireguard add name=kentongan private-key=⟦wg/token|routeros⟧ comment="kentongan tunnel"
/ip proxy set enabled=no
"""
ROS_READ = r"""
# by RouterOS 7.15
/interface wireguard
add comment="kentongan tunnel" listen-port=13231 name=kentongan
/ip address
add address=10.0.0.2/30 comment="kentongan link" interface=ether1 network=10.0.0.0
add address=10.7.0.1/24 comment="kentongan old" interface=ether9
add address=192.168.1.1/24 interface=ether5
/ip service
set telnet disabled=yes
set ssh address=10.8.0.0/24,10.9.0.0/24
/ip route
add comment="kentongan default" disabled=no dst-address=0.0.0.0/0 \
    gateway=10.0.0.1
/snmp community
set [ find default=yes ] read-access=no
/system identity
set name="old router"
"""


def test_statements_have_no_order_and_no_wrapping() -> None:
    assert changes(Platform.ROUTEROS, ROS, ROS_READ) == [
        ("set", "/system identity set name=rtr"),
        ("untold", "/user add name=noc password=⟦pwk/password|routeros⟧ comment=kentongan"),
        (
            "untold",
            '/interface wireguard add name=kentongan private-key=⟦wg/token|routeros⟧ comment="kentongan tunnel"',
        ),
        ("remove", '/ip address add address=10.7.0.1/24 comment="kentongan old" interface=ether9'),
    ]


def test_terse_lines_and_folded_ones_are_the_same() -> None:
    terse = '/ip address add address=10.0.0.2/30 comment="kentongan link" interface=ether1\n'
    folded = '/ip address\nadd address=10.0.0.2/30 comment="kentongan link" \\\n    interface=ether1\n'
    for read in (terse, folded):
        assert compare(configuration(Platform.ROUTEROS, terse), read).changes == ()


def test_what_is_no_export_is_refused() -> None:
    with pytest.raises(UnreadableConfigurationError):
        compare(configuration(Platform.ROUTEROS, ROS), "bad command name export (line 1 column 1)\n")
    with pytest.raises(UnreadableConfigurationError):
        compare(configuration(Platform.OPENWRT, "a.b.c='d'"), "uci: Entry not found\n")


UCI = """
system.@system[0].hostname='rtr'
network.lan=interface
network.lan.ipaddr='10.33.0.1'
network.wan.dns='10.9.0.1' '10.9.0.2'
network.kentongan.private_key=⟦wg/token|uci⟧
"""
UCI_READ = """
package system
config system
	option hostname 'OpenWrt'
	option ttylogin '0'
package network
config interface 'lan'
	option ipaddr '10.33.0.1'
config interface 'wan'
	list dns '10.9.0.1'
	list dns '10.9.0.2'
config interface 'kentongan'
	option private_key '***'
config rule 'kentongan_old'
	option name 'x'
"""


def test_options_are_compared_whatever_the_form() -> None:
    assert changes(Platform.OPENWRT, UCI, UCI_READ) == [
        ("set", "system.@system[0].hostname='rtr'"),
        ("untold", "network.kentongan.private_key=⟦wg/token|uci⟧"),
        ("remove", "network.kentongan=interface"),
        ("remove", "network.kentongan_old=rule"),
    ]


def test_files_of_linux_are_compared_line_by_line() -> None:
    read = "hostname rtr\n==> /etc/resolv.conf <==\nsearch x\nnameserver 10.9.0.1\n\n==> /etc/snmp/snmpd.conf <==\n"
    read += "createUser noc SHA *** AES ***\nrocommunity ***\n"
    assert changes(Platform.FRR, "search x\nnameserver 10.9.0.2", read, "/etc/resolv.conf") == [
        ("add", "nameserver 10.9.0.2"),
        ("remove", "nameserver 10.9.0.1"),
    ]
    snmpd = f'createUser noc SHA "{HOLE}" AES "{HOLE}"'
    assert changes(Platform.FRR, snmpd, read, "/etc/snmp/snmpd.conf") == [
        ("untold", snmpd),
        ("remove", "rocommunity ***"),
    ]
    assert changes(Platform.FRR, "hostname rtr", read, "/etc/frr/frr.conf") == []
    assert changes(Platform.FRR, "auto eth0", read, "/etc/network/interfaces.d/kentongan-lan") == [("add", "auto eth0")]
    assert changes(Platform.FRR, "user noc", read, "/run/kentongan-system.conf") == [("untold", "user noc")]


def test_a_difference_counts() -> None:
    found = Difference("rtr", (Change(ChangeKind.ADD, "", "a"), Change(ChangeKind.UNTOLD, "", "b")), 3)
    assert (found.count(ChangeKind.ADD), found.matches) == (1, False)


def test_snmp_users_are_not_shown_and_no_difference() -> None:
    user = f"snmp-server user kentongan KENTONGAN v3 auth sha {HOLE} priv aes 128 {HOLE}"
    assert changes(Platform.IOS, user, "hostname rtr") == [("untold", user)]
    user = f"snmp-agent usm-user v3 kentongan KENTONGAN simple authentication-mode sha {HOLE}"
    assert changes(Platform.VRP, user, "sysname rtr") == [("add", user)]
    read = "snmp-agent usm-user v3 kentongan\nsnmp-agent usm-user v3 kentongan group KENTONGAN\n"
    assert changes(Platform.VRP, user, read) == [("untold", user)]
    user = f"/snmp community add name=kentongan addresses=10.9.0.0/24 security=private authentication-password={HOLE}"
    read = "/snmp community add addresses=10.9.0.0/24 authentication-password=***a1*** name=***b2*** security=private"
    assert changes(Platform.ROUTEROS, user, read) == [("untold", user)]


def test_a_key_that_is_shown_as_its_hash_is_no_difference() -> None:
    wanted = "ip ssh pubkey-chain\n username noc\n  key-string\n   ssh-rsa AAAA\n   exit\n"
    read = "ip ssh pubkey-chain\n  username noc\n   key-hash ssh-rsa 0123ABCD\n"
    assert changes(Platform.IOS, wanted, read) == [("untold", "key-string")]


def test_an_olt_numbers_service_ports_and_writes_serials_its_own_way() -> None:
    wanted = (
        "interface gpon 0/1\n"
        ' ont add 3 5 sn-auth "ZTEGC0FFEE01" omci ont-lineprofile-id 10 ont-srvprofile-id 20 desc "ds"\n'
        "service-port vlan 104 gpon 0/1/3 ont 5 gemport 1 multi-service user-vlan 104 tag-transform translate\n"
    )
    read = (
        "interface gpon 0/1\n"
        ' ont add 3 5 sn-auth "5A544547C0FFEE01" omci ont-lineprofile-id 10\n'
        ' ont-srvprofile-id 20 desc "ds"\n#\n'
        "service-port 12 vlan 104 gpon 0/1/3 ont 5 gemport 1 multi-service user-vlan 104 tag-transform translate\n"
    )
    assert changes(Platform.HUAWEI_OLT, wanted, read) == []
    other = read.replace("C0FFEE01", "C0FFEE02")
    assert [kind for kind, _line in changes(Platform.HUAWEI_OLT, wanted, other)] == ["set"]


@pytest.mark.parametrize(
    ("platform", "wanted", "read", "kinds"),
    [
        (Platform.IOS, "line vty 0 4\n exec-timeout 10 0\n", "line vty 0 4\n login local\n", ["untold"]),
        (Platform.IOS, "line vty 0 4\n exec-timeout 10 0\n", "line vty 0 4\n exec-timeout 0 0\n", ["set"]),
        (Platform.IOS, "no ip source-route\n", "hostname r1\n", ["untold"]),
        (Platform.IOS, "no ip source-route\n", "no ip source-route\n", []),
        (Platform.IOS, "no ip http server\n", "ip http server\n", ["add"]),
        (Platform.IOS, "no snmp-server community public\n", "hostname r1\n", []),
        (Platform.IOS, "ip name-server 10.0.0.1\nip name-server 10.0.0.2\n", "ip name-server 10.0.0.1 10.0.0.2\n", []),
        (Platform.IOS, "ip domain name desa.id\n", "ip domain-name desa.id\n", []),
        (
            *(Platform.IOS, "ip access-list standard A\n permit 10.0.0.0 0.0.0.255\n"),
            *("ip access-list standard A\n 10 permit 10.0.0.0 0.0.0.255\n", []),
        ),
        (Platform.VRP, "info-center enable\n", "undo info-center enable\n", ["add"]),
        (Platform.VRP, "info-center enable\n", "sysname r1\n", ["untold"]),
        (
            *(Platform.VRP, "aaa\n local-user noc service-type ssh terminal\n"),
            *("aaa\n local-user noc service-type terminal ssh\n", []),
        ),
    ],
)
def test_what_a_device_writes_its_own_way_or_not_at_all(
    platform: Platform, wanted: str, read: str, kinds: list[str]
) -> None:
    assert [kind for kind, _line in changes(platform, wanted, read)] == kinds
