"""The inventory in a database: whole in, whole out, each write one transaction and one revision."""

from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Engine, select

from domain.network import KINDS, Inventory, Record, key_of
from inventory.store.installation import raise_revision, read_revision
from inventory.store.rows import remove_records, write_records
from inventory.store.stages import forget_stages, keep_stages
from inventory.store.tables import RECORD_TABLES

FIELDS: Final = tuple(field.name for field in fields(Inventory))


class SqlInventoryStore:
    """Implements domain.network.InventoryStore.

    The engine's option `reading` begins a read-only snapshot where the wiring provides one: all tables are read as
    they were at one moment. today: the day on which changed stages of sites are recorded; without it they are not.
    """

    def __init__(self, engine: Engine, today: Callable[[], date] | None = None) -> None:
        self._engine = engine
        self._today = today
        self._reader = engine.execution_options(reading=True)

    def revision(self) -> int:
        """0 before the first write."""
        with self._reader.connect() as connection:
            return read_revision(connection)

    def read(self, *, stages: bool = True) -> Inventory:
        """stages: the history of the sites too; who only polls has no use for it."""
        with self._reader.connect() as connection:
            words = Words()
            names = [name for name in FIELDS if stages or name != "stages"]
            found = {name: self._read_kind(connection, KINDS[name], words) for name in names}
        return Inventory(**found)

    def write(self, records: Iterable[Record]) -> None:
        """All or nothing; raises the revision by one even if nothing differs."""
        with self._engine.begin() as connection:
            self.write_in(connection, records)

    def remove(self, records: Iterable[Record]) -> None:
        with self._engine.begin() as connection:
            self.remove_in(connection, records)

    def write_in(self, connection: Connection, records: Iterable[Record]) -> None:
        """Like `write`, inside a transaction that spans other stores."""
        # The revision first: its one row makes writers on PostgreSQL wait for each other instead of deadlocking.
        raise_revision(connection)
        write_records(connection, keep_stages(connection, records, self._today() if self._today else None))

    def remove_in(self, connection: Connection, records: Iterable[Record]) -> None:
        """Like `remove`, inside a transaction that spans other stores."""
        raise_revision(connection)
        gone = list(records)
        remove_records(connection, gone)
        forget_stages(connection, gone)

    @staticmethod
    def _read_kind(connection: Connection, kind: type[Record], words: "Words") -> tuple[Any, ...]:
        # Sorted here, because a server's collation is not Python's order.
        rows = connection.execute(select(RECORD_TABLES[kind]))
        return tuple(sorted((kind(*map(words.once, row)) for row in rows), key=key_of))


class Words:
    """Records say the same words again and again (zones, sites, uplinks): each is kept once, for all of them."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._lists: dict[tuple[str, ...], tuple[str, ...]] = {}

    def once(self, value: Any) -> Any:
        if type(value) is str:
            return self._known.setdefault(value, value)
        if type(value) is tuple and all(type(word) is str for word in value):  # a member of an enum stays one
            return self._lists.get(value) or self._lists.setdefault(value, tuple(map(self.once, value)))
        return value
