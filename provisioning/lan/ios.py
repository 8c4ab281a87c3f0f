"""Cisco IOS, asked for DHCP pools, bindings and conflicts, ARP, and what DHCP snooping dropped; nothing is changed.

Source: Cisco IOS IP Addressing Services Command Reference (show ip dhcp pool, binding, conflict; show ip arp; show ip
dhcp snooping), Catalyst System Message Guide (DHCP_SNOOPING_UNTRUSTED_PORT). How many addresses are excluded is read
from the configuration: releases count them differently in `show ip dhcp pool`. Neighbours are not asked.
"""

import re
from collections.abc import Collection, Sequence
from ipaddress import AddressValueError, IPv4Address
from typing import Final

from domain.lan import (
    ArpEntry,
    DhcpPool,
    DoubleAddress,
    LanReading,
    Lease,
    LeaseState,
    Stranger,
    duplicates,
    mac_text,
    used_of,
)
from domain.language import _
from domain.shell import Command, Shell
from provisioning.lan.parts import LanPart
from provisioning.lan.rogue_dhcp import clock, heard, rows

POOLS: Final = "show ip dhcp pool"
EXCLUDED: Final = "show running-config | include ip dhcp excluded-address"
BINDINGS: Final = "show ip dhcp binding"
CONFLICTS: Final = "show ip dhcp conflict"
ARP: Final = "show ip arp"
SNOOPING: Final = "show ip dhcp snooping"
LOG: Final = "show logging | include DHCP_SNOOPING_UNTRUSTED_PORT"
CLOCK: Final = "show clock"
SECONDS: Final = 40.0

_REFUSED: Final = re.compile(r"(?m)^% ?(?:Invalid|Incomplete|Ambiguous|Unknown|Unrecognized|Authoriz|Bad|Command)")
_OFFERED: Final = re.compile(r"message type: (?:DHCPOFFER|DHCPACK|DHCPNAK)")
_ADDRESS: Final = r"(\d+\.\d+\.\d+\.\d+)"
Ranges = Sequence[tuple[IPv4Address, IPv4Address]]


def ask_ios(shell: Shell, parts: Collection[LanPart]) -> LanReading:
    """Raises ShellError's leaves. A table that the router refuses to show is not known; the others are."""
    router = _Router(shell)
    strangers, notes = router.strangers() if LanPart.STRANGERS in parts else (None, ())
    return LanReading(
        strangers=strangers,
        doubles=router.doubles() if LanPart.DOUBLES in parts else None,
        pools=router.pools() if LanPart.POOLS in parts else None,
        notes=notes,
    )


def leases_in(bindings: str, conflicts: str) -> tuple[Lease, ...]:
    found = []
    for row in rows(bindings, rf"{_ADDRESS}\s+([0-9a-fA-F.]+)\s"):
        mac = re.sub(r"[^0-9a-fA-F]", "", row[2])  # of Ethernet the client's number begins with its kind, 01
        found.append(Lease(IPv4Address(row[1]), mac_text(mac[2:] if len(mac) == 14 and mac[:2] == "01" else mac)))
    taken = rows(conflicts, rf"{_ADDRESS}\s+(?:Ping|Gratuitous|ARP|Declin)")
    return (*found, *(Lease(IPv4Address(row[1]), "", LeaseState.BUSY) for row in taken))


def arp_in(text: str) -> tuple[ArpEntry, ...]:
    table = rows(text, rf"Internet\s+{_ADDRESS}\s+\S+\s+([0-9a-fA-F]{{4}}(?:\.[0-9a-fA-F]{{4}}){{2}})\s+\S+\s+(\S+)")
    return tuple(ArpEntry(IPv4Address(row[1]), mac_text(row[2]), row[3]) for row in table)


def pools_in(text: str, excluded: Ranges, leases: tuple[Lease, ...]) -> tuple[DhcpPool, ...]:
    """By their names; of each the ranges that it gives from."""
    found, name = [], ""
    for line in text.splitlines():
        if head := re.match(r"Pool (\S+) :", line):
            name = head[1]
        elif name and (row := re.match(rf"\s*{_ADDRESS}\s+{_ADDRESS}\s+- {_ADDRESS}\s", line)):
            whole = IPv4Address(row[2]), IPv4Address(row[3])
            found.append(used_of(name, without(whole, excluded), leases))
    return tuple(found)


def without(whole: tuple[IPv4Address, IPv4Address], excluded: Ranges) -> Ranges:
    """What is left of a range."""
    left, at = [], int(whole[0])
    for first, last in sorted(excluded):
        if int(last) < at or int(first) > int(whole[1]):
            continue
        if int(first) > at:
            left.append((IPv4Address(at), IPv4Address(int(first) - 1)))
        at = max(at, int(last) + 1)
    if at <= int(whole[1]):
        left.append((IPv4Address(at), whole[1]))
    return left


class _Router:
    """What was asked once in this conversation is not asked again."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._told: dict[str, str | None] = {}

    def text(self, line: str) -> str | None:
        """None: it does not know the command, or this user may not give it."""
        if line not in self._told:
            text = self._shell.run(Command(line, SECONDS)).text
            self._told[line] = None if _REFUSED.search(text) else text
        return self._told[line]

    def leases(self) -> tuple[Lease, ...] | None:
        bindings, conflicts = self.text(BINDINGS), self.text(CONFLICTS)
        return None if bindings is None else leases_in(bindings, conflicts or "")

    def doubles(self) -> tuple[DoubleAddress, ...] | None:
        leases, entries = self.leases(), self.text(ARP)
        return None if leases is None and entries is None else duplicates(leases or (), arp_in(entries or ""))

    def pools(self) -> tuple[DhcpPool, ...] | None:
        leases, told = self.leases(), self.text(POOLS)
        if leases is None or told is None:
            return None
        return pools_in(told, _excluded(self.text(EXCLUDED) or ""), leases)

    def strangers(self) -> tuple[tuple[Stranger, ...] | None, tuple[str, ...]]:
        if "snooping is enabled" not in (self.text(SNOOPING) or ""):
            note = _(
                "IOS hears other DHCP servers only on a switch port with DHCP snooping (ip dhcp snooping); from the "
                "segment itself: kentongan link dhcp INTERFACE"
            )
            return None, (note,)
        lines = [line for line in (self.text(LOG) or "").splitlines() if _OFFERED.search(line)]
        now = clock(self.text(CLOCK) or "") if lines else None
        return heard(lines, now, lambda _line: ("", "")), ()


def _excluded(text: str) -> Ranges:
    found = []
    for row in rows(text, rf"\s*ip dhcp excluded-address {_ADDRESS}(?: {_ADDRESS})?\s*$"):
        try:
            found.append((IPv4Address(row[1]), IPv4Address(row[2] or row[1])))
        except AddressValueError:
            continue
    return found
