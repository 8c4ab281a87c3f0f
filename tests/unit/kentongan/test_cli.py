"""The command line in this process: exit statuses, JSON keys, one sentence for each error, and secrets nowhere."""

import csv
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from gettext import NullTranslations
from pathlib import Path
from typing import Any

import pytest

from domain.language import use
from domain.network import Inventory, Link, Medium
from kentongan.__main__ import main
from kentongan.cli import commands
from kentongan.doctor import Severity
from kentongan.doctor.machine import look_at_machine
from kentongan.doctor.records import look_at_records
from kentongan.settings import Settings

SECRET = "rahasia-desa-9"
DEVICE_KEYS = ["name", "site", "place", "role", "platform", "address", "state", "reason", "since", "megabytesThisMonth"]
SITES = [
    ["slug", "name", "kind", "region_code"],
    ["pop", "PoP", "pop", "32.14.01"],
    ["ds", "Citalang", "desa", "32.14.01.2010"],
]
DEVICES = [
    ["name", "site", "role", "address", "check", "credential", "uplink"],
    ["rtr-pop", "pop", "router", "10.1.1.1", "icmp+snmp", "desa", ""],
    ["rtr-ds", "ds", "router", "10.1.1.2", "icmp+snmp", "desa", "rtr-pop"],
]


@dataclass(frozen=True)
class Done:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Call = Callable[..., Done]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Iterator[Call]:
    """Runs a command as the shell would; never a traceback, never the secret."""

    def run(*words: str) -> Done:
        with pytest.raises(SystemExit) as ended:
            main(list(words))
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        assert SECRET not in printed.out + printed.err
        assert isinstance(ended.value.code, int)
        return Done(ended.value.code, printed.out, printed.err)

    yield run
    use("en", NullTranslations())


@pytest.fixture(autouse=True)
def newcomer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty working folder, English, and no settings from outside."""
    for name in [*os.environ]:
        if name.startswith("KENTONGAN_") or name in ("LC_ALL", "LC_MESSAGES"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder after `init`, made once: every region of the country takes a moment."""
    folder = tmp_path_factory.mktemp("prepared")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        with pytest.raises(SystemExit) as ended:
            main(["init", "--kabupaten", "32.14"])
    assert ended.value.code == 0
    return folder


@pytest.fixture
def office(prepared: Path, newcomer: None) -> Path:
    """The working folder holds an installation of Purwakarta, and two files to import."""
    here = Path.cwd()
    shutil.copytree(prepared, here, dirs_exist_ok=True)
    write(here / "files" / "sites.csv", SITES)
    write(here / "files" / "devices.csv", DEVICES)
    return here


def write(file: Path, rows: list[list[str]]) -> None:
    file.parent.mkdir(exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows(rows)


def add_credential(call: Call, monkeypatch: pytest.MonkeyPatch, name: str = "desa") -> Done:
    monkeypatch.setenv("KENTONGAN_COMMUNITY", SECRET)
    return call("credential", "add", name)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["frobnicate"], 2),
        (["devices", "--colour"], 2),
        (["import"], 2),
        (["import", "nowhere"], 2),
        (["init", "--kabupaten", "99.99"], 2),
        (["demo", "--json"], 2),
        (["probe", "127.0.0.1", "--version", "3"], 2),
        (["credential", "add", "x", "--ssh"], 2),
        (["lab", "status"], 2),
        (["--config", "none.toml", "settings"], 2),
        (["devices"], 1),
        (["run", "--no-live"], 1),
        (["check"], 1),
        (["settings"], 0),
        (["--help"], 0),
    ],
)
def test_exit_statuses(call: Call, words: list[str], status: int) -> None:
    done = call(*words)
    assert done.status == status, done
    if status:
        assert done.err.strip() or words == ["check"]
        assert len(done.err.strip().splitlines()) <= 3


@pytest.mark.parametrize("words", [["devices"], ["export", "x"], ["credential", "list"], ["run", "--no-live"]])
def test_before_init_the_next_step_is_named(call: Call, words: list[str]) -> None:
    assert "kentongan init --kabupaten CODE" in call(*words).err


@pytest.mark.parametrize("name", commands())
def test_every_command_has_help_with_an_example(call: Call, name: str) -> None:
    done = call(name, "--help")
    assert done.status == 0
    if commands()[name].example:
        assert commands()[name].example in " ".join(done.out.split())


def test_json_has_its_keys(call: Call, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dry = call("import", "files", "--dry-run", "--json")
    assert (dry.status, dry.json["stored"]) == (0, False)
    assert call("devices", "--json").json == []
    stored = call("import", "files", "--json").json
    assert list(stored) == ["stored", "counts", "errors", "notes", "rejected"]
    assert (stored["stored"], stored["counts"]["sites"], stored["counts"]["devices"]) == (True, 2, 2)
    devices = call("devices", "--json").json
    assert [list(row) for row in devices] == [DEVICE_KEYS, DEVICE_KEYS]
    assert devices[0]["place"] == "Citalang (Kec. Purwakarta)"
    assert {row["state"] for row in devices} == {"unknown"}
    assert call("devices", "--json", "--state", "up").json == []
    assert [row["name"] for row in call("devices", "--json", "--site", "pop").json] == ["rtr-pop"]
    add_credential(call, monkeypatch)
    assert call("credential", "list", "--json").json == [{"name": "desa", "kind": "snmp-v2c"}]
    settings = call("settings", "--json").json
    assert settings["exporter.port"] == {"value": "9275", "source": "default"}
    assert all(list(finding) == ["severity", "about", "message", "remedy"] for finding in call("check", "--json").json)


def test_in_a_pipe_a_table_is_plain_lines(call: Call, office: Path) -> None:
    call("import", "files")
    lines = call("devices").out.splitlines()
    assert len(lines) == 3
    assert all(line.count("\t") == lines[0].count("\t") for line in lines)


def test_a_wrong_row_is_named_and_nothing_is_stored(call: Call, office: Path) -> None:
    write(
        office / "files" / "devices.csv",
        [*DEVICES, ["rtr-x", "nowhere", "router", "10.1.1.3", "icmp+snmp", "desa", ""]],
    )
    done = call("import", "files")
    assert done.status == 1
    assert "devices.csv" in done.err
    assert "nowhere" in done.err
    assert call("devices", "--json").json == []
    accepted = call("import", "files", "--accept-good", "--json")
    assert (accepted.status, accepted.json["rejected"]) == (1, "rejected.csv")
    assert len(call("devices", "--json").json) == 2
    assert "rtr-x" in (office / "rejected.csv").read_text(encoding="utf-8-sig")


def test_credentials_are_stored_sealed_and_never_printed(
    call: Call, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`call` itself fails if the secret is in what a command prints."""
    assert add_credential(call, monkeypatch).status == 0
    call("credential", "list")
    call("credential", "list", "--json")
    for word in ("AUTH", "PRIV"):
        monkeypatch.setenv(f"KENTONGAN_{word}_PASSWORD", SECRET)
    v3 = ("--version", "3", "--user", "noc")
    assert call("credential", "add", "aman", *v3, "--auth", "SHA-256", "--priv", "AES").status == 0
    assert "broken" in call("credential", "add", "tua", *v3, "--auth", "MD5", "--priv", "DES").err
    kinds = {row["name"]: row["kind"] for row in call("credential", "list", "--json").json}
    assert kinds == {
        "desa": "snmp-v2c", "aman": "snmp-v3 authPriv SHA-256 AES", "tua": "snmp-v3 authPriv MD5 DES",
    }  # fmt: skip
    files = [file for file in (office / "var").rglob("*") if file.is_file()]
    assert not [file for file in files if SECRET.encode() in file.read_bytes()]


def test_a_rotated_key_is_a_new_file_and_stands_in_the_journal(
    call: Call, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_credential(call, monkeypatch)
    key = office / "var" / "key"
    before = key.read_text()
    done = call("credential", "rotate-key")
    assert done.status == 0
    assert done.out.startswith("1 credentials are sealed with the new key ")
    assert "Copy " in done.err
    assert key.read_text() not in (before, done.out + done.err)
    assert key.read_text().strip() not in done.out + done.err
    assert call("credential", "list", "--json").json == [{"name": "desa", "kind": "snmp-v2c"}]
    with closing(sqlite3.connect(office / "var" / "kentongan.db")) as database:
        action, detail = database.execute("SELECT action, detail FROM audit ORDER BY id DESC").fetchone()
    assert action == "key rotated"
    assert f"{json.loads(detail)['to']};" in done.out
    assert json.loads(detail)["credentials"] == 1


def test_a_key_from_the_environment_cannot_be_rotated(
    call: Call, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KENTONGAN_SECRETS__KEY", (office / "var" / "key").read_text().strip())
    done = call("credential", "rotate-key")
    assert done.status == 2
    assert "secrets.key" in done.err


@pytest.mark.parametrize(
    "words",
    [
        ["credential", "add", "x", "--version", "3"],
        ["credential", "add", "x", "--version", "3", "--user", "u", "--priv", "AES"],
        ["credential", "add", "x", "--version", "9"],
        ["credential", "add", "x", SECRET.replace("rahasia", "kata")],
        ["credential", "remove", "x"],
        ["probe", "not-an-address", "--credential", "desa"],
        ["probe", "127.0.0.1", "--credential", "x"],
    ],
)
def test_wrong_use_with_secrets_at_hand(
    call: Call, office: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    add_credential(call, monkeypatch)
    assert call(*words).status in (1, 2)


def test_a_short_password_is_refused_without_being_told(
    call: Call, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KENTONGAN_AUTH_PASSWORD", "kurang7")
    done = call("credential", "add", "x", "--version", "3", "--user", "u", "--auth", "SHA")
    assert done.status == 2
    assert "8" in done.err
    assert "kurang7" not in done.err


def test_a_credential_in_use_is_not_removed(call: Call, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call("import", "files")
    add_credential(call, monkeypatch)
    refused = call("credential", "remove", "desa")
    assert refused.status == 2
    assert "2 devices" in refused.err


def findings(call: Call, status: int) -> dict[str, list[dict[str, str]]]:
    done = call("check", "--json")
    assert done.status == status, done.out
    found: dict[str, list[dict[str, str]]] = {}
    for finding in done.json:
        found.setdefault(finding["about"], []).append(finding)
    return found


def test_check_is_content_with_a_sound_installation(call: Call, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call("import", "files")
    add_credential(call, monkeypatch)
    found = findings(call, 0)
    assert {"settings", "key of the credentials", "database", "clock", "disk", "ICMP"} <= set(found)
    assert not [f for about in found.values() for f in about if f["severity"] == "wrong"]


def test_check_knows_two_villages_of_one_name(call: Call, office: Path) -> None:
    [note] = findings(call, 0)["village names"]
    assert note["severity"] == "note"
    assert "Cibodas (Sukatani, Bungursari)" in note["message"]


def test_check_finds_a_missing_key_and_says_how_to_mend_it(call: Call, office: Path) -> None:
    (office / "var" / "key").unlink()
    [wrong] = findings(call, 1)["key of the credentials"]
    assert wrong["severity"] == "wrong"
    assert str(office / "var" / "key") in wrong["message"]
    assert wrong["remedy"]


def test_check_finds_a_key_that_others_can_read(call: Call, office: Path) -> None:
    (office / "var" / "key").chmod(0o644)
    [wrong] = findings(call, 1)["key of the credentials"]
    assert wrong["remedy"] == f"chmod 600 {office / 'var' / 'key'}"


def test_check_finds_devices_that_wait_for_a_credential(call: Call, office: Path) -> None:
    call("import", "files")
    [wrong] = findings(call, 1)["credentials"]
    assert "2 devices wait for the credential 'desa'" in wrong["message"]
    assert wrong["remedy"] == "kentongan credential add desa"


def test_check_finds_a_device_without_address(call: Call, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(office / "files" / "devices.csv", [*DEVICES, ["ap-ds", "ds", "ap", "", "icmp", "", "rtr-ds"]])
    assert call("import", "files").status == 0
    add_credential(call, monkeypatch)
    [wrong] = findings(call, 1)["addresses"]
    assert "ap-ds" in wrong["message"]


def test_a_broken_settings_file_names_the_nearest_key(call: Call, office: Path) -> None:
    with (office / "kentongan.toml").open("a", encoding="utf-8") as file:
        file.write("\n[exportr]\nport = 1\n")
    done = call("devices")
    assert done.status == 2
    assert "exporter.port" in done.err


@pytest.mark.parametrize("variable", ["LANG", "LC_ALL", "LANGUAGE"])
def test_indonesian_by_the_environment(
    call: Call, office: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.delenv("LANGUAGE")
    monkeypatch.setenv(variable, "id_ID.UTF-8")
    assert "Pemakaian:" in call("--help").out
    refused = call("import", "nowhere").err
    assert "nowhere" in refused
    assert "There is no" not in refused
    monkeypatch.setenv("KENTONGAN_LANGUAGE__LANGUAGE", "en")
    assert "There is no nowhere" in call("import", "nowhere").err


def test_what_is_no_use_of_secrets_does_not_need_the_key(call: Call, office: Path) -> None:
    call("import", "files")
    (office / "var" / "key").unlink()
    assert len(call("devices", "--json").json) == 2
    refused = call("credential", "list")
    assert refused.status == 1
    assert "key" in refused.err


def test_the_interrupted_command_ends_with_130(call: Call, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_call: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kentongan.cli.context.Invocation.open", interrupt)
    assert call("devices").status == 130


def test_a_fault_of_our_own_is_told_as_one_and_shows_no_values(
    office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The trace goes into the log; what the broken function held, and what its error said of a secret, does not."""

    def broken(_self: object, _credential: object) -> None:
        held = SECRET
        raise RuntimeError(f"refused: community={held}")

    monkeypatch.setattr("inventory.store.SqlVault.put", broken)
    monkeypatch.setenv("KENTONGAN_COMMUNITY", SECRET)
    with pytest.raises(SystemExit) as ended:
        main(["credential", "add", "desa"])
    printed = capsys.readouterr()
    assert ended.value.code == 1
    assert "fault of Kentongan itself" in printed.err
    assert "RuntimeError" in printed.err
    assert SECRET not in printed.out + printed.err


def test_the_doctor_finds_interfaces_that_are_not_there() -> None:
    link = Link("fo-1", "rtr-pop", "sfp-9", "rtr-ds", "ether1", medium=Medium.FIBRE)
    seen = {"rtr-pop": frozenset({"sfp-1", "sfp-2"}), "rtr-ds": frozenset({"ether1"})}
    found = [f for f in look_at_records(Inventory(links=(link,)), (), (), seen) if f.about == "interface names"]
    assert [finding.severity for finding in found] == [Severity.WARNING]
    assert "rtr-pop has no interface 'sfp-9'" in found[0].message
    assert "sfp-1, sfp-2" in found[0].remedy


@pytest.mark.parametrize(
    ("now", "newest", "severity"),
    [
        (datetime(2021, 1, 3, tzinfo=UTC), None, Severity.WRONG),
        (datetime(2030, 1, 3, tzinfo=UTC), datetime(2030, 1, 4, tzinfo=UTC), Severity.WRONG),
        (datetime(2030, 1, 5, tzinfo=UTC), datetime(2030, 1, 4, tzinfo=UTC), Severity.OK),
    ],
)
def test_the_doctor_finds_a_clock_that_is_behind_what_has_been(
    tmp_path: Path, now: datetime, newest: datetime | None, severity: Severity
) -> None:
    [clock] = [f for f in look_at_machine(Settings(), tmp_path, newest, now) if f.about == "clock"]
    assert clock.severity is severity
