"""What reads otherwise in a report than it did: figure by figure, before and now. Pure.

Tables are matched by their key, rows by their first columns, as many of them as tell the rows apart.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.documents.report import Column, OfficeReport, ReportTable, Unit, Value

CORRECTIONS = "corrections"
"""The key of the table that shows changes; itself it is never compared."""


@dataclass(frozen=True, slots=True)
class Change:
    """table: its key. title: of the table. row: what the row is called. column: its title. None: not there."""

    table: str
    title: str
    row: str
    column: str
    unit: Unit
    before: Value
    now: Value


def changes(before: OfficeReport, now: OfficeReport) -> tuple[Change, ...]:
    """In the order of the tables and rows; a row that is new or gone is told by its first figure."""
    later = {table.key: table for table in now.tables}
    found: list[Change] = []
    for table in before.tables:
        if table.key != CORRECTIONS and table.key in later:
            found += _in_table(table, later[table.key])
    earlier = {table.key for table in before.tables}
    for table in now.tables:
        if table.key != CORRECTIONS and table.key not in earlier:
            found += _in_table(_emptied(table), table)
    return tuple(found)


def _emptied(table: ReportTable) -> ReportTable:
    return ReportTable(table.key, table.title, table.columns, (), table.source)


def _in_table(before: ReportTable, now: ReportTable) -> Iterator[Change]:
    width = _telling(before, now)
    old, new = ({row[:width]: row for row in table.rows} for table in (before, now))
    was_at, is_at = ({column.key: at for at, column in enumerate(table.columns)} for table in (before, now))
    # What is of another kind than it was reads otherwise by our doing, not by the network's.
    units = {column.key: column.unit for column in before.columns}
    shared = [column for column in now.columns if units.get(column.key) is column.unit]
    for name in dict.fromkeys((*old, *new)):
        was, is_ = old.get(name), new.get(name)
        whole = was is None or is_ is None
        row = ", ".join(str(part) for part in name if part not in ("", None))
        for column in _first_figure(shared) if whole else shared:
            one = was[was_at[column.key]] if was else None
            other = is_[is_at[column.key]] if is_ else None
            if whole or one != other:
                yield Change(now.key, now.title, row, column.title, column.unit, one, other)


def _first_figure(columns: Sequence[Column]) -> Sequence[Column]:
    return [each for each in columns if each.unit.is_figure][:1] or columns[:1]


def _telling(before: ReportTable, now: ReportTable) -> int:
    """How many of the first columns it takes to tell all rows of both tables apart."""
    most = min(len(before.columns), len(now.columns))
    for width in range(1, most):
        if all(len({row[:width] for row in table.rows}) == len(table.rows) for table in (before, now)):
            return width
    return most
