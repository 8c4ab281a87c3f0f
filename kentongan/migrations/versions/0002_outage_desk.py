"""The outage desk: incidents, the event log, what is told to whom, windows of maintenance, months that are closed."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sa.Text()
INTEGER = sa.Integer()
BIGINT = sa.BigInteger()
DOUBLE: sa.Double[float] = sa.Double()

TABLES = (
    "heartbeat_token",
    "quota_use",
    "path_usual",
    "light_day",
    "maintenance",
    "availability_correction",
    "availability_month",
    "watch",
    "telling",
    "outbox",
    "incident_act",
    "incident",
)

# Against mistakes; an attacker is found by the seals. They go with the table when it is dropped.
APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER incident_act_no_update BEFORE UPDATE ON incident_act "
        "BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END",
        "CREATE TRIGGER incident_act_no_delete BEFORE DELETE ON incident_act "
        "BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END",
    ),
    "postgresql": (
        "CREATE RULE incident_act_no_update AS ON UPDATE TO incident_act DO INSTEAD NOTHING",
        "CREATE RULE incident_act_no_delete AS ON DELETE TO incident_act DO INSTEAD NOTHING",
    ),
}


def key(name: str, kind: Any = TEXT, *, counted: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, autoincrement=counted)


def must(name: str, kind: Any = TEXT) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def may(name: str, kind: Any = TEXT) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def upgrade() -> None:
    op.create_table(
        "incident",
        key("id"),
        must("condition"),
        must("cause_kind"),
        must("cause_name"),
        must("reason"),
        must("phase"),
        must("urgency"),
        must("verdict"),
        may("party"),
        must("started_at", DOUBLE),
        must("detected_at", DOUBLE),
        may("resolved_at", DOUBLE),
        must("body"),
    )
    op.create_index("incident_cause", "incident", ["cause_kind", "cause_name"])
    op.create_index("incident_phase", "incident", ["phase"])
    op.create_index("incident_resolved", "incident", ["resolved_at"])
    op.create_index("incident_started", "incident", ["started_at"])
    op.create_table(
        "incident_act",
        key("seq", INTEGER),
        must("incident"),
        must("at", DOUBLE),
        must("actor"),
        must("kind"),
        must("text"),
        must("values"),
        must("previous"),
        must("seal"),
    )
    op.create_index("incident_act_incident", "incident_act", ["incident", "seq"])
    op.create_table(
        "outbox",
        key("number", INTEGER, counted=True),
        sa.Column("id", TEXT, nullable=False, unique=True),
        must("topic"),
        must("channel"),
        must("event"),
        must("reason"),
        must("person"),
        must("after"),
        must("payload"),
        must("at", DOUBLE),
        must("fate"),
        must("tried", INTEGER),
        must("error"),
        may("ended_at", DOUBLE),
        sqlite_autoincrement=True,
    )
    op.create_index("outbox_ended", "outbox", ["ended_at"])
    op.create_index("outbox_fate", "outbox", ["fate", "channel", "number"])
    op.create_index("outbox_topic", "outbox", ["topic", "channel", "number"])
    op.create_table(
        "telling",
        key("kind"),
        key("key"),
        must("document"),
    )
    make_availability()
    make_maintenance()
    make_trends()
    op.create_table("heartbeat_token", key("hash"), must("site"), must("made_at", DOUBLE))
    op.create_index("heartbeat_token_site", "heartbeat_token", ["site"])
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def make_maintenance() -> None:
    op.create_table(
        "maintenance",
        key("id"),
        must("revision", INTEGER),
        must("kind"),
        must("scopes"),
        must("starts_at", DOUBLE),
        may("ends_at", DOUBLE),
        must("every"),
        must("zone"),
        must("reason"),
        must("party"),
        must("made_by"),
        may("made_at", DOUBLE),
        may("ended_at", DOUBLE),
        must("ended_by"),
    )
    op.create_index("maintenance_revision", "maintenance", ["revision"])


def make_trends() -> None:
    op.create_table(
        "light_day",
        key("device"),
        key("sensor"),
        key("day"),
        must("interface"),
        must("dbm", DOUBLE),
    )
    op.create_index("light_day_day", "light_day", ["day"])
    op.create_table(
        "path_usual",
        key("device"),
        must("attempts", INTEGER),
        must("trip_ln", DOUBLE),
        must("spread_ln", DOUBLE),
        must("loss", DOUBLE),
    )
    op.create_table(
        "quota_use",
        key("link"),
        key("month"),
        must("octets", BIGINT),
    )


def make_availability() -> None:
    op.create_table("watch", key("id", INTEGER, counted=True), must("began", DOUBLE), must("seen", DOUBLE))
    op.create_index("watch_seen", "watch", ["seen"])
    op.create_table(
        "availability_month",
        key("period"),
        must("closed_at", DOUBLE),
        must("closed_by"),
        must("hash"),
        must("document"),
    )
    op.create_table(
        "availability_correction",
        key("id", INTEGER, counted=True),
        must("period"),
        must("at", DOUBLE),
        must("actor"),
        must("why"),
        must("previous"),
        must("hash"),
        must("document"),
    )
    op.create_index("availability_correction_period", "availability_correction", ["period", "id"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
