"""Records as one XLSX workbook, a sheet per table: numbers and dates typed, codes and serials as text.

Columns of text are formatted as Text down to the last row, so that Excel leaves alone what is typed into them later.
"""

import io
from decimal import Decimal
from typing import Any, Final, get_type_hints

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from domain.network import Inventory
from inventory.exporting.cells import typed
from inventory.exporting.tables import records_of
from inventory.importing.columns import Table
from inventory.importing.tables import TABLES

_AS_TEXT: Final = "@"
_AS_DATE: Final = "yyyy-mm-dd"
_WIDTH: Final = 18
_TYPED: Final = ("int", "float", "Decimal", "date")


def export_workbook(inventory: Inventory) -> bytes:
    """A workbook that imports again without a change (a carriage return in a text becomes a line feed: XML)."""
    book = Workbook(write_only=True)
    for name, table in TABLES.items():
        sheet = book.create_sheet(name)
        _format(sheet, table)
        sheet.append([_heading(sheet, column.name) for column in table.columns])
        for record in records_of(inventory, name):
            sheet.append([_cell(sheet, getattr(record, column.attribute)) for column in table.columns])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _format(sheet: Any, table: Table) -> None:
    sheet.freeze_panes = "A2"
    types = get_type_hints(table.record)
    for at, column in enumerate(table.columns, 1):
        dimension = sheet.column_dimensions[get_column_letter(at)]
        dimension.width = _WIDTH
        if not any(word in str(types[column.attribute]) for word in _TYPED):
            dimension.number_format = _AS_TEXT


def _heading(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    cell: Cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: WriteOnlyWorksheet, value: object) -> Cell | float | None:
    content: Any = typed(value)  # openpyxl takes dates, its type stubs do not know it
    if content is None or content == "":
        return None
    if isinstance(content, int | float | Decimal):
        return float(content) if isinstance(content, Decimal) else content
    cell: Cell = WriteOnlyCell(sheet, value=content)
    if isinstance(content, str):
        cell.data_type = "s"
    cell.number_format = _AS_TEXT if isinstance(content, str) else _AS_DATE
    return cell
