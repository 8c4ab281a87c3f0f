"""Indicators of the smart-city master plan, one row for each half-year."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TEXT = sa.Text()
DOUBLE: sa.Double[float] = sa.Double()


def must(name: str, kind: Any = TEXT) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def may(name: str, kind: Any = TEXT) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def upgrade() -> None:
    op.create_table(
        "indicators",
        sa.Column("half", TEXT, primary_key=True),
        sa.Column("code", TEXT, primary_key=True),
        must("pillar"),
        must("name"),
        must("level"),
        must("unit"),
        may("baseline", DOUBLE),
        may("target", DOUBLE),
        may("value", DOUBLE),
        may("measured"),
        must("source"),
        must("lower_is_better", sa.Boolean()),
        must("owner"),
        must("note"),
    )


def downgrade() -> None:
    op.drop_table("indicators")
