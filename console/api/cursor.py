"""Where a page of a sorted list ends, as a text that a program hands back for the next one: what the last row was
sorted by, and its key. It holds although rows came and went meanwhile.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar

from fastapi import HTTPException, Query

from console.views.sorting import Columns, Value, in_order, rank
from domain.language import _

MOST_LETTERS: Final = 200
"""Of a text, by which it is sorted: a cursor stays short."""
T = TypeVar("T")


def sort_by(columns: Mapping[str, Any]) -> Any:
    """The parameter `sort` of a list with these columns; any other one is refused."""
    return Query(
        pattern=f"^(-?({'|'.join(columns)}))?$",
        description="By which column; with - before it the other way round. Blank comes last. Empty: as it says above.",
    )


def after_cursor(items: Iterable[T], key: Callable[[T], str], columns: Columns[T], sort: str, after: str) -> list[T]:
    """In order, those that come after. key: tells rows apart. Raises HTTPException 404: no cursor of this order."""
    value = columns[sort.removeprefix("-")]
    ordered = in_order(sorted(items, key=key), {name: _cut(column) for name, column in columns.items()}, sort)
    if not after:
        return ordered
    down = sort.startswith("-")
    try:
        last, last_key = json.loads(after)
        if not isinstance(last_key, str):
            raise TypeError(last_key)
        of_last = _place(tuple(last) if isinstance(last, list) else last)
        return [row for row in ordered if _follows(_place(_cut(value)(row)), key(row), of_last, last_key, down=down)]
    except (ValueError, TypeError) as error:
        raise HTTPException(404, _("There is no such page: this is no `next` of a list in this order.")) from error


def cursor_of(row: T, key: Callable[[T], str], columns: Columns[T], sort: str) -> str:
    return json.dumps([_cut(columns[sort.removeprefix("-")])(row), key(row)], ensure_ascii=False)


def _follows(one: tuple[object, ...], key: str, last: tuple[object, ...], last_key: str, *, down: bool) -> bool:
    if one == last:
        return key > last_key
    if not one or not last:
        return not one  # what is blank comes last either way
    return (one < last) if down else (one > last)


def _place(value: Value) -> tuple[object, ...]:
    return () if value is None or value == "" else rank(value)


def _cut(column: Callable[[T], Value]) -> Callable[[T], Value]:
    def cut(row: T) -> Value:
        value = column(row)
        return value[:MOST_LETTERS] if isinstance(value, str) else value

    return cut
