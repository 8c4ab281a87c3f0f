"""Files in, records and errors out."""

from collections.abc import Sequence

from domain.network import Inventory, RegionStore
from inventory.importing.result import ImportResult


def read_import(files: Sequence[tuple[str, bytes]], stored: Inventory, regions: RegionStore) -> ImportResult:
    """Read all files, check every row, and say what is wrong; stores nothing.

    files: (name, content) of CSV or XLSX files. stored: what references may also point to; a column that a file does
    not have keeps what is stored. regions: asked for codes, and for the names inside the home kabupaten.
    Never raises for what is in a file: that is in `errors`.
    """
    return ImportResult()
