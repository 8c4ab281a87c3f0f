"""Announced work in a database: kept after it is over, for it explains what the figures leave out."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select
from sqlalchemy.dialects import postgresql, sqlite

from alerts.maintenance import Scope, ScopeKind, Window, WorkKind
from alerts.store.maintenance_tables import maintenance


class SqlMaintenance:
    """`revision` is cheap enough to be asked each second."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def revision(self) -> int:
        with self._reader.connect() as connection:
            return connection.execute(select(func.max(maintenance.c.revision))).scalar() or 0

    def read(self, since: datetime | None = None) -> tuple[Window, ...]:
        """Those that are not over before `since`, all without it; by beginning."""
        query = select(maintenance).order_by(maintenance.c.starts_at, maintenance.c.id)
        with self._reader.connect() as connection:
            windows = [_window(row) for row in connection.execute(query)]
        return tuple(each for each in windows if since is None or each.until is None or each.until > since)

    def get(self, id_: str) -> Window | None:
        with self._reader.connect() as connection:
            row = connection.execute(select(maintenance).where(maintenance.c.id == id_)).first()
        return None if row is None else _window(row)

    def save(self, window: Window) -> None:
        """Insert, or replace the one of the same id."""
        with self._engine.begin() as connection:
            self.save_in(connection, window)

    def save_in(self, connection: Connection, window: Window) -> None:
        newest = connection.execute(select(func.max(maintenance.c.revision))).scalar() or 0
        row = {**_row(window), "revision": newest + 1}
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        upsert = dialect.insert(maintenance)
        rest = {name: upsert.excluded[name] for name in row if name != "id"}
        connection.execute(upsert.on_conflict_do_update(index_elements=["id"], set_=rest), row)


def _row(window: Window) -> dict[str, object]:
    return {
        "id": window.id,
        "kind": window.kind.value,
        "scopes": json.dumps([[scope.kind.value, scope.name] for scope in window.scopes], ensure_ascii=False),
        "starts_at": window.starts_at.timestamp(),
        "ends_at": _unix(window.ends_at),
        "every": window.every,
        "zone": window.zone,
        "reason": window.reason,
        "party": window.party,
        "made_by": window.made_by,
        "made_at": _unix(window.made_at),
        "ended_at": _unix(window.ended_at),
        "ended_by": window.ended_by,
    }


def _window(row: Row[Any]) -> Window:
    starts_at = _utc(row.starts_at)
    assert starts_at is not None
    return Window(
        row.id,
        WorkKind(row.kind),
        tuple(Scope(ScopeKind(kind), name) for kind, name in json.loads(row.scopes)),
        starts_at,
        _utc(row.ends_at),
        row.every,
        row.zone,
        row.reason,
        row.party,
        row.made_by,
        _utc(row.made_at),
        _utc(row.ended_at),
        row.ended_by,
    )


def _unix(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()


def _utc(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
