"""What an import read goes into the database and the journal: the one way in for the command line and whoever else."""

from inventory.importing import ImportResult
from kentongan.installation import Installation


def keep_import(installation: Installation, result: ImportResult) -> None:
    """All of it, or nothing."""
    inventory = result.inventory
    records = [
        record
        for name in ("segments", "contracts", "villages", "sites", "devices", "links", "services", "prefixes")
        for record in getattr(inventory, name)
    ]
    installation.inventory.write([*records, *inventory.people, *inventory.targets, *inventory.stages])
    installation.record("inventory imported", ", ".join(result.counts), counts=dict(result.counts))
