"""What is seen on a segment, by ourselves or by the router before it. MAC addresses: six pairs, small, with colons."""

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address

_NOT_HEX = re.compile(r"[^0-9a-fA-F]")


def mac_text(written: str) -> str:
    """As it is kept here, from `4C:5E:0C:00:01:01`, `4c5e.0c00.0101` and the like; '' if it is no MAC address."""
    digits = _NOT_HEX.sub("", written).lower()
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2)) if len(digits) == 12 else ""


@dataclass(frozen=True, slots=True)
class LinkLimits:
    """Where listening ends, whichever comes first. frames: that were looked at, wanted ones and others."""

    seconds: float
    frames: int = 5_000


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Who tells of itself on a segment. protocol: lldp, cdp or mndp. interface: of who heard it. port: its own."""

    protocol: str
    interface: str
    mac: str = ""
    name: str = ""
    port: str = ""
    platform: str = ""
    version: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class DhcpOffer:
    """What one server would have given us. server: as it calls itself (RFC 2132, option 54). mac: that the frame came
    from. seconds: how long the lease would have been.
    """

    server: str
    mac: str
    address: str
    router: str = ""
    dns: tuple[str, ...] = ()
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class AddressHolders:
    """Everybody who answers for one address, sorted."""

    address: IPv4Address
    macs: tuple[str, ...]

    @property
    def is_double(self) -> bool:
        return len(self.macs) > 1


class LeaseState(StrEnum):
    """BUSY: somebody else has the address, so that the server cannot give it."""

    BOUND = "bound"
    OFFERED = "offered"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Lease:
    """mac: who the address is given to; of a busy one who has taken it, where the server tells."""

    address: IPv4Address
    mac: str
    state: LeaseState = LeaseState.BOUND


@dataclass(frozen=True, slots=True)
class ArpEntry:
    """An address and who answered for it last."""

    address: IPv4Address
    mac: str
    interface: str


@dataclass(frozen=True, slots=True)
class Stranger:
    """A DHCP server that nobody put there. address: where it is known."""

    mac: str
    interface: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class DoubleAddress:
    """An address that more than one host uses. macs: those that are known, sorted."""

    address: IPv4Address
    macs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DhcpPool:
    """used: addresses that cannot be given now, of `size`."""

    name: str
    size: int
    used: int

    @property
    def share(self) -> float:
        """0 to 1."""
        return min(self.used / self.size, 1.0) if self.size else 0.0


@dataclass(frozen=True, slots=True)
class LanReading:
    """What a router says of the networks behind it. None: it does not say. notes: why not, for people."""

    strangers: tuple[Stranger, ...] | None = None
    doubles: tuple[DoubleAddress, ...] | None = None
    pools: tuple[DhcpPool, ...] | None = None
    neighbours: tuple[Neighbour, ...] | None = None
    notes: tuple[str, ...] = ()
