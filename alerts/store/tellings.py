"""What the telling must remember over a restart: small JSON documents by kind and key, written with the decision."""

import json
from collections.abc import Iterable

from sqlalchemy import Connection, Engine, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from alerts.dispatch.memory import Memory
from alerts.store.outbox_tables import telling


class SqlTellings:
    """What the telling must remember (alerts.dispatch.memory), by kind and key."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def read(self) -> tuple[Memory, ...]:
        with self._reader.connect() as connection:
            rows = connection.execute(select(telling).order_by(telling.c.kind, telling.c.key)).all()
        return tuple(Memory(row.kind, row.key, json.loads(row.document)) for row in rows)

    def save_in(self, connection: Connection, memories: Iterable[Memory]) -> None:
        """Inside the transaction of the decision; of two with one key the later one counts."""
        last = {(memory.kind, memory.key): memory for memory in memories}
        kept = [
            {"kind": kind, "key": key, "document": json.dumps(dict(memory.document), ensure_ascii=False)}
            for (kind, key), memory in sorted(last.items())
            if memory.document
        ]
        gone = [{"kind_": kind, "key_": key} for (kind, key), memory in sorted(last.items()) if not memory.document]
        if kept:
            dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
            upsert = dialect.insert(telling)
            connection.execute(
                upsert.on_conflict_do_update(
                    index_elements=["kind", "key"], set_={"document": upsert.excluded.document}
                ),
                kept,
            )
        if gone:
            connection.execute(
                delete(telling).where(telling.c.kind == bindparam("kind_"), telling.c.key == bindparam("key_")), gone
            )

    def save(self, memories: Iterable[Memory]) -> None:
        with self._engine.begin() as connection:
            self.save_in(connection, memories)
