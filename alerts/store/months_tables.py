"""Tables of availability: when we looked, months that are closed, and what was corrected later. Unix seconds, UTC."""

from sqlalchemy import Column, Double, Index, Integer, MetaData, Table, Text

metadata = MetaData()

watch = Table(
    "watch",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("began", Double, nullable=False),
    Column("seen", Double, nullable=False),
    Index("watch_seen", "seen"),
)

availability_month = Table(
    "availability_month",
    metadata,
    Column("period", Text, primary_key=True),
    Column("closed_at", Double, nullable=False),
    Column("closed_by", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("document", Text, nullable=False),
)

availability_correction = Table(
    "availability_correction",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("period", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("actor", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("document", Text, nullable=False),
    Index("availability_correction_period", "period", "id"),
)
