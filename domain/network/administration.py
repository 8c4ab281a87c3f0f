"""What people decided about the network: contracts, services, prefixes, people, targets."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.network.regions import RegionCode


class ServiceClass(StrEnum):
    UMUM = "umum"
    KHUSUS = "khusus"
    DESA = "desa"
    PUSAT = "pusat"


class PersonRole(StrEnum):
    VIEWER = "viewer"
    NOC = "noc"
    ENGINEER = "engineer"
    PLANNER = "planner"
    APPROVER = "approver"
    ADMIN = "admin"


class Indicator(StrEnum):
    DESA = "desa"
    OPD = "opd"
    WIFI = "wifi"
    CCTV = "cctv"


class TargetKind(StrEnum):
    RPJMD = "rpjmd"
    RKPD = "rkpd"
    REVISION = "revision"


@dataclass(frozen=True, slots=True)
class Contract:
    """A provider's contract. `price_month` in rupiah, `sla_percent` of the service hours."""

    id: str
    provider: str
    starts_on: date | None = None
    ends_on: date | None = None
    sla_percent: float | None = None
    service_hours: str = ""
    price_month: Decimal | None = None
    penalty_rule: str = ""
    noc_phone: str = ""
    noc_email: str = ""
    budget_line: str = ""
    planned_work_excluded: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """An e-government application or another service that is checked. `interval` in seconds."""

    code: str
    name: str
    class_: ServiceClass = ServiceClass.UMUM
    pillar: str = ""
    owner: str = ""
    contact: str = ""
    url: str = ""
    public: bool = False
    host: str = ""
    site: str = ""
    expect_status: int | None = None
    expect_text: str = ""
    forbid_text: str = ""
    interval: int | None = None


@dataclass(frozen=True, slots=True)
class Prefix:
    """A range of addresses in use."""

    prefix: str
    vlan: int | None = None
    purpose: str = ""
    site: str = ""
    gateway: str = ""
    dhcp_from: str = ""
    dhcp_to: str = ""
    public: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is told or may act; `name` is the key. A phone number is kept as +62…"""

    name: str
    role: PersonRole
    organisation: str = ""
    region_codes: tuple[RegionCode, ...] = ()
    phone: str = ""
    channel: str = ""
    duty_hours: str = ""
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A number promised for a date. Key: (region_code, due_on, indicator, kind, decided_on).

    A later decision stands beside the earlier one, which stays as what was promised then.
    """

    region_code: RegionCode
    due_on: date
    indicator: Indicator
    value: int
    kind: TargetKind = TargetKind.RPJMD
    document: str = ""
    decided_on: date | None = None
