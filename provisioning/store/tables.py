"""The address plan's tables. Times are unix seconds, UTC; numbers have up to 128 bits.

`address_gap` holds what is free, as aligned blocks: the next free one is the first of an index, never a search.
That no two allocations of one space overlap is a constraint of the database itself (see the migration).
"""

from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Dialect, Double, Index, Integer, MetaData, Numeric, Table, Text, UniqueConstraint, text
from sqlalchemy.types import TypeDecorator, TypeEngine

metadata = MetaData()


class Number(TypeDecorator[int]):
    """A whole number of up to 128 bits: NUMERIC, or on SQLite 32 hexadecimal digits that sort like it."""

    impl = Numeric(39, 0)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Numeric(39, 0))

    def process_bind_param(self, value: int | None, dialect: Dialect) -> str | Decimal | None:
        if value is None:
            return None
        return f"{value:032x}" if dialect.name == "sqlite" else Decimal(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> int | None:
        if value is None:
            return None
        return int(value, 16) if dialect.name == "sqlite" else int(value)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


address_space = Table(
    "address_space",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("kind"),
    _text("zone"),
    _text("pattern"),
    UniqueConstraint("kind", "zone", "pattern", name="address_space_once"),
)

address_pool = Table(
    "address_pool",
    metadata,
    Column("name", Text, primary_key=True),
    Column("space", Integer, nullable=False),
    _text("kind"),
    _text("zone"),
    _text("pattern"),
    _text("purpose"),
    _text("region"),
    _text("parent"),
    Column("first", Number, nullable=False),
    Column("last", Number, nullable=False),
    Column("length", Integer, nullable=False),
    Column("quarantine_days", Integer, nullable=False),
    _text("note"),
    UniqueConstraint("space", "first", "last", name="address_pool_once"),
    Index("address_pool_purpose", "kind", "purpose"),
)

address_gap = Table(
    "address_gap",
    metadata,
    Column("pool", Text, primary_key=True),
    Column("first", Number, primary_key=True),
    Column("size_bits", Integer, nullable=False),
    Index("address_gap_fit", "pool", "size_bits", "first"),
)

_HELD = text("state <> 'quarantined'")
address_allocation = Table(
    "address_allocation",
    metadata,
    Column("space", Integer, primary_key=True, autoincrement=False),
    Column("first", Number, primary_key=True),
    Column("last", Number, nullable=False),
    Column("size_bits", Integer, nullable=False),
    _text("pool"),
    _text("kind"),
    _text("text"),
    _text("owner"),
    _text("label"),
    _text("state"),
    Column("made_at", Double, nullable=False),
    Column("until", Double),
    Index(
        "address_allocation_owner",
        "owner",
        "kind",
        "label",
        unique=True,
        sqlite_where=_HELD,
        postgresql_where=_HELD,
    ),
    Index("address_allocation_had", "owner"),
    Index("address_allocation_pool", "pool", "until", "first"),
)

# What the inventory says is in use: ranges that lie apart, of every space that has a pool.
address_used = Table(
    "address_used",
    metadata,
    Column("space", Integer, primary_key=True, autoincrement=False),
    Column("first", Number, primary_key=True),
    Column("last", Number, nullable=False),
)

# The inventory's revision when `address_used` was read from it; one row.
address_seen = Table(
    "address_seen",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
)
