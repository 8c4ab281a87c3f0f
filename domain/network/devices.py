"""Equipment at a site."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    ROUTER = "router"
    SWITCH = "switch"
    FIREWALL = "firewall"
    VPN = "vpn"
    MODEM = "modem"
    OLT = "olt"
    ONU = "onu"
    AP = "ap"
    RADIO = "radio"
    CONVERTER = "converter"
    UPS = "ups"
    INVERTER = "inverter"
    SERVER = "server"
    VM = "vm"
    NVR = "nvr"
    CAMERA = "camera"
    SENSOR = "sensor"


class Check(StrEnum):
    """What is asked to know whether the device lives."""

    ICMP_SNMP = "icmp+snmp"
    ICMP = "icmp"
    SNMP = "snmp"
    PUSH = "push"
    SSH = "ssh"
    HTTP = "http"
    RTSP = "rtsp"
    NONE = "none"

    @property
    def by_icmp(self) -> bool:
        return self in (Check.ICMP_SNMP, Check.ICMP)

    @property
    def by_snmp(self) -> bool:
        return self in (Check.ICMP_SNMP, Check.SNMP)


class DeviceStatus(StrEnum):
    """Where the device is in its life; only `in-use` is polled."""

    PLANNED = "planned"
    IN_USE = "in-use"
    SPARE = "spare"
    RMA = "rma"
    LOST = "lost"
    RETIRED = "retired"


class PollClassName(StrEnum):
    FIBRE = "fibre"
    RADIO = "radio"
    METERED = "metered"
    SLOW = "slow"


@dataclass(frozen=True, slots=True)
class Device:
    """One piece of equipment. `name` is its key; an address is unique only within zone and SNMP port."""

    name: str
    site: str
    role: Role
    platform: str = ""
    model: str = ""
    serial: str = ""
    mac: str = ""
    address: str = ""
    zone: str = ""
    check: Check = Check.ICMP_SNMP
    snmp_port: int = 161
    ssh_port: int = 22
    credential: str = ""
    uplink: tuple[str, ...] = ()
    mgmt_via: str = ""
    olt: str = ""
    olt_port: str = ""
    onu_id: str = ""
    owner: str = ""
    status: DeviceStatus = DeviceStatus.IN_USE
    poll_class: PollClassName = PollClassName.FIBRE
    gateway: str = ""
    asset_no: str = ""
    purchase_year: int | None = None
    warranty_until: date | None = None
