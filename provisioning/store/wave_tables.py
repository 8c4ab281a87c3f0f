"""Tables of waves: many sites changed one batch after the other. Times are unix seconds, UTC."""

from sqlalchemy import Column, Double, Integer, MetaData, Table, Text

metadata = MetaData()

wave = Table(
    "change_wave",
    metadata,
    Column("id", Text, primary_key=True),
    Column("actor", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("canary", Integer, nullable=False),
    Column("batch", Integer, nullable=False),
    Column("stop_percent", Double, nullable=False),
    Column("profile", Text, nullable=False),
    Column("like", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("made_at", Double, nullable=False),
    Column("changed_at", Double),
)

wave_site = Table(
    "change_wave_site",
    metadata,
    Column("wave", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("site", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("job", Text, nullable=False),
    Column("passed", Integer, nullable=False),
    Column("unchecked", Integer, nullable=False),
    Column("why", Text, nullable=False),
    Column("began_at", Double),
    Column("ended_at", Double),
)
