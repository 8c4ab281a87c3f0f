"""Tables of reports out of JSON rows: each column stands beside what fills it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from domain.documents import Column, ReportTable, Value

Row = Mapping[str, Any]
Field = tuple[Column, str | Callable[[Row], Value]]
"""A column, and the key of its value in a row, or what makes it of the row."""


def filled(
    key: str, title: str, fields: Sequence[Field], rows: Iterable[Row], source: str, empty: str = ""
) -> ReportTable:
    """One line for each row, in their order. For key, source and empty see ReportTable."""
    return ReportTable(
        key,
        title,
        tuple(column for column, _value in fields),
        tuple(tuple(row[value] if isinstance(value, str) else value(row) for _column, value in fields) for row in rows),
        source,
        empty,
    )
