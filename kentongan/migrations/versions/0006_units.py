"""Units that were exchanged, questions about units, and kinds of changes beside building."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXT = sa.Text()
DOUBLE: sa.Double[float] = sa.Double()
ADDED = (("kind", "build"), ("order", "{}"), ("kept", "{}"))
TABLES = ("unit_question", "unit_replaced")


def key(name: str, kind: Any = TEXT) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True)


def must(name: str, kind: Any = TEXT) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def upgrade() -> None:
    for name, default in ADDED:
        op.add_column("change_job", sa.Column(name, TEXT, nullable=False, server_default=default))
    op.create_table(
        "unit_replaced",
        key("job"),
        must("device"),
        must("old_name"),
        must("old_serial"),
        must("old_model"),
        must("old_platform"),
        must("fate"),
        must("new_serial"),
        must("new_model"),
        must("new_platform"),
        must("reason"),
        must("revision"),
        must("who"),
        must("at", DOUBLE),
    )
    op.create_index("ix_unit_replaced_device", "unit_replaced", ["device"])
    op.create_table(
        "unit_question",
        key("device"),
        key("serial"),
        must("known_serial"),
        must("model"),
        must("platform"),
        must("seen_by"),
        must("first_at", DOUBLE),
        must("last_at", DOUBLE),
        must("answer"),
        must("answered_by"),
        sa.Column("answered_at", DOUBLE, nullable=True),
    )


def downgrade() -> None:
    op.drop_index("ix_unit_replaced_device", "unit_replaced")
    for table in TABLES:
        op.drop_table(table)
    for name, _default in reversed(ADDED):
        op.drop_column("change_job", name)
