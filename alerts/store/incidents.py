"""Incidents in a database: one row each, with what is searched by in columns and the whole as JSON beside it."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from alerts.errors import AlertError
from alerts.store.incidents_tables import incident as table
from domain.incidents import Cause, Incident, Phase
from domain.incidents.codec import CodecError, from_plain, to_plain
from domain.language import _

OPEN: Final = (Phase.OPEN.value, Phase.RETURNING.value)


class IncidentDamagedError(AlertError):
    """A stored incident cannot be read."""


class SqlIncidentStore:
    """Implements domain.incidents.IncidentStore."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def open(self) -> tuple[Incident, ...]:
        """Oldest first, as all lists here. Raises IncidentDamagedError."""
        return self._read(table.c.phase.in_(OPEN))

    def get(self, id_: str) -> Incident | None:
        found = self._read(table.c.id == id_)
        return found[0] if found else None

    def between(self, since: datetime, until: datetime) -> tuple[Incident, ...]:
        """Those that overlap [since, until); what was merged is among them."""
        return self._read(
            table.c.started_at < until.timestamp(),
            or_(table.c.resolved_at.is_(None), table.c.resolved_at > since.timestamp()),
        )

    def naming(self, names: Iterable[str], since: datetime) -> tuple[Incident, ...]:
        """Those not over before `since` whose text names one of these as a whole word of JSON: a device, a site, a
        link, a region's code; what was merged is among them."""
        wanted = [table.c.body.contains(json.dumps(name), autoescape=True) for name in names]
        if not wanted:
            return ()
        late = or_(table.c.resolved_at.is_(None), table.c.resolved_at > since.timestamp())
        return self._read(late, or_(*wanted))

    def of_cause(self, cause: Cause, limit: int) -> tuple[Incident, ...]:
        """The newest `limit` of one cause, oldest of them first: what happened here before."""
        newest = (
            select(table.c.id, table.c.body)
            .where(table.c.cause_kind == cause.kind.value, table.c.cause_name == cause.name)
            .order_by(table.c.started_at.desc(), table.c.id)
            .limit(limit)
        )
        with self._reader.connect() as connection:
            rows = connection.execute(newest).all()
        return tuple(_incident(row.id, row.body) for row in reversed(rows))

    def save(self, incidents: Iterable[Incident]) -> None:
        """Insert, or replace the one of the same id."""
        kept = tuple(incidents)
        if kept:
            with self._engine.begin() as connection:
                self.save_in(connection, kept)

    def save_in(self, connection: Connection, incidents: Iterable[Incident]) -> None:
        """Like `save`, inside a transaction that spans other stores. Of several with one id the last given is kept."""
        last = {incident.id: incident for incident in incidents}
        if not last:
            return
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        upsert = dialect.insert(table)
        new = {column.name: upsert.excluded[column.name] for column in table.columns if column.name != "id"}
        # In one order everywhere: two writers on PostgreSQL cannot deadlock.
        connection.execute(
            upsert.on_conflict_do_update(index_elements=["id"], set_=new), [_row(last[id_]) for id_ in sorted(last)]
        )

    def _read(self, *where: ColumnElement[bool]) -> tuple[Incident, ...]:
        query = select(table.c.id, table.c.body).where(*where).order_by(table.c.started_at, table.c.id)
        with self._reader.connect() as connection:
            rows = connection.execute(query).all()
        return tuple(_incident(row.id, row.body) for row in rows)


def _row(incident: Incident) -> dict[str, Any]:
    return {
        "id": incident.id,
        "condition": incident.condition.value,
        "cause_kind": incident.cause.kind.value,
        "cause_name": incident.cause.name,
        "reason": incident.reason,
        "phase": incident.phase.value,
        "urgency": incident.urgency.value,
        "verdict": incident.verdict.kind.value,
        "party": incident.liable.party.value if incident.liable else None,
        "started_at": incident.started_at.timestamp(),
        "detected_at": incident.detected_at.timestamp(),
        "resolved_at": incident.resolved_at.timestamp() if incident.resolved_at else None,
        "body": json.dumps(to_plain(incident), allow_nan=False, separators=(",", ":")),
    }


def _incident(id_: str, body: str) -> Incident:
    try:
        return from_plain(Incident, json.loads(body))
    except (CodecError, json.JSONDecodeError) as error:
        raise IncidentDamagedError(
            _(
                "Incident {id} in the database cannot be read: {reason}. Bring back a backup: kentongan db restore"
            ).format(id=id_, reason=error)
        ) from None
