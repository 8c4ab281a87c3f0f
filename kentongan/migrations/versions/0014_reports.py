"""Reports that were closed: what they were made from, and their files as they were given out."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0011"
branch_labels = None
depends_on = None

TEXT = sa.Text()


def must(name: str, kind: Any = TEXT, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, **more)


def upgrade() -> None:
    op.create_table(
        "report_edition",
        sa.Column("id", TEXT, primary_key=True),
        must("kind"),
        must("by"),
        must("period"),
        must("revision", sa.Integer()),
        must("title"),
        must("subject"),
        must("language"),
        must("made_at", sa.Double()),
        must("made_by"),
        must("why"),
        must("source"),
        must("previous"),
        must("hash"),
        must("document"),
        sa.UniqueConstraint("kind", "by", "period", "revision"),
    )
    op.create_table(
        "report_file",
        sa.Column("edition", TEXT, primary_key=True),
        sa.Column("format", TEXT, primary_key=True),
        must("filename"),
        must("sha256"),
        must("size", sa.Integer()),
        must("octets", sa.LargeBinary()),
    )


def downgrade() -> None:
    op.drop_table("report_file")
    op.drop_table("report_edition")
