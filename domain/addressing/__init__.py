"""The address plan's vocabulary and its maths: ranges, pools, what is asked for and what is given."""

from domain.addressing.allocations import AddressPlan, Allocation, AllocationState, Request, Use
from domain.addressing.kinds import (
    AddressingError,
    Kind,
    name_of,
    number_in,
    read_prefix,
    read_span,
    written,
    written_span,
)
from domain.addressing.pools import QUARANTINE_DAYS, Pool, Space, check_pool
from domain.addressing.ranges import Block, Range, blocks_of, clipped, merged, size_of, without
from domain.addressing.splitting import Taken, take

__all__ = [
    "QUARANTINE_DAYS",
    "AddressPlan",
    "AddressingError",
    "Allocation",
    "AllocationState",
    "Block",
    "Kind",
    "Pool",
    "Range",
    "Request",
    "Space",
    "Taken",
    "Use",
    "blocks_of",
    "check_pool",
    "clipped",
    "merged",
    "name_of",
    "number_in",
    "read_prefix",
    "read_span",
    "size_of",
    "take",
    "without",
    "written",
    "written_span",
]
