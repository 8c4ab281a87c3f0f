"""A list in the order of one of its columns, over all of its rows, not only those of one page. Pure.

What is blank comes last whichever way it goes; rows that are alike stay as they came. A column that there is not leaves
the list in its own order.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeVar

LONGEST_SORT: Final = 40
Value = str | float | tuple[float, ...] | None
"""Of one column alone all are of one kind."""
T = TypeVar("T")
Columns = Mapping[str, Callable[[T], Value]]
"""What rows are sorted by, by the name of the column."""
_FIGURES: Final = re.compile(r"(\d{1,18})")


def in_order(rows: Iterable[T], columns: Columns[T], sort: str) -> list[T]:
    """sort: the name of a column; with a minus before it from the greatest to the least."""
    value = columns.get(sort.removeprefix("-"))
    if value is None:
        return list(rows)
    filled: list[tuple[tuple[object, ...], T]] = []
    blank = []
    for row in rows:
        found = value(row)
        if found is None or found == "":
            blank.append(row)
        else:
            filled.append((rank(found), row))
    filled.sort(key=lambda each: each[0], reverse=sort.startswith("-"))
    return [*(row for _rank, row in filled), *blank]


def rank(value: str | float | tuple[float, ...]) -> tuple[object, ...]:
    """Text by its letters, large or small, and its figures by their size: ether2 before ether10."""
    if isinstance(value, tuple):
        return value
    if not isinstance(value, str):
        return (value,)
    parts = _FIGURES.split(value.casefold())
    return tuple((0, int(part)) if place % 2 else (1, part) for place, part in enumerate(parts))


def turned(sort: str, column: str) -> str:
    """What a head of that column asks for next: up, then down, then the list's own order."""
    return {column: f"-{column}", f"-{column}": ""}.get(sort, column)
