"""Reports made, kept and given out: the door for command line, console and schedule."""

from kentongan.reporting.desk import ReportDesk
from kentongan.reporting.records import (
    Edition,
    EditionFile,
    Format,
    KindOffer,
    MadeReport,
    ReportError,
    ReportKind,
    ReportUnknownError,
)

__all__ = [
    "Edition",
    "EditionFile",
    "Format",
    "KindOffer",
    "MadeReport",
    "ReportDesk",
    "ReportError",
    "ReportKind",
    "ReportUnknownError",
]
