"""What kind of fault it was: said by the machine with its evidence, and later by people in their own words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class VerdictKind(StrEnum):
    FIBRE = "fibre"
    POWER = "power"
    DEVICE = "device"
    RADIO = "radio"
    PROVIDER = "provider"
    SERVICE = "service"
    MANAGEMENT = "management"
    POLLER = "poller"
    UNDETERMINED = "undetermined"


class Confidence(StrEnum):
    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"


class EvidenceKind(StrEnum):
    """Everything a witness can say. Each has one sentence for people in `alerts/texts`."""

    ONU_DYING_GASP = "onu-dying-gasp"
    ONU_LOSS_OF_SIGNAL = "onu-loss-of-signal"
    ONU_ONLINE = "onu-online"
    ONU_DEACTIVATED = "onu-deactivated"
    UPS_ON_BATTERY = "ups-on-battery"
    UPS_ON_MAINS = "ups-on-mains"
    VOLTAGE_LOW = "voltage-low"
    FEEDER_DARK = "feeder-dark"  # others on the same power feeder fell with it
    FEEDER_LIT = "feeder-lit"
    PLN_NOTICE = "pln-notice"
    BOOTED_ON_RETURN = "booted-on-return"  # its uptime began when the outage ended: it had no power
    STAYED_ON = "stayed-on"  # its uptime went on through the outage: it had power
    RESTARTED_DURING = "restarted-during"  # switched off and on by hand while the way was still cut
    REBOOTED = "rebooted"  # alone, and back at once
    RX_LOST = "rx-lost"
    RX_PRESENT = "rx-present"
    RX_FELL = "rx-fell"
    PORT_DOWN = "port-down"
    PORT_UP = "port-up"
    RADIO_FADED = "radio-faded"
    LIT_BY_OTHER_WAY = "lit-by-other-way"
    ALL_BEHIND_DARK = "all-behind-dark"
    HEARTBEAT_GOES_ON = "heartbeat-goes-on"
    HEARTBEAT_STOPPED = "heartbeat-stopped"
    INTERNET_FAILS = "internet-fails"
    WAN_UP = "wan-up"
    PROVIDER_DARK = "provider-dark"
    PROVIDER_NOTICE = "provider-notice"
    ANSWERS_ECHO = "answers-echo"
    SILENT_ALONE = "silent-alone"
    SERVICE_FAILS = "service-fails"
    CERTIFICATE = "certificate"
    MANAGEMENT_LOST = "management-lost"
    OWN_PATH_LOST = "own-path-lost"
    THRESHOLD = "threshold"
    DHCP_STRANGER = "dhcp-stranger"  # somebody else hands out addresses on the LAN
    ADDRESS_TWICE = "address-twice"  # two hosts use one
    REPORTED = "reported"  # by another system or a person


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one witness said. subject: the device, link or site it speaks of.

    values: what its sentence needs (`before`, `after`, `unit`, `port`, `count`, `of`, `others`…), as text.
    """

    kind: EvidenceKind
    subject: str
    at: datetime | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """preliminary: while the incident is open. At the close it is revised, and both are kept."""

    kind: VerdictKind
    confidence: Confidence
    evidence: tuple[Evidence, ...] = ()
    preliminary: bool = True


UNDETERMINED = Verdict(VerdictKind.UNDETERMINED, Confidence.WEAK)


class ClosingCause(StrEnum):
    """What the people who mended it found; stands beside the machine's verdict and never replaces it."""

    GALIAN = "galian"
    POHON = "pohon"
    TIKUS = "tikus"
    VANDAL = "vandal"
    PLN = "pln"
    TOKEN_HABIS = "token-habis"  # noqa: S105 - prepaid electricity, no secret
    PETIR = "petir"
    PENCURIAN = "pencurian"
    DICABUT_PENGGUNA = "dicabut-pengguna"
    ISOLIR = "isolir"
    PROVIDER = "provider"
    RADIO_CUACA = "radio-cuaca"
    KONFIGURASI = "konfigurasi"
    TIDAK_DITEMUKAN = "tidak-ditemukan"
