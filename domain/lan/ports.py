"""What is asked where we stand on a segment ourselves. Every method blocks, at most as long as its limits say."""

from ipaddress import IPv4Network
from typing import Protocol

from domain.lan.records import AddressHolders, DhcpOffer, LinkLimits, Neighbour


class LinkChecks(Protocol):
    """interface: of this machine. Raises SegmentError where it may not or cannot be listened on."""

    def neighbours(self, interface: str, limits: LinkLimits) -> tuple[Neighbour, ...]:
        """Who tells of itself, by protocol and name."""
        ...

    def dhcp_offers(self, interface: str, limits: LinkLimits) -> tuple[DhcpOffer, ...]:
        """Every server that offers an address, by its own; none is taken."""
        ...

    def holders(self, interface: str, network: IPv4Network, limits: LinkLimits) -> tuple[AddressHolders, ...]:
        """Who answers for each address of the network, by address; those that nobody answers for are left out."""
        ...

    def networks(self) -> dict[str, tuple[IPv4Network, ...]]:
        """The networks that this machine stands on, by interface."""
        ...
