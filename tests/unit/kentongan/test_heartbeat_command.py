"""`kentongan heartbeat`: tokens are shown once, kept as hashes, taken back, and every step is in the journal."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from domain.network import RegionCode, Site, SiteKind
from domain.secrets import Secret
from domain.services import hash_of
from kentongan.installation import Installation
from kentongan.settings import load_settings
from tests.command_line import Call, calling


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """An installation with one desa; runs a command: status, output, errors."""
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)

    (tmp_path / "kentongan.toml").write_text('[heartbeat]\nurl = "https://k.example.go.id"\ninterval_seconds = 120\n')
    with Installation(load_settings(None), "siti").prepare() as installation:
        installation.inventory.write([Site("ds", "Desa Citalang", SiteKind.DESA, RegionCode("32.14.01.2010"))])
    return calling(capsys)


def journal(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "var" / "kentongan.db")) as database:
        return [row[0] for row in database.execute("SELECT action FROM audit ORDER BY id")]


def stored(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in (folder / "var").iterdir() if path.name.startswith("kentongan.db"))


def test_a_token_is_shown_once_and_kept_as_a_hash(call: Call, tmp_path: Path) -> None:
    status, out, _err = call("heartbeat", "add", "ds", "--json")
    made = json.loads(out)
    assert (status, made["site"]) == (0, "ds")
    assert made["url"] == f"https://k.example.go.id/heartbeat/{made['token']}"
    assert made["token"].encode() not in stored(tmp_path)
    assert hash_of(Secret(made["token"])).encode() in stored(tmp_path)
    _status, listed, _err = call("heartbeat", "list", "--json")
    assert [(row["site"], row["tokens"]) for row in json.loads(listed)] == [("ds", 1)]
    assert made["token"] not in listed
    assert journal(tmp_path)[-1] == "heartbeat token made"


def test_what_is_taken_back_is_gone(call: Call, tmp_path: Path) -> None:
    call("heartbeat", "add", "ds")
    call("heartbeat", "add", "ds")
    assert "2" in call("heartbeat", "revoke", "ds")[1]
    assert json.loads(call("heartbeat", "list", "--json")[1]) == []
    assert journal(tmp_path)[-1] == "heartbeat tokens revoked"
    status, _out, err = call("heartbeat", "revoke", "ds")
    assert status == 2
    assert "heartbeat list" in err


@pytest.mark.parametrize("kind", ["routeros6", "routeros7", "shell", "line", "openwrt"])
def test_a_script_holds_a_new_token_or_the_one_that_is_given(
    call: Call, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = json.loads(call("heartbeat", "add", "ds", "--json")[1])["token"]
    status, out, err = call("heartbeat", "script", "ds", "--kind", kind)
    assert status == 0
    assert "https://k.example.go.id/heartbeat/" in out
    assert token not in out
    assert "revoke" in err
    monkeypatch.setenv("KENTONGAN_TOKEN", token)
    assert token in call("heartbeat", "script", "ds", "--kind", kind)[1]
    assert json.loads(call("heartbeat", "list", "--json")[1])[0]["tokens"] == 2, "a token that is given is not made"


@pytest.mark.parametrize("words", [("add", "nowhere"), ("script", "nowhere"), ("script", "ds", "--dns", "a b;c")])
def test_what_cannot_be_is_refused_and_nothing_is_kept(call: Call, words: tuple[str, ...]) -> None:
    status, out, err = call("heartbeat", *words)
    assert (status, out) == (2, "")
    assert err
    assert json.loads(call("heartbeat", "list", "--json")[1]) == []


def test_a_token_of_nobody_makes_no_script(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KENTONGAN_TOKEN", "a" * 32)
    status, out, _err = call("heartbeat", "script", "ds")
    assert (status, out) == (2, "")
