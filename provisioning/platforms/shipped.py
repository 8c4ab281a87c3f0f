"""Every platform whose configuration can be read, by the name that devices.csv and the profiles use."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from provisioning.platforms.ios import IOS
from provisioning.platforms.linux import FRR
from provisioning.platforms.olts import HUAWEI_OLT, ZTE_OLT
from provisioning.platforms.openwrt import OPENWRT
from provisioning.platforms.platform import ConfigPlatform
from provisioning.platforms.routeros import ROUTEROS
from provisioning.platforms.vrp import VRP

# Discovery finds out that a Debian is a Debian (net-snmp); whether it routes is asked on it.
LINUX: Final = replace(FRR, name="net-snmp")

PLATFORMS: Final[Mapping[str, ConfigPlatform]] = MappingProxyType(
    {each.name: each for each in (ROUTEROS, IOS, VRP, FRR, LINUX, OPENWRT, ZTE_OLT, HUAWEI_OLT)}
)
