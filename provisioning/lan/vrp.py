"""Huawei VRP, asked for address pools, their leases and conflicts, ARP, and foreign DHCP servers in its log; nothing is
changed.

Source: Huawei S- and AR-series Command Reference (display ip pool, display arp, dhcp server detect), Log Reference
(DHCP/0/DHCP_SERVER_DETECT). Releases write the log's words differently: whatever MAC address, address and interface
stand in that line are taken. Neighbours are not asked.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address
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
)
from domain.language import _
from domain.shell import Command, Shell
from provisioning.lan.parts import LanPart
from provisioning.lan.rogue_dhcp import clock, heard, rows

POOLS: Final = "display ip pool"
ARPS: Final = ("display arp all", "display arp")
DETECTS: Final = "display current-configuration | include dhcp server detect"
LOG: Final = "display logbuffer | include SERVER_DETECT"
CLOCK: Final = "display clock"
SECONDS: Final = 40.0
MOST_POOLS: Final = 16

_REFUSED: Final = re.compile(
    r"(?m)^\s*(?:Error: ?(?!The IP pool)|%? ?(?:Unrecognized|Incomplete|Ambiguous|Wrong|Too many))"
)
_ADDRESS: Final = r"(\d+\.\d+\.\d+\.\d+)"
_MAC: Final = r"([0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4})"
_PORT: Final = re.compile(r"\b((?:X?GigabitEthernet|GE|XGE|Eth(?:ernet)?|Eth-Trunk|Vlanif)\d[\d/.:]*)")


def ask_vrp(shell: Shell, parts: Collection[LanPart]) -> LanReading:
    """Raises ShellError's leaves. A table that the router refuses to show is not known; the others are."""
    router = _Router(shell)
    strangers, notes = router.strangers() if LanPart.STRANGERS in parts else (None, ())
    return LanReading(
        strangers=strangers,
        doubles=router.doubles() if LanPart.DOUBLES in parts else None,
        pools=router.pools() if LanPart.POOLS in parts else None,
        notes=notes,
    )


def arp_in(text: str) -> tuple[ArpEntry, ...]:
    table = rows(text, rf"{_ADDRESS}\s+{_MAC}\s+(?:\d+\s+)?[A-Z]\S*(?:\s+-)?\s+(\S+)")
    return tuple(ArpEntry(IPv4Address(row[1]), mac_text(row[2]), row[3]) for row in table)


def leases_in(text: str) -> Iterator[Lease]:
    """The rows under `Network section`, of one pool."""
    for row in rows(text, rf"\s*\d+\s+{_ADDRESS}\s+(\S+)\s.*\b(Used|Conflict|Static-bind)\s*$"):
        state = LeaseState.BUSY if row[3] == "Conflict" else LeaseState.BOUND
        yield Lease(IPv4Address(row[1]), mac_text(row[2]), state)


def pool_in(name: str, text: str) -> DhcpPool | None:
    """From its summary: what is disabled is excluded, what is in conflict cannot be given."""
    total = used = 0
    for row in rows(text, rf"\s*{_ADDRESS}\s+{_ADDRESS}\s+(\d+)\s+(\d+)\s+\d+\(\d+\)\s+(\d+)\s+(\d+)"):
        total += int(row[3]) - int(row[6])
        used += int(row[4]) + int(row[5])
    return DhcpPool(name, total, used) if total > 0 else None


@dataclass(slots=True)
class _Router:
    """What was asked once in this conversation is not asked again."""

    shell: Shell
    _told: dict[str, str | None] = field(default_factory=dict)

    def text(self, line: str) -> str | None:
        """None: it does not know the command, or this user may not give it."""
        if line not in self._told:
            text = self.shell.run(Command(line, SECONDS)).text
            self._told[line] = None if _REFUSED.search(text) else text
        return self._told[line]

    def named(self) -> dict[str, str] | None:
        """Pool → what asks for it."""
        told = self.text(POOLS)
        if told is None:
            return None
        found: dict[str, str] = {}
        name = ""
        for line in told.splitlines():
            if head := re.match(r"\s*Pool-name\s*: *(\S+)", line):
                name = head[1]
            elif name and (place := re.match(r"\s*Position\s*: *(\w+)", line)):
                found[name] = f"display ip pool {'interface' if place[1] == 'Interface' else 'name'} {name}"
        return dict(list(found.items())[:MOST_POOLS])

    def leases(self) -> tuple[Lease, ...] | None:
        named = self.named()
        if named is None:
            return None
        told = (self.text(f"{asks} {kind}") or "" for asks in named.values() for kind in ("used", "conflict"))
        return tuple(lease for text in told for lease in leases_in(text))

    def doubles(self) -> tuple[DoubleAddress, ...] | None:
        leases = self.leases()
        entries = next((told for asks in ARPS if (told := self.text(asks)) is not None), None)
        return None if leases is None and entries is None else duplicates(leases or (), arp_in(entries or ""))

    def pools(self) -> tuple[DhcpPool, ...] | None:
        named = self.named()
        if named is None:
            return None
        told = ((name, self.text(f"{asks} used") or "") for name, asks in named.items())
        return tuple(pool for name, text in told if (pool := pool_in(name, text)) is not None)

    def strangers(self) -> tuple[tuple[Stranger, ...] | None, tuple[str, ...]]:
        if "dhcp server detect" not in (self.text(DETECTS) or ""):
            note = _(
                "nobody watches for other DHCP servers; let the router: dhcp server detect. From the segment itself: "
                "kentongan link dhcp INTERFACE"
            )
            return None, (note,)
        lines = [line for line in (self.text(LOG) or "").splitlines() if "SERVER_DETECT" in line]
        now = clock(self.text(CLOCK) or "") if lines else None
        return heard(lines, now, _place), ()


def _place(line: str) -> tuple[str, str]:
    words = line.partition("SERVER_DETECT")[2]
    port, address = _PORT.search(words), re.search(_ADDRESS, words)
    return port[1] if port else "", address[1] if address else ""
