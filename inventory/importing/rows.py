"""Rows to records: every cell is read, every row is judged, and the good ones become records."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Final

from domain.language import _
from domain.network import Record, key_of, plain_key
from inventory.errors import CellError, UnreadableFileError
from inventory.importing.cells import Cell, is_blank
from inventory.importing.checks import CHECKS, Verdict
from inventory.importing.columns import Table
from inventory.importing.findings import RowError, RowWarning, shown
from inventory.importing.headings import NOT_IN_FILE, Layout, Placed
from inventory.importing.regioncells import read_region, read_regions
from inventory.importing.regioncodes import RegionReader
from inventory.importing.sheets import Sheet

Key = tuple[str | int, ...]
_REMEMBERED_CELLS: Final = 20_000
_UNREAD: Final = object()


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A record and the row it came from."""

    batch: "Batch"
    row: int
    record: Record
    key: Key


@dataclass(slots=True, eq=False)
class Batch:
    """What one sheet held.

    broken: keys of rows that cannot be taken, with their row. named_by_broken: (row, attribute, name) of what those
    rows refer to, because their other faults are told as well. reasons: row → why it is not taken.
    """

    sheet: Sheet
    layout: Layout
    rows: int = 0
    entries: list[Entry] = field(default_factory=list)
    broken: dict[Key, int] = field(default_factory=dict)
    named_by_broken: list[tuple[int, str, str]] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowWarning] = field(default_factory=list)
    reasons: dict[int, list[str]] = field(default_factory=dict)

    def heading(self, attribute: str) -> str:
        """The heading under which the file writes an attribute, or the column's own name."""
        for placed in self.layout.placed:
            if placed.column.attribute == attribute:
                return placed.heading
        return next(column.name for column in self.layout.table.columns if column.attribute == attribute)

    def refuse(self, row: int, attribute: str, value: object, problem: str, remedy: str = "") -> None:
        heading = self.heading(attribute) if attribute else ""
        error = RowError(self.sheet.label, row, heading, shown(value), problem, remedy)
        self.errors.append(error)
        self.reasons.setdefault(row, []).append(error.reason)

    def warn(self, row: int, attribute: str, value: object, problem: str, remedy: str = "") -> None:
        heading = self.heading(attribute) if attribute else ""
        self.warnings.append(RowWarning(self.sheet.label, row, heading, shown(value), problem, remedy))


class RowReader:
    """Reads the rows of one sheet; `stored` fills columns that the sheet does not have."""

    def __init__(self, batch: Batch, regions: RegionReader, stored: Mapping[Key, Record]) -> None:
        self._batch = batch
        self._regions = regions
        self._stored = stored
        self._table = batch.layout.table
        self._defaults = {each.name: each.default for each in fields(self._table.record) if each.default is not MISSING}
        # Cells repeat down a column: what one was read as is remembered, but for regions, which depend on their row.
        self._places: list[tuple[Placed, int, str, dict[Cell, object]]] = [
            (placed, placed.index, placed.column.attribute, {}) for placed in batch.layout.placed
        ]
        here = {placed.column.attribute for placed in batch.layout.placed}
        self._absent = tuple(each.name for each in fields(self._table.record) if each.name not in here)
        self._check: Callable[[dict[str, Any], Verdict, RegionReader], None] | None = CHECKS.get(self._table.name)

    def read(self) -> None:
        """Fills the batch. A file that breaks in the middle keeps what was read, and says where it broke."""
        batch = self._batch
        numbering = True
        try:
            for number, cells in batch.sheet.rows():
                if number <= batch.layout.row or all(is_blank(cell) for cell in cells):
                    continue
                if numbering and _is_numbering(cells):
                    numbering = False
                    continue
                numbering = False
                batch.rows += 1
                self._read_row(number, cells)
        except UnreadableFileError as error:
            batch.errors.append(RowError(batch.sheet.label, error.line, "", "", error.problem, error.remedy))

    def _read_row(self, number: int, cells: Sequence[Cell]) -> None:
        before = len(self._batch.errors)
        values = dict(self._defaults)
        good = True
        for placed, index, attribute, remembered in self._places:
            cell = cells[index] if index < len(cells) else None
            if cell in remembered:
                values[attribute] = remembered[cell]
                continue
            value = self._read_cell(number, placed, cell, cells)
            if value is _UNREAD:
                good = False
                values.pop(attribute, None)
                continue
            values[attribute] = value
            if isinstance(cell, str) and not placed.column.levels and len(remembered) < _REMEMBERED_CELLS:
                remembered[cell] = value
        key = self._key(values)
        if self._absent and key is not None and (old := self._stored.get(key)) is not None:
            values.update((name, getattr(old, name)) for name in self._absent)
        if self._check is not None:
            self._check(values, Verdict(self._batch, number), self._regions)
        if good and len(self._batch.errors) == before:
            record = self._table.record(**values)
            self._batch.entries.append(Entry(self._batch, number, record, key_of(record)))
            return
        if key is not None:
            self._batch.broken.setdefault(key, number)
        self._batch.named_by_broken.extend((number, *each) for each in names_in(self._table, values))

    def _read_cell(self, number: int, placed: Placed, cell: Cell, cells: Sequence[Cell]) -> object:
        column = placed.column
        if placed.index == NOT_IN_FILE:
            cell = None
        try:
            if column.levels:
                return self._read_region(number, placed, cell, cells)
            value = self._empty(placed) if is_blank(cell) else column.read(cell)
            return self._empty(placed) if value == "" and column.required else value
        except CellError as error:
            self._batch.refuse(number, column.attribute, cell, error.problem, error.remedy)
            return _UNREAD

    def _read_region(self, number: int, placed: Placed, cell: Cell, cells: Sequence[Cell]) -> object:
        if placed.column.name == "region_codes":
            return read_regions(cell, self._regions, placed.column.levels)
        found = read_region(cell, cells, self._batch.layout, placed, self._regions)
        if found is None:
            return self._empty(placed)
        for note in found.notes:
            self._batch.warn(number, placed.column.attribute, cell, note)
        return found.code

    def _empty(self, placed: Placed) -> object:
        if placed.column.required:
            raise CellError(_("the cell is empty."), _("Every row needs it."))
        return self._defaults[placed.column.attribute]

    def _key(self, values: Mapping[str, Any]) -> Key | None:
        try:
            return tuple(plain_key(name, values[name]) for name in self._table.key)
        except KeyError:
            return None


def names_in(table: Table, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(attribute, name) of everything that a row's values refer to in other rows."""
    for attribute, _refers in table.references:
        value = values.get(attribute)
        for name in value if isinstance(value, tuple) else (value,):
            if name:
                yield attribute, name


def _is_numbering(cells: Sequence[Cell]) -> bool:
    """Whether the row below the heading only numbers the columns, (1) (2) (3), as government forms do."""
    filled = [str(cell).strip().strip("()") for cell in cells if not is_blank(cell)]
    return len(filled) >= 3 and filled == [str(at) for at in range(1, len(filled) + 1)]
