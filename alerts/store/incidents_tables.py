"""The table of incidents: columns for what is searched by, `body` for the whole. Times are unix seconds, UTC."""

from sqlalchemy import Column, Double, Index, MetaData, Table, Text

metadata = MetaData()

incident = Table(
    "incident",
    metadata,
    Column("id", Text, primary_key=True),
    Column("condition", Text, nullable=False),
    Column("cause_kind", Text, nullable=False),
    Column("cause_name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("phase", Text, nullable=False),
    Column("urgency", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("party", Text),
    Column("started_at", Double, nullable=False),
    Column("detected_at", Double, nullable=False),
    Column("resolved_at", Double),
    Column("body", Text, nullable=False),
    Index("incident_phase", "phase"),
    Index("incident_started", "started_at"),
    Index("incident_resolved", "resolved_at"),
    Index("incident_cause", "cause_kind", "cause_name"),
)
