"""Tables of what must be remembered for days to say that something declines. Days are ISO dates of the kabupaten."""

from sqlalchemy import BigInteger, Column, Double, Index, Integer, MetaData, Table, Text

metadata = MetaData()

light_day = Table(
    "light_day",
    metadata,
    Column("device", Text, primary_key=True),
    Column("sensor", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("interface", Text, nullable=False),
    Column("dbm", Double, nullable=False),
    Index("light_day_day", "day"),
)

path_usual = Table(
    "path_usual",
    metadata,
    Column("device", Text, primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("trip_ln", Double, nullable=False),
    Column("spread_ln", Double, nullable=False),
    Column("loss", Double, nullable=False),
)

quota_use = Table(
    "quota_use",
    metadata,
    Column("link", Text, primary_key=True),
    Column("month", Text, primary_key=True),
    Column("octets", BigInteger, nullable=False),
)
"""month: `2026-11`."""
