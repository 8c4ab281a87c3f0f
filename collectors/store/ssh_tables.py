"""Tables of SSH: by which key a device is known, and how it is logged in to. Times are unix seconds, UTC."""

from sqlalchemy import Boolean, Column, Double, MetaData, Table, Text

metadata = MetaData()

ssh_host_key = Table(
    "ssh_host_key",
    metadata,
    Column("device", Text, primary_key=True),
    Column("algorithm", Text, nullable=False),
    Column("blob", Text, nullable=False),
    Column("trusted_at", Double, nullable=False),
    Column("trusted_by", Text, nullable=False),
    Column("offered_algorithm", Text, nullable=False),
    Column("offered_blob", Text, nullable=False),
    Column("offered_at", Double),
)

ssh_access = Table(
    "ssh_access",
    metadata,
    Column("device", Text, primary_key=True),
    Column("credential", Text, nullable=False),
    Column("legacy", Boolean, nullable=False),
)
