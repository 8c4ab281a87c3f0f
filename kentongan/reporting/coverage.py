"""Coverage at a day for its report."""

from datetime import date

from exporters.reports import coverage_report
from kentongan.coverage import open_coverage
from kentongan.installation import Installation
from kentongan.reporting.frame import frame_of
from kentongan.reporting.records import Composed


def compose_coverage(installation: Installation, on: date, since: date | None, day: date | None) -> Composed:
    """since: an earlier day to compare with. day: of the document; None: today."""
    book = open_coverage(installation)
    shown = book.document(on, None, since)
    report = coverage_report(shown, frame_of(installation, day), book.curve(on))
    return Composed(report, on.isoformat(), since.isoformat() if since else "", over=on < book.today)
