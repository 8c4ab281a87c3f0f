"""Accounts that see what belongs to an agency, wherever it stands."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("console_account", sa.Column("agencies", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("console_account", "agencies")
