"""The acceptance sheet of a site, the annex to the BAST: what was built, what was measured, who signs.

Only what is known stands in it: an empty text or None is a field to be filled in by hand, never a guess.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.changes import Checked, Outcome
from domain.network import LinkPurpose, Medium, Role, SiteKind


class SignerPart(StrEnum):
    """As what somebody signs."""

    BUILT = "built"
    CHECKED = "checked"
    ACCEPTED = "accepted"


class Photo(StrEnum):
    """What is to be seen on a photo."""

    BUILDING = "building"
    RACK = "rack"
    LABELS = "labels"
    CABLE = "cable"
    POWER = "power"
    SPEED = "speed"


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """village, district: names without 'Desa' and 'Kec.'; a village is never without its district. regency: as it is
    called, 'Kabupaten Purwakarta'. Degrees by WGS 84.
    """

    site: str
    name: str
    kind: SiteKind
    village: str = ""
    is_kelurahan: bool = False
    district: str = ""
    regency: str = ""
    region_code: str = ""
    organisation: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class SheetDevice:
    """version: of what runs on it, as it told."""

    name: str
    role: Role
    model: str = ""
    serial: str = ""
    mac: str = ""
    address: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class SheetSubnet:
    """dhcp: the first and the last address that is handed out."""

    name: str
    prefix: str
    vlan: int | None = None
    gateway: str = ""
    dhcp: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class SheetLink:
    """far_end: '' is a provider. level_dbm: received light or signal; lowest_dbm and highest_dbm: its budget."""

    name: str
    near_end: str
    far_end: str = ""
    medium: Medium = Medium.FIBRE
    purpose: LinkPurpose = LinkPurpose.SERVICE
    provider: str = ""
    circuit_id: str = ""
    length_km: float | None = None
    level_dbm: float | None = None
    lowest_dbm: float | None = None
    highest_dbm: float | None = None


@dataclass(frozen=True, slots=True)
class SheetSpeed:
    """Of a link, in Mbit/s: what the contract promises, what was measured."""

    link: str
    promised_down_mbps: float | None = None
    promised_up_mbps: float | None = None
    measured_down_mbps: float | None = None
    measured_up_mbps: float | None = None


@dataclass(frozen=True, slots=True)
class Signer:
    """name: '' leaves a line to write it on."""

    part: SignerPart
    organisation: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class AcceptanceSheet:
    """made_at, checked_at: in the zone of the kabupaten. checked_at: None if nobody looked. is_final: the work that it
    tells of has ended; else the sheet is a draft. document_no: of the BAST. job, actor, approvers, reason: the change
    that built the site, who did it and who agreed; reason: why it was an emergency.
    """

    place: SheetPlace
    made_at: datetime
    is_final: bool
    document_no: str = ""
    job: str = ""
    actor: str = ""
    approvers: tuple[str, ...] = ()
    reason: str = ""
    devices: tuple[SheetDevice, ...] = ()
    subnets: tuple[SheetSubnet, ...] = ()
    links: tuple[SheetLink, ...] = ()
    speeds: tuple[SheetSpeed, ...] = ()
    checks: tuple[Checked, ...] = ()
    checked_at: datetime | None = None
    photos: tuple[Photo, ...] = tuple(Photo)
    signers: tuple[Signer, ...] = ()

    def count(self, outcome: Outcome) -> int:
        return sum(check.outcome is outcome for check in self.checks)
