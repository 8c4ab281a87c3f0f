"""Records to rows: insert or replace by key, remove by key, on SQLite and on PostgreSQL alike."""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection, Table, and_, bindparam, delete
from sqlalchemy.dialects import postgresql, sqlite

from domain.network import KEY_FIELDS, Record, key_of
from inventory.store.tables import RECORD_TABLES

Row = Mapping[str, Any]

BATCH_ROWS: Final = 5000


def upsert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert each row or replace the one of the same primary key. No key may occur twice in `rows`."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(table)
    keys = [column.name for column in table.primary_key]
    rest = {column.name: insert.excluded[column.name] for column in table.columns if column.name not in keys}
    statement = insert.on_conflict_do_update(index_elements=keys, set_=rest)
    for first in range(0, len(rows), BATCH_ROWS):
        connection.execute(statement, rows[first : first + BATCH_ROWS])


def write_records(connection: Connection, records: Iterable[Record]) -> None:
    """Insert or replace; of two records with one key the later one counts."""
    for kind, found in _by_kind(records).items():
        table = RECORD_TABLES[kind]
        names = [column.name for column in table.columns]
        values = attrgetter(*names)
        upsert(connection, table, [dict(zip(names, values(record), strict=True)) for record in found])


def remove_records(connection: Connection, records: Iterable[Record]) -> None:
    """Remove by key; a record that is not there is no error."""
    for kind, found in _by_kind(records).items():
        table = RECORD_TABLES[kind]
        keys = KEY_FIELDS[kind]
        # The names differ from the columns' own, which a DELETE with bound values would not tell apart.
        same = [table.c[key] == bindparam(f"key_{key}", type_=table.c[key].type) for key in keys]
        connection.execute(
            delete(table).where(and_(*same)),
            [{f"key_{key}": getattr(record, key) for key in keys} for record in found],
        )


def _by_kind(records: Iterable[Record]) -> dict[type[Record], list[Record]]:
    kinds: dict[type[Record], dict[tuple[str | int, ...], Record]] = {}
    for record in records:
        kinds.setdefault(type(record), {})[key_of(record)] = record
    return {kind: list(found.values()) for kind, found in kinds.items()}
