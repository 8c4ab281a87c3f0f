"""Access tokens of the console's REST interface."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TEXT = sa.Text()
DOUBLE: sa.Double[float] = sa.Double()


def must(name: str, kind: Any = TEXT) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def upgrade() -> None:
    op.create_table(
        "console_token",
        sa.Column("id", TEXT, primary_key=True),
        must("key_hash"),
        must("account"),
        must("read_only", sa.Boolean()),
        must("note"),
        must("made_at", DOUBLE),
        must("expires_at", DOUBLE),
        sa.Column("used_at", DOUBLE, nullable=True),
        sa.UniqueConstraint("key_hash"),
    )
    op.create_index("ix_console_token_account", "console_token", ["account"])


def downgrade() -> None:
    op.drop_table("console_token")
