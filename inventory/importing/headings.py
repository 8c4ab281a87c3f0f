"""Finds the heading of a table below its title rows, and says which of the twelve files it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from typing import Final

from domain.language import _
from inventory.errors import UnreadableFileError
from inventory.importing.cells import Cell
from inventory.importing.columns import DISTRICT_NAME, HELPERS, VILLAGE_NAME, Column, HelperColumn, Table, fold_heading
from inventory.importing.findings import shown
from inventory.importing.sheets import Row, Sheet
from inventory.importing.tables import TABLES

SEARCHED_ROWS: Final = 60
ENOUGH: Final = 2
NOT_IN_FILE: Final = -1


@dataclass(frozen=True, slots=True)
class Placed:
    """A column of the table and where it stands; `index` is NOT_IN_FILE for one that helper columns stand in for."""

    column: Column
    index: int
    heading: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A table's heading, understood.

    helpers: helper column → index. extra: headings nobody knows, by index. twice: (heading, heading, column) where
    two headings mean one column.
    """

    table: Table
    row: int
    placed: tuple[Placed, ...]
    helpers: dict[str, int]
    extra: dict[int, str]
    twice: tuple[tuple[str, str, str], ...] = ()

    def missing(self) -> list[Column]:
        """Required columns that the file does not have."""
        here = {placed.column.name for placed in self.placed}
        return [column for column in self.table.columns if column.required and column.name not in here]


def known_headings(rows: Sequence[Sequence[Cell]]) -> int:
    """How many known headings stand in the best row, whatever the table."""
    return max((_matches(row, table) for row in rows for table in TABLES.values()), default=0)


def understand(sheet: Sheet) -> Layout:
    """The heading of a sheet. Raises UnreadableFileError where there is none, or it fits no table or several."""
    first = list(islice(_numbered(sheet.rows()), SEARCHED_ROWS))
    bound = named_table(sheet)
    candidates = (bound,) if bound else tuple(TABLES.values())
    best = max(((_matches(row, table), -number) for number, row in first for table in candidates), default=(0, 0))
    if best[0] == 0 or not first:
        raise _no_heading(bound)
    row = next(cells for number, cells in first if number == -best[1])
    filled = sum(1 for cell in row if cell not in (None, ""))
    if best[0] < ENOUGH and filled > best[0]:
        raise _no_heading(bound)
    layouts = [layout_of(table, -best[1], row) for table in candidates]
    chosen = layouts[0] if bound else _choose(layouts, sheet.title)
    if chosen.twice:
        raise _duplicate(*chosen.twice[0])
    return chosen


def named_table(sheet: Sheet) -> Table | None:
    """The table that the sheet's title names; without one, the heading decides."""
    return TABLES.get(sheet.title.strip().casefold())


def layout_of(table: Table, number: int, row: Sequence[Cell]) -> Layout:
    """The columns of `table` in a heading row."""
    headings = _headings_of(table)
    helpers = _helpers_of(table)
    placed: dict[str, Placed] = {}
    found_helpers: dict[str, int] = {}
    extra: dict[int, str] = {}
    twice: list[tuple[str, str, str]] = []
    for index, cell in enumerate(row):
        written = shown(cell) if cell is not None else ""
        folded = fold_heading(written)
        if not folded:
            continue
        column = headings.get(folded)
        if column is not None and column.name in placed:
            twice.append((placed[column.name].heading, written, column.name))
        elif column is not None:
            placed[column.name] = Placed(column, index, written)
        elif folded in helpers and helpers[folded] not in found_helpers:
            found_helpers[helpers[folded]] = index
        else:
            extra[index] = written
    _stand_in(table, placed, found_helpers, row)
    in_order = tuple(placed[column.name] for column in table.columns if column.name in placed)
    return Layout(table, number, in_order, found_helpers, extra, tuple(twice))


def nearest_heading(written: str, table: Table) -> str:
    """The column that a misspelt heading probably means, or an empty text."""
    headings = _headings_of(table)
    near = get_close_matches(fold_heading(written), headings, n=1, cutoff=0.8)
    return headings[near[0]].name if near else ""


def _stand_in(table: Table, placed: dict[str, Placed], helpers: dict[str, int], row: Sequence[Cell]) -> None:
    """Where there is no code, a village's name with its kecamatan will do."""
    if "region_code" in placed or not _helpers_of(table):
        return
    column = table.column("region_code")
    if VILLAGE_NAME.name in helpers:
        placed["region_code"] = Placed(column, NOT_IN_FILE, shown(row[helpers[VILLAGE_NAME.name]]))
    elif DISTRICT_NAME.name in helpers and not column.required:
        placed["region_code"] = Placed(column, NOT_IN_FILE, shown(row[helpers[DISTRICT_NAME.name]]))


def _choose(layouts: Sequence[Layout], title: str) -> Layout:
    """The table with no required column missing and the most columns; where that leaves several, by the title."""
    ranked = {layout.table.name: (not layout.missing(), len(layout.placed) - len(layout.twice)) for layout in layouts}
    equal = [layout for layout in layouts if ranked[layout.table.name] == max(ranked.values())]
    named = equal if len(equal) == 1 else [layout for layout in equal if _is_called(layout.table, title)]
    if len(named) == 1:
        return named[0]
    raise UnreadableFileError(
        _("the heading fits several tables: {names}.").format(names=", ".join(each.table.name for each in equal)),
        _("Name the file or the sheet like the table: {example}.").format(example=f"{equal[0].table.name}.csv"),
    )


def _is_called(table: Table, title: str) -> bool:
    folded = fold_heading(title)
    return any(folded.startswith(fold_heading(word)) for word in (table.name, *table.words.split(",")))


def _matches(row: Sequence[Cell], table: Table) -> int:
    """How many different columns of the table, or helpers of it, a row names."""
    names = _NAMES[table.name]
    return len({names[folded] for cell in row if isinstance(cell, str) and (folded := fold_heading(cell)) in names})


def _helpers_for(table: Table) -> tuple[HelperColumn, ...]:
    return HELPERS if any(column.name == "region_code" for column in table.columns) else ()


_HEADINGS: Final[dict[str, dict[str, Column]]] = {
    table.name: {known: column for column in table.columns for known in column.known_as} for table in TABLES.values()
}


_NAMES: Final[dict[str, dict[str, str]]] = {
    table.name: {
        **{known: helper.name for helper in _helpers_for(table) for known in helper.known_as},
        **{known: column.name for known, column in _HEADINGS[table.name].items()},
    }
    for table in TABLES.values()
}


def _headings_of(table: Table) -> dict[str, Column]:
    return _HEADINGS[table.name]


def _helpers_of(table: Table) -> dict[str, str]:
    return {known: helper.name for helper in _helpers_for(table) for known in helper.known_as}


def _numbered(rows: Iterator[Row]) -> Iterator[Row]:
    return ((number, cells) for number, cells in rows if any(cell not in (None, "") for cell in cells))


def _no_heading(bound: Table | None) -> UnreadableFileError:
    if bound is None:
        return UnreadableFileError(
            _("no heading was found, so this is none of the twelve tables."),
            _("Name the file like the table: {names}.").format(names=", ".join(f"{name}.csv" for name in TABLES)),
        )
    needed = ", ".join(column.name for column in bound.columns if column.required)
    return UnreadableFileError(
        _("no heading of {table} was found.").format(table=bound.name),
        _("One row must name the columns, at least: {columns}.").format(columns=needed),
    )


def _duplicate(first: str, second: str, column: str) -> UnreadableFileError:
    if fold_heading(first) == fold_heading(second):
        return UnreadableFileError(
            _("the column '{heading}' stands there twice.").format(heading=first), _("Delete one of them.")
        )
    return UnreadableFileError(
        _("the columns '{first}' and '{second}' both mean {column}.").format(first=first, second=second, column=column),
        _("Delete one of them, or give it another heading."),
    )
