"""Keeps which login a device takes by SSH, and whether it may be spoken to with old algorithms."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Engine, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from collectors.store.ssh_tables import ssh_access as access


@dataclass(frozen=True, slots=True)
class SshAccess:
    """credential: a name in the vault; empty: the one that is for all. legacy: it knows old algorithms only."""

    credential: str = ""
    legacy: bool = False


class SqlSshAccess:
    """By the device's name. A device without a record has the default of both."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def read(self) -> dict[str, SshAccess]:
        with self._reader.connect() as connection:
            return {row.device: SshAccess(row.credential, row.legacy) for row in connection.execute(select(access))}

    def put(self, device: str, record: SshAccess) -> None:
        """Insert or replace; a record that says nothing is removed."""
        if record == SshAccess():
            self.forget([device])
            return
        values = {"credential": record.credential, "legacy": record.legacy}
        with self._engine.begin() as connection:
            dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
            statement = dialect.insert(access).values({"device": device, **values})
            connection.execute(statement.on_conflict_do_update(index_elements=["device"], set_=values))

    def forget(self, devices: Iterable[str]) -> None:
        rows = [{"gone": device} for device in devices]
        if rows:
            with self._engine.begin() as connection:
                connection.execute(delete(access).where(access.c.device == bindparam("gone")), rows)
