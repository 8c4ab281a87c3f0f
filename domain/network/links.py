"""What connects devices: links, and the shared-risk segments they run over."""

from dataclasses import dataclass
from enum import StrEnum


class LinkPurpose(StrEnum):
    SERVICE = "service"
    MANAGEMENT = "management"


class Medium(StrEnum):
    FIBRE = "fibre"
    RADIO = "radio"
    COPPER = "copper"
    LTE = "lte"
    VSAT = "vsat"
    LEO = "leo"
    VPN = "vpn"


class SegmentKind(StrEnum):
    CABLE = "cable"
    POLE = "pole"
    CLOSURE = "closure"
    SPLITTER = "splitter"
    TOWER = "tower"
    FEEDER = "feeder"


@dataclass(frozen=True, slots=True)
class Link:
    """A link between two devices; an empty `z_device` means a provider's side. Rates in Mbit/s, quota in GB a month."""

    name: str
    a_device: str
    a_interface: str = ""
    z_device: str = ""
    z_interface: str = ""
    purpose: LinkPurpose = LinkPurpose.SERVICE
    medium: Medium = Medium.FIBRE
    provider: str = ""
    circuit_id: str = ""
    contract: str = ""
    owner: str = ""
    capacity_mbps: float | None = None
    cir_down_mbps: float | None = None
    cir_up_mbps: float | None = None
    quota_gb: float | None = None
    length_km: float | None = None
    segments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """Something several links share and can lose together: a cable, a pole, a power feeder.

    `from_` and `to` name its ends in the office's own words (columns `from` and `to`).
    """

    name: str
    kind: SegmentKind
    owner: str = ""
    from_: str = ""
    to: str = ""
    length_km: float | None = None
