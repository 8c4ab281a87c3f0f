"""`rejected.csv`: the rows that stayed out, with the reason beside them. Mended, it imports again as it is."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time
from functools import partial
from itertools import islice
from typing import Final

from inventory.errors import UnreadableFileError
from inventory.importing.cells import FORMULA_STARTS, Cell
from inventory.importing.columns import fold_heading
from inventory.importing.headings import NOT_IN_FILE, Layout
from inventory.importing.result import ImportResult, RejectedRow
from inventory.importing.rows import Batch
from inventory.importing.sheets import Row, Sheet
from inventory.importing.tables import TABLES

FIRST_COLUMNS: Final = ("rejected_from", "rejected_file", "rejected_row", "reason")
_NUMBER: Final = re.compile(r"[+-][0-9][0-9.,]*")


def rejected_csv(result: ImportResult) -> bytes:
    """UTF-8 with BOM: table, file, row, reason, then the cells as they stood, under the columns' English names."""
    headings = list(dict.fromkeys(heading for row in result.rejected for heading in row.cells))
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow([*FIRST_COLUMNS, *headings])
    for row in result.rejected:
        cells = (_harmless(row.cells.get(heading, "")) for heading in headings)
        writer.writerow([row.table, _harmless(row.file), row.row, _harmless(row.reason), *cells])
    return out.getvalue().encode("utf-8", "replace")


def rejected_rows(batches: Sequence[Batch], secrets: Collection[str]) -> Iterator[RejectedRow]:
    """Reads the sheets with rejected rows once more, for their cells: they were not kept. Secrets are left out."""
    for batch in batches:
        if not batch.reasons:
            continue
        names = _names_by_index(batch.layout, secrets)
        try:
            for number, cells in batch.sheet.rows():
                reasons = batch.reasons.get(number)
                if reasons is not None:
                    written = {name: _as_text(cells[at]) for at, name in names.items() if at < len(cells)}
                    table = batch.layout.table.name
                    yield RejectedRow(batch.sheet.label, number, table, " · ".join(reasons), written)
        except UnreadableFileError:
            continue  # the break itself is already among the errors


def sort_out(sheet: Sheet) -> list[Sheet]:
    """A mended `rejected.csv` as one sheet per table; any other sheet as it is."""
    first = next(iter(islice(sheet.rows(), 1)), (0, ()))[1]
    if tuple(map(str, first[: len(FIRST_COLUMNS)])) != FIRST_COLUMNS:
        return [sheet]
    tables = list(dict.fromkeys(str(cells[0]).strip() for number, cells in sheet.rows() if number > 1 and cells))
    return [Sheet(sheet.label, table, partial(_rows_of, sheet, table)) for table in tables if table in TABLES]


def _rows_of(sheet: Sheet, table: str) -> Iterator[Row]:
    known = {column.name for column in TABLES[table].columns} | {"desa", "kecamatan"}
    kept: list[int] = []
    for number, cells in sheet.rows():
        if number == 1:
            kept = [at for at, heading in enumerate(cells) if str(heading) in known]
            yield number, [cells[at] for at in kept]
        elif cells and str(cells[0]).strip() == table:
            yield number, [cells[at] if at < len(cells) else "" for at in kept]


def _names_by_index(layout: Layout, secrets: Collection[str]) -> dict[int, str]:
    names = {placed.index: placed.column.name for placed in layout.placed if placed.index != NOT_IN_FILE}
    names |= {index: name for name, index in layout.helpers.items()}
    names |= {index: heading for index, heading in layout.extra.items() if fold_heading(heading) not in secrets}
    return dict(sorted(names.items()))


def _as_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return cell.strftime("%H:%M") if isinstance(cell, time) else str(cell)


def _harmless(text: str) -> str:
    """A cell that Excel would run as a formula is marked as text; a number is left alone."""
    if text.startswith(FORMULA_STARTS) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text
