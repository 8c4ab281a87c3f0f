"""How commands print: rich tables on a terminal, plain text in a pipe, JSON with stable keys."""

import json
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table


def print_json(data: object) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], right: Sequence[int] = ()) -> None:
    """`right`: positions of columns of numbers. In a pipe: one line a row, tab-separated, head first."""
    cells = [[("" if value is None else str(value)) for value in row] for row in rows]
    if not sys.stdout.isatty():
        for row in [list(columns), *cells]:
            print("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in row))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for position, column in enumerate(columns):
        table.add_column(column, justify="right" if position in right else "left")
    for row in cells:
        table.add_row(*row)
    Console().print(table)


def note(text: str) -> None:
    """A remark beside the output, on standard error."""
    print(text, file=sys.stderr)
