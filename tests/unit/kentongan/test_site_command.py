"""`kentongan site`: a dry run on a real installation leaves no trace; values are checked before they are stored."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from domain.network import Device, RegionCode, Role, Site, SiteKind, Stage
from domain.secrets import AuthProtocol, PrivProtocol, Secret, SnmpUser, SshLogin, Token
from kentongan.installation import Installation
from kentongan.settings import load_settings
from provisioning.profiles import Layer, ProvisioningFolder
from tests.command_line import Call, calling
from tests.site_office import KABUPATEN, SITE

POOLS = (
    ("lo", "10.32.0.0/24", "32", "loopback"),
    ("link", "10.32.1.0/24", "30", "link"),
    ("tun", "10.32.2.0/24", "30", "tunnel"),
    ("mgmt", "10.32.8.0/21", "28", "management"),
    ("lan", "10.33.0.0/16", "24", "lan"),
)


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """An installation with one planned desa and its pools; runs a command: status, output, errors."""
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)

    (tmp_path / "kentongan.toml").write_text('[heartbeat]\nurl = "https://k.example.go.id"\ninterval_seconds = 300\n')
    with Installation(load_settings(None), "siti").prepare() as installation:
        code = RegionCode("32.14.06.2007")
        installation.inventory.write(
            [
                Site("ds", "Cibodas", SiteKind.DESA, code, stage=Stage.PLANNED),
                Site("pusat", "Pusat Data", SiteKind.DATACENTER, RegionCode("32.14")),
                Device("vpn-pusat", "pusat", Role.VPN, platform="mikrotik-routeros"),
            ]
        )
        for credential in (
            SshLogin("pwk-admin", "diskominfo", Secret("sandi-admin")),
            SnmpUser(
                "pwk-snmp",
                "kentongan",
                AuthProtocol.SHA1,
                Secret("sandi-auth"),
                PrivProtocol.AES128,
                Secret("sandi-priv"),
            ),
            Token("wg-cibodas", Secret("kunci-wireguard")),
        ):
            installation.vault.put(credential)
    folder = ProvisioningFolder(tmp_path / "var" / "provisioning")
    folder.write(Layer.KABUPATEN, "", KABUPATEN)
    folder.write(Layer.SITE, "ds", SITE)
    call = calling(capsys)
    for name, prefix, length, purpose in POOLS:
        assert call("pool", "add", name, prefix, "--length", length, "--purpose", purpose)[0] == 0
    assert call("pool", "add", "vlans", "20-29", "--kind", "vlan", "--purpose", "management")[0] == 0
    return call


def rows(folder: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "var" / "kentongan.db")) as database:
        return database.execute(question).fetchall()


def test_a_plan_is_a_dry_run(call: Call, tmp_path: Path) -> None:
    before = rows(tmp_path, "SELECT count(*) FROM audit")
    status, out, _err = call("site", "plan", "ds", "--profile", "desa-tunnel", "--json")
    plan = json.loads(out)
    assert status == 0
    assert {each["label"]: each["value"] for each in plan["allocations"]}["lan"] == "10.33.0.0/24"
    assert all(each["new"] for each in plan["allocations"])
    assert [each["name"] for each in plan["devices"]] == ["vpn-pusat", "rtr-ds", "ap-ds"]
    assert [each["device"] for each in plan["monitored"]] == ["rtr-ds", "ap-ds"]
    assert "sandi" not in out
    assert "kunci" not in out
    assert rows(tmp_path, "SELECT count(*) FROM audit") == before
    assert json.loads(call("site", "plan", "ds", "--profile", "desa-tunnel", "--json")[1]) == plan


def test_a_plan_for_people_warns_of_missing_secrets(call: Call) -> None:
    status, out, err = call("site", "plan", "ds", "--profile", "desa-tunnel")
    assert status == 0
    assert "would be taken" in out
    assert "/system identity set name=rtr-ds" in out
    assert "password=***" in out
    assert "Warning: The credential pwk-wifi has no token yet." in err
    assert "The credential pwk-admin" not in err


def test_first_contact_has_the_secrets_and_is_in_the_journal(call: Call, tmp_path: Path) -> None:
    status, out, err = call("site", "plan", "ds", "--profile", "desa-tunnel", "--bootstrap", "--qr", "qr.png")
    assert status == 0
    assert "password=sandi-admin" in out
    assert "private-key=kunci-wireguard" in out
    assert "holds secrets of rtr-ds" in err
    assert (tmp_path / "qr.png").stat().st_mode & 0o777 == 0o600
    assert rows(tmp_path, "SELECT action, subject FROM audit ORDER BY id DESC LIMIT 1") == [
        ("first contact printed", "ds")
    ]
    status, out, _err = call("site", "plan", "ds", "--profile", "desa-tunnel", "--bootstrap", "--output", "ds.rsc")
    assert (status, out) == (0, "")
    assert (tmp_path / "ds.rsc").stat().st_mode & 0o777 == 0o600


def test_values_are_checked_before_they_are_stored(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "var" / "provisioning" / "variables" / "sites" / "ds.yaml"
    before = file.read_bytes()
    for words in (("wifi_ssid=a;b",), ("onu_id=5", "onu_serial=x y"), ("nothing=1",), ("admin_password=rahasia",)):
        status, _out, err = call("site", "set", "ds", *words)
        assert status == 1
        assert "rahasia" not in err
    assert file.read_bytes() == before
    status, out, _err = call("site", "set", "ds", "wifi_ssid=Desa Cibodas", "dns_servers=10.9.0.7,10.9.0.8", "onu_id=")
    assert status == 0
    assert str(file.relative_to(tmp_path)) in out
    planned = json.loads(call("site", "plan", "ds", "--profile", "desa-tunnel", "--json")[1])
    assert any("10.9.0.7,10.9.0.8" in line for line in planned["devices"][1]["configuration"]["sections"][0]["lines"])
    assert rows(tmp_path, "SELECT action FROM audit ORDER BY id DESC LIMIT 1") == [("variables set",)]


def test_wrong_use_says_what_would_be_right(call: Call) -> None:
    assert call("site", "set", "nowhere", "onu_id=5")[0] == 2
    assert call("site", "set", "ds")[0] == 2
    assert call("site", "set", "--kabupaten", "--device", "x", "onu_id=5")[0] == 2
    status, _out, err = call("site", "plan", "ds")
    assert status == 1
    assert "--profile desa-fibre" in err
    assert call("site", "plan", "ds", "--profile", "desa-tunnel", "--bootstrap", "--device", "x")[0] == 2


def test_profiles_are_listed_with_their_variables(call: Call) -> None:
    listed = json.loads(call("site", "profiles", "--json")[1])
    assert len(listed) == 11
    status, out, _err = call("site", "profiles", "desa-vsat")
    assert status == 0
    names = [line.split("\t")[0] for line in out.splitlines()]
    assert {"concentrator", "tunnel_key", "wan_interface"} <= set(names)
    assert "olt_port" not in names
    assert call("site", "profiles", "desa-fiber")[0] == 1


def test_the_acceptance_sheet_of_a_site_that_nobody_checked_says_so(call: Call, tmp_path: Path) -> None:
    status, out, err = call("site", "sheet", "ds", "--profile", "desa-vsat", "--output", "sheet.pdf")
    assert (status, err) == (0, "")
    all_, unchecked = (out.split()[place] for place in (3, 1))
    assert all_ == unchecked != "0"
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF-1.")
    assert rows(tmp_path, "SELECT action, subject FROM audit ORDER BY id DESC LIMIT 1") == [
        ("acceptance sheet written", "ds")
    ]
    status, _out, err = call("site", "sheet", "ds", "--profile", "desa-vsat", "--output", "nowhere/sheet.pdf")
    assert status == 1
    assert "nowhere/sheet.pdf cannot be written" in err
