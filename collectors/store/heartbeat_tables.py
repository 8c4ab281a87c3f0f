"""Table of the tokens with which sites push their heartbeats: hashes alone. Times are unix seconds, UTC."""

from sqlalchemy import Column, Double, Index, MetaData, Table, Text

metadata = MetaData()

heartbeat_token = Table(
    "heartbeat_token",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("site", Text, nullable=False),
    Column("made_at", Double, nullable=False),
    Index("heartbeat_token_site", "site"),
)
