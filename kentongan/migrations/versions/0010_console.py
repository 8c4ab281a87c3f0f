"""Accounts and sessions of the console."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TEXT = sa.Text()
DOUBLE: sa.Double[float] = sa.Double()


def must(name: str, kind: Any = TEXT) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def upgrade() -> None:
    op.create_table(
        "console_account",
        sa.Column("name", TEXT, primary_key=True),
        must("role"),
        must("regions"),
        must("proof"),
        must("must_change", sa.Boolean()),
        must("disabled", sa.Boolean()),
        must("failures", sa.Integer()),
        sa.Column("locked_until", DOUBLE, nullable=True),
    )
    op.create_table(
        "console_session",
        sa.Column("key_hash", TEXT, primary_key=True),
        must("account"),
        must("form_key"),
        must("made_at", DOUBLE),
        must("seen_at", DOUBLE),
    )
    op.create_index("ix_console_session_account", "console_session", ["account"])


def downgrade() -> None:
    op.drop_table("console_session")
    op.drop_table("console_account")
