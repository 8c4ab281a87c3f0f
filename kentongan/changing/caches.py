"""Inventory and credentials as many changes side by side ask for them: read again when they were changed, not for every
question."""

import threading
from collections.abc import Callable, Mapping

from domain.network import Inventory
from domain.secrets import Credential
from inventory.store import SqlInventoryStore, SqlVault
from kentongan.installation import Installation


class CachedInventory(SqlInventoryStore):
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


class CachedVault(SqlVault):
    """Credentials by `names`, which reads all of them where any, or the inventory, was changed."""

    def __init__(self, of: Installation, revision: Callable[[], int]) -> None:
        self._of = of
        self._revision = revision
        self._mutex = threading.Lock()
        self._kept: tuple[int, Mapping[str, Credential]] = (-1, {})

    def names(self) -> tuple[str, ...]:
        with self._mutex:
            revision = self._revision()
            if self._kept[0] != revision:
                vault = self._of.vault
                self._kept = (revision, {name: vault.get(name) for name in vault.names()})
            return tuple(self._kept[1])

    def get(self, name: str) -> Credential:
        """As it was when the names were asked for last."""
        known = self._kept[1].get(name)
        return self._of.vault.get(name) if known is None else known

    def put(self, credential: Credential) -> None:
        self._of.vault.put(credential)

    def remove(self, name: str) -> None:
        self._of.vault.remove(name)


class CachedInstallation(Installation):
    """An installation that is open already, asked by many threads. Closing it is left to whoever opened it."""

    def __init__(self, of: Installation) -> None:
        vars(self).update(vars(of))
        self.inventory = CachedInventory(of)
        self._vault = CachedVault(of, self.inventory.revision)

    @property
    def vault(self) -> SqlVault:
        return self._vault
