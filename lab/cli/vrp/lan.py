"""What VRP displays of the hosts behind it: address pools with their leases and conflicts, ARP, foreign DHCP servers.

Source: Huawei S- and AR-series Command Reference (display ip pool, display arp, dhcp server detect), and outputs as
students' notes quote them. The text of the line that `dhcp server detect` logs is ours: documents at hand name the log
(DHCP/0/DHCP_SERVER_DETECT) without its words.
"""

import ipaddress
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lab.cli.lines.lan import Host, grouped

if TYPE_CHECKING:
    from lab.cli.vrp.switch import VrpSwitch

_RULE = " -----------------------------------------------------------------------------\n"
Range = tuple[ipaddress.IPv4Address, ipaddress.IPv4Address, int]
"""First and last address, and how many of them are excluded."""


def _served(switch: "VrpSwitch") -> Iterator[tuple[str, ipaddress.IPv4Interface, Range]]:
    for section in switch.tree.sections("interface"):
        lines = [line.text for line in section.body]
        own = next((text.split()[2:4] for text in lines if text.startswith("ip address ")), None)
        if own is None or "dhcp select interface" not in lines:
            continue
        made = ipaddress.IPv4Interface("/".join(own))
        excluded = 0
        for text in lines:
            if found := re.match(r"dhcp server excluded-ip-address (\S+)(?: (\S+))?$", text):
                first, last = (ipaddress.IPv4Address(each or found[1]) for each in found.groups())
                excluded += int(last) - int(first) + 1
        yield section.words[1], made, (made.network[1], made.network[-2], excluded)


def pools(switch: "VrpSwitch") -> str:
    text = ""
    for number, (name, made, _range) in enumerate(_served(switch)):
        text += f"  {'-' * 71}\n" + _head(name, number, made)
    return text + "  IP address Statistic\n" if text else "Info: No ip pool exists.\n"


def _head(name: str, number: int, made: ipaddress.IPv4Interface) -> str:
    return (
        f"  Pool-name      : {name}\n  Pool-No        : {number}\n"
        "  Position       : Interface       Status           : Unlocked\n"
        f"  Gateway-0      : {made.ip}\n  Network        : {made.network.network_address}\n"
        f"  Mask           : {made.netmask}\n  VPN instance   : --\n"
    )


def pool(switch: "VrpSwitch", wanted: str, rows: str) -> str:
    for number, (name, made, (first, last, excluded)) in enumerate(_served(switch)):
        if name.lower() != wanted.lower():
            continue
        used = switch.lan.within(first, last, switch.lan.leases)
        taken = switch.lan.within(first, last, switch.lan.conflicts)
        total = made.network.num_addresses - 3  # without its own
        idle = f"{total - excluded - len(used) - len(taken)}(0)"
        text = (
            f"{_head(name, number, made)}{_RULE}"
            "         Start           End     Total  Used  Idle(Expired)  Conflict  Disabled\n"
            f"{_RULE}{first!s:>14} {last!s:>15} {total:>5} {len(used):>5} {idle:>13} "
            f"{len(taken):>9} {excluded:>8}\n{_RULE}"
        )
        return text + _section(used if rows == "used" else taken if rows == "conflict" else [], rows)
    return "Error: The IP pool does not exist.\n"


def _section(hosts: list[Host], rows: str) -> str:
    if not hosts:
        return ""
    text = (
        "\n  Network section : \n  " + "-" * 74 + "\n  Index              IP               MAC      Lease   Status  \n"
    )
    word = {"used": "Used", "conflict": "Conflict"}[rows]
    for host in hosts:
        mac = grouped(host.mac, "-") if host.mac else "-"
        lease = "3018" if rows == "used" else "-"
        text += f"    {int(host.address) & 255:>3} {host.address!s:>15} {mac:>17} {lease:>10}   {word}\n"
    return text


def arp(switch: "VrpSwitch") -> str:
    rule = "-" * 78 + "\n"
    text = (
        "IP ADDRESS      MAC ADDRESS     EXPIRE(M) TYPE        INTERFACE   VPN-INSTANCE \n"
        f"                                          VLAN/CEVLAN PVC                      \n{rule}"
    )
    for host in switch.lan.arp:
        text += f"{host.address!s:<15} {grouped(host.mac, '-')}  17        D-0         {host.interface}\n"
    count = len(switch.lan.arp)
    return f"{text}{rule}Total:{count}        Dynamic:{count}       Static:0     Interface:0\n"


def watches(switch: "VrpSwitch") -> bool:
    return any(line.text == "dhcp server detect" for line in switch.tree.lines)


def logbuffer(switch: "VrpSwitch") -> str:
    text = (
        "Logging buffer configuration and contents: enabled\nAllowed max buffer size: 1024\nActual buffer size: 512\n"
    )
    for each in switch.lan.foreign if watches(switch) else ():
        text += (
            f"{datetime.fromtimestamp(each.at, UTC):%b %e %Y %H:%M:%S}+00:00 {switch.hostname} "
            f"%%01DHCP/0/DHCP_SERVER_DETECT(l)[12]:Another DHCP server was detected. (ServerIp={each.address}, "
            f"ServerMac={grouped(each.mac, '-')}, Interface={each.interface})\n"
        )
    return text
