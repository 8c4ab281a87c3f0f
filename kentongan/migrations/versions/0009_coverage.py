"""Coverage: stages of sites with their dates, targets that keep earlier decisions, evidence and users, shapes."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TEXT = sa.Text()
CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INTEGER = sa.Integer()
BIGINT = sa.BigInteger()
DOUBLE: sa.Double[float] = sa.Double()
FILL = (
    "INSERT INTO targets (region_code, due_on, indicator, value, kind, document, decided_on) "
    "SELECT region_code, due_on, indicator, value, kind, document, "
)
BACK = {
    "sqlite": "NULLIF(decided_on, '') FROM targets_before",
    "postgresql": "CAST(NULLIF(decided_on, '') AS DATE) FROM targets_before",
}
NEW_TABLES = ("stages", "village_evidence", "village_use", "region_shape")


def key(name: str, kind: Any = TEXT) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True)


def must(name: str, kind: Any = TEXT) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def may(name: str, kind: Any = TEXT) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def upgrade() -> None:
    """A site's stage so far becomes the first entry of its history."""
    op.add_column("villages", sa.Column("former_code", TEXT, nullable=False, server_default=""))
    op.create_table(
        "stages", key("slug"), key("stage"), key("on", sa.Date()), key("document_no"), may("recorded_on", sa.Date())
    )
    op.execute(
        'INSERT INTO stages (slug, stage, "on", document_no) '
        "SELECT slug, stage, stage_date, document_no FROM sites WHERE stage_date IS NOT NULL"
    )
    _remake_targets(key("decided_on"), FILL + "COALESCE(CAST(decided_on AS TEXT), '') FROM targets_before")
    op.create_table(
        "village_evidence",
        key("day", sa.Date()),
        key("region_code", CODE),
        must("service_total", BIGINT),
        must("up_total", BIGINT),
        must("dark_total", BIGINT),
        must("use_days_total", BIGINT),
        may("speed_on", sa.Date()),
        may("speed_mbps", DOUBLE),
        must("class_"),
    )
    op.create_table(
        "village_use",
        key("day", sa.Date()),
        key("region_code", CODE),
        *(may(name, INTEGER) for name in ("leases", "hotspot", "pppoe", "wifi", "users")),
        must("octets", BIGINT),
    )
    op.create_table(
        "region_shape", key("region_code", CODE), must("geometry"), must("source"), must("imported_at", DOUBLE)
    )


def downgrade() -> None:
    """Of decisions about one target the last one stays."""
    for table in NEW_TABLES:
        op.drop_table(table)
    op.execute(
        "DELETE FROM targets WHERE EXISTS (SELECT 1 FROM targets AS later "
        "WHERE later.region_code = targets.region_code AND later.due_on = targets.due_on "
        "AND later.indicator = targets.indicator AND later.kind = targets.kind "
        "AND later.decided_on > targets.decided_on)"
    )
    _remake_targets(may("decided_on", sa.Date()), FILL + BACK[op.get_bind().dialect.name])
    op.drop_column("villages", "former_code")


def _remake_targets(decided_on: sa.Column[Any], fill: str) -> None:
    """SQLite cannot change a table's key in place."""
    op.rename_table("targets", "targets_before")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX targets_pkey RENAME TO targets_before_pkey")
    op.create_table(
        "targets",
        key("region_code", CODE),
        key("due_on", sa.Date()),
        key("indicator"),
        must("value", INTEGER),
        key("kind"),
        must("document"),
        decided_on,
    )
    op.execute(fill)
    op.drop_table("targets_before")
