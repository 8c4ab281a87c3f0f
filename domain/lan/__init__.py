"""What goes on on one network segment: who stands there, who hands out addresses, which address two hosts use."""

from domain.lan.errors import SegmentError
from domain.lan.judging import DUPLICATES_TOLD, duplicates, fullest, overlapping, used_of
from domain.lan.ports import LinkChecks
from domain.lan.records import (
    AddressHolders,
    ArpEntry,
    DhcpOffer,
    DhcpPool,
    DoubleAddress,
    LanReading,
    Lease,
    LeaseState,
    LinkLimits,
    Neighbour,
    Stranger,
    mac_text,
)

__all__ = [
    "DUPLICATES_TOLD",
    "AddressHolders",
    "ArpEntry",
    "DhcpOffer",
    "DhcpPool",
    "DoubleAddress",
    "LanReading",
    "Lease",
    "LeaseState",
    "LinkChecks",
    "LinkLimits",
    "Neighbour",
    "SegmentError",
    "Stranger",
    "duplicates",
    "fullest",
    "mac_text",
    "overlapping",
    "used_of",
]
