"""The platforms that have a simulated command line, and how their SSH servers present themselves."""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never


class Platform(StrEnum):
    """Names as `kentongan lab cli start` takes them."""

    ROUTEROS6 = "routeros6"
    ROUTEROS7 = "routeros7"
    IOS = "ios"
    VRP = "vrp"
    ZTE_OLT = "zte-olt"
    HUAWEI_OLT = "huawei-olt"


@dataclass(frozen=True, slots=True)
class Traits:
    """`ssh_version` is the software's name in the SSH greeting; `plus_options`: login options after a plus sign;
    `netmiko` the driver that logs in there; `files`: takes uploads by SFTP and SCP."""

    user: str
    ssh_version: str
    netmiko: str
    plus_options: bool = False
    files: bool = False


def traits_of(platform: Platform) -> Traits:
    match platform:
        case Platform.ROUTEROS6 | Platform.ROUTEROS7:
            return Traits("admin", "ROSSSH", "mikrotik_routeros", plus_options=True, files=True)
        case Platform.IOS:
            return Traits("admin", "Cisco-1.25", "cisco_ios")
        case Platform.VRP:
            return Traits("admin", "HUAWEI-1.5", "huawei_vrp")
        case Platform.ZTE_OLT:
            return Traits("zte", "ZTE_SSH.2.0", "zte_zxros")
        case Platform.HUAWEI_OLT:
            return Traits("root", "HUAWEI-1.5", "huawei_smartax")
    assert_never(platform)
