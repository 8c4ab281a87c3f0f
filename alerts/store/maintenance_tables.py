"""Table of announced work. Times are unix seconds, UTC; `revision` rises with every change."""

from sqlalchemy import Column, Double, Index, Integer, MetaData, Table, Text

metadata = MetaData()

maintenance = Table(
    "maintenance",
    metadata,
    Column("id", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("starts_at", Double, nullable=False),
    Column("ends_at", Double),
    Column("every", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("party", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Double),
    Column("ended_at", Double),
    Column("ended_by", Text, nullable=False),
    Index("maintenance_revision", "revision"),
)
