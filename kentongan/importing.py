"""What an import read goes into the database and the journal: the one way in for the command line and whoever else."""

from typing import Final

from inventory.importing import ImportResult
from kentongan.installation import Installation

ORDER: Final = (
    "segments", "contracts", "villages", "sites", "devices", "links", "services", "prefixes", "people", "targets",
    "stages", "indicators",
)  # fmt: skip


def keep_import(installation: Installation, result: ImportResult) -> None:
    """All of it, or nothing."""
    inventory = result.inventory
    installation.inventory.write([record for name in ORDER for record in getattr(inventory, name)])
    installation.record("inventory imported", ", ".join(result.counts), counts=dict(result.counts))
