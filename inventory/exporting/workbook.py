"""Records as one XLSX workbook, a sheet per table: numbers and dates typed, codes and serials as text."""

import io
from datetime import date
from decimal import Decimal
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from domain.network import Inventory
from inventory.exporting.cells import typed
from inventory.exporting.tables import records_of
from inventory.importing.tables import TABLES

_AS_TEXT: Final = "@"
_AS_DATE: Final = "yyyy-mm-dd"


def export_workbook(inventory: Inventory) -> bytes:
    """A workbook that imports again without a change (a carriage return in a text becomes a line feed: XML)."""
    book = Workbook(write_only=True)
    for name, table in TABLES.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        sheet.append([_heading(sheet, column.name) for column in table.columns])
        for record in records_of(inventory, name):
            sheet.append([_cell(sheet, getattr(record, column.attribute)) for column in table.columns])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _heading(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    cell: Cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: WriteOnlyWorksheet, value: object) -> Cell:
    content: Any = typed(value)  # openpyxl takes dates, its type stubs do not know it
    cell: Cell = WriteOnlyCell(sheet, value=float(content) if isinstance(content, Decimal) else content)
    if isinstance(content, str):
        cell.data_type = "s"
        cell.number_format = _AS_TEXT
    elif isinstance(content, date):
        cell.number_format = _AS_DATE
    return cell
