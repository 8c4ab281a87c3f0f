"""`kentongan check --audit`: exit statuses and words, from an installation whose log somebody has touched."""

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from domain.incidents import Act, ActKind
from kentongan.installation import Installation
from kentongan.settings import load_settings
from tests.command_line import status_of

T0 = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder after `init` with four rows in its log, made once."""
    folder = tmp_path_factory.mktemp("audited")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert status_of("init", "--kabupaten", "32.14") == 0
        with Installation(load_settings(None), "siti").open() as installation:
            installation.acts.append([Act("a", T0, "siti", ActKind.NOTE, str(number)) for number in range(4)])
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state folder of a copy of it, which is the working folder too."""
    monkeypatch.setenv("LANGUAGE", "en")
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return load_settings(None).folder


def tamper(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "kentongan.db")) as connection, connection:
        for kind, name in connection.execute("SELECT type, name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP {kind} {name}")
        connection.execute(statement)


def findings(capsys: pytest.CaptureFixture[str]) -> Any:
    return [(each["severity"], each["message"]) for each in json.loads(capsys.readouterr().out)]


def test_a_log_that_nobody_touched(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("check", "--audit", "--json") == 0
    assert findings(capsys) == [("ok", "4 rows, whole and unchanged")]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM incident_act WHERE seq = 2", "row 2 is gone"),
        ("UPDATE incident_act SET text = 'x' WHERE seq = 3", "row 3 does not bear our seal"),
        ("DELETE FROM incident_act WHERE seq > 2", "rows 3 to 4 was cut off"),
    ],
)
def test_what_was_done_to_it_is_said_and_the_status_is_1(
    folder: Path, capsys: pytest.CaptureFixture[str], statement: str, words: str
) -> None:
    tamper(folder, statement)
    assert status_of("check", "--audit", "--json") == 1
    assert [words in message for _severity, message in findings(capsys)] == [True]


def test_a_restored_log_is_anchored_again_on_somebodys_word(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tamper(folder, "DELETE FROM incident_act WHERE seq > 2")
    assert status_of("check", "--anchor-again", "restored Friday's backup", "--json") == 0
    assert findings(capsys) == [("ok", "anchored at row 3")]
    assert status_of("check", "--audit", "--json") == 0
    with Installation(load_settings(None), "siti").open() as installation:
        assert installation.journal.read(0, 9)[-1].detail == {"seq": 3, "why": "restored Friday's backup"}


def test_without_the_key_it_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load_settings(None).audit_key_file.unlink()
    assert status_of("check", "--audit", "--json") == 1
    assert "There is no key file" in findings(capsys)[0][1]
