"""One table of a report as CSV, for other programs: keys of columns as heads, points as decimal signs, ISO days, times
with their zone.

A sum at the end of the table is left out: whoever reads the rows sums them himself.
"""

import csv
import io
from datetime import date, datetime
from typing import Final

from domain.documents import ReportTable, Unit, Value
from exporters.documents.acceptance import one_line

PLACES: Final = {Unit.HOURS: 4, Unit.PERCENT: 4}
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def table_as_csv(table: ReportTable) -> bytes:
    """UTF-8 with its mark, without which a spreadsheet takes it for Windows-1252."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow([column.key for column in table.columns])
    rows = table.rows[:-1] if table.last_is_sum else table.rows
    for row in rows:
        lines.writerow([_cell(value, column.unit) for value, column in zip(row, table.columns, strict=True)])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Value, unit: Unit) -> str:
    match value:
        case None:
            return ""
        case str():
            text = one_line(value)
            return f"'{text}" if text.startswith(_FORMULA) else text
        case datetime():
            return value.isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case float():
            return f"{value:.{PLACES.get(unit, 4)}f}".rstrip("0").rstrip(".")
        case _:
            return str(value)
