"""Writes documents as PDF with typst: templates in files, data as JSON beside them. Fonts are those typst brings.

The same document makes the same octets on every machine: no fonts of the system, no clock.
"""

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Final

import typst

from domain.documents import AcceptanceSheet, OfficeReport
from domain.language import _
from exporters.documents.acceptance import Plain, template_data
from exporters.documents.report import report_data
from exporters.errors import DocumentNotMadeError, DocumentNotWrittenError

TEMPLATES: Final = Path(__file__).parent / "templates"
ACCEPTANCE: Final = TEMPLATES / "acceptance.typ"
REPORT: Final = TEMPLATES / "report.typ"


class PdfWriter:
    """Implements domain.documents.DocumentWriter and ReportWriter."""

    def acceptance_sheet(self, sheet: AcceptanceSheet) -> bytes:
        """Raises DocumentNotMadeError."""
        try:
            made = acceptance_compiler(sheet).compile(format="pdf", timestamp=int(sheet.made_at.timestamp()))
        except typst.TypstError as error:
            raise DocumentNotMadeError(
                _("{site}: the acceptance sheet could not be laid out: {reason}. Please report this.").format(
                    site=sheet.place.site, reason=error.message
                )
            ) from error
        assert isinstance(made, bytes)  # of a PDF all pages are one file
        return made

    def write_acceptance_sheet(self, sheet: AcceptanceSheet, path: Path) -> None:
        """Raises DocumentNotMadeError, DocumentNotWrittenError."""
        replace_file(path, self.acceptance_sheet(sheet))

    def report(self, report: OfficeReport) -> bytes:
        """Raises DocumentNotMadeError."""
        try:
            made = report_compiler(report).compile(format="pdf", timestamp=int(report.made_at.timestamp()))
        except typst.TypstError as error:
            raise DocumentNotMadeError(
                _("{title}: the report could not be laid out: {reason}. Please report this.").format(
                    title=report.title, reason=error.message
                )
            ) from error
        assert isinstance(made, bytes)  # of a PDF all pages are one file
        return made


def acceptance_compiler(sheet: AcceptanceSheet) -> typst.Compiler:
    """The template with the sheet's data, in the active language."""
    return _compiler(ACCEPTANCE, template_data(sheet))


def report_compiler(report: OfficeReport) -> typst.Compiler:
    """The template with the report's data, in the active language."""
    return _compiler(REPORT, report_data(report))


def _compiler(template: Path, found: Plain) -> typst.Compiler:
    data = json.dumps(found, ensure_ascii=True, sort_keys=True)
    return typst.Compiler(template, root=TEMPLATES, ignore_system_fonts=True, sys_inputs={"data": data})


def replace_file(path: Path, octets: bytes) -> None:
    """The file whole on the disk, or as it was before. Raises DocumentNotWrittenError."""
    waiting = ""
    try:
        handle, waiting = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with open(handle, "wb") as file:
            file.write(octets)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(waiting, 0o640)
        os.replace(waiting, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(waiting)
        raise DocumentNotWrittenError(
            _("{file} cannot be written: {reason}. Name another place.").format(file=path, reason=error.strerror)
        ) from error
