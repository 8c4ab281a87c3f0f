"""Tables of the wiring: the audit journal and the orders to a live engine. Times are unix seconds, UTC."""

from sqlalchemy import Column, Double, Index, Integer, MetaData, Table, Text

metadata = MetaData()

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Double, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Index("audit_at", "at"),
    sqlite_autoincrement=True,  # a number is never given twice, also after retention took the last row
)

commands = Table(
    "commands",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("inserted_at", Double, nullable=False),
    Column("finished_at", Double),
    Column("outcome", Text),
    Index("commands_state", "state"),
    sqlite_autoincrement=True,
)
