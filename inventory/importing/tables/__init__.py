"""The eleven files of an inventory, column by column."""

from typing import Final

from inventory.importing.columns import Table
from inventory.importing.tables.administration import CONTRACTS, PEOPLE, PREFIXES, SERVICES, TARGETS
from inventory.importing.tables.connections import BETWEEN_SEGMENTS, LINKS, SEGMENTS
from inventory.importing.tables.equipment import BETWEEN_DEVICES, DEVICES
from inventory.importing.tables.places import SITES, VILLAGES
from inventory.importing.tables.stages import STAGES

TABLES: Final[dict[str, Table]] = {
    table.name: table
    for table in (VILLAGES, SITES, DEVICES, LINKS, SEGMENTS, CONTRACTS, SERVICES, PREFIXES, PEOPLE, TARGETS, STAGES)
}

__all__ = ["BETWEEN_DEVICES", "BETWEEN_SEGMENTS", "TABLES"]
