"""Who stands behind a simulated IOS or VRP router: hosts with leases, what answers to ARP, foreign DHCP servers.

Nothing of it is configuration. Each platform prints it in its own way (`lab.cli.ios.lan`, `lab.cli.vrp.lan`).
"""

from dataclasses import dataclass, field
from ipaddress import IPv4Address


@dataclass(frozen=True, slots=True)
class Host:
    """mac: twelve digits; '' where the router does not know it. interface: '' for a lease of which nobody answers."""

    address: IPv4Address
    mac: str
    interface: str = ""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A DHCP server that nobody put there; at: seconds since 1970, when it was heard last."""

    at: float
    mac: str
    address: str
    interface: str


@dataclass(slots=True)
class LineLan:
    """Tests and trainers fill it; MAC addresses in any way of writing."""

    leases: list[Host] = field(default_factory=list)
    conflicts: list[Host] = field(default_factory=list)
    arp: list[Host] = field(default_factory=list)
    foreign: list[Foreign] = field(default_factory=list)

    def lease(self, address: str, mac: str, *, arp: str = "", interface: str = "") -> None:
        """One that is bound. arp: the MAC address that answers for it, its own unless said."""
        self.leases.append(Host(IPv4Address(address), digits(mac)))
        if interface:
            self.answers(address, arp or mac, interface)

    def conflict(self, address: str, mac: str = "") -> None:
        """The server found that somebody has the address already."""
        self.conflicts.append(Host(IPv4Address(address), digits(mac)))

    def answers(self, address: str, mac: str, interface: str) -> None:
        self.arp.append(Host(IPv4Address(address), digits(mac), interface))

    def within(self, first: IPv4Address, last: IPv4Address, hosts: list[Host]) -> list[Host]:
        return [host for host in hosts if first <= host.address <= last]


def digits(mac: str) -> str:
    return "".join(each for each in mac.lower() if each in "0123456789abcdef")


def grouped(mac: str, between: str) -> str:
    """`aabb.cc00.0102` or `aabb-cc00-0102`."""
    return between.join(mac[at : at + 4] for at in range(0, 12, 4))
