"""The platforms that can be written to. Their names are those of `collectors/profiles`, where such a profile is."""

from enum import StrEnum


class Platform(StrEnum):
    ROUTEROS = "mikrotik-routeros"
    IOS = "cisco-ios"
    VRP = "huawei-vrp"
    FRR = "frr"  # Debian with FRR, ifupdown, nftables, snmpd
    OPENWRT = "openwrt"
    ZTE_OLT = "zte-olt"
    HUAWEI_OLT = "huawei-olt"

    @property
    def indented(self) -> bool:
        """Whether its configuration is blocks of lines under a heading, told apart by indentation."""
        return self in (Platform.IOS, Platform.VRP, Platform.FRR, Platform.ZTE_OLT, Platform.HUAWEI_OLT)
