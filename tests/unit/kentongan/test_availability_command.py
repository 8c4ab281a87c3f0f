"""`kentongan availability` of last month: figures, closing, overriding, correcting; JSON, CSV and text."""

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from alerts.maintenance import Scope, ScopeKind, Window, WorkKind
from alerts.store.maintenance import SqlMaintenance
from domain.incidents import (
    Act,
    ActKind,
    Liable,
    Party,
)
from kentongan.installation import Installation
from kentongan.settings import load_settings
from tests.command_line import status_of
from tests.unit.kentongan.dark_month import FELL, PERIOD, ROSE, WIB


@dataclass(frozen=True)
class Call:
    """Runs the command; what it printed."""

    capsys: pytest.CaptureFixture[str]

    def json(self, *words: str) -> Any:
        return json.loads(self.text("availability", "--period", PERIOD, "--json", *words))

    def text(self, *words: str, status: int = 0) -> str:
        self.capsys.readouterr()
        assert status_of(*words) == status
        printed = self.capsys.readouterr()
        return printed.out if status == 0 else printed.err


@pytest.fixture
def call(in_dark_month: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    return Call(capsys)


def charged(shown: Any) -> Any:
    return [
        (each["party"], each["name"], each["cause"], each["seconds"], each["overridden"])
        for each in shown["rows"][0]["charged"]
    ]


def test_a_month_by_village(call: Call) -> None:
    shown = call.json()
    assert (shown["period"], shown["by"], shown["zone"]) == (PERIOD, "desa", "Asia/Jakarta")
    (row,) = shown["rows"]
    assert (row["key"], row["name"], row["kecamatan"]) == ("32.14.01.2010", "Citalang", "Purwakarta")
    days = (datetime.fromisoformat(shown["until"]) - datetime.fromisoformat(shown["from"])).days
    assert sum(row["seconds"].values()) == days * 86_400
    assert row["seconds"]["down"] == 3 * 3600
    assert row["availabilityPercent"] == pytest.approx(100 * (1 - 3 / (24 * days)), abs=1e-4)
    assert row["completenessPercent"] == 100.0
    assert row["outages"] == {"count": 1, "longestSeconds": 10_800, "meanSeconds": 10_800}
    assert charged(shown) == [("pln", "W3", "power", 10_800, False)]


def test_our_announced_work_is_planned_and_no_longer_than_it_was_announced(call: Call) -> None:
    with Installation(load_settings(None), "siti").open() as installation:
        scopes = (Scope(ScopeKind.SITE, "ds"),)
        window = Window("m-abcde", WorkKind.OWN, scopes, FELL - timedelta(hours=1), FELL + timedelta(hours=2))
        SqlMaintenance(installation.database.engine).save(window)
    (row,) = call.json()["rows"]
    assert (row["seconds"]["planned"], row["seconds"]["down"]) == (2 * 3600, 3600)


def test_as_a_table_of_numbers_and_for_people(call: Call) -> None:
    (row,) = csv.DictReader(io.StringIO(call.text("availability", "--period", PERIOD, "--by", "kecamatan", "--csv")))
    assert (row["key"], row["down_seconds"], row["charged_pln_seconds"]) == ("32.14.01", "10800", "10800")
    assert row["restitution_from_ticket"] == ""
    assert "pln W3 3.00 (power)" in call.text("availability", "--period", PERIOD)
    for by in ("opd", "link", "provider"):
        assert call.json("--by", by)["rows"] == []


def test_what_is_no_month_is_refused(call: Call) -> None:
    assert "'Oktober' is no month" in call.text("availability", "--period", "Oktober", status=2)
    assert "--period" in call.text("availability", status=2)
    assert "has not begun" in call.text("availability", "--period", "2099-01", status=2)


def test_a_person_overrides_the_machine_and_both_are_kept(call: Call) -> None:
    words = ("--party", "owner", "--party-name", "Pemdes Citalang", "--why", "token habis")
    call.text("availability", "override", "k7f3-2qxm", *words)
    assert charged(call.json()) == [("owner", "Pemdes Citalang", "power", 10_800, True)]
    with Installation(load_settings(None), "siti").open() as installation:
        kept = installation.incidents.get("k7f3-2qxm")
        assert kept is not None
        assert kept.liable == Liable(Party.PLN, "W3")
        assert installation.acts.of("k7f3-2qxm")[-1].text == "token habis"
        assert installation.acts.verify().is_whole
    assert "no incident" in call.text("availability", "override", "none", *words, status=1)


def test_what_was_found_on_site_decides_the_cause_and_the_party(call: Call) -> None:
    with Installation(load_settings(None), "siti").open() as installation:
        installation.acts.append([Act("k7f3-2qxm", ROSE, "Asep", ActKind.CLOSED, "", {"cause": "token-habis"})])
    assert charged(call.json()) == [("owner", "Desa Citalang", "token-habis", 10_800, True)]


def test_a_closed_month_stays_and_later_documents_are_seen_beside_it(call: Call) -> None:
    before = call.json()
    assert before["closed"] is None
    said = call.text("availability", "close", PERIOD)
    assert "closed already" in call.text("availability", "close", PERIOD, status=1)
    assert "Nothing reads otherwise" in call.text("availability", "correct", PERIOD, "--why", "x")
    call.text("availability", "override", "k7f3-2qxm", "--party", "ours", "--why", "BA 14")
    assert "2 rows corrected" in call.text("availability", "correct", PERIOD, "--why", "BA 14")  # desa and kecamatan
    assert "Nothing reads otherwise" in call.text("availability", "correct", PERIOD, "--why", "x")
    after = call.json()
    assert after["rows"] == before["rows"]
    assert after["closed"]["hash"] in said
    (correction,) = after["corrections"]
    assert (correction["why"], correction["previous"]) == ("BA 14", after["closed"]["hash"])
    (changed,) = correction["changes"]
    assert changed["key"] == "32.14.01.2010"
    assert [each["party"] for each in changed["changed"]["charged"]["after"]] == ["ours"]
    assert "BA 14" not in call.text("availability", "--period", PERIOD)  # remarks go beside the table


def test_the_hash_is_over_the_document_itself(call: Call) -> None:
    call.text("availability", "close", PERIOD)
    with Installation(load_settings(None), "siti").open() as installation, installation.database.transaction() as own:
        document, kept = own.exec_driver_sql("SELECT document, hash FROM availability_month").one()
    assert hashlib.sha256(document.encode()).hexdigest() == kept
    assert {report["by"] for report in json.loads(document)["reports"]} == {
        "desa", "kecamatan", "opd", "link", "provider",
    }  # fmt: skip


def test_this_month_lasts_and_cannot_be_closed(call: Call) -> None:
    now = f"{datetime.now(WIB):%Y-%m}"
    assert "not over yet" in call.text("availability", "close", now, status=1)
    assert "is not closed" in call.text("availability", "correct", now, "--why", "x", status=1)
