"""Reports: what stands in them in both languages, what a spreadsheet gets, and that they repeat their octets."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from domain.documents import Column, Letterhead, OfficeReport, ReportChart, ReportTable, Signature, Unit
from domain.documents.codec import canonical, from_plain
from domain.incidents import ClosingCause, Party, VerdictKind
from domain.language import speaking
from domain.network import Indicator
from exporters.documents import PdfWriter
from exporters.documents.charts import chart_data
from exporters.documents.csv_table import table_as_csv
from exporters.documents.figures import short_time, zone_word
from exporters.documents.report import report_data
from exporters.documents.workbook import WorkbookWriter
from exporters.documents.writer import report_compiler
from exporters.reports import Frame, availability_report, coverage_report
from exporters.reports.words import cause_word, indicator_word, party_word
from kentongan.words import speak
from tests.pdf_text import pages_of

WIB = ZoneInfo("Asia/Jakarta")
FRAME = Frame(
    "Kabupaten Purwakarta",
    datetime(2026, 11, 3, 12, tzinfo=WIB),
    Letterhead("Dinas Kominfo", "PEMERINTAH KABUPATEN PURWAKARTA", "Jalan A No. 1", "surat@contoh.go.id"),
    Signature("Purwakarta", "Kepala Dinas", "Rina Marlina", "Pembina", "1970"),
    opening="Dengan hormat.",
    closing="Demikian.",
)
DARK = {"party": "pln", "name": "W3", "cause": "galian", "overridden": True, "seconds": 9000}
PROVIDER = {"party": "provider", "name": "A", "cause": "provider", "overridden": False, "seconds": 1000}
OWED = {
    "contract": "K-1",
    "provider": "=A",
    "rule": "per hour 0.5%",
    "availabilityPercent": 99.1,
    "slaPercent": 99.5,
    "fromDetection": 1_250_000,
    "fromTicket": 500_000,
    "problem": "",
}
UNREAD = {**OWED, "contract": "K-2", "fromDetection": None, "fromTicket": None, "problem": "no rule"}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with speaking("en"):
        yield


def row(key: str, name: str, available: float | None, dark: int, charged: tuple[Any, ...] = ()) -> dict[str, Any]:
    kinds = {"up": 86_400, "degraded": 3600, "down": dark, "unreachable": 0, "planned": 1800, "unknown": 900}
    return {
        "key": key,
        "name": name,
        "kecamatan": "Jatiluhur",
        "availabilityPercent": available,
        "completenessPercent": 98.7654,
        "seconds": {**kinds, "outside": 0},
        "outages": {"count": 1 if dark else 0, "longestSeconds": dark, "meanSeconds": dark},
        "charged": list(charged),
        "restitution": [],
    }


def month(rows: tuple[Any, ...], by: str = "desa", closed: bool = False) -> dict[str, Any]:
    return {
        "period": "2026-10",
        "from": "2026-09-30T17:00:00+00:00",
        "until": "2026-10-31T17:00:00+00:00",
        "zone": "Asia/Jakarta",
        "by": by,
        "rollUp": "A sum.",
        "closed": {"at": "2026-11-03T02:00:00+00:00", "by": "siti", "hash": "ab" * 32} if closed else None,
        "corrections": [],
        "problems": ["K-3: hours"],
        "rows": list(rows),
    }


ROWS = (
    row("32.14.03.2001", "Cibinong", 99.9999, 10_000, (DARK, PROVIDER)),
    row("32.14.03.2002", "Bunder", 100.0, 0),
    row("32.14.03.2003", "Gelap", None, 0),
)
PROVIDERS = month(({**row("A", "A", 99.0, 10), "restitution": [OWED, UNREAD]},), "provider")


def october(closed: bool = False) -> OfficeReport:
    return availability_report(month(ROWS, closed=closed), PROVIDERS, FRAME)


def table(report: OfficeReport, key: str) -> ReportTable:
    return next(each for each in report.tables if each.key == key)


def pages(report: OfficeReport) -> str:
    """Every text on its pages, in order, without feet."""
    return " ".join(_texts(json.loads(report_compiler(report).query("<part>"))))


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "text" and isinstance(value, str) and node.get("func") == "text":
                yield value
            elif name != "text":
                yield from _texts(value)
    elif isinstance(node, list):
        for each in node:
            yield from _texts(each)
    elif isinstance(node, str):
        yield node


def test_a_month_says_the_figures_it_was_given() -> None:
    report = october()
    assert (report.title, report.subject, report.provisional) == (
        "Availability by desa",
        "Kabupaten Purwakarta, October 2026",
        "provisional",
    )
    assert report.lead == (
        "Never dark: 1 of 2.",
        "Lowest: Cibinong, Jatiluhur, 99.9999 %.",
        "Of 1 nothing is known.",
    )
    hours = 10_000 / 3600
    assert table(report, "availability").rows[0] == (
        *("32.14.03.2001", "Cibinong", "Jatiluhur", 99.9999, 98.7654),
        *(hours, 1.0, 0.5, 0.25, 1, hours),
    )
    assert table(report, "availability").rows[2][3] is None
    assert table(report, "charged").rows == (
        ("PLN", "W3", "digging", 2.5, 90.0),
        ("provider", "A", "the provider's network", 1000 / 3600, 10.0),
    )
    assert table(report, "downtime").rows[0][-4:] == ("W3", "digging", 2.5, "by people")
    assert table(report, "restitution").rows == (
        ("=A", "K-1", "per hour 0.5%", 99.5, 99.1, 1_250_000, 500_000, ""),
        ("=A", "K-2", "per hour 0.5%", 99.5, 99.1, None, None, "no rule"),
    )
    assert report.notes == ("A sum.", "K-3: hours", "=A, K-2: no rule")
    assert all(each.source for each in report.tables), "each figure says where it comes from"


def test_several_figures_of_restitution_are_summed_and_those_without_one_are_not() -> None:
    providers = month(({**row("A", "A", 99.0, 10), "restitution": [OWED, UNREAD, OWED]},), "provider")
    owed = table(availability_report(month(ROWS), providers, FRAME), "restitution")
    assert owed.last_is_sum
    assert owed.rows[-1][5:7] == (2_500_000, 1_000_000)
    assert b"2500000" not in table_as_csv(owed), "programs sum for themselves"


def test_a_line_is_not_dark_by_the_fault_of_another() -> None:
    """As its availability is told: of what it did itself."""
    one = row("fo-a-b", "CID-1", 100.0, 0)
    one["seconds"]["unreachable"] = 7200
    line = availability_report(month((one,), "link"), PROVIDERS, FRAME)
    assert line.lead[0] == "Never dark: 1 of 1."
    heads = [column.key for column in table(line, "availability").columns]
    found = dict(zip(heads, table(line, "availability").rows[0], strict=True))
    assert (found["dark_hours"], found["behind_others_hours"]) == (0, 2)
    village = availability_report(month((one,), "desa"), PROVIDERS, FRAME)
    assert table(village, "availability").rows[0][5] == 2


def test_a_closed_month_prints_its_hash_and_what_was_corrected_beside_it() -> None:
    shown = month(ROWS, closed=True)
    changed = {"availabilityPercent": {"before": 99.9999, "after": 98.0}}
    shown["corrections"] = [
        {
            "at": "2026-12-01T03:00:00+00:00",
            "by": "budi",
            "why": "BA no. 14",
            "previous": "ab" * 32,
            "hash": "cd" * 32,
            "changes": [{"by": "desa", "key": "x", "name": "Cibinong", "changed": changed}],
        }
    ]
    report = availability_report(shown, PROVIDERS, FRAME)
    facts = dict(report.facts)
    assert report.provisional == ""
    assert facts["SHA-256"] == "ab" * 32
    assert facts["Standing"] == "Closed by siti on 3 November 2026, 09:00 WIB. Figures as they were then."
    assert facts["Correction"] == f"1 December 2026, 10:00 WIB, budi: BA no. 14. SHA-256: {'cd' * 32}"
    assert table(report, "corrections").rows == (("BA no. 14", "Cibinong", 99.9999, 98.0),)
    assert table(report, "availability").rows[0][3] == 99.9999, "as it was closed"


def test_a_month_without_data_is_still_a_report() -> None:
    report = availability_report(month((), "link"), month((), "provider"), FRAME)
    assert report.lead == ("Nothing was measured in this month.",)
    read = pages(report)
    for each in report.tables:
        assert each.rows == ()
        assert each.empty in read
    assert PdfWriter().report(report).startswith(b"%PDF-1.")
    book = load_workbook(io.BytesIO(WorkbookWriter().report(report)))
    assert [book.worksheets[1].cell(4, 1).value] == [report.tables[0].empty]


def test_on_paper_everything_stands_in_both_languages() -> None:
    read = pages(october())
    for text in ("PEMERINTAH KABUPATEN PURWAKARTA", "Rina Marlina", "NIP 1970", "Dengan hormat.", "Demikian."):
        assert text in read
    for text in ("99.9999", "2.78", "1,250,000", "Purwakarta, 3 November 2026", "PROVISIONAL", "–", "=A, K-2: no rule"):
        assert text.casefold() in read.casefold()
    assert "32.14.03.2001" not in read, "codes are for files"
    speak("en")  # and know Indonesian
    with speaking("id"):
        data = json.dumps(report_data(october()), ensure_ascii=False)
    for text in ("99,9999", "2,78", "1.250.000", "1 Oktober 2026, 00.00 WIB"):
        assert text in data


def test_the_same_report_makes_the_same_octets_and_another_day_others() -> None:
    other = replace(october(), made_at=datetime(2026, 11, 4, 12, tzinfo=WIB))
    for writer in (PdfWriter(), WorkbookWriter()):
        made = writer.report(october())
        assert writer.report(october()) == made
        assert writer.report(other) != made


def test_no_clock_stands_in_a_workbook() -> None:
    made = WorkbookWriter().report(october())
    properties = load_workbook(io.BytesIO(made)).properties
    assert (properties.created, properties.modified) == (datetime(2026, 11, 3, 5), datetime(2026, 11, 3, 5))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_nobodys_text_becomes_markup_or_a_formula() -> None:
    bad = '#panic("x") *b* _i_ $x$ = H\n- @ref <l> `raw` // c'
    spoiled = row("=cmd|' /C calc'!A0", bad, 99.0, 3600, ({**DARK, "name": "@SUM(1)", "cause": "+x"},))
    report = availability_report(month((spoiled,)), PROVIDERS, FRAME)
    assert bad.replace("\n", " ") in pages(report)
    first, *_ = list(csv.reader(io.StringIO(table_as_csv(report.tables[0]).decode("utf-8-sig"))))[1:]
    assert first[0] == "'=cmd|' /C calc'!A0"
    assert "'@SUM(1)" in table_as_csv(report.tables[1]).decode()
    assert b"'+x" in table_as_csv(report.tables[1])
    sheet = load_workbook(io.BytesIO(WorkbookWriter().report(report))).worksheets[1]
    assert (sheet["A4"].value, sheet["A4"].data_type) == ("=cmd|' /C calc'!A0", "s")


def test_a_workbook_has_numbers_days_widths_and_a_head_that_stays() -> None:
    report = coverage_report(covered(), FRAME)
    book = load_workbook(io.BytesIO(WorkbookWriter().report(report)))
    assert len(book.sheetnames) == 1 + len(report.tables)
    sheet = book["Targets and what came of them"]
    assert sheet.freeze_panes == "B4"
    assert [cell.value for cell in sheet[3]][:4] == ["region", "indicator", "due", "value"]
    due, value = sheet["C4"], sheet["D4"]
    assert (due.value, due.is_date, value.value, value.data_type) == (datetime(2020, 12, 31), True, 112, "n")
    assert sheet.column_dimensions["A"].width >= len("Kabupaten Purwakarta")
    assert book["By kecamatan"]["A6"].font.bold
    assert book["By kecamatan"].auto_filter.ref == "A3:H5", "the sum is never filtered away"


def test_coverage_names_who_is_connected_and_not_served_and_who_is_not_measured() -> None:
    report = coverage_report(covered(), FRAME)
    assert report.lead[0] == "Connected: 2 desa. Of them served: 0; not served: 1; unmeasured: 1."
    assert table(report, "summary").rows == (
        ("in all", 3, 1),
        ("connected (by documents)", 2, 0),
        ("served (measured)", 0, 0),
        ("not served (measured)", 1, 0),
        ("unmeasured", 2, 1),
    )
    assert table(report, "kecamatan").rows == (
        ("Jatiluhur", 2, 1, 0, 1, 1, None, None),
        ("Purwakarta", 1, 1, 0, 0, 1, 1, 0),
        ("together", 3, 2, 0, 1, 2, 1, 0),
    )
    assert [each[1] for each in table(report, "not-served").rows] == ["Bunder"]
    assert table(report, "not-served").rows[0][5:] == ("too often down", 71.25)
    assert [each[1:4] for each in table(report, "unmeasured").rows] == [
        ("Cibinong", "Jatiluhur", "desa"),
        ("Citalang", "Purwakarta", "desa"),
        ("Nagri Kaler", "Purwakarta", "kelurahan"),
    ]
    assert table(report, "targets").rows[0] == (
        *("Kabupaten Purwakarta", "connected desa", date(2020, 12, 31), 112, "RKPD 2020", 102, 10, None, 365),
        None,
        "147 (RPJMD)",
    )
    assert table(report, "changes").rows == (("connected now", "32.14.01.2010", "Citalang", "Purwakarta"),)
    assert "30 November 2020" in dict(report.facts)["Compared with"]


def test_every_closed_word_has_one_of_its_own() -> None:
    assert len({party_word(each.value) for each in Party}) == len(Party)
    assert all(indicator_word(each.value) for each in Indicator)
    assert all(cause_word(each.value) != each.value for each in ClosingCause if each is not ClosingCause.PROVIDER)
    assert all(cause_word(each.value) for each in VerdictKind)
    assert cause_word("strange") == "strange"


def test_values_that_are_not_known_are_empty_in_files() -> None:
    columns = (
        Column("a", "a"),
        Column("b", "b", Unit.PERCENT),
        Column("c", "c", Unit.DAY),
        Column("d", "d", Unit.HOURS),
    )
    made = table_as_csv(ReportTable("t", "t", columns, (("x", None, date(2026, 1, 2), 100.0),), ""))
    assert made == "a,b,c,d\r\nx,,2026-01-02,100\r\n".encode("utf-8-sig")


def covered() -> dict[str, Any]:
    def counts(villages: int, connected: int, not_served: int, unmeasured: int) -> dict[str, Any]:
        keys = {"villages": villages, "connected": connected, "served": 0, "notServed": not_served}
        beside = {"onPaper": not_served, "connectedUnmeasured": connected - not_served, "others": {}}
        return {**keys, "unmeasured": unmeasured, **beside}

    def village(code: str, name: str, kecamatan: str, reason: str, connected: bool) -> dict[str, Any]:
        measured = "not-served" if reason == "unavailable" else "unmeasured"
        return {
            "code": code,
            "name": name,
            "kecamatan": kecamatan,
            "kind": "kelurahan" if name.startswith("Nagri") else "desa",
            "connected": connected,
            "measured": measured,
            "reason": reason,
            "availabilityPercent": 71.25 if measured == "not-served" else None,
        }

    target = {
        "code": "32.14",
        "name": "Kabupaten Purwakarta",
        "dueOn": "2020-12-31",
        "indicator": "desa",
        "value": 112,
        "kind": "rkpd",
        "document": "RKPD 2020",
        "replaced": [{"value": 147, "kind": "rpjmd", "document": "", "decidedOn": None}],
        "reached": 102,
        "short": 10,
        "reachedOn": None,
        "slipDays": 365,
    }
    gained = [{"code": "32.14.01.2010", "name": "Citalang", "kecamatan": "Purwakarta"}]
    return {
        "at": "2021-12-31",
        "knownOn": "2026-11-03",
        "region": {"code": "32.14", "name": "Kabupaten Purwakarta"},
        "desa": counts(3, 2, 1, 2),
        "kelurahan": counts(1, 0, 0, 1),
        "kecamatan": [
            {"code": "32.14.03", "name": "Jatiluhur", "desa": counts(2, 1, 1, 1), "kelurahan": counts(0, 0, 0, 0)},
            {"code": "32.14.01", "name": "Purwakarta", "desa": counts(1, 1, 0, 1), "kelurahan": counts(1, 0, 0, 1)},
        ],
        "villages": [
            village("32.14.01.2010", "Citalang", "Purwakarta", "nothing", True),
            village("32.14.01.1002", "Nagri Kaler", "Purwakarta", "unknown", False),
            village("32.14.03.2002", "Bunder", "Jatiluhur", "unavailable", True),
            village("32.14.03.2001", "Cibinong", "Jatiluhur", "bakti", False),
        ],
        "evidence": {
            "windowDays": 30,
            "lastDay": "2021-12-30",
            "percent": {"fibre": 95.0, "slow": 80.0},
            "seenPercent": 50,
            "useDays": 5,
        },
        "targets": [target],
        "forecast": None,
        "notes": [],
        "since": {
            "at": "2020-11-30",
            "connected": {"before": 1, "gained": gained, "lost": []},
            "served": {"before": 0, "gained": [], "lost": []},
        },
    }


def test_a_target_that_is_not_due_is_not_late_but_expected_on_a_day() -> None:
    shown = covered()
    open_ = {**shown["targets"][0], "slipDays": 0, "reachedOn": None, "forecast": "2021-02-20", "replaced": []}
    early = open_ | {"slipDays": -10, "reachedOn": "2020-12-21", "forecast": None}
    found = table(coverage_report(shown | {"targets": [open_, early]}, FRAME), "targets")
    names = [column.key for column in found.columns]
    late, expected = names.index("late_days"), names.index("expected_on")
    assert [(row[late], row[expected]) for row in found.rows] == [(None, date(2021, 2, 20)), (0, None)]
    assert found.columns[names.index("replaced")].share == 0, "nothing was promised otherwise before"


def test_times_in_columns_are_short_and_of_the_language() -> None:
    wita = ZoneInfo("Asia/Makassar")
    at = datetime(2026, 10, 26, 9, 21, tzinfo=wita)
    with speaking("id"):
        assert (short_time(at), zone_word(wita)) == ("26-10-2026 09.21", "WITA")
    with speaking("en"):
        assert short_time(at) == "2026-10-26 09:21"


@pytest.mark.parametrize("rows", range(52, 58))
def test_no_last_row_stands_alone_on_a_page(rows: int) -> None:
    """Whatever the length: what goes to the next page goes three rows at least, with the source below it."""
    lines = tuple((f"row {number}",) for number in range(rows))
    long = ReportTable("t", "Long", (Column("name", "name", share=1),), lines, "the source")
    octets = PdfWriter().report(replace(october(), tables=(long,), notes=(), facts=(), lead=()))
    pages_ = [[run for run in runs if run.startswith("row ")] for runs in pages_of(octets)]
    assert sum(map(len, pages_)) == rows
    assert all(len(page) == 0 or len(page) >= 3 for page in pages_)


def test_whose_figure_rests_on_too_little_is_named() -> None:
    little = {**row("32.14.03.2004", "Cibodas", 100.0, 0), "completenessPercent": 94.9999}
    nothing = {**row("32.14.03.2005", "Salem", None, 0), "completenessPercent": 0.0}
    notes = availability_report(month((*ROWS, little, nothing)), PROVIDERS, FRAME).notes
    assert "Less than 95 % of the service hours was seen of: Cibodas, Jatiluhur." in notes
    assert not any("Less than" in note for note in october().notes)


def test_the_way_to_a_target_is_drawn_and_kept_with_the_report() -> None:
    curve = [(date(2019, 12, 31), 42), (date(2020, 6, 30), 80), (date(2020, 11, 30), 102)]
    shown = covered()
    report = coverage_report(shown, FRAME, curve)
    (chart,) = report.charts
    assert chart.marks == ((date(2020, 12, 31), 112),)
    assert from_plain(json.loads(canonical(report))) == report
    drawn: Any = chart_data(chart)
    assert [each[1] for each in drawn["levels"]] == ["0", "50", "100", "150"]
    assert drawn["points"][0] == ["0.00000", "0.28000"]
    assert drawn["points"][-1][1] == "0.68000"
    assert drawn["marks"] == [["1.00000", "0.74667", "112"]]
    assert drawn["years"] == [["0.00273", "2020"]]
    runs = [run for page in pages_of(PdfWriter().report(report)) for run in page]
    assert {"150", "112", "2020", chart.title} <= set(runs)
    without = coverage_report(shown, FRAME, curve[:2])
    assert without.charts == ()
    assert "charts" not in json.loads(canonical(without)), "what was kept before there were any keeps its hash"


def test_a_chart_of_a_long_way_names_no_more_years_than_fit() -> None:
    points = tuple((date(1990 + year, 6, 30), year % 3) for year in range(40))
    drawn: Any = chart_data(ReportChart("t", "u", points, (), "s"))
    assert len(drawn["years"]) <= 12
    assert [each[1] for each in drawn["levels"]] == ["0", "1", "2"]
