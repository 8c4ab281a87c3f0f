"""Places: villages as the statistics know them, and the sites where equipment stands."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.network.regions import RegionCode


class Internet(StrEnum):
    """How a village that Kentongan does not connect gets its internet."""

    OWN = "own"
    BAKTI = "bakti"
    NONE = "none"
    UNKNOWN = "unknown"


class SiteKind(StrEnum):
    DATACENTER = "datacenter"
    POP = "pop"
    KECAMATAN = "kecamatan"
    OPD = "opd"
    UPTD = "uptd"
    DESA = "desa"
    KELURAHAN = "kelurahan"
    MPP = "mpp"
    PUSKESMAS = "puskesmas"
    SCHOOL = "school"
    TOWER = "tower"
    POLE = "pole"
    CCTV = "cctv"
    PUBLIC = "public"


class PowerSource(StrEnum):
    PLN = "pln"
    UPS = "ups"
    SOLAR = "solar"
    GENERATOR = "generator"


class Meter(StrEnum):
    PREPAID = "prepaid"
    POSTPAID = "postpaid"


class Operator(StrEnum):
    DISKOMINFO = "diskominfo"
    PROVIDER = "provider"
    BAKTI = "bakti"
    DESA = "desa"


class Stage(StrEnum):
    """Forward step by step; suspended and back."""

    PLANNED = "planned"
    FUNDED = "funded"
    BUILT = "built"
    ACTIVE = "active"
    HANDED_OVER = "handed-over"
    SUSPENDED = "suspended"
    RETIRED = "retired"


class Funding(StrEnum):
    APBD = "apbd"
    DANA_DESA = "dana-desa"
    BAKTI = "bakti"
    CSR = "csr"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Village:
    """A desa or kelurahan in one year's statistics. The pair (region_code, year) is its key.

    former_code: the code under which it, or the village it was split from, was kept before `year`.
    """

    region_code: RegionCode
    year: int | None = None
    population: int | None = None
    households: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    internet: Internet = Internet.UNKNOWN
    former_code: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """A place with equipment. `slug` is its key; a name alone is not (269 regencies have two villages of one name)."""

    slug: str
    name: str
    kind: SiteKind
    region_code: RegionCode | None = None
    organisation: str = ""
    address: str = ""
    access_note: str = ""
    latitude: float | None = None
    longitude: float | None = None
    power: tuple[PowerSource, ...] = ()
    power_feeder: str = ""
    pln_customer_id: str = ""
    meter: Meter | None = None
    service_hours: str = ""
    operator: Operator | None = None
    counts_for_coverage: bool = True
    criticality: int | None = None
    stage: Stage = Stage.ACTIVE
    stage_date: date | None = None
    document_no: str = ""
    funding: Funding | None = None
    contract: str = ""
    contact: str = ""
