"""`kentongan check` on the office's own files and people: the file, the line, what is wrong and what to do."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from alerts.dispatch.memory import Memory
from alerts.dispatch.track import KIND, Track
from alerts.store.tellings import SqlTellings
from domain.network import Person, PersonRole
from kentongan.doctor.files import look_at_files, where
from kentongan.doctor.findings import Finding, Severity
from kentongan.doctor.telling import look_at_telling
from kentongan.installation import Installation
from kentongan.settings import Loaded, load_settings

TODAY = date(2026, 6, 1)
REPORTS = """[[report]]
name = "opd"
kind = "availability"
by = "opd"
day = "tiga"
to = ["a@example.go.id"]

[[report]]
kind = "coverage"
"""
BUDI = Person("Budi", PersonRole.NOC, channel="wa:62811", duty_hours="24/7")
THRESHOLDS = """
[[threshold]]
name = "cpu-own"
reason = "cpu"
measure = "cpu"
raise_above = 90

[[threshold]]
name = "rain"
reason = "loss"
measure = "loss"
raise_above = "viel"
"""


def loaded_with(tmp_path: Path, **variables: str) -> Loaded:
    file = tmp_path / "kentongan.toml"
    file.write_text("", encoding="utf-8")
    return load_settings(file, {f"KENTONGAN_{name}": value for name, value in variables.items()})


def said(findings: Iterator[Finding], *severities: Severity) -> list[str]:
    return [f"{each.message} {each.remedy}" for each in findings if each.severity in severities]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[list[Installation]]:
    made: list[Installation] = []
    yield made
    for each in made:
        each.close()


def opened(made: list[Installation], tmp_path: Path, **variables: str) -> Installation:
    made.append(Installation(loaded_with(tmp_path, **variables), "test").prepare())
    return made[0]


@pytest.mark.parametrize(
    ("text", "complaint", "line"),
    [
        (THRESHOLDS, "f, threshold rain: 'raise_above' is a number without quotation marks", 12),
        (THRESHOLDS, "f, threshold cpu-own: needs 'limit'", 3),
        (THRESHOLDS, "f, threshold 2: needs a name of small letters, digits and hyphens", 8),
        (THRESHOLDS, "f is not TOML: Expected '=' (at line 4, column 2)", 4),
        ('[mailto]\nkind = "mail"\nport = 0\n', "f: [mailto]: port: write a number from 1 to 65535", 3),
        ('\n[wa]\npreset = "fonte"\n', "f: [wa]: there is no preset 'fonte'", 2),
        ("2026-01-01,a\nx\n", "holidays, line 2: 'x' is not a date. Write 2027-01-31.", 2),
        (REPORTS, "f: [[report]] opd: day: write a whole number from 1 to 180", 5),
        (REPORTS, "f: [[report]] opd: 'hari' is not known here; use: name, kind", 2),
        (REPORTS, "f: [[report]] 2: name: give it a short name of its own, without spaces", 8),
        ("", "f: nothing that has a line", None),
    ],
)
def test_a_complaint_finds_its_line(tmp_path: Path, text: str, complaint: str, line: int | None) -> None:
    file = tmp_path / "f"
    file.write_text(text, encoding="utf-8")
    found = where(file, complaint.replace("f", str(file), 1) if complaint.startswith("f") else complaint)
    assert found.startswith(f"{file}:{line}: " if line else f"{file}: ")
    assert found.count(str(file)) == 1


def test_thresholds_are_read_as_run_reads_them(tmp_path: Path) -> None:
    loaded = loaded_with(tmp_path, ALERTS__THRESHOLDS="own.toml")
    (wrong,) = said(look_at_files(loaded, TODAY), Severity.WRONG)
    assert "own.toml" in wrong, "it is not there"
    (tmp_path / "own.toml").write_text(THRESHOLDS, encoding="utf-8")
    (wrong,) = said(look_at_files(loaded, TODAY), Severity.WRONG)
    assert f"{tmp_path / 'own.toml'}:12: threshold rain: 'raise_above' is a number" in wrong
    (tmp_path / "own.toml").write_text(THRESHOLDS.replace('"viel"', "3"), encoding="utf-8")
    assert not said(look_at_files(loaded, TODAY), Severity.WRONG)


def test_the_schedule_of_reports_is_read_as_the_sender_reads_it(tmp_path: Path) -> None:
    loaded = loaded_with(tmp_path)
    file = tmp_path / "reports.toml"
    file.write_text(REPORTS, encoding="utf-8")
    (wrong,) = said(look_at_files(loaded, TODAY), Severity.WRONG)
    assert wrong.startswith(f"{file}:5: [[report]] opd: day: ")
    assert "no report is sent" in wrong
    file.write_text(REPORTS.replace('"tiga"', "3").split("\n\n")[0], encoding="utf-8")
    assert said(look_at_files(loaded, TODAY), Severity.OK) == [f"{file}: 1 report is sent by itself "]
    file.unlink()
    assert not said(look_at_files(loaded, TODAY), *Severity), "none is wanted"
    other = loaded_with(tmp_path, REPORT__SCHEDULE="lain.toml")
    (missing,) = said(look_at_files(other, TODAY), Severity.WARNING)
    assert f"{tmp_path / 'lain.toml'} is not there" in missing


def test_reports_that_cannot_be_mailed_are_named(make: list[Installation], tmp_path: Path) -> None:
    installation = opened(make, tmp_path)
    assert not any("by mail" in each for each in said(look_at_telling(installation, [BUDI], TODAY), Severity.WARNING))
    file = tmp_path / "reports.toml"
    file.write_text(REPORTS.replace('"tiga"', "3").split("\n\n")[0], encoding="utf-8")
    warnings = said(look_at_telling(installation, [BUDI], TODAY), Severity.WARNING)
    assert any("by mail" in each and "[mailto]" in each for each in warnings)
    file.write_text("[[report]]\n", encoding="utf-8")
    assert not any("by mail" in each for each in said(look_at_telling(installation, [BUDI], TODAY), Severity.WARNING))


def test_holidays_are_read_and_a_year_without_any_is_named(tmp_path: Path) -> None:
    loaded = loaded_with(tmp_path)
    assert not list(look_at_files(loaded, TODAY))
    (note,) = said(look_at_files(loaded, date(2026, 11, 22)), Severity.NOTE)
    assert "2027" in note
    assert said(look_at_files(loaded, date(2027, 2, 1)), Severity.WARNING)
    loaded.holidays_file.parent.mkdir()
    loaded.holidays_file.write_text("2027-01-01,Tahun Baru\n2 Januari,x\n", encoding="utf-8")
    (wrong,) = said(look_at_files(loaded, TODAY), Severity.WRONG)
    assert f"{loaded.holidays_file}:2: " in wrong
    loaded.holidays_file.write_text("2027-01-01,Tahun Baru\n", encoding="utf-8")
    assert not said(look_at_files(loaded, date(2027, 2, 1)), Severity.WARNING, Severity.WRONG)


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"NOTIFY__WEBHOOK_CREDENTIAL": "absent"}, "credential add absent --token"),
        ({"NOTIFY__INBOUND_CREDENTIAL": "absent"}, "credential add absent --token"),
    ],
)
def test_a_secret_that_is_not_stored_is_named(
    make: list[Installation], tmp_path: Path, variables: Mapping[str, str], named: str
) -> None:
    installation = opened(make, tmp_path, **variables)
    assert any(named in each for each in said(look_at_telling(installation, [BUDI], TODAY), Severity.WRONG))


def test_people_who_cannot_be_told_are_named(make: list[Installation], tmp_path: Path) -> None:
    installation = opened(make, tmp_path, NOTIFY__BASE_URL="http://kentongan.example", INBOUND__HOST="0.0.0.0")
    (tmp_path / "channels.toml").write_text('[mailto]\nkind = "mail"\nhost = "h"\nport = 0\n', encoding="utf-8")
    (wrong,) = said(look_at_telling(installation, [BUDI], TODAY), Severity.WRONG)
    assert f"{tmp_path / 'channels.toml'}:4: [mailto]: port" in wrong
    (tmp_path / "channels.toml").unlink()
    warnings = said(look_at_telling(installation, [replace(BUDI, duty_hours="kadang")], TODAY), Severity.WARNING)
    assert any("people.csv: Budi: " in each and "kadang" in each for each in warnings)
    assert any("[wa]" in each for each in warnings)
    assert any("https://" in each for each in warnings)
    assert any("0.0.0.0" in each for each in said(look_at_telling(installation, [BUDI], TODAY), Severity.NOTE))
    gone = replace(BUDI, valid_to=date(2026, 5, 31))
    assert any(
        "Nobody can be told" in each for each in said(look_at_telling(installation, [gone], TODAY), Severity.WARNING)
    )


def test_an_incident_that_nobody_heard_of_is_named(make: list[Installation], tmp_path: Path) -> None:
    installation = opened(make, tmp_path)
    SqlTellings(installation.database.engine).save(
        [Track("abcd-efgh", 2).as_memory(), Memory(KIND + "x", "other", {"a": 1})]
    )
    warnings = said(look_at_telling(installation, [], TODAY), Severity.WARNING)
    assert any("abcd-efgh" in each for each in warnings)
