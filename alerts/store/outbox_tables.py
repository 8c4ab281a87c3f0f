"""Tables of what is told: the outbox, and what telling must remember over a restart. Times are unix seconds, UTC."""

from sqlalchemy import Column, Double, Index, Integer, MetaData, Table, Text

metadata = MetaData()

outbox = Table(
    "outbox",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("topic", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("fate", Text, nullable=False),
    Column("tried", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column("ended_at", Double),
    Index("outbox_fate", "fate", "channel", "number"),
    Index("outbox_topic", "topic", "channel", "number"),
    Index("outbox_ended", "ended_at"),
    sqlite_autoincrement=True,  # a number is never given twice: it is the order of a topic
)

telling = Table(
    "telling",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("document", Text, nullable=False),
)
