"""Tables of the console. Times are unix seconds, UTC."""

from sqlalchemy import Boolean, Column, Double, Integer, MetaData, Table, Text

metadata = MetaData()

console_account = Table(
    "console_account",
    metadata,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("regions", Text, nullable=False),  # codes, separated by blanks
    Column("proof", Text, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Double),
    Column("agencies", Text, nullable=False, server_default="[]"),  # names, as JSON
)

console_session = Table(
    "console_session",
    metadata,
    Column("key_hash", Text, primary_key=True),
    Column("account", Text, nullable=False, index=True),
    Column("form_key", Text, nullable=False),
    Column("made_at", Double, nullable=False),
    Column("seen_at", Double, nullable=False),
)

console_token = Table(
    "console_token",
    metadata,
    Column("id", Text, primary_key=True),
    Column("key_hash", Text, nullable=False, unique=True),
    Column("account", Text, nullable=False, index=True),
    Column("read_only", Boolean, nullable=False),
    Column("note", Text, nullable=False),
    Column("made_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False),
    Column("used_at", Double),
)
