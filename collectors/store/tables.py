"""Tables of what discovery found. Times are unix seconds, UTC."""

from sqlalchemy import BigInteger, Column, Double, ForeignKeyConstraint, Index, LargeBinary, MetaData, Table, Text

metadata = MetaData()

# A plan is kept once, under the hash of what it says: a fleet of 83,762 devices has few hundred of them.
plans = Table(
    "plans", metadata, Column("hash", Text, primary_key=True), Column("document", LargeBinary, nullable=False)
)

device_plans = Table(
    "device_plans",
    metadata,
    Column("device", Text, primary_key=True),
    Column("plan", Text, nullable=False),
    Column("discovered_at", Double, nullable=False),
    Column("sys_object_id", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("serial", Text, nullable=False),
    Column("if_number", BigInteger),
    Column("if_table_last_change", BigInteger),
    Column("facts", Text, nullable=False),
    ForeignKeyConstraint(["plan"], ["plans.hash"], name="device_plans_plan"),
    Index("device_plans_plan_used", "plan"),
)
