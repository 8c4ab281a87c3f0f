"""What long lists share: pages of rows, the address of another page, CSV without formulas."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from console.views.sheet import defused

ROWS = 200
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    """rows: of this page, which counts from 1. found: on all of them."""

    rows: tuple[T, ...]
    found: int
    page: int
    pages: int


def paged(rows: Sequence[T], page: int, size: int = ROWS) -> Paged[T]:
    """A page that there is not is the nearest one."""
    pages = max(1, -(-len(rows) // size))
    at = min(max(page, 1), pages)
    return Paged(tuple(rows[(at - 1) * size : at * size]), len(rows), at, pages)


def address(path: str, query: Mapping[str, object]) -> str:
    """With what is not empty."""
    kept = [(name, str(value)) for name, value in query.items() if value not in ("", None, False)]
    return f"{path}?{urlencode(kept)}" if kept else path


def csv_of(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A cell that a spreadsheet would take for a formula is quoted, as in every export."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    for row in rows:
        cells = ["" if cell is None else str(cell) for cell in row]
        writer.writerow(map(defused, cells))
    return out.getvalue()


def fits(parts: Iterable[str], text: str) -> bool:
    wanted = text.strip().casefold()
    return not wanted or any(wanted in part.casefold() for part in parts)
