"""Configurations of devices: what is known of their backups, their host keys, and how they are logged in to."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT = sa.Text()
DOUBLE: sa.Double[float] = sa.Double()
TABLES = ("ssh_access", "ssh_host_key", "config_backup")


def key(name: str) -> sa.Column[Any]:
    return sa.Column(name, TEXT, primary_key=True)


def must(name: str, kind: Any = TEXT) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def upgrade() -> None:
    op.create_table(
        "config_backup",
        key("device"),
        must("platform"),
        must("good_at", DOUBLE),
        must("changed_at", DOUBLE),
        must("revision"),
        must("lines", sa.Integer()),
        must("tried_at", DOUBLE),
        must("cause"),
        must("message"),
        must("failures", sa.Integer()),
    )
    op.create_table(
        "ssh_host_key",
        key("device"),
        must("algorithm"),
        must("blob"),
        must("trusted_at", DOUBLE),
        must("trusted_by"),
        must("offered_algorithm"),
        must("offered_blob"),
        sa.Column("offered_at", DOUBLE, nullable=True),
    )
    op.create_table("ssh_access", key("device"), must("credential"), must("legacy", sa.Boolean()))


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
