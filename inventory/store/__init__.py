"""The inventory, the regions and the credentials in a database. SQLAlchemy objects do not leave it."""

from inventory.store.inventory import SqlInventoryStore
from inventory.store.regions import SqlRegionStore
from inventory.store.vault import SqlVault

__all__ = ["SqlInventoryStore", "SqlRegionStore", "SqlVault"]
