"""Tables of the states. Times are unix seconds, UTC."""

from sqlalchemy import Column, Double, Index, Integer, MetaData, Table, Text

metadata = MetaData()

device_state = Table(
    "device_state",
    metadata,
    Column("name", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", Double, nullable=False),
)

state_change = Table(
    "state_change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Double, nullable=False),
    Column("name", Text, nullable=False),
    Column("from_", Text, nullable=False),
    Column("to", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index("state_change_at", "at"),
    Index("state_change_name", "name", "at"),
)
