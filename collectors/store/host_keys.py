"""Keeps the host keys by which devices are known. The first one is believed if that is allowed; no other one is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from collectors.store.ssh_tables import ssh_host_key as keys
from domain.shell import HostKey


@dataclass(frozen=True, slots=True)
class KeptHostKey:
    """Of one device. known: None where only a refused offer is remembered. offered: another key that was refused."""

    device: str
    known: HostKey | None
    trusted_at: datetime | None
    trusted_by: str
    offered: HostKey | None = None
    offered_at: datetime | None = None


class SqlHostKeys:
    """Implements domain.shell.HostKeys.

    unix_seconds: the time that keys are dated with. first_use: whether a first meeting is believed.
    trusted: told of each key that is believed, in the transaction that stores it.
    """

    def __init__(
        self,
        engine: Engine,
        unix_seconds: Callable[[], float],
        *,
        actor: str,
        first_use: bool = True,
        trusted: Callable[[Connection, str, HostKey], None] = lambda _connection, _device, _key: None,
    ) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)
        self._unix_seconds = unix_seconds
        self._actor = actor
        self._first_use = first_use
        self._trusted = trusted

    def known(self, device: str) -> HostKey | None:
        kept = self.get(device)
        return kept.known if kept else None

    def trust(self, device: str, key: HostKey) -> bool:
        """The first key of a device. Only one conversation with it is under way, see DeviceLocks."""
        if not self._first_use:
            self.refuse(device, key)
            return False
        with self._engine.begin() as connection:
            self._believe(connection, device, key)
        return True

    def refuse(self, device: str, offered: HostKey) -> None:
        values = {
            "offered_algorithm": offered.algorithm,
            "offered_blob": offered.blob,
            "offered_at": self._unix_seconds(),
        }
        with self._engine.begin() as connection:
            done = connection.execute(update(keys).where(keys.c.device == device).values(values))
            if not done.rowcount:
                nothing = {"device": device, "algorithm": "", "blob": "", "trusted_at": 0.0, "trusted_by": ""}
                connection.execute(insert(keys).values({**nothing, **values}))

    def accept(self, device: str) -> HostKey | None:
        """A person believes the key that was offered last; None if none was."""
        kept = self.get(device)
        if kept is None or kept.offered is None:
            return None
        with self._engine.begin() as connection:
            self._believe(connection, device, kept.offered)
        return kept.offered

    def forget(self, device: str) -> bool:
        """The next meeting is a first one. False if there is nothing to forget."""
        with self._engine.begin() as connection:
            return connection.execute(delete(keys).where(keys.c.device == device)).rowcount > 0

    def get(self, device: str) -> KeptHostKey | None:
        with self._reader.connect() as connection:
            row = connection.execute(select(keys).where(keys.c.device == device)).one_or_none()
        return _kept(row) if row is not None else None

    def all(self) -> tuple[KeptHostKey, ...]:
        with self._reader.connect() as connection:
            return tuple(_kept(row) for row in connection.execute(select(keys).order_by(keys.c.device)))

    def _believe(self, connection: Connection, device: str, key: HostKey) -> None:
        values = {
            "algorithm": key.algorithm,
            "blob": key.blob,
            "trusted_at": self._unix_seconds(),
            "trusted_by": self._actor,
            "offered_algorithm": "",
            "offered_blob": "",
            "offered_at": None,
        }
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(keys).values({"device": device, **values})
        connection.execute(statement.on_conflict_do_update(index_elements=["device"], set_=values))
        self._trusted(connection, device, key)


def _kept(row: Row[Any]) -> KeptHostKey:
    return KeptHostKey(
        row.device,
        HostKey(row.algorithm, row.blob) if row.blob else None,
        datetime.fromtimestamp(row.trusted_at, UTC) if row.blob else None,
        row.trusted_by,
        HostKey(row.offered_algorithm, row.offered_blob) if row.offered_blob else None,
        datetime.fromtimestamp(row.offered_at, UTC) if row.offered_at is not None else None,
    )
