"""What every list can do: be searched, be turned page by page, be given to a spreadsheet without formulas."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from urllib.parse import urlencode

ROWS: Final = 200
LONGEST_FILTER: Final = 100
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_NEXT: Final = re.compile(r";(?=[=+\-@\t\r\n])")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Leaf(Generic[T]):
    """rows: of this page. found: of all. page: from 1."""

    rows: tuple[T, ...]
    found: int
    page: int
    pages: int


def leaf_of(rows: Sequence[T], page: int = 1, size: int = ROWS) -> Leaf[T]:
    """A page that is not there is the nearest."""
    pages = max(1, -(-len(rows) // size))
    at = max(1, min(page, pages))
    return Leaf(tuple(rows[(at - 1) * size : at * size]), len(rows), at, pages)


def address(path: str, query: Mapping[str, object]) -> str:
    """Of another page of a list: with what is not empty."""
    kept = [(name, str(value)) for name, value in query.items() if value not in ("", None, False)]
    return f"{path}?{urlencode(kept)}" if kept else path


def holds(parts: Iterable[str], text: str) -> bool:
    """Whether one of the parts holds what is looked for; % and _ are letters like any other."""
    wanted = text[:LONGEST_FILTER].strip().casefold()
    return not wanted or any(wanted in part.casefold() for part in parts)


def sheet_of(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV; a cell that a spreadsheet would take for a formula is quoted."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
    return out.getvalue()


def defused(text: str) -> str:
    """Nothing that a spreadsheet would run: neither at the beginning, nor behind a semicolon, at which an Indonesian
    Excel begins a new cell."""
    plain = f"'{text}" if text.startswith(_FORMULA) else text
    return _NEXT.sub(";'", plain)


def _plain(cell: object) -> object:
    if cell is None:
        return ""
    return defused(cell) if isinstance(cell, str) else cell
