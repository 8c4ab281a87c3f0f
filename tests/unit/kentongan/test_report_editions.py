"""Reports of closed periods: kept whole, given out octet by octet, corrected beside and never over."""

import csv
import hashlib
import io
import json
import threading
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from benchmarks import page, year_report
from domain.availability import month
from domain.changes import new_job
from domain.incidents import Act, ActKind
from domain.network import Link, RegionCode, Site, SiteKind, Stage, StageEntry
from domain.states import State, StateChange
from kentongan.installation import Installation
from kentongan.reporting import Edition, ReportDesk, ReportError, ReportUnknownError
from kentongan.reporting.bandwidth import _agencies, bandwidth_document
from kentongan.reporting.store import SqlReportStore
from kentongan.settings import load_settings
from kentongan.store.report_tables import report_file
from provisioning.store.changes import SqlJobStore
from provisioning.store.speeds import MeasuredSpeed, SqlSpeeds
from tests.command_line import Call, calling
from tests.unit.kentongan.dark_month import FELL, PERIOD, ROSE, WIB

MAY, JULY = date(2020, 5, 4), date(2020, 7, 14)


@pytest.fixture
def call(in_dark_month: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    return calling(capsys)


def opened() -> Installation:
    return Installation(load_settings(None), "siti").open()


def tables_of(desk: ReportDesk, edition: Edition) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(io.BytesIO(desk.get(edition.id, "csv").octets)) as archive:
        return {
            name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
            for name in archive.namelist()
        }


def test_a_closed_month_is_kept_and_a_correction_makes_a_second_edition(call: Call) -> None:
    assert call("availability", "close", PERIOD)[0] == 0
    assert call("report", "availability", "--period", PERIOD, "--pdf", "one.pdf", "--csv", "one.csv")[0] == 0
    (kept,) = json.loads(call("report", "list", "--json")[1])
    assert (kept["id"], kept["revision"], kept["actor"]) == (f"availability-desa-{PERIOD}-r1", 1, kept["actor"])
    one = Path("one.pdf").read_bytes()
    assert {each["format"]: each["sha256"] for each in kept["files"]}["pdf"] == hashlib.sha256(one).hexdigest()
    with opened() as installation:
        values = {"party": "provider", "party_name": "Telkom"}
        installation.acts.append([Act("k7f3-2qxm", ROSE, "siti", ActKind.NOTE, "surat", values)])
    assert call("availability", "correct", PERIOD, "--why", "surat PLN 12")[0] == 0
    assert call("report", "availability", "--period", PERIOD, "--csv", "two.csv", "--pdf", "two.pdf")[0] == 0
    assert Path("two.csv").read_bytes() == Path("one.csv").read_bytes()
    assert "surat PLN 12" in Path("two-corrections.csv").read_text(encoding="utf-8-sig")
    assert Path("two.pdf").read_bytes() != one
    assert call("report", "get", kept["id"], "--pdf", "again.pdf")[0] == 0
    assert Path("again.pdf").read_bytes() == one
    two, first = json.loads(call("report", "list", "--json")[1])
    assert (two["revision"], two["previous"], two["why"]) == (2, first["hash"], "surat PLN 12")


def test_a_document_of_may_that_comes_in_july_leaves_june_as_it_was(call: Call) -> None:
    with opened() as installation:
        code = RegionCode("32.14.02.2001")
        late = Site("late", "Desa Lain", SiteKind.DESA, code, stage=Stage.ACTIVE, stage_date=JULY)
        installation.inventory.write([late])
        desk = ReportDesk(installation)
        first = desk.close("coverage", "2020-06-30")
        before = tables_of(desk, first)
        assert desk.revise("coverage", "2020-06-30", "nothing came") is None
        installation.inventory.write([StageEntry("late", Stage.ACTIVE, MAY, "BAST 14/2020", JULY)])
        assert tables_of(desk, first) == before
        assert desk.make("coverage", "2020-06-30", "csv").octets == desk.get(first.id, "csv").octets
        second = desk.revise("coverage", "2020-06-30", "BAST 14/2020")
        assert second is not None
        found = tables_of(desk, second)
        assert {key: found[key] for key in before} == before
        assert {"table": "Three numbers side by side", "row": "connected (by documents)", "column": "desa"} | {
            "before": "1",
            "now": "2",
        } in found["corrections"]
        assert (second.id, second.previous, second.why) == ("coverage-2020-06-30-r2", first.hash, "BAST 14/2020")
        assert desk.make("coverage", "2020-06-30", "pdf").edition == second.id
        assert desk.revise("coverage", "2020-06-30", "again") is None
        assert [each.id for each in desk.stored()] == [second.id, first.id]


def test_a_year_is_the_sum_of_its_months_and_kept_when_all_are_closed(call: Call) -> None:
    year = PERIOD[:4]
    month = json.loads(call("availability", "--period", PERIOD, "--json")[1])["rows"][0]
    assert call("report", "availability", "--period", year, "--csv", "y.csv")[0] == 0
    (row,) = csv.DictReader(io.StringIO(Path("y.csv").read_text(encoding="utf-8-sig")))
    assert (row["dark_hours"], row["outages"]) == ("3", str(month["outages"]["count"]))
    assert call("report", "list", "--json")[1].strip() == "[]"


def test_incidents_say_who_was_liable_and_what_people_found(call: Call) -> None:
    with opened() as installation:
        took = Act("k7f3-2qxm", FELL + timedelta(minutes=30), "asep", ActKind.ACKNOWLEDGED)
        installation.acts.append([took, Act("k7f3-2qxm", ROSE, "asep", ActKind.CLOSED, "", {"cause": "token-habis"})])
    assert call("report", "incidents", "--period", PERIOD, "--csv", "i.csv")[0] == 0
    read: dict[str, Any] = {
        key: list(csv.DictReader(io.StringIO(Path(name).read_text(encoding="utf-8-sig"))))
        for key, name in (("conditions", "i.csv"), *((k, f"i-{k}.csv") for k in ("causes", "kecamatan", "worst")))
    }
    (row,) = read["conditions"]
    assert (row["condition"], row["count"], row["acknowledge_minutes"]) == ("outages", "1", "30")
    assert float(row["repair_hours"]) == pytest.approx(3 + 61 / 3600, abs=1e-3)
    assert (read["causes"][0]["verdict"], read["causes"][0]["found"]) == ("power", "prepaid power used up")
    assert (read["kecamatan"][0]["kecamatan"], read["worst"][0]["id"]) == ("Purwakarta", "k7f3-2qxm")


def test_bandwidth_without_a_prometheus_says_so(call: Call) -> None:
    assert call("report", "bandwidth", "--period", PERIOD, "--xlsx", "b.xlsx")[0] == 0
    with opened() as installation:
        desk = ReportDesk(installation)
        assert b"prometheus.url" in json.dumps(_words(desk, "bandwidth", "lead")).encode()


def test_the_volume_of_an_agency_is_of_the_time_that_was_seen() -> None:
    def row(down: float | None, seen: float | None) -> dict[str, Any]:
        figures = {"downAverageMbps": down, "upAverageMbps": down, "completenessPercent": seen}
        return {"opd": "Bapenda", "downPromisedMbps": 10.0, "downP95Mbps": 9.0, **figures}

    day = 86_400.0
    (whole,) = _agencies([row(8.0, 100.0)], day)
    (half,) = _agencies([row(8.0, 50.0)], day)
    (both,) = _agencies([row(8.0, 100.0), row(8.0, 50.0)], day)
    (unknown,) = _agencies([row(8.0, 100.0), row(None, None)], day)
    assert [each["downGigabytes"] for each in (whole, half, both, unknown)] == [86.4, 43.2, 129.6, None]


def test_the_slowest_test_of_a_site_stands_beside_what_was_promised(call: Call) -> None:
    with opened() as installation:
        line = Link("internet-ds", "rtr", provider="PT Tali", cir_down_mbps=20.0)
        installation.inventory.write([line])
        job = new_job("ab12cd", "ds", (), "siti", FELL)
        SqlJobStore(installation.database.engine, lambda: 0.0, lambda _holder: None).put(job, {"stage": "built"})
        tests = [MeasuredSpeed("ds", "rtr", FELL + timedelta(days=day), 12.0 + day, 4.0) for day in (-40, 0, 1)]
        SqlSpeeds(installation.database.engine).keep(job.id, tests)
        report = bandwidth_document(installation, month(PERIOD, WIB, installation.clock.now().utc))
    (found,) = report["speeds"]
    assert (found["site"], found["siteName"], found["tests"]) == ("ds", "Desa Citalang", 2)
    assert (found["downMbps"], found["downPromisedMbps"], found["sharePercent"]) == (12.0, 20.0, 60.0)


def _words(desk: ReportDesk, kind: str, where: str = "notes") -> list[str]:
    edition = desk.close(kind, PERIOD)
    return list(json.loads(desk._store.document(edition.id))[where])


def test_what_cannot_be_kept_or_given_is_said(call: Call) -> None:
    with opened() as installation:
        desk = ReportDesk(installation)
        this_month = f"{installation.today():%Y-%m}"
        for act, said in (
            (lambda: desk.close("incidents", this_month), "not over"),
            (lambda: desk.close("availability", PERIOD), "availability close"),
            (lambda: desk.make("gossip", PERIOD, "pdf"), "is not one of"),
            (lambda: desk.make("incidents", PERIOD, "docx"), "is not one of"),
            (lambda: desk.make("availability", PERIOD, "pdf", by="moon"), "is not one of"),
            (lambda: desk.make("evaluation", "2026-3", "pdf"), "is no half-year"),
            (lambda: desk.revise("incidents", PERIOD, "x"), "report close incidents"),
        ):
            with pytest.raises(ReportError, match=said):
                act()
        with pytest.raises(ReportUnknownError, match="report list"):
            desk.get("incidents-1999-01-r1", "pdf")
        desk.close("incidents", PERIOD)
        with pytest.raises(ReportError, match="kept already"):
            desk.close("incidents", PERIOD)


def test_of_two_who_keep_it_at_once_one_edition_is_left(call: Call) -> None:
    assert call("availability", "close", PERIOD)[0] == 0
    found: list[str] = []
    with opened() as installation:

        def ask() -> None:
            found.append(ReportDesk(installation).make("availability", PERIOD, "pdf", by="kecamatan").sha256)

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert len(ReportDesk(installation).stored()) == 1
    assert len(found) == 2
    assert len(set(found)) == 1


def test_who_comes_second_gets_what_the_first_one_kept(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened() as installation:
        desk = ReportDesk(installation)
        first = desk.close("incidents", PERIOD)
        monkeypatch.setattr(SqlReportStore, "of", lambda *_words: ())
        assert desk.close("incidents", PERIOD) == first, "it did not see it in time"
        assert desk.stored() == (first,)


def test_a_damaged_file_is_not_given_out(call: Call) -> None:
    with opened() as installation:
        desk = ReportDesk(installation)
        kept = desk.close("incidents", PERIOD)
        with installation.database.transaction() as connection:
            connection.execute(update(report_file).where(report_file.c.format == "pdf").values(octets=b"%PDF-other"))
        with pytest.raises(ReportError, match="is damaged"):
            desk.get(kept.id, "pdf")
        assert desk.get(kept.id, "xlsx").octets.startswith(b"PK")


def test_what_comes_later_does_not_reach_a_kept_report_of_incidents(call: Call) -> None:
    with opened() as installation:
        desk = ReportDesk(installation)
        kept = desk.close("incidents", PERIOD)
        installation.states.apply([StateChange(ROSE + timedelta(days=1), "rtr", State.UP, State.DOWN, "late")])
        installation.acts.append([Act("k7f3-2qxm", ROSE, "asep", ActKind.CLOSED, "", {"cause": "galian"})])
        assert desk.make("incidents", PERIOD, "pdf").sha256 == desk.get(kept.id, "pdf").sha256
        revised = desk.revise("incidents", PERIOD, "BA gangguan 14")
        assert revised is not None
        corrections = {(each["column"], each["now"]) for each in tables_of(desk, revised)["corrections"]}
        assert ("cause", "digging") in corrections


def test_the_bench_of_a_year_runs_and_is_a_target(in_dark_month: Path) -> None:
    figures = year_report.measure(in_dark_month, 2)
    assert (figures["sites"], bool(figures["incidents"]), bool(figures["kilobytes"])) == (2, True, True)
    (target,) = page.targets({"yearReport": figures})
    assert target.key == "yearReport.seconds"
    assert [each.met for each in page.targets({"yearReport": figures | {"seconds": 20.1}})] == [False]
