"""First light: regions, inventory, credentials, plans, states, audit and orders."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TEXT, INTEGER, BIGINT = sa.Text(), sa.Integer(), sa.BigInteger()
DATE, FLAG, OCTETS = sa.Date(), sa.Boolean(), sa.LargeBinary()
DOUBLE: sa.Double[float] = sa.Double()
# Codes of regions are compared by their bytes, whatever the server's language.
CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

# In the order in which they may be dropped.
TABLES = (
    "commands",
    "audit",
    "state_change",
    "device_state",
    "device_plans",
    "plans",
    "targets",
    "people",
    "prefixes",
    "services",
    "contracts",
    "segments",
    "links",
    "devices",
    "sites",
    "villages",
    "credentials",
    "installation",
    "regions",
)


def key(name: str, kind: Any = TEXT, *, counted: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, autoincrement=counted)


def must(name: str, kind: Any = TEXT) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def may(name: str, kind: Any = TEXT) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def make_inventory() -> None:
    op.create_table(
        "regions",
        key("code", CODE),
        must("name"),
    )
    op.create_table(
        "installation",
        key("id", INTEGER),
        may("home"),
        must("revision", INTEGER),
    )
    op.create_table(
        "credentials",
        key("name"),
        must("key_fingerprint"),
        must("sealed", OCTETS),
    )
    op.create_table(
        "villages",
        key("region_code", CODE),
        key("year", INTEGER),
        may("population", INTEGER),
        may("households", INTEGER),
        may("latitude", DOUBLE),
        may("longitude", DOUBLE),
        must("internet"),
    )
    op.create_table(
        "sites",
        key("slug"),
        must("name"),
        must("kind"),
        may("region_code", CODE),
        must("organisation"),
        must("address"),
        must("access_note"),
        may("latitude", DOUBLE),
        may("longitude", DOUBLE),
        must("power"),
        must("power_feeder"),
        must("pln_customer_id"),
        may("meter"),
        must("service_hours"),
        may("operator"),
        must("counts_for_coverage", FLAG),
        may("criticality", INTEGER),
        must("stage"),
        may("stage_date", DATE),
        must("document_no"),
        may("funding"),
        must("contract"),
        must("contact"),
    )
    op.create_table(
        "devices",
        key("name"),
        must("site"),
        must("role"),
        must("platform"),
        must("model"),
        must("serial"),
        must("mac"),
        must("address"),
        must("zone"),
        must("check"),
        must("snmp_port", INTEGER),
        must("ssh_port", INTEGER),
        must("credential"),
        must("uplink"),
        must("mgmt_via"),
        must("olt"),
        must("olt_port"),
        must("onu_id"),
        must("owner"),
        must("status"),
        must("poll_class"),
        must("gateway"),
        must("asset_no"),
        may("purchase_year", INTEGER),
        may("warranty_until", DATE),
    )
    op.create_table(
        "links",
        key("name"),
        must("a_device"),
        must("a_interface"),
        must("z_device"),
        must("z_interface"),
        must("purpose"),
        must("medium"),
        must("provider"),
        must("circuit_id"),
        must("contract"),
        must("owner"),
        may("capacity_mbps", DOUBLE),
        may("cir_down_mbps", DOUBLE),
        may("cir_up_mbps", DOUBLE),
        may("quota_gb", DOUBLE),
        may("length_km", DOUBLE),
        must("segments"),
    )
    op.create_table(
        "segments",
        key("name"),
        must("kind"),
        must("owner"),
        must("from_"),
        must("to"),
        may("length_km", DOUBLE),
    )
    op.create_table(
        "contracts",
        key("id"),
        must("provider"),
        may("starts_on", DATE),
        may("ends_on", DATE),
        may("sla_percent", DOUBLE),
        must("service_hours"),
        may("price_month"),
        must("penalty_rule"),
        must("noc_phone"),
        must("noc_email"),
        must("budget_line"),
        must("planned_work_excluded", FLAG),
    )
    op.create_table(
        "services",
        key("code"),
        must("name"),
        must("class_"),
        must("pillar"),
        must("owner"),
        must("contact"),
        must("url"),
        must("public", FLAG),
        must("host"),
        must("site"),
        may("expect_status", INTEGER),
        must("expect_text"),
        must("forbid_text"),
        may("interval", INTEGER),
    )
    op.create_table(
        "prefixes",
        key("prefix"),
        may("vlan", INTEGER),
        must("purpose"),
        must("site"),
        must("gateway"),
        must("dhcp_from"),
        must("dhcp_to"),
        must("public", FLAG),
    )
    op.create_table(
        "people",
        key("name"),
        must("role"),
        must("organisation"),
        must("region_codes"),
        must("phone"),
        must("channel"),
        must("duty_hours"),
        may("valid_to", DATE),
    )
    op.create_table(
        "targets",
        key("region_code", CODE),
        key("due_on", DATE),
        key("indicator"),
        must("value", INTEGER),
        key("kind"),
        must("document"),
        may("decided_on", DATE),
    )


def make_collectors() -> None:
    op.create_table(
        "plans",
        key("hash"),
        must("document", OCTETS),
    )
    op.create_table(
        "device_plans",
        key("device"),
        must("plan"),
        must("discovered_at", DOUBLE),
        must("sys_object_id"),
        must("platform"),
        must("version"),
        must("model"),
        must("serial"),
        may("if_number", BIGINT),
        may("if_table_last_change", BIGINT),
        must("facts"),
        sa.ForeignKeyConstraint(["plan"], ["plans.hash"], name="device_plans_plan"),
    )
    op.create_index("device_plans_plan_used", "device_plans", ["plan"])


def make_alerts() -> None:
    op.create_table(
        "device_state",
        key("name"),
        must("state"),
        must("reason"),
        must("since", DOUBLE),
    )
    op.create_table(
        "state_change",
        key("id", INTEGER, counted=True),
        must("at", DOUBLE),
        must("name"),
        must("from_"),
        must("to"),
        must("reason"),
    )
    op.create_index("state_change_at", "state_change", ["at"])
    op.create_index("state_change_name", "state_change", ["name", "at"])


def make_wiring() -> None:
    op.create_table(
        "audit",
        key("id", INTEGER, counted=True),
        must("at", DOUBLE),
        must("actor"),
        must("action"),
        must("subject"),
        must("detail"),
        sqlite_autoincrement=True,
    )
    op.create_index("audit_at", "audit", ["at"])
    op.create_table(
        "commands",
        key("id", INTEGER, counted=True),
        must("kind"),
        must("payload"),
        must("state"),
        must("inserted_at", DOUBLE),
        may("finished_at", DOUBLE),
        may("outcome"),
        sqlite_autoincrement=True,
    )
    op.create_index("commands_state", "commands", ["state"])


def upgrade() -> None:
    make_inventory()
    make_collectors()
    make_alerts()
    make_wiring()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
