"""What an import found: the good records, the errors, and the rows that stay out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.network import Inventory
from inventory.importing.findings import RowError, RowWarning


@dataclass(frozen=True, slots=True)
class FileCount:
    """What became of one file or sheet. `rows` = `accepted` + `rejected`; added, changed, unchanged are accepted."""

    file: str
    table: str
    rows: int = 0
    accepted: int = 0
    rejected: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that stays out. `cells` maps a column to its cell as it stood: known columns by their English name."""

    file: str
    row: int
    table: str
    reason: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """`inventory` holds the accepted records alone, each tuple sorted by key; it may be written as it is.

    errors: sorted by file and row. notes: warnings on rows that were taken in, and words about whole files.
    rejected: every row that stays out, also those that were good but depend on one that was not.
    counts: table → accepted rows. files: the same per file, in more words.
    """

    inventory: Inventory = field(default_factory=Inventory)
    errors: tuple[RowError, ...] = ()
    notes: tuple[RowWarning, ...] = ()
    rejected: tuple[RejectedRow, ...] = ()
    files: tuple[FileCount, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
