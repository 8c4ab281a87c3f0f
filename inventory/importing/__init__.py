"""Reads an office's tables, CSV or XLSX, into records. Gets bytes and what is stored; touches no file, no database."""

from inventory.importing.findings import Finding, RowError, RowWarning
from inventory.importing.read import read_import
from inventory.importing.rejected import rejected_csv
from inventory.importing.result import FileCount, ImportResult, RejectedRow

__all__ = [
    "FileCount",
    "Finding",
    "ImportResult",
    "RejectedRow",
    "RowError",
    "RowWarning",
    "read_import",
    "rejected_csv",
]
