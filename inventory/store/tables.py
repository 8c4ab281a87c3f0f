"""The inventory's tables. A record's table has the record's fields as columns, by name and in order."""

from enum import StrEnum
from typing import Final

from sqlalchemy import Boolean, Column, Date, Double, Integer, LargeBinary, MetaData, Table, Text

from domain.evaluation.indicators import Level, Measure, Pillar, PlanIndicator
from domain.network import (
    Check,
    Contract,
    Device,
    DeviceStatus,
    Funding,
    Indicator,
    Internet,
    Link,
    LinkPurpose,
    Medium,
    Meter,
    Operator,
    Person,
    PersonRole,
    PollClassName,
    PowerSource,
    Prefix,
    Record,
    Role,
    Segment,
    SegmentKind,
    Service,
    ServiceClass,
    Site,
    SiteKind,
    Stage,
    StageEntry,
    Target,
    TargetKind,
    Village,
)
from inventory.store.types import Exact, KeyDate, KeyYear, Listed, Word

metadata = MetaData()

# Codes are compared by their bytes: a language's collation would put a range of codes out of order.
RegionText = Text().with_variant(Text(collation="C"), "postgresql")


def _key(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _word(name: str, words: type[StrEnum], *, optional: bool = False) -> Column[StrEnum]:
    return Column(name, Word(words), nullable=optional)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


regions = Table("regions", metadata, Column("code", RegionText, primary_key=True), _text("name"))

installation = Table(
    "installation",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("home", Text),
    Column("revision", Integer, nullable=False),
)

credentials = Table(
    "credentials", metadata, _key("name"), _text("key_fingerprint"), Column("sealed", LargeBinary, nullable=False)
)

villages = Table(
    "villages",
    metadata,
    Column("region_code", RegionText, primary_key=True),
    Column("year", KeyYear, primary_key=True, autoincrement=False),
    Column("population", Integer),
    Column("households", Integer),
    Column("latitude", Double),
    Column("longitude", Double),
    _word("internet", Internet),
    Column("former_code", Text, nullable=False, server_default=""),
)

sites = Table(
    "sites",
    metadata,
    _key("slug"),
    _text("name"),
    _word("kind", SiteKind),
    Column("region_code", RegionText),
    _text("organisation"),
    _text("address"),
    _text("access_note"),
    Column("latitude", Double),
    Column("longitude", Double),
    Column("power", Listed(PowerSource), nullable=False),
    _text("power_feeder"),
    _text("pln_customer_id"),
    _word("meter", Meter, optional=True),
    _text("service_hours"),
    _word("operator", Operator, optional=True),
    _flag("counts_for_coverage"),
    Column("criticality", Integer),
    _word("stage", Stage),
    Column("stage_date", Date),
    _text("document_no"),
    _word("funding", Funding, optional=True),
    _text("contract"),
    _text("contact"),
)

devices = Table(
    "devices",
    metadata,
    _key("name"),
    _text("site"),
    _word("role", Role),
    _text("platform"),
    _text("model"),
    _text("serial"),
    _text("mac"),
    _text("address"),
    _text("zone"),
    _word("check", Check),
    Column("snmp_port", Integer, nullable=False),
    Column("ssh_port", Integer, nullable=False),
    _text("credential"),
    Column("uplink", Listed(), nullable=False),
    _text("mgmt_via"),
    _text("olt"),
    _text("olt_port"),
    _text("onu_id"),
    _text("owner"),
    _word("status", DeviceStatus),
    _word("poll_class", PollClassName),
    _text("gateway"),
    _text("asset_no"),
    Column("purchase_year", Integer),
    Column("warranty_until", Date),
)

links = Table(
    "links",
    metadata,
    _key("name"),
    _text("a_device"),
    _text("a_interface"),
    _text("z_device"),
    _text("z_interface"),
    _word("purpose", LinkPurpose),
    _word("medium", Medium),
    _text("provider"),
    _text("circuit_id"),
    _text("contract"),
    _text("owner"),
    Column("capacity_mbps", Double),
    Column("cir_down_mbps", Double),
    Column("cir_up_mbps", Double),
    Column("quota_gb", Double),
    Column("length_km", Double),
    Column("segments", Listed(), nullable=False),
)

segments = Table(
    "segments",
    metadata,
    _key("name"),
    _word("kind", SegmentKind),
    _text("owner"),
    _text("from_"),
    _text("to"),
    Column("length_km", Double),
)

contracts = Table(
    "contracts",
    metadata,
    _key("id"),
    _text("provider"),
    Column("starts_on", Date),
    Column("ends_on", Date),
    Column("sla_percent", Double),
    _text("service_hours"),
    Column("price_month", Exact),
    _text("penalty_rule"),
    _text("noc_phone"),
    _text("noc_email"),
    _text("budget_line"),
    _flag("planned_work_excluded"),
)

services = Table(
    "services",
    metadata,
    _key("code"),
    _text("name"),
    _word("class_", ServiceClass),
    _text("pillar"),
    _text("owner"),
    _text("contact"),
    _text("url"),
    _flag("public"),
    _text("host"),
    _text("site"),
    Column("expect_status", Integer),
    _text("expect_text"),
    _text("forbid_text"),
    Column("interval", Integer),
)

prefixes = Table(
    "prefixes",
    metadata,
    _key("prefix"),
    Column("vlan", Integer),
    _text("purpose"),
    _text("site"),
    _text("gateway"),
    _text("dhcp_from"),
    _text("dhcp_to"),
    _flag("public"),
)

people = Table(
    "people",
    metadata,
    _key("name"),
    _word("role", PersonRole),
    _text("organisation"),
    Column("region_codes", Listed(), nullable=False),
    _text("phone"),
    _text("channel"),
    _text("duty_hours"),
    Column("valid_to", Date),
)

targets = Table(
    "targets",
    metadata,
    Column("region_code", RegionText, primary_key=True),
    Column("due_on", Date, primary_key=True),
    Column("indicator", Word(Indicator), primary_key=True),
    Column("value", Integer, nullable=False),
    Column("kind", Word(TargetKind), primary_key=True),
    _text("document"),
    Column("decided_on", KeyDate, primary_key=True),
)

stages = Table(
    "stages",
    metadata,
    _key("slug"),
    Column("stage", Word(Stage), primary_key=True),
    Column("on", Date, primary_key=True),
    _key("document_no"),
    Column("recorded_on", Date),
)

indicators = Table(
    "indicators",
    metadata,
    _key("half"),
    _key("code"),
    _word("pillar", Pillar),
    _text("name"),
    _word("level", Level),
    _text("unit"),
    Column("baseline", Double),
    Column("target", Double),
    Column("value", Double),
    _word("measured", Measure, optional=True),
    _text("source"),
    _flag("lower_is_better"),
    _text("owner"),
    _text("note"),
)

unit_replaced = Table(
    "unit_replaced",
    metadata,
    _key("job"),
    Column("device", Text, nullable=False, index=True),
    _text("old_name"),
    _text("old_serial"),
    _text("old_model"),
    _text("old_platform"),
    _word("fate", DeviceStatus),
    _text("new_serial"),
    _text("new_model"),
    _text("new_platform"),
    _text("reason"),
    _text("revision"),
    _text("who"),
    Column("at", Double, nullable=False),
)

unit_question = Table(
    "unit_question",
    metadata,
    _key("device"),
    _key("serial"),
    _text("known_serial"),
    _text("model"),
    _text("platform"),
    _text("seen_by"),
    Column("first_at", Double, nullable=False),
    Column("last_at", Double, nullable=False),
    _text("answer"),
    _text("answered_by"),
    Column("answered_at", Double),
)

RECORD_TABLES: Final[dict[type[Record], Table]] = {
    Village: villages,
    Site: sites,
    Device: devices,
    Link: links,
    Segment: segments,
    Contract: contracts,
    Service: services,
    Prefix: prefixes,
    Person: people,
    Target: targets,
    StageEntry: stages,
    PlanIndicator: indicators,
}
