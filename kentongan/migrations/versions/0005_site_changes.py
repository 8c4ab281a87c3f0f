"""Changes of sites: jobs, their steps, what each device was and was told, and who works on a site now."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXT = sa.Text()
DOUBLE: sa.Double[float] = sa.Double()
TABLES = ("site_holder", "change_device", "change_step", "change_job")


def key(name: str, kind: Any = TEXT) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True)


def must(name: str, kind: Any = TEXT) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def may(name: str, kind: Any = DOUBLE) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def upgrade() -> None:
    op.create_table(
        "change_job",
        key("id"),
        must("site"),
        must("state"),
        must("fingerprint"),
        must("actor"),
        must("approvers"),
        must("needed", sa.Integer()),
        must("reason"),
        must("profile"),
        must("like"),
        must("why"),
        must("made_at", DOUBLE),
        may("changed_at"),
    )
    op.create_index("ix_change_job_site", "change_job", ["site"])
    op.create_table(
        "change_step",
        key("job"),
        key("position", sa.Integer()),
        must("kind"),
        must("device"),
        must("state"),
        must("tries", sa.Integer()),
        must("evidence"),
        may("began_at"),
        may("ended_at"),
    )
    op.create_table(
        "change_device", key("job"), key("device"), must("before"), must("sent"), may("armed_at"), must("login")
    )
    op.create_table(
        "site_holder",
        key("site"),
        must("who"),
        must("since", DOUBLE),
        must("machine"),
        must("process"),
        must("seen_at", DOUBLE),
    )


def downgrade() -> None:
    op.drop_index("ix_change_job_site", "change_job")
    for table in TABLES:
        op.drop_table(table)
