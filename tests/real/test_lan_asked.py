"""A router's LAN asked over SSH, as the service does it: a simulated RouterOS 6 with a hundred hosts."""

from ipaddress import IPv4Address
from pathlib import Path

import pytest

from collectors.ssh import DeviceLocks, SshShells
from domain.lan import DhcpPool, DoubleAddress, LanReading, Stranger
from domain.secrets import Secret, SshLogin
from domain.shell import Command, HostKey, ShellLimits, ShellTarget
from lab.cli import SimulatedDevice, running_cli
from lab.cli.routeros import Router
from provisioning.lan import LanPart, read_lan
from provisioning.platforms import PLATFORMS

pytestmark = pytest.mark.real

PASSWORD = "Rahasia!2026"
LEASES = 120
SET_UP = """\
/ip pool add name=lan ranges=10.14.8.10-10.14.8.139
/ip dhcp-server add name=lan interface=ether2 address-pool=lan disabled=no
/ip dhcp-server alert add interface=ether2 disabled=no
"""


class NoKeys:
    """Believes whoever is there."""

    def known(self, device: str) -> HostKey | None:
        return None

    def trust(self, device: str, key: HostKey) -> bool:
        return True

    def refuse(self, device: str, offered: HostKey) -> None:
        raise AssertionError("nobody else was known")


def test_a_busy_lan_is_read_whole_and_costs_little(tmp_path: Path) -> None:
    device = SimulatedDevice.routeros("6.49.10")
    assert isinstance(device.model, Router)
    device.model.write_file("lan.rsc", SET_UP, device.clock.now())
    lan = device.model.lan
    for number in range(LEASES):
        name = f'Galaxy "{number}" status=waiting address=10.14.8.200'
        lan.lease(f"10.14.8.{10 + number}", f"AA:00:00:00:00:{number:02X}", "lan", host=name, interface="ether2")
    lan.conflict("10.14.8.131", "lan", "AA:00:00:00:07:77")
    with running_cli(device, password=PASSWORD) as address:
        shells = SshShells(NoKeys(), DeviceLocks(tmp_path / "ssh"))
        login = SshLogin("ssh-lab", address.user, Secret(PASSWORD))
        dialect = PLATFORMS["mikrotik-routeros"].dialect
        target = ShellTarget("rtr-a", address.host, login, dialect, address.port, limits=ShellLimits(10, 50, 1))
        shell = shells.open(target)
        try:
            shell.run(Command("/import lan.rsc"))
            device.model.meet_stranger("ether2", "AA:BB:CC:00:00:01", "192.168.1.1")
            before = shell.octets
            reading = read_lan("mikrotik-routeros", shell, frozenset(LanPart) - {LanPart.NEIGHBOURS})
            cost = shell.octets - before
        finally:
            shell.close()
    assert reading == LanReading(
        (Stranger("aa:bb:cc:00:00:01", "ether2", "192.168.1.1"),),
        (DoubleAddress(IPv4Address("10.14.8.131"), ("aa:00:00:00:07:77",)),),
        (DhcpPool("lan", 130, LEASES + 1),),
    )
    assert cost < 28_000, "with 120 hosts: hourly 17 MB a month, on a metered line once a day 0.7 MB"
