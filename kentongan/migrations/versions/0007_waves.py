"""Waves: many sites changed one batch after the other, and where each of them stands."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXT = sa.Text()
DOUBLE: sa.Double[float] = sa.Double()


def key(name: str, kind: Any = TEXT) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True)


def must(name: str, kind: Any = TEXT) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def may(name: str) -> sa.Column[Any]:
    return sa.Column(name, DOUBLE, nullable=True)


def upgrade() -> None:
    op.create_table(
        "change_wave",
        key("id"),
        must("actor"),
        must("state"),
        must("canary", sa.Integer()),
        must("batch", sa.Integer()),
        must("stop_percent", DOUBLE),
        must("profile"),
        must("like"),
        must("reason"),
        must("why"),
        must("made_at", DOUBLE),
        may("changed_at"),
    )
    op.create_table(
        "change_wave_site",
        key("wave"),
        key("position", sa.Integer()),
        must("site"),
        must("state"),
        must("job"),
        must("passed", sa.Integer()),
        must("unchecked", sa.Integer()),
        must("why"),
        may("began_at"),
        may("ended_at"),
    )


def downgrade() -> None:
    op.drop_table("change_wave_site")
    op.drop_table("change_wave")
