"""A report as XLSX: a sheet per table, numbers, days and times typed, heads frozen, rows to be filtered.

No text becomes a formula.

The same report makes the same octets: no clock stands in the file.
"""

import io
import re
import zipfile
from datetime import UTC, datetime
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from domain.documents import Column, OfficeReport, ReportTable, Unit, Value
from domain.language import _, active_language
from exporters.documents.acceptance import one_line

FORMATS: Final = {
    Unit.TEXT: "@",
    Unit.COUNT: "#,##0",
    Unit.HOURS: "#,##0.00",
    Unit.PERCENT: "0.0000",
    Unit.RATE: "#,##0.00",
    Unit.MEASURE: "General",
    Unit.RUPIAH: "#,##0",
    Unit.DAY: "yyyy-mm-dd",
    Unit.TIME: "yyyy-mm-dd hh:mm",
}
HEAD_ROW: Final = 3
NARROWEST, WIDEST = 9.0, 48.0
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]")
_MODIFIED: Final = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_HAIR: Final = Border(bottom=Side(style="thin", color="FFC5CAD0"))


class WorkbookWriter:
    """Implements domain.documents.ReportWriter."""

    def report(self, report: OfficeReport) -> bytes:
        book = Workbook()
        made = report.made_at.astimezone(UTC).replace(microsecond=0, tzinfo=None)
        book.properties.creator = "Kentongan"
        book.properties.language = active_language()
        book.properties.title = one_line(report.title)
        book.properties.created = made
        first = book.active
        assert isinstance(first, Worksheet)
        _about(first, report)
        for table in report.tables:
            _fill(book.create_sheet(), table)
        out = io.BytesIO()
        book.save(out)
        return _without_clock(out.getvalue(), f"{made.isoformat()}Z".encode())


def _about(sheet: Worksheet, report: OfficeReport) -> None:
    sheet.title = _sheet_name(_("Report"))
    sign = report.signature
    lines = (
        ("", report.letterhead.government),
        ("", report.letterhead.institution),
        ("", report.title),
        ("", report.subject),
        ("", report.provisional),
        *report.facts,
        *(("", text) for text in (report.opening, *report.lead, *report.notes, report.closing)),
        *(
            ("", text)
            for text in (sign.city, sign.position, sign.name, sign.rank, sign.number and f"NIP {sign.number}")
        ),
    )
    at = 0
    for name, text in lines:
        if text:
            at += 1
            _put(sheet, at, 1, name or text)
            if name:
                _put(sheet, at, 2, text)
            if text == report.title:
                sheet.cell(at, 1).font = Font(bold=True, size=14)
    day = sheet.cell(at + 1, 1)
    day.value = report.made_at.date()
    day.number_format = FORMATS[Unit.DAY]
    day.alignment = Alignment(horizontal="left")
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 100


def _fill(sheet: Worksheet, table: ReportTable) -> None:
    sheet.title = _sheet_name(table.title)
    _put(sheet, 1, 1, table.title)
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    _put(sheet, 2, 1, table.source)
    sheet.cell(2, 1).font = Font(italic=True, color="FF626A74")
    for at, column in enumerate(table.columns, 1):
        _put(sheet, HEAD_ROW, at, column.title)
        head = sheet.cell(HEAD_ROW, at)
        head.font, head.border = Font(bold=True), _HAIR
        aside = "right" if column.unit.is_figure else "left"
        head.alignment = Alignment(horizontal=aside, vertical="bottom", wrap_text=True)
        sheet.column_dimensions[get_column_letter(at)].width = _width(column, [row[at - 1] for row in table.rows])
    for below, row in enumerate(table.rows, HEAD_ROW + 1):
        for at, (value, column) in enumerate(zip(row, table.columns, strict=True), 1):
            _put(sheet, below, at, value, column.unit)
            if table.last_is_sum and below == HEAD_ROW + len(table.rows):
                sheet.cell(below, at).font = Font(bold=True)
    if not table.rows:
        _put(sheet, HEAD_ROW + 1, 1, table.empty)
    else:
        # A sum is none of the rows that are looked for.
        last = HEAD_ROW + len(table.rows) - table.last_is_sum
        sheet.auto_filter.ref = f"A{HEAD_ROW}:{get_column_letter(len(table.columns))}{last}"
    sheet.freeze_panes = f"B{HEAD_ROW + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"


def _put(sheet: Worksheet, row: int, column: int, value: Value, unit: Unit = Unit.TEXT) -> None:
    if value is None or value == "":
        return
    cell: Any = sheet.cell(row, column)  # openpyxl takes days, its type stubs do not know it
    if isinstance(value, str):
        cell.value = one_line(value)
        cell.data_type = "s"
        cell.number_format = FORMATS[Unit.TEXT]
    else:
        # A spreadsheet knows no zones: the head of the column names it.
        cell.value = value.replace(tzinfo=None, microsecond=0) if isinstance(value, datetime) else value
        cell.number_format = FORMATS[unit]
        if not unit.is_figure:
            cell.alignment = Alignment(horizontal="left")


def _width(column: Column, values: list[Value]) -> float:
    if column.unit is not Unit.TEXT:
        longest = max((len(word) for word in column.title.split()), default=0)
        return max(longest + 2.0, 16.0 if column.unit in (Unit.RUPIAH, Unit.TIME) else 12.0)
    longest = max((len(str(value)) for value in (column.title, *values) if value is not None), default=0)
    return min(max(longest + 2.0, NARROWEST), WIDEST)


def _sheet_name(title: str) -> str:
    """As spreadsheets allow it: 31 characters, some forbidden."""
    return _FORBIDDEN.sub(" ", one_line(title)).strip("' ")[:31] or "-"


def _without_clock(octets: bytes, made: bytes) -> bytes:
    """The library writes the time of saving, into the archive and into the properties."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + made + rb"\g<2>", content)
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
