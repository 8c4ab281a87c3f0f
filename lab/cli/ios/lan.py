"""What IOS shows of the hosts behind it: DHCP pools, bindings and conflicts, ARP, what DHCP snooping has dropped.

Source: Cisco IOS IP Addressing Services Command Reference (show ip dhcp pool, binding, conflict; show ip arp; show ip
dhcp snooping), Catalyst System Message Guide (DHCP_SNOOPING_UNTRUSTED_PORT), and outputs as students' notes quote them.
"""

import ipaddress
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lab.cli.lines.lan import grouped

if TYPE_CHECKING:
    from lab.cli.ios.router import IosRouter

_EXPIRES = "Nov 29 2026 06:00 AM"


def pools(router: "IosRouter") -> str:
    text = ""
    for name, network in _networks(router):
        first, last = network[1], network[-2]
        leased, total = len(router.lan.within(first, last, router.lan.leases)), network.num_addresses - 2
        excluded = sum(line.words[:3] == ("ip", "dhcp", "excluded-address") for line in router.tree.lines)
        text += (
            f"\nPool {name} :\n Utilization mark (high/low)    : 100 / 0\n Subnet size (first/next)       : 0 / 0 \n"
            f" Total addresses                : {total}\n Leased addresses               : {leased}\n"
            f" Excluded addresses             : {excluded}\n Pending event                  : none\n"
            " 1 subnet is currently in the pool :\n"
            " Current index        IP address range                    Leased/Excluded/Total\n"
            f" {first!s:<20} {first!s:<16} - {last!s:<16}  {leased:<5} / {excluded:<5} / {total}\n"
        )
    return text


def _networks(router: "IosRouter") -> Iterator[tuple[str, ipaddress.IPv4Network]]:
    for section in router.tree.sections("ip"):
        if section.words[:3] == ("ip", "dhcp", "pool"):
            for line in section.body:
                if line.words[0] == "network":
                    yield section.words[3], ipaddress.IPv4Network(f"{line.words[1]}/{line.words[2]}")


def bindings(router: "IosRouter") -> str:
    text = (
        "Bindings from all pools not associated with VRF:\n"
        "IP address          Client-ID/              Lease expiration        Type\n"
        "                    Hardware address/\n                    User name\n"
    )
    for host in router.lan.leases:
        text += f"{host.address!s:<19} {grouped14('01' + host.mac):<23} {_EXPIRES:<23} Automatic\n"
    return text


def grouped14(digits: str) -> str:
    return ".".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def conflicts(router: "IosRouter") -> str:
    text = "IP address        Detection method   Detection time          VRF\n"
    for host in router.lan.conflicts:
        text += f"{host.address!s:<17} {'Ping':<18} {'Nov 22 2026 06:00 AM':<23}\n"
    return text


def arp(router: "IosRouter") -> str:
    text = "Protocol  Address          Age (min)  Hardware Addr   Type   Interface\n"
    for host in router.lan.arp:
        text += f"Internet  {host.address!s:<15} {7:>10}   {grouped(host.mac, '.')}  ARPA   {host.interface}\n"
    return text


def watches(router: "IosRouter") -> bool:
    return any(line.words == ("ip", "dhcp", "snooping") for line in router.tree.lines)


def snooping(router: "IosRouter") -> str:
    on = "enabled" if watches(router) else "disabled"
    return f"Switch DHCP snooping is {on}\nDHCP snooping is configured on following VLANs:\nnone\n"


def logged(router: "IosRouter") -> list[str]:
    if not watches(router):
        return []
    return [
        f"*{datetime.fromtimestamp(each.at, UTC):%b %e %H:%M:%S.000}: %DHCP_SNOOPING-5-DHCP_SNOOPING_UNTRUSTED_PORT: "
        f"DHCP_SNOOPING drop message on untrusted port, message type: DHCPOFFER, MAC sa: {grouped(each.mac, '.')}"
        for each in router.lan.foreign
    ]
