"""A change that cuts our own way in: each device's own configuration decides whether it still hears us."""

import pytest

from lab.cli import LabClock, SimulatedDevice
from lab.cli.conversation import Login


def _type(device: SimulatedDevice, *lines: str) -> list[str]:
    user = device.traits.user
    device.model.add_login(user, "rahasia", "")
    console = device.open(Login(user, device.manager, rows=0))
    return [device.take(console, user, line).text for line in lines]


ROUTEROS = (
    (["/ip address remove [find interface=ether1]"], False, False),
    (["/ip address set [find interface=ether1] address=10.0.0.1/24"], False, False),
    (["/interface set ether1 disabled=yes"], False, False),
    (["/ip service set ssh disabled=yes"], True, False),
    (["/ip service set ssh address=10.9.0.0/24"], True, False),
    (["/ip service set ssh address=192.168.88.0/24"], True, True),
    (["/ip service set telnet disabled=yes"], True, True),
    (["/ip firewall filter add chain=input action=drop"], False, False),
    (
        [
            "/ip firewall filter add chain=input action=accept connection-state=established,related",
            "/ip firewall filter add chain=input action=drop",
        ],
        True,
        False,
    ),
    (["/ip firewall filter add chain=input action=drop src-address=!192.168.88.0/24"], True, True),
    (["/ip firewall filter add chain=input action=drop protocol=udp"], True, True),
    (["/ip firewall filter add chain=input action=drop protocol=tcp dst-port=20-25"], False, False),
    (["/ip firewall filter add chain=input action=drop disabled=yes"], True, True),
    (
        [
            "/ip firewall address-list add list=kantor address=192.168.88.0/24",
            "/ip firewall filter add chain=input action=drop src-address-list=!kantor",
        ],
        True,
        True,
    ),
    (
        ["/interface list add name=WAN", "/ip firewall filter add chain=input action=drop in-interface-list=!WAN"],
        False,
        False,
    ),
    (
        [
            "/ip firewall filter add chain=input action=jump jump-target=manajemen",
            "/ip firewall filter add chain=manajemen action=drop",
        ],
        False,
        False,
    ),
)


@pytest.mark.parametrize(("lines", "session", "anew"), ROUTEROS)
def test_routeros(lines: list[str], session: bool, anew: bool) -> None:
    device = SimulatedDevice.routeros()
    assert device.admits(established=False)
    assert _type(device, *lines) == [""] * len(lines)
    assert (device.admits(established=True), device.admits(established=False)) == (session, anew)


def test_a_manager_elsewhere_needs_a_route_back() -> None:
    device = SimulatedDevice.routeros(manager="10.9.0.5")
    assert not device.admits(established=False)
    _type(device, "/ip route add gateway=192.168.88.254")
    assert device.admits(established=False)
    _type(device, "/ip route set 0 gateway=10.1.1.1")
    assert not device.admits(established=False)


IOS = (
    (["interface gi0/0", "no ip address"], False, False),
    (["interface gi0/0", "shutdown"], False, False),
    (["line vty 0 4", "transport input telnet"], True, False),
    (["access-list 10 permit 10.9.0.0 0.0.0.255", "line vty 0 4", "access-class 10 in"], True, False),
    (["access-list 10 permit 192.168.88.0 0.0.0.255", "line vty 0 4", "access-class 10 in"], True, True),
    (["line vty 0 4", "access-class 77 in"], True, True),
    (["access-list 101 permit tcp any any eq 443", "interface gi0/0", "ip access-group 101 in"], False, False),
    (
        ["access-list 101 permit tcp any host 192.168.88.1 eq 22", "interface gi0/0", "ip access-group 101 in"],
        True,
        True,
    ),
    (["interface gi0/1", "ip address 10.1.1.1 255.255.255.0"], True, True),
)


@pytest.mark.parametrize(("lines", "session", "anew"), IOS)
def test_ios(lines: list[str], session: bool, anew: bool) -> None:
    device = SimulatedDevice.ios()
    assert _type(device, "configure terminal", *lines)[1:] == [""] * len(lines)
    assert (device.admits(established=True), device.admits(established=False)) == (session, anew)


VRP = (
    (["interface Vlanif1", "undo ip address"], False, False),
    (["undo stelnet server enable"], True, False),
    (["user-interface vty 0 4", "protocol inbound telnet"], True, False),
    (["acl number 2000", "rule 5 permit source 10.9.0.0 0.0.0.255", "quit", "user-interface vty 0 4",
      "acl 2000 inbound"], True, False),
    (["acl number 2000", "rule 5 permit source 192.168.88.0 0.0.0.255", "quit", "user-interface vty 0 4",
      "acl 2000 inbound"], True, True),
)  # fmt: skip


@pytest.mark.parametrize(("lines", "session", "anew"), VRP)
def test_vrp(lines: list[str], session: bool, anew: bool) -> None:
    device = SimulatedDevice.vrp()
    assert _type(device, "system-view", *lines)[1:] == [""] * len(lines)
    assert (device.admits(established=True), device.admits(established=False)) == (session, anew)


def test_olts_lose_us_with_their_management_address() -> None:
    zte, huawei = SimulatedDevice.zte_olt(), SimulatedDevice.huawei_olt()
    _type(zte, "configure terminal", "interface vlan 4000", "no ip address")
    _type(huawei, "undo smart", "enable", "config", "interface meth 0", "undo ip address")
    assert not zte.admits(established=True)
    assert not huawei.admits(established=True)


def test_routeros_comes_back_by_its_own_scheduler() -> None:
    device = SimulatedDevice.routeros(clock=LabClock(1_800_000_000.0), boot_seconds=30)
    before = device.configuration().partition("/system scheduler")[0].splitlines()[1:]
    _type(
        device,
        "/system backup save name=sebelum dont-encrypt=yes",
        '/system scheduler add name=kembali interval=2m on-event="/system backup load name=sebelum password=\\"\\""',
        "/ip address remove [find interface=ether1]",
    )
    device.advance(119)
    assert not device.admits(established=True)
    device.advance(2)
    assert device.dark
    device.advance(31)
    assert device.admits(established=False)
    assert device.configuration().splitlines()[1:] == before
    assert device.reboots == 1


def test_ios_comes_back_by_the_reload_it_was_given() -> None:
    device = SimulatedDevice.ios(clock=LabClock(1_800_000_000.0), boot_seconds=60)
    _type(device, "reload in 5", "y", "configure terminal", "interface gi0/0", "shutdown")
    assert not device.admits(established=True)
    device.advance(361)
    assert device.admits(established=False)


def test_what_was_disarmed_does_not_fire() -> None:
    device = SimulatedDevice.routeros(clock=LabClock(1_800_000_000.0))
    _type(
        device,
        '/system scheduler add name=kembali interval=2m on-event="/system reboot"',
        "/system scheduler remove [find name=kembali]",
    )
    device.advance(3600)
    assert device.reboots == 0


def test_power_takes_what_was_not_saved_and_routeros_saves_at_once() -> None:
    ios, router = SimulatedDevice.ios(boot_seconds=0), SimulatedDevice.routeros(boot_seconds=0)
    _type(ios, "configure terminal", "hostname hilang")
    _type(router, "/system identity set name=tetap")
    for device in (ios, router):
        device.cut_power()
        assert not device.admits(established=False)
        device.restore_power()
        device.advance(1)
    assert "hostname Router" in ios.configuration()
    assert "name=tetap" in router.configuration()


def test_an_olt_that_says_yes_and_does_nothing() -> None:
    device = SimulatedDevice.zte_olt()
    device.order(ignores="^onu ")
    said = _type(device, "configure terminal", "interface gpon-olt_1/1/1", "onu 1 type ALL sn ZTEGC0FFEE01")
    assert said[-1] == ""
    assert "ZTEGC0FFEE01" not in device.configuration()


def test_another_box_has_another_serial() -> None:
    device = SimulatedDevice.routeros(serial="ASLI")
    device.order(serial="LAIN")
    assert "LAIN" in _type(device, "/system routerboard print")[0]
    assert "# serial number = LAIN" in device.configuration()
