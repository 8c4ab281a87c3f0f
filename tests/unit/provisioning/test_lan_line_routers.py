"""What IOS and VRP say of the networks behind them, simulated; and what other releases write."""

from collections.abc import Callable
from datetime import datetime
from ipaddress import IPv4Address
from typing import Any

import pytest

from domain.lan import DhcpPool, DoubleAddress, LanReading, Lease, LeaseState, Stranger
from domain.language import speaking
from domain.secrets import Secret, SshLogin
from domain.shell import ShellTarget
from lab.cli import SimulatedDevice
from lab.cli.clock import LabClock
from lab.cli.lines.lan import Foreign, LineLan
from provisioning.lan import LanPart, read_lan
from provisioning.lan import ios as of_ios
from provisioning.lan import vrp as of_vrp
from provisioning.lan.rogue_dhcp import clock, heard
from provisioning.platforms import PLATFORMS
from tests.simulated_shells import SimulatedShell, SimulatedShells

NOW = 1_795_327_800.0  # 2026-11-22 06:10 UTC
IOS = """\
ip dhcp excluded-address 10.33.0.1 10.33.0.20
ip dhcp excluded-address 10.33.0.200
ip dhcp pool LAN
 network 10.33.0.0 255.255.255.0
 default-router 10.33.0.1
"""
VRP = """\
dhcp enable
interface Vlanif10
 ip address 10.33.0.1 255.255.255.0
 dhcp select interface
 dhcp server excluded-ip-address 10.33.0.2 10.33.0.20
"""
WATCHES = {"cisco-ios": "ip dhcp snooping\n", "huawei-vrp": "dhcp server detect\n"}


def router(platform: str, text: str) -> tuple[LineLan, Callable[..., LanReading]]:
    """What stands behind it, and who asks it."""
    make: Any = SimulatedDevice.ios if platform == "cisco-ios" else SimulatedDevice.vrp
    device = make(clock=LabClock(NOW, speed=0.0))
    assert device.model.replay(text) == []
    device.model.add_login("noc", "rahasia", "")
    login = SshLogin("noc", "noc", Secret("rahasia"))
    target = ShellTarget("rtr-a", "10.9.0.1", login, PLATFORMS[platform].dialect)

    def ask(*parts: LanPart) -> LanReading:
        shell = SimulatedShells({"10.9.0.1": device}).open(target)
        assert isinstance(shell, SimulatedShell)
        with speaking("en"):
            reading = read_lan(platform, shell, parts or frozenset(LanPart))
        asked = [each.sent for each in shell.transcript().exchanges]
        assert len(asked) == len(set(asked)), "nothing is asked twice"
        return reading

    return device.model.lan, ask


CASES = pytest.mark.parametrize(
    ("platform", "text", "pool", "size"), [("cisco-ios", IOS, "LAN", 233), ("huawei-vrp", VRP, "Vlanif10", 234)]
)


@CASES
def test_a_quiet_lan(platform: str, text: str, pool: str, size: int) -> None:
    lan, ask = router(platform, text + WATCHES[platform])
    for number in range(5):
        lan.lease(f"10.33.0.{30 + number}", f"AA:00:00:00:00:{number:02X}", interface="GE0/0/1")
    assert ask() == LanReading((), (), (DhcpPool(pool, size, 5),), None)


@CASES
def test_everything_that_goes_wrong_on_a_lan(platform: str, text: str, pool: str, size: int) -> None:
    lan, ask = router(platform, text + WATCHES[platform])
    lan.lease("10.33.0.30", "AA:00:00:00:00:01", interface="GE0/0/1")
    lan.lease("10.33.0.31", "AA:00:00:00:00:02", arp="AA:00:00:00:00:99", interface="GE0/0/1")
    lan.conflict("10.33.0.32", "AA:00:00:00:00:77")
    lan.foreign += [
        Foreign(NOW - 600, "aabbcc000001", "192.168.1.1", "GigabitEthernet0/0/2"),
        Foreign(NOW - 7200, "aabbcc000002", "192.168.2.1", "GigabitEthernet0/0/3"),
    ]
    found = ask()
    where = ("GigabitEthernet0/0/2", "192.168.1.1") if platform == "huawei-vrp" else ("", "")
    busy = ("aa:00:00:00:00:77",) if platform == "huawei-vrp" else ()
    assert found.strangers == (Stranger("aa:bb:cc:00:00:01", *where),), "who was heard two hours ago is gone"
    assert found.doubles == (
        DoubleAddress(IPv4Address("10.33.0.31"), ("aa:00:00:00:00:02", "aa:00:00:00:00:99")),
        DoubleAddress(IPv4Address("10.33.0.32"), busy),
    )
    assert found.pools == (DhcpPool(pool, size, 3),)


@CASES
def test_a_full_pool(platform: str, text: str, pool: str, size: int) -> None:
    lan, ask = router(platform, text)
    for number in range(21, 250):
        lan.lease(f"10.33.0.{number}", f"AA:00:00:00:01:{number:02X}")
    (found,) = ask(LanPart.POOLS).pools or ()
    assert found.name == pool
    assert found.share > 0.9
    assert size == found.size


@CASES
def test_where_nobody_listens_it_is_not_known_that_there_is_nobody(
    platform: str, text: str, pool: str, size: int
) -> None:
    lan, ask = router(platform, text)
    lan.foreign.append(Foreign(NOW, "aabbcc000001", "192.168.1.1", "GE0/0/2"))
    reading = ask(LanPart.STRANGERS)
    assert reading.strangers is None
    assert WATCHES[platform].strip() in reading.notes[0]
    assert (reading.doubles, reading.pools) == (None, None)


@pytest.mark.parametrize("platform", ["cisco-ios", "huawei-vrp"])
def test_a_router_that_gives_no_addresses_out_has_no_pool(platform: str) -> None:
    _lan, ask = router(platform, "")
    assert ask(LanPart.POOLS, LanPart.DOUBLES) == LanReading(None, (), ())


def test_tables_of_other_releases() -> None:
    bound = "10.1.1.21      0063.6973.636f.2d    Mar 01 2026 12:00 AM    Automatic\n"
    assert of_ios.leases_in(bound + "10.1.1.22   aabb.cc00.0500   Infinite   Manual\n", "") == (
        Lease(IPv4Address("10.1.1.21"), ""),
        Lease(IPv4Address("10.1.1.22"), "aa:bb:cc:00:05:00"),
    )
    newer = "    249 10.0.20.250 aabb-ccdd-eeff DHCP - Static-bind\n    248 10.0.20.249 - DHCP - Conflict\n"
    assert list(of_vrp.leases_in(newer)) == [
        Lease(IPv4Address("10.0.20.250"), "aa:bb:cc:dd:ee:ff"),
        Lease(IPv4Address("10.0.20.249"), "", LeaseState.BUSY),
    ]
    own = "192.168.1.1     00e0-fc12-3456            I -         GE0/0/1\n192.168.1.30    Incomplete  1  D-0  GE0/0/1\n"
    assert [str(each.address) for each in of_vrp.arp_in(own)] == ["192.168.1.1"]


def test_what_was_heard_at_an_unknown_time_tells_nothing() -> None:
    now = datetime(2027, 1, 1, 0, 20)
    line = "*Dec 31 23:50:00.123: %DHCP_SNOOPING-5-X: message type: DHCPOFFER, MAC sa: aabb.cc00.0001"
    assert len(heard([line], now, lambda _line: ("", ""))) == 1
    assert heard([line], None, lambda _line: ("", "")) == ()
    assert heard([line.replace("*Dec 31 23:50:00.123", "1w2d")], now, lambda _line: ("", "")) == ()
    assert clock("*06:10:12.345 WIB Sun Nov 22 2026") == datetime(2026, 11, 22, 6, 10, 12)
    assert clock("2026-11-22 06:10:12+07:00") == datetime(2026, 11, 22, 6, 10, 12)
    assert clock("nothing") is None
