"""The table of the event log, and what keeps it append-only. Times are unix seconds, UTC.

A row is known by `seq`, without gaps from 1. `seal` is the HMAC over the row and over `previous`, the seal before it.
"""

from typing import Final

from sqlalchemy import Column, Double, Index, Integer, MetaData, Table, Text

metadata = MetaData()

incident_act = Table(
    "incident_act",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("incident", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("values", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("seal", Text, nullable=False),
    Index("incident_act_incident", "incident", "seq"),
)

# Against mistakes, not against an attacker: he is found by the seals. PostgreSQL's rules need no function of their own,
# which a restored dump would find in its way; they let a change fall silently.
APPEND_ONLY: Final[dict[str, tuple[str, ...]]] = {
    "sqlite": (
        "CREATE TRIGGER incident_act_no_update BEFORE UPDATE ON incident_act "
        "BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END",
        "CREATE TRIGGER incident_act_no_delete BEFORE DELETE ON incident_act "
        "BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END",
    ),
    "postgresql": (
        "CREATE RULE incident_act_no_update AS ON UPDATE TO incident_act DO INSTEAD NOTHING",
        "CREATE RULE incident_act_no_delete AS ON DELETE TO incident_act DO INSTEAD NOTHING",
    ),
}
"""Statements for the migration, after the table is made; they go with the table when it is dropped."""
