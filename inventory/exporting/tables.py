"""Records as CSV files: UTF-8 with BOM so that Excel sees the letters, commas, CRLF, every column, sorted by key."""

import csv
import io
from collections.abc import Iterator

from domain.network import Inventory, Record, key_of
from inventory.exporting.cells import written
from inventory.importing.columns import Table
from inventory.importing.tables import TABLES

BOM = "\ufeff"


def export_tables(inventory: Inventory) -> dict[str, bytes]:
    """File name → content, for all twelve files, also the empty ones: those are the forms to fill in.

    What it writes imports again without a change, and is the same bytes for the same records.
    """
    return {f"{name}.csv": _csv(table, records_of(inventory, name)) for name, table in TABLES.items()}


def records_of(inventory: Inventory, table: str) -> list[Record]:
    return sorted(getattr(inventory, table), key=key_of)


def _csv(table: Table, records: list[Record]) -> bytes:
    out = io.StringIO(newline="")
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow([column.name for column in table.columns])
    writer.writerows(_rows(table, records))
    return out.getvalue().encode()


def _rows(table: Table, records: list[Record]) -> Iterator[list[str]]:
    attributes = [column.attribute for column in table.columns]
    for record in records:
        yield [written(getattr(record, attribute)) for attribute in attributes]
