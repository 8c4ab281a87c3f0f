"""The address plan: pools, what is free in them, what is given to whom, what was in use before anybody asked."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sa.Text()
INTEGER = sa.Integer()
DOUBLE: sa.Double[float] = sa.Double()
# 128 bits: a number on PostgreSQL, 32 hexadecimal digits on SQLite, which sort like one.
NUMBER = sa.Numeric(39, 0).with_variant(sa.Text(), "sqlite")

TABLES = ("address_seen", "address_used", "address_allocation", "address_gap", "address_pool", "address_space")

# Whatever a program does: no two allocations of one space overlap. They lie apart already, so on SQLite the last one
# that begins before the new one ends is the only one to look at. On PostgreSQL by ranges of the core: no extension.
APART = {
    "sqlite": (
        "CREATE TRIGGER address_allocation_apart BEFORE INSERT ON address_allocation "
        "WHEN (SELECT last FROM address_allocation WHERE space = NEW.space AND first <= NEW.last "
        "ORDER BY first DESC LIMIT 1) >= NEW.first "
        "BEGIN SELECT RAISE(ABORT, 'address_allocation_apart: this overlaps what is given already'); END",
        "CREATE TRIGGER address_allocation_stays BEFORE UPDATE OF space, first, last ON address_allocation "
        "BEGIN SELECT RAISE(ABORT, 'address_allocation_stays: an allocation does not move'); END",
    ),
    "postgresql": (
        "ALTER TABLE address_allocation ADD CONSTRAINT address_allocation_apart EXCLUDE USING gist "
        "(int4range(space, space, '[]') WITH &&, numrange(first, last, '[]') WITH &&)",
    ),
}


def key(name: str, kind: Any = TEXT, *, counted: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, autoincrement=counted)


def must(name: str, kind: Any = TEXT) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def may(name: str, kind: Any = TEXT) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def upgrade() -> None:
    op.create_table(
        "address_space",
        key("id", INTEGER, counted=True),
        must("kind"),
        must("zone"),
        must("pattern"),
        sa.UniqueConstraint("kind", "zone", "pattern", name="address_space_once"),
    )
    op.create_table(
        "address_pool",
        key("name"),
        must("space", INTEGER),
        must("kind"),
        must("zone"),
        must("pattern"),
        must("purpose"),
        must("region"),
        must("parent"),
        must("first", NUMBER),
        must("last", NUMBER),
        must("length", INTEGER),
        must("quarantine_days", INTEGER),
        must("note"),
        sa.UniqueConstraint("space", "first", "last", name="address_pool_once"),
    )
    op.create_index("address_pool_purpose", "address_pool", ["kind", "purpose"])
    op.create_table("address_gap", key("pool"), key("first", NUMBER), must("size_bits", INTEGER))
    op.create_index("address_gap_fit", "address_gap", ["pool", "size_bits", "first"])
    make_allocation()
    op.create_table("address_used", key("space", INTEGER), key("first", NUMBER), must("last", NUMBER))
    op.create_table("address_seen", key("id", INTEGER), must("revision", INTEGER))
    for statement in APART[op.get_bind().dialect.name]:
        op.execute(statement)


def make_allocation() -> None:
    op.create_table(
        "address_allocation",
        key("space", INTEGER),
        key("first", NUMBER),
        must("last", NUMBER),
        must("size_bits", INTEGER),
        must("pool"),
        must("kind"),
        must("text"),
        must("owner"),
        must("label"),
        must("state"),
        must("made_at", DOUBLE),
        may("until", DOUBLE),
    )
    held = sa.text("state <> 'quarantined'")
    op.create_index(
        "address_allocation_owner",
        "address_allocation",
        ["owner", "kind", "label"],
        unique=True,
        sqlite_where=held,
        postgresql_where=held,
    )
    op.create_index("address_allocation_had", "address_allocation", ["owner"])
    op.create_index("address_allocation_pool", "address_allocation", ["pool", "until", "first"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
