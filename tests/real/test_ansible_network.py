"""`playbooks/routers.yml` tells devices of other makes their baseline: simulated command lines, found by the dynamic
inventory among the devices of a whole kabupaten, told over SSH by Debian's Ansible with its collections.

Short: RouterOS 7. Long (`make soak`): RouterOS 6, IOS and VRP as well.
"""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from netmiko import ConnectHandler

from domain.network import Inventory, RegionCode, Role, lies_in
from inventory.regions import shipped_regions
from kentongan.installation import Installation
from kentongan.settings import load_settings
from lab.cli import Address, SimulatedDevice, running_cli
from lab.kabupaten import generate
from tests.conftest import missing
from tests.project.tracked_files import ROOT
from tests.real.playbooks import BIN
from tests.soaking import Soak

pytestmark = [pytest.mark.real, pytest.mark.soak, pytest.mark.timeout(180)]

DEBIANS = Path("/usr/bin")  # the package `ansible` lies there with its collections; our own is ansible-core alone
PASSWORD = "rahasia-sekali"
KINDS: Mapping[str, tuple[str, Callable[[], SimulatedDevice], str]] = {
    "routeros7": ("mikrotik-routeros", lambda: SimulatedDevice.routeros("7.16"), "add address=10.14.0.2"),
    "routeros6": ("mikrotik-routeros", lambda: SimulatedDevice.routeros("6.49.10"), "primary-ntp=10.14.0.1"),
    "ios": ("cisco-ios", SimulatedDevice.ios, "logging host 10.14.0.10"),
    "vrp": ("huawei-vrp", SimulatedDevice.vrp, "ntp-service unicast-server 10.14.0.2"),
}
WANTED = {
    "network_time_servers": ["10.14.0.1", "10.14.0.2"],
    "network_name_servers": ["10.14.0.1"],
    "network_syslog_server": "10.14.0.10",
    "ansible_host_key_checking": False,
    "ansible_network_cli_ssh_type": "paramiko",
}


@contextmanager
def standing(kind: str, address: str) -> Iterator[tuple[SimulatedDevice, Address]]:
    """At the address that the inventory has for it. On IOS its user is let in as who may configure."""
    device = KINDS[kind][1]()
    device.advance(600)
    with running_cli(device, host=address, user="admin", password=PASSWORD) as at:
        if kind == "ios":
            login = {"host": at.host, "port": at.port, "username": at.user, "password": at.password}
            with ConnectHandler(device_type=at.netmiko, **login) as connection:
                connection.enable()
                connection.send_config_set([f"username noc privilege 15 secret {PASSWORD}"])
        yield device, at


def login_of(kind: str) -> dict[str, str]:
    user = "admin+cet512w" if kind.startswith("routeros") else "noc" if kind == "ios" else "admin"
    return {"ansible_user": user, "ansible_password": PASSWORD}


def office(folder: Path, inventory: Inventory) -> None:
    (folder / "kentongan.toml").write_text("", encoding="utf-8")
    with Installation(load_settings(folder / "kentongan.toml"), "siti").prepare() as installation:
        installation.regions.load_all()
        installation.regions.set_home(RegionCode("32.14"))
        installation.inventory.write([*inventory.sites, *inventory.devices])


def asked(folder: Path, program: str, *words: str | Path) -> str:
    ours = {
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "KENTONGAN_CONFIG": str(folder / "kentongan.toml"),
        "ANSIBLE_CONFIG": str(ROOT / "ansible" / "ansible.cfg"),
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_LOCAL_TEMP": str(folder / "tmp"),
        "ANSIBLE_PERSISTENT_CONTROL_PATH_DIR": str(folder / "pc"),
        "ANSIBLE_HOST_KEY_CHECKING": "False",
        "ANSIBLE_NOCOLOR": "1",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "KENTONGAN_"))}
    sources = ("-i", ROOT / "ansible" / "inventory" / "kentongan", "-i", folder / "logins.json")
    argv = [DEBIANS / program, *sources, *words]
    done = subprocess.run(argv, env=kept | ours, capture_output=True, text=True, timeout=150, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    return done.stdout


def test_devices_found_by_the_inventory_get_their_baseline(tmp_path: Path, soak: Soak, long_form: bool) -> None:
    if not (DEBIANS / "ansible-playbook").exists():
        missing("Debian's Ansible with its collections (apt: ansible)")
    kinds = list(KINDS) if long_form else ["routeros7"]
    whole = generate("32.14", [region for region in shipped_regions() if lies_in(region.code, "32.14")])
    routers = [device for device in whole.devices if device.role is Role.ROUTER and device.address][: len(kinds)]
    with ExitStack() as stack:
        told: dict[str, SimulatedDevice] = {}
        devices = {device.name: device for device in whole.devices}
        logins: dict[str, Any] = {"all": {"vars": WANTED, "hosts": {}}}
        for kind, router in zip(kinds, routers, strict=True):
            told[kind], at = stack.enter_context(standing(kind, router.address))
            devices[router.name] = replace(router, platform=KINDS[kind][0], ssh_port=at.port)
            logins["all"]["hosts"][router.name] = login_of(kind)
        office(tmp_path, replace(whole, devices=tuple(devices.values())))
        (tmp_path / "logins.json").write_text(json.dumps(logins), encoding="utf-8")

        if long_form:
            groups = set(re.findall(r"@(\w+):", asked(tmp_path, "ansible-inventory", "--graph")))
            assert {"kecamatan_plered", "role_olt", "stage_handed_over", "platform_huawei_vrp"} <= groups

        book = ROOT / "ansible" / "playbooks" / "routers.yml"
        first, again = (changes(asked(tmp_path, "ansible-playbook", book)) for _turn in range(2))
        assert first == {router.name: 1 for router in routers}
        assert again == {router.name: 0 for router in routers}
        for kind, device in told.items():
            assert KINDS[kind][2] in device.configuration(), kind
    soak.found(f"routers.yml on {', '.join(kinds)}: changed {sum(first.values())}, then 0")


def changes(said: str) -> dict[str, int]:
    recap = said.rpartition("PLAY RECAP")[2]
    return {name: int(count) for name, count in re.findall(r"^(\S+)\s+: .*changed=(\d+)", recap, re.MULTILINE)}
