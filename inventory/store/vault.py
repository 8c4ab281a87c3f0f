"""Credentials in a database, sealed with a key that is not in it (see `sealing.py` and `key.py`)."""

from collections.abc import Callable
from typing import NoReturn

from sqlalchemy import Connection, Engine, delete, select, update

from domain.language import _
from domain.secrets import Credential
from inventory.errors import InventoryError
from inventory.store.installation import raise_revision
from inventory.store.key import VARIABLE, VaultKey
from inventory.store.rows import upsert
from inventory.store.sealing import NotOpenedError, seal, unseal
from inventory.store.tables import credentials

columns = credentials.c


class WrongKeyError(InventoryError):
    """The stored credentials were sealed with another key."""


class TamperedError(InventoryError):
    """A sealed credential was changed outside Kentongan, or moved to another name."""


class SqlVault:
    """Implements domain.secrets.Vault. Every credential of one database is sealed with one key."""

    def __init__(self, engine: Engine, key: VaultKey) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)
        self._key = key

    def names(self) -> tuple[str, ...]:
        with self._reader.connect() as connection:
            return tuple(sorted(connection.execute(select(columns.name)).scalars()))

    def get(self, name: str) -> Credential:
        """Raises KeyError, WrongKeyError or TamperedError."""
        query = select(columns.key_fingerprint, columns.sealed).where(columns.name == name)
        with self._reader.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise KeyError(name)
        return self._opened(name, *row)

    def put(self, credential: Credential) -> None:
        """Insert, or replace the one of the same name. Raises WrongKeyError while others are sealed otherwise."""
        row = {"name": credential.name, "key_fingerprint": self._key.fingerprint, "sealed": seal(credential, self._key)}
        with self._engine.begin() as connection:
            # One database, one key: with two, half of the devices would fall silent whichever is put back.
            others = select(columns.key_fingerprint).where(
                columns.name != credential.name, columns.key_fingerprint != self._key.fingerprint
            )
            other = connection.execute(others.limit(1)).scalar()
            if other is not None:
                self._refuse(other)
            upsert(connection, credentials, [row])
            raise_revision(connection)  # a running service asks with the new one from its next look on

    def remove(self, name: str) -> None:
        """Raises KeyError. Needs the database only: a credential nobody can open any more can still go."""
        with self._engine.begin() as connection:
            if not connection.execute(delete(credentials).where(columns.name == name)).rowcount:
                raise KeyError(name)
            raise_revision(connection)

    def rotate(self, new: VaultKey, also: Callable[[Connection, int], None] = lambda _connection, _count: None) -> int:
        """Seal every credential with another key, all or none; returns how many.

        The new key must be safe on disk before, and take the old one's place after: see `rotation`. This vault goes on
        with it. also: what else belongs into the transaction; is told how many.
        """
        with self._engine.begin() as connection:
            count = self._seal_again(connection, new)
            also(connection, count)
        self._key = new
        return count

    def _seal_again(self, connection: Connection, new: VaultKey) -> int:
        rows = connection.execute(select(columns.name, columns.key_fingerprint, columns.sealed)).all()
        for name, fingerprint, sealed in rows:
            again = seal(self._opened(name, fingerprint, sealed), new)
            values = {"key_fingerprint": new.fingerprint, "sealed": again}
            connection.execute(update(credentials).where(columns.name == name).values(values))
        return len(rows)

    def _opened(self, name: str, fingerprint: str, sealed: bytes) -> Credential:
        if fingerprint != self._key.fingerprint:
            self._refuse(fingerprint)
        try:
            return unseal(name, sealed, self._key)
        except NotOpenedError:
            raise TamperedError(
                _("The stored credential {name} was changed outside Kentongan. Add it again.").format(name=name)
            ) from None

    def _refuse(self, fingerprint: str) -> NoReturn:
        raise WrongKeyError(
            _(
                "The stored credentials were sealed with another key ({theirs}) than the one in use ({ours}). "
                "Put back the key file that belongs to this database, or give its key in {variable}. If that key is "
                "lost, remove the credentials and add them again."
            ).format(theirs=fingerprint, ours=self._key.fingerprint, variable=VARIABLE)
        )
