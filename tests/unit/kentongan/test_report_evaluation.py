"""The half-yearly evaluation: our own figures by key, the office's with their source, missing ones blank and named."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain.evaluation import half_before, pillar_of
from domain.network import Inventory, Site, SiteKind, Stage, StageEntry
from kentongan.installation import Installation
from kentongan.reporting import ReportDesk
from kentongan.reporting.measuring import in_service_on
from kentongan.settings import load_settings
from tests.command_line import Call, calling
from tests.unit.kentongan.dark_month import FIRST

HALF = f"{FIRST.year}-H{1 if FIRST.month <= 6 else 2}"
BEFORE = half_before(HALF)
INDICATORS = f"""Semester,Kode,Pilar,Indikator,Tingkat,Satuan,Nilai Awal,Target,Realisasi,Diukur,Sumber,OPD
{HALF},SG-1,governance,Desa terhubung,output,desa,0,1,,desa-connected,,Diskominfo
{HALF},SG-2,governance,Desa terlayani,outcome,desa,0,1,1,desa-served,,Diskominfo
{HALF},SG-3,governance,Gangguan,output,kali,,0,,gangguan,,Diskominfo
{HALF},SL-1,living,Puskesmas daring,impact,unit,2,20,10,,Laporan Dinkes 4/2026,Dinkes
{HALF},SV-10,environment,Sensor air,output,titik,,,1,,Laporan DLH,DLH
{HALF},SV-9,environment,Bank sampah,output,unit,,,3,,Laporan DLH,DLH
{HALF},SB-1,branding,Kunjungan situs wisata,quick win,kali,,1000,,,,Disporapar
{HALF},SP-1,spbe,Indeks SPBE,output,indeks,"1,9","2,6","2,1",,,Diskominfo
{BEFORE},SL-1,living,Puskesmas daring,impact,unit,2,10,8,,Laporan Dinkes 1/2026,Dinkes
{BEFORE},SG-3,governance,Gangguan,output,kali,,0,,gangguan,,Diskominfo
"""
SERVICES = "code,name,pillar,owner,public\nsakti,Sakti,Tata Kelola,BKPSDM,no\nwisata,Wisata,Smart Branding,,yes\n"


@pytest.fixture
def call(in_dark_month: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    Path("indicators.csv").write_text(INDICATORS, encoding="utf-8")
    Path("services.csv").write_text(SERVICES, encoding="utf-8")
    found = calling(capsys)
    assert found("import", "indicators.csv", "services.csv")[0] == 0
    return found


def read(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(Path(name).read_text(encoding="utf-8-sig"))))


def test_each_indicator_has_its_figure_its_source_and_the_half_before(call: Call) -> None:
    assert call("report", "evaluation", "--half", HALF, "--csv", "e.csv", "--pdf", "e.pdf", "--xlsx", "e.xlsx")[0] == 0
    rows = {row["code"]: row for row in (*read("e-governance.csv"), *read("e-living.csv"), *read("e-branding.csv"))}
    assert (rows["SG-1"]["figure"], rows["SG-1"]["standing"], rows["SG-1"]["before"]) == ("1", "reached", "1")
    assert "coverage on" in rows["SG-1"]["source"]
    assert (rows["SG-2"]["figure"], rows["SG-2"]["standing"]) == ("", "no figure"), "measured, and never what was typed"
    assert (rows["SG-3"]["figure"], rows["SG-3"]["before"]) == ("1", ""), "of the half before nobody knows"
    assert (rows["SL-1"]["figure"], rows["SL-1"]["before"], rows["SL-1"]["reached_percent"]) == ("10", "8", "50")
    assert (rows["SL-1"]["standing"], rows["SL-1"]["source"]) == ("short", "Laporan Dinkes 4/2026")
    assert (rows["SB-1"]["figure"], rows["SB-1"]["level"]) == ("", "quick win")
    assert [row["code"] for row in read("e-environment.csv")] == ["SV-9", "SV-10"]
    (spbe,) = read("e-spbe.csv")
    assert (spbe["code"], spbe["figure"]) == ("SP-1", "2.1")
    summary = {row["pillar"]: row for row in read("e.csv")}
    assert (summary["Smart Governance"]["no_figure"], summary["Smart Branding"]["no_figure"]) == ("1", "1")
    assert [row["pillar"] for row in read("e-services.csv")] == ["Smart Governance", "Smart Branding"]


def test_what_is_missing_or_contradicts_is_named(call: Call) -> None:
    notes = _notes(call)
    assert "Without a figure" in notes
    assert "SB-1 Kunjungan situs wisata (Disporapar)" in notes
    assert "SG-2 Desa terlayani: the office typed 1, nothing was measured" in notes
    assert "Figures of the office without a source: SP-1." in notes


def _notes(call: Call) -> str:
    with Installation(load_settings(None), "siti").open() as installation:
        desk = ReportDesk(installation)
        found: dict[str, Any] = {}
        _edition, report = desk.report(desk.settled(_wanted()))
        assert report is not None
        found["notes"] = report.notes
    return json.dumps(found, ensure_ascii=False)


def _wanted() -> Any:
    from kentongan.reporting.records import ReportKind, Wanted

    return Wanted(ReportKind.EVALUATION, HALF)


def test_without_indicators_it_says_what_to_import(call: Call) -> None:
    before = half_before(BEFORE)
    status, _out, err = call("report", "evaluation", "--half", before, "--pdf", "x.pdf")
    assert (status, f"no indicators of {before}" in err, "import indicators.csv" in err) == (1, True, True)
    assert not Path("x.pdf").exists()


@pytest.mark.parametrize(
    ("text", "pillar"),
    [("Tata Kelola", "governance"), ("Smart Living", "living"), ("smart-people", "people"), ("x", None), ("", None)],
)
def test_pillars_are_known_by_their_words(text: str, pillar: str | None) -> None:
    assert pillar_of(text) == pillar


def test_a_site_was_in_service_on_a_day_as_its_stages_say_not_as_it_stands_today() -> None:
    """Active in March and handed over in August: on 30 June it was there; so was one that is over now."""
    stages = (
        StageEntry("one", Stage.ACTIVE, date(2026, 3, 2), "BA 1"),
        StageEntry("one", Stage.HANDED_OVER, date(2026, 8, 17), "BAST 1"),
        StageEntry("over", Stage.ACTIVE, date(2024, 1, 8)),
        StageEntry("over", Stage.RETIRED, date(2026, 10, 1)),
    )
    sites = (
        Site("one", "Desa A", SiteKind.DESA, stage=Stage.HANDED_OVER, stage_date=date(2026, 8, 17)),
        Site("over", "Desa B", SiteKind.DESA, stage=Stage.RETIRED, stage_date=date(2026, 10, 1)),
        Site("late", "Pasar", SiteKind.PUBLIC, stage=Stage.ACTIVE, stage_date=date(2026, 7, 1)),
        Site("pop", "PoP", SiteKind.POP),
    )
    inventory = Inventory(sites=sites, stages=stages)

    def there(day: date) -> list[str]:
        return [site.slug for site in in_service_on(inventory, day)]

    assert there(date(2026, 2, 28)) == ["over", "pop"]
    assert there(date(2026, 6, 30)) == ["one", "over", "pop"]
    assert there(date(2026, 12, 31)) == ["one", "late", "pop"]


def test_the_half_before() -> None:
    assert (half_before("2026-H1"), half_before("2026-H2")) == ("2025-H2", "2026-H1")
