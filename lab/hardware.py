"""Models of equipment that the lab knows: their ports by name, type and speed. Names are those the vendors print."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Family(StrEnum):
    """Which SNMP agent a model has."""

    ROUTEROS = "routeros"
    ZTE_C320 = "zte-c320"
    HUAWEI_MA56XX = "huawei-ma56xx"
    AIRMAX = "airmax"
    NET_SNMP = "net-snmp"
    APC = "apc"
    UPS_MIB = "ups-mib"
    SILENT = "silent"  # no agent: a camera, an ONU


class PortKind(StrEnum):
    ETHERNET = "ethernet"
    SFP = "sfp"
    GPON = "gpon"
    WIRELESS = "wireless"
    LTE = "lte"
    TUNNEL = "tunnel"
    BRIDGE = "bridge"
    LOOPBACK = "loopback"


@dataclass(frozen=True, slots=True)
class Port:
    """One port. `speed_bps` is what it can do, not what a link on it runs at."""

    name: str
    kind: PortKind
    speed_bps: int


@dataclass(frozen=True, slots=True)
class Model:
    """A model as its label says; `ports` in the order of their ifIndex."""

    name: str
    family: Family
    ports: tuple[Port, ...] = ()

    def port(self, name: str) -> Port | None:
        return next((port for port in self.ports if port.name == name), None)


GIGABIT = 1_000_000_000


def _row(pattern: str, numbers: range, kind: PortKind, speed_bps: int) -> tuple[Port, ...]:
    return tuple(Port(pattern.format(number), kind, speed_bps) for number in numbers)


def _ether(count: int, speed_bps: int = GIGABIT) -> tuple[Port, ...]:
    return _row("ether{}", range(1, count + 1), PortKind.ETHERNET, speed_bps)


def _sfp_plus(count: int) -> tuple[Port, ...]:
    return _row("sfp-sfpplus{}", range(1, count + 1), PortKind.SFP, 10 * GIGABIT)


_BRIDGE = Port("bridge", PortKind.BRIDGE, 0)
_LO = Port("lo", PortKind.LOOPBACK, 0)
_ROS = (_BRIDGE, _LO)

CORE_ROUTER = Model(
    "CCR2216-1G-12XS-2XQ",
    Family.ROUTEROS,
    (
        *_ether(1),
        *_row("sfp28-{}", range(1, 13), PortKind.SFP, 25 * GIGABIT),
        *_row("qsfp28-{}-1", range(1, 3), PortKind.SFP, 100 * GIGABIT),
        *_ROS,
    ),
)
POP_ROUTER = Model(
    "CCR2004-1G-12S+2XS",
    Family.ROUTEROS,
    (*_ether(1), *_sfp_plus(12), *_row("sfp28-{}", range(1, 3), PortKind.SFP, 25 * GIGABIT), *_ROS),
)
FIBRE_SWITCH = Model("CRS317-1G-16S+", Family.ROUTEROS, (*_ether(1), *_sfp_plus(16), *_ROS))
POE_SWITCH = Model("CRS328-24P-4S+", Family.ROUTEROS, (*_ether(24), *_sfp_plus(4), *_ROS))
VPN_ROUTER = Model("CCR2116-12G-4S+", Family.ROUTEROS, (*_ether(12), *_sfp_plus(4), *_ROS))
OFFICE_ROUTER = Model("RB5009UG+S+", Family.ROUTEROS, (*_ether(8), *_sfp_plus(1), *_ROS))
FIBRE_DESA_ROUTER = Model(
    "RB760iGS", Family.ROUTEROS, (*_ether(5), *_row("sfp{}", range(1, 2), PortKind.SFP, GIGABIT), *_ROS)
)
DESA_ROUTER = Model("RB750Gr3", Family.ROUTEROS, (*_ether(5), *_ROS))
LTE_ROUTER = Model("RBM33G", Family.ROUTEROS, (*_ether(3), Port("lte1", PortKind.LTE, 150_000_000), *_ROS))
ACCESS_POINT = Model(
    "RBcAPGi-5acD2nD",
    Family.ROUTEROS,
    (
        *_ether(2),
        Port("wlan1", PortKind.WIRELESS, 300_000_000),
        Port("wlan2", PortKind.WIRELESS, 866_000_000),
        *_ROS,
    ),
)
RADIO = Model(
    "LiteBeam 5AC Gen2",
    Family.AIRMAX,
    (
        Port("lo", PortKind.LOOPBACK, 0),
        Port("eth0", PortKind.ETHERNET, GIGABIT),
        Port("ath0", PortKind.WIRELESS, 450_000_000),
        Port("br0", PortKind.BRIDGE, 0),
    ),
)
SECTOR_RADIO = Model("Rocket 5AC Prism Gen2", Family.AIRMAX, RADIO.ports)
OLT = Model(
    "ZXA10 C320",
    Family.ZTE_C320,
    (
        *_row("gpon_1/1/{}", range(1, 9), PortKind.GPON, 2_488_320_000),
        *_row("gpon_1/2/{}", range(1, 9), PortKind.GPON, 2_488_320_000),
        Port("gei_1/4/1", PortKind.ETHERNET, GIGABIT),
        Port("xgei_1/4/2", PortKind.SFP, 10 * GIGABIT),
    ),
)
HUAWEI_OLT = Model(
    "MA5608T",
    Family.HUAWEI_MA56XX,
    (
        *_row("GPON 0/0/{}", range(8), PortKind.GPON, 2_488_320_000),
        *_row("GPON 0/1/{}", range(8), PortKind.GPON, 2_488_320_000),
        Port("ethernet0/2/0", PortKind.SFP, 10 * GIGABIT),
        Port("ethernet0/2/1", PortKind.SFP, 10 * GIGABIT),
    ),
)
ONU = Model(
    "F609", Family.SILENT, (Port("pon", PortKind.GPON, 2_488_320_000), Port("eth1", PortKind.ETHERNET, GIGABIT))
)
HUAWEI_ONT = Model("EG8145V5", Family.SILENT, ONU.ports)
SERVER = Model(
    "PowerEdge R650xs",
    Family.NET_SNMP,
    (Port("lo", PortKind.LOOPBACK, 0), *_row("eno{}", range(1, 3), PortKind.ETHERNET, GIGABIT)),
)
UPS = Model(
    "Smart-UPS 1500",
    Family.APC,
    (Port("LOOPBACK", PortKind.LOOPBACK, 0), Port("eth0", PortKind.ETHERNET, 100_000_000)),
)
UPS_WITH_CARD = Model(
    "Multimatic 2000",
    Family.UPS_MIB,
    (Port("lo", PortKind.LOOPBACK, 0), Port("eth0", PortKind.ETHERNET, 100_000_000)),
)
CAMERA = Model("DS-2CD2T47G2", Family.SILENT, (Port("eth0", PortKind.ETHERNET, 100_000_000),))

MODELS: Mapping[str, Model] = MappingProxyType(
    {
        model.name: model
        for model in (
            CORE_ROUTER,
            POP_ROUTER,
            FIBRE_SWITCH,
            POE_SWITCH,
            VPN_ROUTER,
            OFFICE_ROUTER,
            FIBRE_DESA_ROUTER,
            DESA_ROUTER,
            LTE_ROUTER,
            ACCESS_POINT,
            RADIO,
            SECTOR_RADIO,
            OLT,
            HUAWEI_OLT,
            ONU,
            HUAWEI_ONT,
            SERVER,
            UPS,
            UPS_WITH_CARD,
            CAMERA,
        )
    }
)
