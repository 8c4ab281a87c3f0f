"""The roles are clean, the playbooks parse, and the inventory that they and people use says what the database says."""

import json
import os
import subprocess
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml

from domain.network import Device, DeviceStatus, Inventory, RegionCode, Role, Site, SiteKind, Stage
from domain.secrets import Secret, SshLogin
from kentongan.__main__ import main
from kentongan.cli.inventory import KINDS, ansible_inventory
from kentongan.installation import Installation
from kentongan.settings import load_settings
from tests.project.tracked_files import ROOT

FOLDER = ROOT / "ansible"
BIN = Path(sys.executable).parent
PLAYBOOKS = sorted((FOLDER / "playbooks").glob("*.yml"))
TEMPLATE = "{{ lookup('pipe', 'id') }}"
SITES = (
    Site("pop-plered", "PoP Plered", SiteKind.POP, RegionCode("32.14.04"), stage=Stage.HANDED_OVER),
    Site("desa-anjun", "Anjun", SiteKind.DESA, RegionCode("32.14.04.2009")),
    Site("dc", "Pusat Data", SiteKind.DATACENTER, RegionCode("32.14")),
)
DEVICES = (
    Device("olt-plered", "pop-plered", Role.OLT, platform="zte-olt", address="10.1.0.2", zone="plered"),
    Device(
        "rtr-anjun", "desa-anjun", Role.ROUTER, "mikrotik-routeros", address="10.1.4.1", ssh_port=2222, zone="plered"
    ),
    Device("rtr-dc", "dc", Role.ROUTER, model=TEMPLATE, address="fd00::1", credential="admin"),
    Device("onu-anjun", "desa-anjun", Role.ONU),
    Device("rtr-tua", "desa-anjun", Role.ROUTER, address="10.1.4.9", status=DeviceStatus.SPARE),
)


def run(*argv: str | Path, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KENTONGAN_", "ANSIBLE_"))}
    ours = {
        "PATH": os.pathsep.join((str(BIN), os.environ["PATH"])),
        "ANSIBLE_CONFIG": str(FOLDER / "ansible.cfg"),
        "ANSIBLE_NOCOLOR": "1",
        "NO_COLOR": "1",
        "LANG": "C.UTF-8",
        "LANGUAGE": "en",
    }
    return subprocess.run(
        argv, cwd=folder, env={**kept, **ours, **more}, capture_output=True, text=True, timeout=100, check=False
    )


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation's folder: three devices that Ansible can reach, one without an address, one that is spare."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "kentongan.toml").write_text("", encoding="utf-8")
    with Installation(load_settings(folder / "kentongan.toml"), "siti").prepare() as installation:
        installation.regions.load_all()
        installation.regions.set_home(RegionCode("32.14"))
        installation.inventory.write([*SITES, *DEVICES])
        installation.vault.put(SshLogin("admin", "diskominfo", Secret("sandi-rahasia")))
    return folder


def asked(office: Path, *words: str) -> tuple[int, str]:
    """Status and output of `kentongan inventory ansible`, in this process: it is asked often."""
    with redirect_stdout(StringIO()) as out, pytest.raises(SystemExit) as ended:
        main(["--config", str(office / "kentongan.toml"), "inventory", "ansible", *words])
    return int(ended.value.code or 0), out.getvalue()


@pytest.fixture(scope="module")
def listed(office: Path) -> dict[str, Any]:
    status, said = asked(office, "--list")
    assert status == 0
    assert "sandi-rahasia" not in said
    data: dict[str, Any] = json.loads(said)
    return data


def test_each_device_in_use_with_an_address_stands_in_its_groups(listed: dict[str, Any]) -> None:
    groups = {name: content["hosts"] for name, content in listed.items() if "hosts" in content}
    assert groups == {
        "kentongan": ["olt-plered", "rtr-anjun", "rtr-dc"],
        "kecamatan_plered": ["olt-plered", "rtr-anjun"],
        "role_olt": ["olt-plered"],
        "role_router": ["rtr-anjun", "rtr-dc"],
        "platform_zte_olt": ["olt-plered"],
        "platform_mikrotik_routeros": ["rtr-anjun"],
        "stage_handed_over": ["olt-plered"],
        "stage_active": ["rtr-anjun", "rtr-dc"],
        "zone_plered": ["olt-plered", "rtr-anjun"],
    }
    parents = {f"by_{kind}" for kind in KINDS}
    assert {group for parent in parents for group in listed[parent]["children"]} == groups.keys() - {"kentongan"}
    assert set(listed["kentongan"]["children"]) == parents


def test_a_host_says_how_it_is_reached_and_where_it_stands(listed: dict[str, Any], office: Path) -> None:
    anjun = listed["_meta"]["hostvars"]["rtr-anjun"]
    assert (anjun["ansible_host"], anjun["ansible_port"]) == ("10.1.4.1", 2222)
    assert anjun["ansible_network_os"] == "community.routeros.routeros"
    assert (anjun["kentongan_desa"], anjun["kentongan_kecamatan"]) == ("Anjun", "Plered")
    assert (anjun["kentongan_site"], anjun["kentongan_region_code"]) == ("desa-anjun", "32.14.04.2009")
    assert listed["_meta"]["hostvars"]["rtr-dc"]["kentongan_kecamatan"] == ""
    assert json.loads(asked(office, "--host", "rtr-anjun")[1]) == anjun
    assert json.loads(asked(office, "--host", "rtr-tua")[1]) == {}
    assert asked(office, "--list", "--host", "rtr-anjun")[0] == 2
    assert "kecamatan_plered\t2\n" in asked(office)[1]


def test_a_platform_that_was_found_out_counts_and_twins_carry_their_code() -> None:
    regions = {"32.14": "Purwakarta", "32.14.04": "Plered", "32.14.05": "Plered"}
    data = ansible_inventory(Inventory(sites=SITES, devices=DEVICES), {"rtr-dc": "frr"}, regions)
    assert data["platform_frr"]["hosts"] == ["rtr-dc"]
    assert data["kecamatan_plered_32_14_04"]["hosts"] == ["olt-plered", "rtr-anjun"]
    assert "kecamatan_plered" not in data


@pytest.mark.timeout(120)
def test_script_and_plugin_say_the_same_and_evaluate_nothing(
    listed: dict[str, Any], office: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own.kentongan.yml"
    keyed = [{"key": "kentongan_site_kind", "prefix": "kind"}]
    own.write_text(yaml.safe_dump({"plugin": "kentongan", "keyed_groups": keyed}), encoding="utf-8")
    more, told = {"KENTONGAN_CONFIG": str(office / "kentongan.toml")}, {}
    for source in (FOLDER / "inventory" / "kentongan", own):
        done = run("ansible-inventory", "-i", source, "--list", folder=FOLDER, **more)
        assert (done.returncode, done.stderr) == (0, "")
        told[source] = json.loads(done.stdout, object_hook=_as_read)
    script, plugin = told.values()
    assert script["_meta"]["hostvars"] == plugin["_meta"]["hostvars"]
    assert script["_meta"]["hostvars"]["rtr-dc"]["kentongan_model"] == TEMPLATE
    assert set(plugin["kind_desa"]["hosts"]) == {"rtr-anjun"}
    for name in listed.keys() - {"_meta", "all"}:
        assert set(script[name].get("hosts", ())) == set(plugin[name].get("hosts", ())), name


def _as_read(held: dict[str, Any]) -> Any:
    return held.get("__ansible_unsafe", held)


def test_a_refusal_of_the_program_is_passed_on(tmp_path: Path) -> None:
    none = str(tmp_path / "none.toml")
    refused = run(
        "ansible-inventory", "-i", "inventory/devices.kentongan.yml", "--list", folder=FOLDER, KENTONGAN_CONFIG=none
    )
    assert "none.toml" in refused.stderr


@pytest.mark.timeout(120)
def test_the_roles_are_clean(tmp_path: Path) -> None:
    """ansible-lint, its strictest profile, and the syntax of the two playbooks that hold all others.

    File by file: of folders it would ask for the syntax of each role on its own, which takes three times as long.
    """
    files = [*(FOLDER / "playbooks").glob("*.yml"), *FOLDER.glob("roles/*/*/*"), *FOLDER.glob("inventory/*.yml")]
    names = sorted(str(path.relative_to(FOLDER)) for path in files if path.stem not in ("centre", "collector"))
    where = {"ANSIBLE_HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    done = run(
        "ansible-lint", "--offline", "--strict", "--profile", "production", "--nocolor", *names, folder=FOLDER, **where
    )
    assert done.returncode == 0, done.stdout + done.stderr
    ruff = run("ruff", "check", "inventory_plugins", folder=FOLDER)
    assert ruff.returncode == 0, ruff.stdout


def test_the_example_of_hosts_fits_the_playbooks() -> None:
    hosts = FOLDER / "inventory" / "hosts.example.yml"
    done = run("ansible-playbook", "-i", hosts, "--list-hosts", *PLAYBOOKS, folder=FOLDER)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("hosts (1)") >= len(PLAYBOOKS)
    assert "hosts (0)" not in done.stdout


def test_only_the_role_for_other_devices_needs_collections() -> None:
    """ansible-core brings its own modules alone; the others are those that are named as needed."""
    modules: dict[str, set[str]] = {}
    for path in (path for part in ("tasks", "handlers") for path in FOLDER.glob(f"roles/*/{part}/*.yml")):
        found = {key for task in yaml.safe_load(path.read_text("utf-8")) for key in _flat(task) if key.count(".") == 2}
        modules.setdefault(path.parts[-3], set()).update(found)
    foreign = {name for role in modules.values() for name in role if not name.startswith("ansible.builtin.")}
    assert foreign == {name for name in modules["network"] if not name.startswith("ansible.builtin.")}
    assert "ansible.builtin.apt" in modules["kentongan"]
    listed = yaml.safe_load((FOLDER / "requirements.yml").read_text("utf-8"))["collections"]
    assert {name.rpartition(".")[0] for name in foreign} == {each["name"] for each in listed}
    assert foreign == set(yaml.safe_load((FOLDER / ".ansible-lint").read_text("utf-8"))["mock_modules"])


def _flat(task: dict[str, Any]) -> set[str]:
    inner = [each for part in ("block", "rescue", "always") for each in task.get(part, ())]
    return set(task) | {name for each in inner for name in _flat(each)}
