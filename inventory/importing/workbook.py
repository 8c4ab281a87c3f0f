"""XLSX: every visible sheet with its cells as Excel typed them; formulas by the value Excel last calculated."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, Final

from openpyxl import load_workbook

from domain.language import _
from inventory.errors import UnreadableFileError
from inventory.importing.cells import Cell
from inventory.importing.sheets import WIDEST_ROW, Row, Sheet, check_size, stem_of
from inventory.importing.tables import TABLES

LARGEST_UNPACKED_BYTES: Final = 600 * 1024 * 1024
MOST_PARTS: Final = 2_000
SIGNATURE: Final = b"PK\x03\x04"
_UNCALCULATED: Final = "#NAME?"
_PEEKED_ROWS: Final = 200
_PIECE_BYTES: Final = 1024 * 1024
_BARE_FORMULA: Final = re.compile(rb"</f>(<v></v>|<v ?/>|</c>)")


def read_workbook(name: str, content: bytes) -> list[Sheet]:
    """The sheets that hold anything. Raises UnreadableFileError for what is no workbook, or unpacks to too much."""
    check_size(content)
    _check_parts(content)
    book = _open(content, values=True)
    with_formulas = _holds_uncalculated(content)
    formulas = _open(content, values=False) if with_formulas else None
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    sheets = [
        (sheet.title, partial(_rows, sheet, formulas[sheet.title] if formulas is not None else None))
        for sheet in visible
    ]
    filled = [(title, rows) for title, rows in sheets if _has_content(rows())]
    if len(filled) == 1 and filled[0][0].strip().casefold() not in TABLES:
        return [Sheet(name, stem_of(name), filled[0][1])]
    return [Sheet(f"{name} ({title})", title, rows, title.strip().casefold() not in TABLES) for title, rows in filled]


def _check_parts(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except Exception:  # a hostile archive fails in many ways, all of which mean the same here
        raise _broken() from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED_BYTES:
        raise UnreadableFileError(
            _("the workbook unpacks to more than {limit} MB.").format(limit=LARGEST_UNPACKED_BYTES // 2**20),
            _("Save the sheet alone, or as 'CSV UTF-8'."),
        )
    if not any(part.filename == "[Content_Types].xml" for part in parts):
        raise UnreadableFileError(_("this is an archive, not an Excel workbook."), _("Save the table as .xlsx."))


def _open(content: bytes, *, values: bool) -> Any:
    try:
        return load_workbook(io.BytesIO(content), read_only=True, data_only=values, keep_links=False)
    except Exception:  # openpyxl raises whatever the broken XML leads it to
        raise _broken() from None


def _holds_uncalculated(content: bytes) -> bool:
    """Whether a sheet has a formula without a stored value: written by a program, never opened in Excel."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(
                _has_bare_formula(archive, part)
                for part in archive.namelist()
                if part.startswith("xl/worksheets/") and part.endswith(".xml")
            )
    except Exception:  # as above
        raise _broken() from None


def _has_bare_formula(archive: zipfile.ZipFile, part: str) -> bool:
    rest = b""
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE_BYTES):
            if _BARE_FORMULA.search(rest + piece):
                return True
            rest = piece[-len("</f><v></v>") :]
    return False


def _has_content(rows: Iterator[Row]) -> bool:
    return any(any(cell is not None for cell in cells) for _number, cells in rows)


def _rows(values: Any, formulas: Any | None) -> Iterator[Row]:
    try:
        values.reset_dimensions()
        cells_by_row: Iterable[tuple[Any, ...]] = values.iter_rows(max_col=_width(values))
        if formulas is None:
            for number, row in enumerate(cells_by_row, 1):
                yield number, [_cell(cell) for cell in row]
            return
        formulas.reset_dimensions()
        both = zip(cells_by_row, formulas.iter_rows(max_col=WIDEST_ROW), strict=False)
        for number, (row, written) in enumerate(both, 1):
            yield number, [_calculated(cell, source) for cell, source in zip(row, written, strict=False)]
    except UnreadableFileError:
        raise
    except Exception:
        raise _broken() from None


def _width(sheet: Any) -> int:
    widest = 1
    for number, row in enumerate(sheet.iter_rows(max_col=WIDEST_ROW), 1):
        used = [at for at, cell in enumerate(row, 1) if cell.value is not None]
        widest = max(widest, used[-1] if used else 0)
        if number >= _PEEKED_ROWS:
            break
    return widest


def _cell(cell: Any) -> Cell:
    value = cell.value
    if isinstance(value, float) and "%" in (cell.number_format or ""):
        return f"{value * 100:.10g}%"
    if value is None or isinstance(value, str | int | float):
        return value
    return value if hasattr(value, "strftime") else str(value)


def _calculated(cell: Any, source: Any) -> Cell:
    if cell.value is None and source.data_type == "f":
        return _UNCALCULATED
    return _cell(cell)


def _broken() -> UnreadableFileError:
    return UnreadableFileError(
        _("the workbook is damaged, or is no Excel workbook."), _("Open it in Excel and save it again as .xlsx.")
    )
