"""What devices logged about who changed what."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TEXT = sa.Text()


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "change_log",
        sa.Column("number", number, primary_key=True, autoincrement=True),
        sa.Column("device", TEXT, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("who", TEXT, nullable=False),
        sa.Column("origin", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
    )
    op.create_index("ix_change_log_device_at", "change_log", ["device", "at"])


def downgrade() -> None:
    op.drop_index("ix_change_log_device_at", "change_log")
    op.drop_table("change_log")
