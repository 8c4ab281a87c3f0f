"""The parts of what can be asked of a LAN, so that nobody pays for an answer that he does not need."""

from enum import StrEnum


class LanPart(StrEnum):
    STRANGERS = "strangers"  # DHCP servers that nobody put there
    DOUBLES = "doubles"  # addresses that two hosts use
    POOLS = "pools"  # addresses that DHCP has left
    NEIGHBOURS = "neighbours"
