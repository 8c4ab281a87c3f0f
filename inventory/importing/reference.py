"""Writes the reference page of the import files from the tables themselves; a test finds a stale page."""

import sys

from inventory.importing.columns import HELPERS, Column, Table
from inventory.importing.tables import TABLES

HEAD = """# Import files

This page is written by `python -m inventory.importing.reference > docs/reference/import-files.md`; change the tables in
`inventory/importing/tables`, not the page.

CSV (comma, semicolon or tab; UTF-8, UTF-16 or Windows-1252) or XLSX. A file or a sheet called like a table is that
table; otherwise its headings decide. Headings may be in English or Indonesian, in any case and order; spaces, dots and
underscores do not matter, nor what stands in brackets. **Bold** columns are required; all others may be absent. An
absent column keeps what is stored, an empty cell clears it. `-` in a cell means nothing. Lists are separated by `|`.

How to prepare the files: [Import an inventory](../how-to/import.md).
"""


def import_files_page() -> str:
    return "\n".join([HEAD, *(_section(table) for table in TABLES.values())])


def _section(table: Table) -> str:
    lines = [f"## {table.name}.csv", "", table.purpose, ""]
    if any(column.name == "region_code" for column in table.columns):
        beside = " and ".join(f"`{helper.name}`" for helper in reversed(HELPERS))
        lines += [f"Instead of, or beside, `region_code` the columns {beside} may name the place.", ""]
    lines += [
        f"Key: {', '.join(f'`{name}`' for name in table.key)}.",
        "",
        "| column | meaning | values | also called |",
        "| --- | --- | --- | --- |",
        *(_row(column) for column in table.columns),
        "",
    ]
    return "\n".join(lines)


def _row(column: Column) -> str:
    name = f"**`{column.name}`**" if column.required else f"`{column.name}`"
    values = column.values or (f"a key of {column.refers}.csv" if column.refers else "")
    cells = (name, column.meaning, values, column.headings.replace(",", ", "))
    return "| " + " | ".join(cell.replace("`|`", "a vertical bar").replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    sys.stdout.write(import_files_page())
