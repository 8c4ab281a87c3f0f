"""Table of what is known of each device's configuration backups. Times are unix seconds, UTC."""

from sqlalchemy import Column, Double, Integer, MetaData, Table, Text

metadata = MetaData()

config_backup = Table(
    "config_backup",
    metadata,
    Column("device", Text, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("good_at", Double, nullable=False),
    Column("changed_at", Double, nullable=False),
    Column("revision", Text, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("tried_at", Double, nullable=False),
    Column("cause", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("failures", Integer, nullable=False),
)
