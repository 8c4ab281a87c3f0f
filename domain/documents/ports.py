"""What writes documents. A method for each kind of document."""

from pathlib import Path
from typing import Protocol

from domain.documents.acceptance import AcceptanceSheet
from domain.documents.report import OfficeReport


class DocumentWriter(Protocol):
    """In the language that is active when it is called. The same document makes the same octets."""

    def acceptance_sheet(self, sheet: AcceptanceSheet) -> bytes:
        """The whole file."""
        ...

    def write_acceptance_sheet(self, sheet: AcceptanceSheet, path: Path) -> None:
        """The file is there whole, or as it was before."""
        ...


class ReportWriter(Protocol):
    """Reports in one kind of file. In the language that is active when it is called; the same report, same octets."""

    def report(self, report: OfficeReport) -> bytes:
        """The whole file."""
        ...
