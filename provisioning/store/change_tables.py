"""Tables of jobs that change sites. Times are unix seconds, UTC; lists are JSON. Nothing in them is a secret."""

from sqlalchemy import Column, Double, Integer, MetaData, Table, Text

metadata = MetaData()

change_job = Table(
    "change_job",
    metadata,
    Column("id", Text, primary_key=True),
    Column("site", Text, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("approvers", Text, nullable=False),
    Column("needed", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("profile", Text, nullable=False),
    Column("like", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("made_at", Double, nullable=False),
    Column("changed_at", Double),
    Column("kind", Text, nullable=False),
    Column("order", Text, nullable=False),
    Column("kept", Text, nullable=False),
)

change_step = Table(
    "change_step",
    metadata,
    Column("job", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("began_at", Double),
    Column("ended_at", Double),
)

change_device = Table(
    "change_device",
    metadata,
    Column("job", Text, primary_key=True),
    Column("device", Text, primary_key=True),
    Column("before", Text, nullable=False),
    Column("sent", Text, nullable=False),
    Column("armed_at", Double),
    Column("login", Text, nullable=False),
)

site_holder = Table(
    "site_holder",
    metadata,
    Column("site", Text, primary_key=True),
    Column("who", Text, nullable=False),
    Column("since", Double, nullable=False),
    Column("machine", Text, nullable=False),
    Column("process", Text, nullable=False),
    Column("seen_at", Double, nullable=False),
)
