"""The audit journal in a database: rows in the order they came, removed by retention only."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, select

from domain.audit import AuditEntry
from domain.time import Moment
from kentongan.store.tables import audit


class SqlJournal:
    """Implements domain.audit.Journal."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def record(self, entry: AuditEntry) -> None:
        with self._engine.begin() as connection:
            self.record_in(connection, entry)

    def record_in(self, connection: Connection, entry: AuditEntry) -> None:
        """Like `record`, inside the transaction of the change itself."""
        values = {
            "at": entry.at.unix_seconds,
            "actor": entry.actor,
            "action": entry.action,
            "subject": entry.subject,
            "detail": _json(entry.detail),
        }
        connection.execute(insert(audit).values(values))

    def read(self, since: float, limit: int) -> tuple[AuditEntry, ...]:
        """The newest `limit` entries written at or after `since` (unix seconds), oldest first.

        Their steady seconds are 0: a monotonic clock means nothing after a restart.
        """
        newest = select(audit).where(audit.c.at >= since).order_by(audit.c.id.desc()).limit(limit)
        with self._reader.connect() as connection:
            rows = connection.execute(newest).all()
        return tuple(_entry(row) for row in reversed(rows))

    def of(self, actions: Collection[str]) -> tuple[AuditEntry, ...]:
        """Every entry of these actions, oldest first."""
        asked = select(audit).where(audit.c.action.in_(actions)).order_by(audit.c.id)
        with self._reader.connect() as connection:
            return tuple(_entry(row) for row in connection.execute(asked))

    def prune(self, before: float) -> int:
        """Remove entries written before (unix seconds); returns how many."""
        with self._engine.begin() as connection:
            return connection.execute(delete(audit).where(audit.c.at < before)).rowcount


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(Moment(0.0, row.at), row.actor, row.action, row.subject, json.loads(row.detail))


def _json(detail: Mapping[str, object]) -> str:
    # Dates and paths as their text; a Secret that strays in here writes itself as three stars.
    return json.dumps(dict(detail), ensure_ascii=False, default=str)
