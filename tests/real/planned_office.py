"""An installation with one PoP and one planned office, for tests that build it on devices of their own."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.network import Device, DeviceStatus, RegionCode, Role, Site, SiteKind, Stage
from domain.secrets import AuthProtocol, PrivProtocol, Secret, SnmpUser, SshLogin
from kentongan.installation import Installation
from kentongan.settings import load_settings
from provisioning.profiles import Layer, ProvisioningFolder
from tests.command_line import calling

SITE, POP, ROUTER = "dinkes", "rtr-pop", "rtr-dinkes"
FIRST_PASSWORD, LATER_PASSWORD = "sandi-pertama", "sandi-kemudian"
PROFILE = """\
profile: bench-office
title: An office for tests
kinds: [opd]
medium: fibre
poll_class: fibre
elsewhere:
  - {key: upstream, device: upstream, role: router, platforms: [mikrotik-routeros, frr], parts: [downlink]}
devices:
  - key: router
    name: "rtr-{site}"
    role: router
    platforms: [mikrotik-routeros, frr, openwrt]
    parts: [baseline, uplink, lan]
    uplink: [upstream]
    address: loopback
vlans:
  - {key: uplink, purpose: uplink, about: carries the link from the PoP to the office}
  - {key: management, purpose: management, about: access points}
subnets:
  - {key: loopback, purpose: loopback, length: 32, hosts: [router]}
  - {key: link, purpose: link, length: 30, hosts: [upstream, router]}
  - {key: management, purpose: management, length: 28, vlan: management, hosts: [router]}
  - {key: lan, purpose: lan, length: 24, hosts: [router], dhcp: 20}
links:
  - {name: "up-{site}", a: router, z: upstream, medium: fibre}
checks: [CHECKS]
"""
POOLS = (
    ("lo", "10.32.0.0/24", "32", "loopback"),
    ("link", "10.32.1.0/24", "30", "link"),
    ("mgmt", "10.32.8.0/21", "28", "management"),
    ("lan", "10.33.0.0/16", "24", "lan"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a device of the office answers, and how it is logged in to for the first time."""

    address: str
    port: int
    login: SshLogin
    serial: str = ""


class Office:
    """`call` runs a command: its exit status, output, errors."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._call = calling(capsys)

    def call(self, *words: str) -> tuple[int, str, str]:
        return self._call(*words)

    def open(self, actor: str = "siti") -> Installation:
        return Installation(load_settings(None), actor).open()


def set_up(
    office: Office,
    platform: str,
    pop: Place,
    router: Place,
    *,
    settings: str = "revert_seconds = 30",
    checks: str = "reachable, no-default-credentials",
    later: SshLogin | None = None,
    site: dict[str, object] | None = None,
    at_pop: dict[str, object] | None = None,
    keys: tuple[str, ...] = (),
    networks: tuple[str, ...] = ("192.168.88.0/24", "127.0.0.0/8"),
    pop_platform: str = "",
) -> None:
    """Called in the office's own folder. pop_platform: where it is not the router's."""
    (office.folder / "kentongan.toml").write_text(f"[changes]\n{settings}\n")
    later = later or SshLogin("office-ssh", "noc", Secret(LATER_PASSWORD))
    code = RegionCode("32.14.06")
    with Installation(load_settings(None), "siti").prepare() as installation:
        installation.inventory.write(
            [
                Site(SITE, "Dinas Kesehatan", SiteKind.OPD, code, stage=Stage.PLANNED),
                Site("pop-a", "PoP A", SiteKind.POP, code),
                Device(
                    POP, "pop-a", Role.ROUTER, platform=pop_platform or platform, address=pop.address,
                    ssh_port=pop.port, credential=pop.login.name,
                ),
                Device(
                    ROUTER, SITE, Role.ROUTER, platform=platform, address=router.address, ssh_port=router.port,
                    credential=router.login.name, serial=router.serial, status=DeviceStatus.PLANNED,
                ),
            ]
        )  # fmt: skip
        for credential in (
            pop.login,
            router.login,
            later,
            SnmpUser(
                "office-snmp", "kentongan", AuthProtocol.SHA1, Secret("sandi-auth"),
                PrivProtocol.AES128, Secret("sandi-priv"),
            ),
        ):  # fmt: skip
            installation.vault.put(credential)
    folder = ProvisioningFolder(office.folder / "var" / "provisioning")
    folder.profiles.mkdir(parents=True)
    (folder.profiles / "bench-office.yaml").write_text(PROFILE.replace("CHECKS", checks))
    common: dict[str, object] = {
        "management_networks": list(networks),
        "admin_user": later.user,
        "admin_password": "office-ssh/password",
        "snmp_user": "kentongan",
        "snmp_auth": "office-snmp/auth",
        "snmp_priv": "office-snmp/priv",
        "ntp_servers": ["10.9.0.1"],
        "dns_servers": ["10.9.0.3"],
        "domain": "purwakarta.internal",
        "syslog_server": "10.9.0.5",
        "timezone": "Asia/Jakarta",
    }
    folder.write(Layer.KABUPATEN, "", common | ({"admin_keys": list(keys)} if keys else {}))
    folder.write(Layer.SITE, SITE, {"profile": "bench-office", "upstream": POP} | (site or {}))
    folder.write(Layer.DEVICE, POP, at_pop or {"downlink_interface": "ether3"})
    for name, prefix, length, purpose in POOLS:
        assert office.call("pool", "add", name, prefix, "--length", length, "--purpose", purpose)[0] == 0
    assert office.call("pool", "add", "vlan-up", "100-109", "--kind", "vlan", "--purpose", "uplink")[0] == 0
    assert office.call("pool", "add", "vlan-mgmt", "20-29", "--kind", "vlan", "--purpose", "management")[0] == 0
