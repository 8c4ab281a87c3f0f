"""The twelve files of an inventory, column by column."""

from typing import Final

from inventory.importing.columns import Table
from inventory.importing.tables.administration import CONTRACTS, PEOPLE, PREFIXES, SERVICES, TARGETS
from inventory.importing.tables.connections import BETWEEN_SEGMENTS, LINKS, SEGMENTS
from inventory.importing.tables.equipment import BETWEEN_DEVICES, DEVICES
from inventory.importing.tables.places import SITES, VILLAGES
from inventory.importing.tables.plans import INDICATORS
from inventory.importing.tables.stages import STAGES

_ALL: Final = (
    VILLAGES, SITES, DEVICES, LINKS, SEGMENTS, CONTRACTS, SERVICES, PREFIXES, PEOPLE, TARGETS, STAGES, INDICATORS,
)  # fmt: skip
TABLES: Final[dict[str, Table]] = {table.name: table for table in _ALL}

__all__ = ["BETWEEN_DEVICES", "BETWEEN_SEGMENTS", "TABLES"]
