"""One conversation with a router about the networks behind it, by its platform."""

from collections.abc import Callable, Collection, Mapping
from typing import Final

from domain.lan import LanReading
from domain.shell import Shell
from provisioning.lan.ios import ask_ios
from provisioning.lan.linux import ask_linux
from provisioning.lan.parts import LanPart
from provisioning.lan.routeros import ask_routeros
from provisioning.lan.vrp import ask_vrp

LAN_READERS: Final[Mapping[str, Callable[[Shell, Collection[LanPart]], LanReading]]] = {
    "mikrotik-routeros": ask_routeros,
    "frr": ask_linux,
    "net-snmp": ask_linux,
    "openwrt": ask_linux,
    "cisco-ios": ask_ios,
    "huawei-vrp": ask_vrp,
}
"""By the platform's name in provisioning/platforms and in the inventory."""


def read_lan(platform: str, shell: Shell, parts: Collection[LanPart] = frozenset(LanPart)) -> LanReading:
    """Blocks; raises ShellError's leaves. The platform is one of LAN_READERS."""
    return LAN_READERS[platform](shell, parts)
