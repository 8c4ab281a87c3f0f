"""What routers say of the networks behind them: RouterOS 6 and 7 simulated, Linux and OpenWrt written down."""

from ipaddress import IPv4Address

import pytest

from domain.lan import DhcpPool, DoubleAddress, LanReading, Neighbour, Stranger
from domain.shell import Reading
from provisioning.lan import LanPart, read_lan
from provisioning.lan.linux import END
from provisioning.lan.routeros import rows
from tests.unit.provisioning.lan_router import LanRouter

VERSIONS = pytest.mark.parametrize("version", ["6.49.10", "7.16"])


def read(router: LanRouter, *parts: LanPart) -> LanReading:
    return read_lan("mikrotik-routeros", router, parts or frozenset(LanPart))


@VERSIONS
def test_a_quiet_lan(version: str) -> None:
    router = LanRouter(version)
    router.give(5)
    assert read(router) == LanReading((), (), (DhcpPool("lan", 10, 5),), ())
    assert len(router.asked) == len(set(router.asked)), "nothing is asked twice"


@VERSIONS
def test_everything_that_goes_wrong_on_a_lan(version: str) -> None:
    router = LanRouter(version)
    lan = router.model.lan
    router.give(7)
    lan.lease("192.168.88.17", "AA:00:00:00:01:01", "lan", arp="AA:00:00:00:01:99", interface="ether2")
    lan.conflict("192.168.88.18", "lan", "AA:00:00:00:01:77")
    router.model.meet_stranger("ether2", "AA:BB:CC:00:00:01", "192.168.1.1")
    lan.neighbour("ether2", "ap desa", "AA:00:00:00:02:01", version="7.16", board="cAP ac")
    assert read(router) == LanReading(
        (Stranger("aa:bb:cc:00:00:01", "ether2", "192.168.1.1"),),
        (
            DoubleAddress(IPv4Address("192.168.88.17"), ("aa:00:00:00:01:01", "aa:00:00:00:01:99")),
            DoubleAddress(IPv4Address("192.168.88.18"), ("aa:00:00:00:01:77",)),
        ),
        (DhcpPool("lan", 10, 9),),
        (Neighbour("neighbour", "ether2", "aa:00:00:00:02:01", "ap desa", "", "MikroTik", "7.16"),),
    )
    lan.quiet()
    assert read(router).strangers == ()


def test_where_nobody_listens_for_strangers_it_is_not_known_that_there_are_none() -> None:
    router = LanRouter(alert=False)
    router.model.meet_stranger("ether2", "AA:BB:CC:00:00:01", "192.168.1.1")
    reading = read(router, LanPart.STRANGERS)
    assert reading.strangers is None
    assert "/ip dhcp-server alert add interface=ether2 disabled=no" in reading.notes[0]
    router.say("/ip dhcp-server alert add interface=ether3 disabled=no")
    half = read(router, LanPart.STRANGERS)
    assert (half.strangers, len(half.notes)) == ((), 1)


def test_the_router_itself_and_who_is_named_valid_are_no_strangers() -> None:
    router = LanRouter()
    own = next(row["mac-address"] for row in rows(router.say("/interface print terse")) if row["name"] == "ether2")
    router.model.meet_stranger("ether2", own, "192.168.88.1")
    assert read(router, LanPart.STRANGERS).strangers == ()
    router.say("/ip dhcp-server alert set 0 valid-server=AA:BB:CC:00:00:02")
    router.model.meet_stranger("ether2", "AA:BB:CC:00:00:02", "192.168.88.2")
    assert read(router, LanPart.STRANGERS).strangers == ()


def test_a_table_that_is_refused_is_not_known() -> None:
    class Refusing(LanRouter):
        def say(self, line: str) -> str:
            return "not enough permissions (9)\n" if line.startswith("/ip dhcp-server lease") else super().say(line)

    reading = read(Refusing())
    assert reading.pools is None
    assert reading.doubles == (), "of the ARP table alone"


def test_only_what_is_wanted_is_asked() -> None:
    router = LanRouter()
    read(router, LanPart.POOLS)
    assert [line.split(" print")[0] for line in router.asked] == [
        "/ip dhcp-server",
        "/ip pool",
        "/ip dhcp-server lease",
    ]


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        (' 0 D address=10.0.0.1 status=bound host-name="b status=waiting"', {"address": "10.0.0.1", "status": "bound"}),
        (" 0 D address=10.0.0.1 status=bound host-name=x status=waiting", {"status": "bound"}),
        (" 1   ;;; di kantor kepala address=10.0.0.9 x=1", {"address": "10.0.0.9"}),
        ("12 XD comment=Pak Asep address=10.0.0.9", {"comment": "Pak Asep", "address": "10.0.0.9"}),
        (' 3   name="a \\"b\\"" ranges=10.0.0.1,10.0.0.9', {"name": 'a "b"', "ranges": "10.0.0.1,10.0.0.9"}),
    ],
)  # fmt: skip
def test_rows_of_print_terse(line: str, fields: dict[str, str]) -> None:
    (row,) = rows(f"Flags: X - disabled, D - dynamic \n{line}\n\n[admin@rtr] > ")
    assert {name: row[name] for name in fields} == fields


def test_pools_go_on_in_others_and_never_in_a_circle() -> None:
    router = LanRouter()
    router.say("/ip pool add name=more ranges=192.168.88.100,192.168.88.110-192.168.88.118 next-pool=lan")
    router.say("/ip pool set 0 next-pool=more")
    assert read(router, LanPart.POOLS).pools == (DhcpPool("lan", 20, 0),)


class Linux:
    """Answers the one script with what is written down. asked: it."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.asked = ""

    def read(self, reading: Reading) -> str:
        (self.asked,) = reading.parts
        return f"{self.answer}{END}\n"


DEBIAN = """\
==> now
1795000000
==> leases
1795003600 aa:00:00:00:00:01 10.5.0.10 hp-asep 01:aa:00:00:00:00:01
1794000000 aa:00:00:00:00:02 10.5.0.11 * *
0 aa:00:00:00:00:03 10.5.0.12 printer *
duid 00:01:00:01:2d
==> ranges
dhcp-range=10.5.0.10,10.5.0.13,255.255.255.0,4h
==> arp
IP address       HW type     Flags       HW address            Mask     Device
10.5.0.10        0x1         0x2         aa:00:00:00:00:99     *        eth1
10.5.0.12        0x1         0x2         aa:00:00:00:00:03     *        eth1
10.5.0.50        0x1         0x0         00:00:00:00:00:00     *        eth1
==> lldp
lldp.eth1.via=LLDP
lldp.eth1.chassis.mac=aa:00:00:00:05:01
lldp.eth1.chassis.name=ap-desa
lldp.eth1.chassis.mgmt-ip=10.5.1.2
lldp.eth1.port.ifname=eth0
lldp.br-lan.20.via=CDPv2
lldp.br-lan.20.chassis.name=telepon
"""
OPENWRT = """\
==> now
1795000000
==> leases
1795003600 aa:00:00:00:00:01 192.168.1.100 hp 01:aa
==> ranges
==> uci
dhcp.lan.interface='lan'
dhcp.lan.start='100'
dhcp.lan.limit='4'
dhcp.wan.interface='wan'
dhcp.wan.ignore='1'
dhcp.tamu.interface='tamu'
dhcp.tamu.start='10'
dhcp.tamu.limit='2'
==> networks
network.lan.ipaddr='192.168.1.1'
network.lan.netmask='255.255.255.0'
network.tamu.ipaddr='10.9.0.1/24'
"""


def test_a_debian_with_dnsmasq_and_lldpd() -> None:
    shell = Linux(DEBIAN)
    reading = read_lan("frr", shell)  # type: ignore[arg-type]
    assert reading.strangers is None
    assert "kentongan link dhcp" in reading.notes[0]
    assert reading.pools == (DhcpPool("range1", 4, 2),)
    assert reading.doubles == (DoubleAddress(IPv4Address("10.5.0.10"), ("aa:00:00:00:00:01", "aa:00:00:00:00:99")),)
    assert reading.neighbours == (
        Neighbour("lldp", "eth1", "aa:00:00:00:05:01", "ap-desa", "eth0", address="10.5.1.2"),
        Neighbour("cdpv2", "br-lan.20", name="telepon"),
    )


def test_an_openwrt_with_two_networks() -> None:
    shell = Linux(OPENWRT)
    reading = read_lan("openwrt", shell, [LanPart.POOLS])  # type: ignore[arg-type]
    assert reading.pools == (DhcpPool("lan", 4, 1), DhcpPool("tamu", 2, 0))
    assert (reading.doubles, reading.neighbours) == (None, None)
    assert "lldpcli" not in shell.asked
