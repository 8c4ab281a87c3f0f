"""A report as files: PDF, workbook, and its tables as CSV packed together. The same report makes the same octets."""

import io
import zipfile
from typing import Final, assert_never

from domain.documents import OfficeReport
from kentongan.reporting.records import Format

MEDIA_TYPES: Final = {
    Format.PDF: "application/pdf",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "application/zip",
}
_ENDINGS: Final = {Format.PDF: "pdf", Format.XLSX: "xlsx", Format.CSV: "zip"}
_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)  # no clock in the archive


def filename_of(name: str, format_: Format) -> str:
    return f"{name}.{_ENDINGS[format_]}"


def octets_of(report: OfficeReport, format_: Format) -> bytes:
    """In the active language. Raises DocumentNotMadeError."""
    # Imported here: each of them is slow to load.
    match format_:
        case Format.PDF:
            from exporters.documents.writer import PdfWriter

            return PdfWriter().report(report)
        case Format.XLSX:
            from exporters.documents.workbook import WorkbookWriter

            return WorkbookWriter().report(report)
        case Format.CSV:
            return _tables(report)
        case _:
            assert_never(format_)


def _tables(report: OfficeReport) -> bytes:
    from exporters.documents.csv_table import table_as_csv

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in report.tables:
            entry = zipfile.ZipInfo(f"{table.key}.csv", _FIRST_DAY)
            archive.writestr(entry, table_as_csv(table), zipfile.ZIP_DEFLATED)
    return out.getvalue()
