"""Where and how one device is asked."""

from dataclasses import dataclass

from domain.secrets import SnmpCommunity, SnmpUser


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An SNMP agent: address (IPv4 or IPv6 literal), UDP port, and what it wants to hear."""

    address: str
    port: int
    access: SnmpCommunity | SnmpUser

    @property
    def is_ipv6(self) -> bool:
        return ":" in self.address
