"""Every platform that can be told something."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from domain.intent import Platform
from provisioning.platforms.pushing.acts import Pushing
from provisioning.platforms.pushing.huawei_olt import HuaweiOltPushing
from provisioning.platforms.pushing.ios import IosPushing
from provisioning.platforms.pushing.linux import LinuxPushing
from provisioning.platforms.pushing.openwrt import OpenWrtPushing
from provisioning.platforms.pushing.routeros import RouterOsPushing
from provisioning.platforms.pushing.vrp import VrpPushing
from provisioning.platforms.pushing.zte import ZtePushing

PUSHING: Final[Mapping[Platform, Pushing]] = MappingProxyType(
    {
        Platform.ROUTEROS: RouterOsPushing(),
        Platform.IOS: IosPushing(),
        Platform.VRP: VrpPushing(),
        Platform.FRR: LinuxPushing(),
        Platform.OPENWRT: OpenWrtPushing(),
        Platform.ZTE_OLT: ZtePushing(),
        Platform.HUAWEI_OLT: HuaweiOltPushing(),
    }
)
UNTIMED: Final = frozenset({Platform.ZTE_OLT, Platform.HUAWEI_OLT})
"""Those that cannot come back by themselves after a time: what they were told is taken back by us."""
