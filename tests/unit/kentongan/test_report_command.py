"""`kentongan report`: the figures of the other commands in files; a closed month's files repeat themselves."""

import csv
import io
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from domain.states import State, StateChange
from kentongan.installation import Installation
from kentongan.settings import load_settings
from tests.command_line import Call, calling
from tests.unit.kentongan.dark_month import PERIOD, ROSE


@pytest.fixture
def call(in_dark_month: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    return calling(capsys)


def sheet(path: str, at: int) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in load_workbook(path).worksheets[at].iter_rows(min_row=3)]


def test_a_month_in_files_is_the_month_of_the_command(call: Call) -> None:
    shown = json.loads(call("availability", "--period", PERIOD, "--json")[1])
    words = ("report", "availability", "--period", PERIOD, "--xlsx", "m.xlsx", "--csv", "m.csv", "--pdf", "m.pdf")
    status, out, _err = call(*words)
    assert (status, out.split()) == (
        0,
        ["m.pdf", "m.xlsx", "m.csv", "m-charged.csv", "m-downtime.csv", "m-restitution.csv"],
    )
    assert Path("m.pdf").read_bytes().startswith(b"%PDF-1.")
    (row,) = shown["rows"]
    found = dict(zip(*sheet("m.xlsx", 1), strict=True))
    assert (found["code"], found["available %"], found["seen %"]) == (
        row["key"],
        row["availabilityPercent"],
        row["completenessPercent"],
    )
    assert found["dark h"] == row["seconds"]["down"] / 3600 == 3
    assert [line[:4] for line in sheet("m.xlsx", 2)[1:]] == [["PLN", "W3", "power", 3]]
    (line,) = csv.DictReader(io.StringIO(Path("m.csv").read_text(encoding="utf-8-sig")))
    assert float(line["availability_percent"]) == row["availabilityPercent"]


def test_a_closed_month_repeats_itself_whatever_comes_later(call: Call) -> None:
    words = ("report", "availability", "--period", PERIOD, "--by", "kecamatan")
    assert call(*words, "--xlsx", "before.xlsx")[0] == 0
    about = [cell.value for cell in load_workbook("before.xlsx").worksheets[0]["A"]]
    assert "provisional" in about
    assert call("availability", "close", PERIOD)[0] == 0
    assert call(*words, "--xlsx", "one.xlsx", "--pdf", "one.pdf")[0] == 0
    with Installation(load_settings(None), "siti").open() as installation:
        installation.states.apply([StateChange(ROSE + timedelta(days=1), "rtr", State.UP, State.DOWN, "late")])
    assert call(*words, "--xlsx", "two.xlsx", "--pdf", "two.pdf")[0] == 0
    for kind in ("xlsx", "pdf"):
        assert Path(f"one.{kind}").read_bytes() == Path(f"two.{kind}").read_bytes()
    closed = json.loads(call("availability", "--period", PERIOD, "--json")[1])["closed"]
    about = [cell.value for row in load_workbook("two.xlsx").worksheets[0].iter_rows() for cell in row]
    assert closed["hash"] in about
    assert "provisional" not in about


def test_coverage_in_files_is_that_of_the_command(call: Call) -> None:
    shown = json.loads(call("coverage", "--at", "2019-12-31", "--json")[1])
    status, _out, err = call("report", "coverage", "--at", "2019-12-31", "--since", "2019-04-30", "--xlsx", "c.xlsx")
    assert (status, err) == (0, "")
    rows = {line[0]: line[1] for line in sheet("c.xlsx", 1)[1:]}
    assert (rows["in all"], rows["connected (by documents)"]) == (shown["desa"]["villages"], 1)
    assert sheet("c.xlsx", 2)[-1][:3] == ["together", shown["desa"]["villages"], shown["desa"]["connected"]]
    unmeasured = sum(each["measured"] == "unmeasured" for each in shown["villages"])
    assert len(sheet("c.xlsx", 5)) == 1 + unmeasured
    assert sheet("c.xlsx", 6)[1] == ["connected now", "32.14.01.2010", "Citalang", "Purwakarta"]


def test_the_office_puts_its_own_words_around_it(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KENTONGAN_REPORT__INSTITUTION", "Dinas Kominfo Statistik")
    monkeypatch.setenv("KENTONGAN_REPORT__SIGNER", "Rina Marlina")
    words = ("report", "availability", "--period", PERIOD, "--dated", "2026-01-02", "--by", "link", "--xlsx", "l.xlsx")
    assert call(*words)[0] == 0
    about = [cell.value for cell in load_workbook("l.xlsx").worksheets[0]["A"]]
    assert {"Dinas Kominfo Statistik", "Rina Marlina", datetime(2026, 1, 2)} <= set(about)
    assert "Nothing was measured in this month." in about


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("availability", "--period", PERIOD), 2, "Say what to write"),
        (("availability", "--period", "may", "--pdf", "x.pdf"), 2, "is no period"),
        (("availability", "--period", PERIOD, "--pdf", "nowhere/x.pdf"), 1, "cannot be written"),
        (("coverage", "--at", "31/12/2020", "--pdf", "x.pdf"), 2, "Write it like 2020-12-31"),
    ],
)
def test_what_cannot_be_is_said(call: Call, words: tuple[str, ...], status: int, said: str) -> None:
    found, _out, err = call("report", *words)
    assert (found, said in err) == (status, True), err
    assert not Path("x.pdf").exists()
