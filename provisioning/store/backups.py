"""Keeps what is known of each device's configuration backups. The configurations themselves are in git."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import Engine, Row, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from provisioning.backup.records import BackupState
from provisioning.store.backup_tables import config_backup as backups


class SqlBackupStates:
    """Implements provisioning.backup.ports.BackupStates."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def read(self) -> dict[str, BackupState]:
        """By the device's name."""
        with self._reader.connect() as connection:
            return {row.device: _state(row) for row in connection.execute(select(backups))}

    def get(self, device: str) -> BackupState | None:
        with self._reader.connect() as connection:
            row = connection.execute(select(backups).where(backups.c.device == device)).one_or_none()
        return _state(row) if row is not None else None

    def put(self, state: BackupState) -> None:
        """Insert or replace."""
        values = {name: _text(value) for name, value in asdict(state).items()}
        with self._engine.begin() as connection:
            dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
            insert = dialect.insert(backups).values(values)
            rest = {name: value for name, value in values.items() if name != "device"}
            connection.execute(insert.on_conflict_do_update(index_elements=["device"], set_=rest))

    def forget(self, devices: Iterable[str]) -> None:
        rows = [{"gone": device} for device in devices]
        if rows:
            with self._engine.begin() as connection:
                connection.execute(delete(backups).where(backups.c.device == bindparam("gone")), rows)


def _state(row: Row[Any]) -> BackupState:
    return BackupState(**row._mapping)


def _text(value: object) -> object:
    """A message may quote what a device wrote: without NUL and lone surrogates, which a database refuses."""
    if not isinstance(value, str):
        return value
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
