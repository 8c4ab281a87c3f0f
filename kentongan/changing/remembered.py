"""The inventory as many changes side by side ask for it: read again when it was changed, not for every question."""

import copy
import threading

from domain.network import Inventory
from inventory.store import SqlInventoryStore
from kentongan.installation import Installation


class RememberedInventory(SqlInventoryStore):
    """Keeps a whole inventory in memory as long as it lives. Safe for threads; others may write meanwhile."""

    def __init__(self, installation: Installation) -> None:
        super().__init__(installation.database.engine, installation.today)
        self._mutex = threading.Lock()
        self._kept: tuple[int, Inventory] | None = None

    def read(self, *, stages: bool = True) -> Inventory:
        """stages: they are always there."""
        with self._mutex:
            revision = self.revision()  # first: what is written while it is read, is read at the next question
            if self._kept is None or self._kept[0] != revision:
                self._kept = (revision, super().read())
            return self._kept[1]


def remembering(installation: Installation) -> Installation:
    """The same, opened once: closing it is left to whoever opened it."""
    same = copy.copy(installation)
    same.inventory = RememberedInventory(installation)
    return same
