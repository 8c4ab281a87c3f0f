"""MikroTik RouterOS 6 and 7, asked for leases, pools, ARP, DHCP alerts and neighbours; nothing is changed.

Source: MikroTik documentation, "DHCP" (server, leases, alerts), "IP Pools", "ARP", "Neighbor discovery", "Command Line
Interface" (print terse, proplist, where). Only what is needed is printed: some routers hang on a metered line.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from ipaddress import AddressValueError, IPv4Address
from typing import Final

from domain.lan import (
    ArpEntry,
    DhcpPool,
    LanReading,
    Lease,
    LeaseState,
    Neighbour,
    Stranger,
    duplicates,
    mac_text,
    used_of,
)
from domain.language import _
from domain.shell import Command, Shell
from provisioning.lan.parts import LanPart

SERVERS: Final = "/ip dhcp-server print terse without-paging proplist=name,interface,address-pool where disabled=no"
POOLS: Final = "/ip pool print terse without-paging proplist=name,ranges,next-pool"
LEASES: Final = (
    "/ip dhcp-server lease print terse without-paging "
    "proplist=address,status,active-address,active-mac-address,src-mac-address where status!=waiting"
)
ARP: Final = "/ip arp print terse without-paging proplist=address,mac-address,interface where complete"
ALERTS: Final = (
    "/ip dhcp-server alert print terse without-paging proplist=interface,valid-server,unknown-server where disabled=no"
)
LOG: Final = '/log print without-paging where message~"unknown dhcp server"'
INTERFACES: Final = "/interface print terse without-paging proplist=name,mac-address"
NEIGHBOURS: Final = (
    "/ip neighbor print terse without-paging proplist=interface,address,mac-address,platform,version,board,identity"
)
SECONDS: Final = 40.0

_ROW: Final = re.compile(r"\s*\d+\s+[A-Z]*\s*(?:;;;.*?)?(?<!\S)(?=[a-z][a-z0-9-]*=)")
_FIELD: Final = re.compile(r'(?<!\S)([a-z][a-z0-9-]*)=("(?:[^"\\]|\\.)*"|.*?)(?=\s+[a-z][a-z0-9-]*=|\s*$)')
_REFUSED: Final = re.compile(
    r"expected end of command|syntax error|bad command name|input does not match|not enough permissions|no such command"
)
_LOGGED: Final = re.compile(
    r"dhcp alert on (?P<interface>\S+):\s+discovered unknown dhcp server, mac (?P<mac>[0-9A-Fa-f:]{17}), "
    r"ip (?P<address>[0-9.]+)"
)
_STATES: Final = {
    "bound": LeaseState.BOUND,
    "offered": LeaseState.OFFERED,
    "testing": LeaseState.OFFERED,
    "authorizing": LeaseState.OFFERED,
    "busy": LeaseState.BUSY,
    "conflict": LeaseState.BUSY,
}
_MOST_POOLS = 16

Row = Mapping[str, str]


def ask_routeros(shell: Shell, parts: Collection[LanPart]) -> LanReading:
    """Raises ShellError's leaves. A table that the router refuses to print is not known; the others are."""
    router = _Router(shell)
    reading = LanReading()
    if LanPart.STRANGERS in parts:
        strangers, notes = _strangers(router)
        reading = replace(reading, strangers=strangers, notes=notes)
    if LanPart.DOUBLES in parts:
        entries = router.rows(ARP)
        known = entries is not None or router.leases is not None
        doubles = duplicates(router.leases or (), arp_entries(entries or ())) if known else None
        reading = replace(reading, doubles=doubles)
    if LanPart.POOLS in parts:
        reading = replace(reading, pools=_pools(router))
    if LanPart.NEIGHBOURS in parts:
        told = router.rows(NEIGHBOURS)
        reading = replace(reading, neighbours=None if told is None else tuple(map(_neighbour, told)))
    return reading


def rows(text: str) -> tuple[dict[str, str], ...]:
    """`print terse` as fields by their names; what is no row is left out.

    Of a field that stands twice the first counts: hosts name themselves, and the router prints that behind its words.
    """
    found = []
    for line in text.splitlines():
        head = _ROW.match(line)
        if head is None:
            continue
        fields: dict[str, str] = {}
        for name, value in _FIELD.findall(line[head.end() :]):
            fields.setdefault(name, re.sub(r"\\(.)", r"\1", value[1:-1]) if value[:1] == '"' == value[-1:] else value)
        found.append(fields)
    return tuple(found)


def leases_of(table: Iterable[Row]) -> tuple[Lease, ...]:
    """Addresses that the server has given or cannot give; one who waits for its host has none."""
    found = []
    for row in table:
        state = _STATES.get(row.get("status", ""))
        address = _address(row.get("active-address", "")) or _address(row.get("address", ""))
        if state is None or address is None:
            continue
        own = mac_text(row.get("active-mac-address", ""))
        taken = mac_text(row.get("src-mac-address", ""))
        found.append(Lease(address, taken if state is LeaseState.BUSY else own, state))
    return tuple(found)


def arp_entries(table: Iterable[Row]) -> tuple[ArpEntry, ...]:
    found = ((_address(row.get("address", "")), mac_text(row.get("mac-address", "")), row) for row in table)
    return tuple(ArpEntry(address, mac, row.get("interface", "")) for address, mac, row in found if address and mac)


def pool_ranges(name: str, pools: Mapping[str, Row]) -> list[tuple[IPv4Address, IPv4Address]]:
    """Of a pool and of those that it goes on in."""
    found: list[tuple[IPv4Address, IPv4Address]] = []
    seen: set[str] = set()
    while name in pools and name not in seen and len(seen) < _MOST_POOLS:
        seen.add(name)
        for part in pools[name].get("ranges", "").split(","):
            first, _dash, last = part.strip().partition("-")
            low, high = _address(first), _address(last or first)
            if low and high and low <= high:
                found.append((low, high))
        name = pools[name].get("next-pool", "")
    return found


@dataclass(slots=True)
class _Router:
    """What was asked once in this conversation is not asked again."""

    shell: Shell
    _told: dict[str, tuple[dict[str, str], ...] | None]

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self._told = {}

    def rows(self, line: str) -> tuple[dict[str, str], ...] | None:
        """None: the router has no such table, or this user may not see it."""
        if line not in self._told:
            text = self.text(line)
            found = rows(text)
            self._told[line] = None if not found and _REFUSED.search(text) else found
        return self._told[line]

    def text(self, line: str) -> str:
        return self.shell.run(Command(line, SECONDS)).text

    @property
    def leases(self) -> tuple[Lease, ...] | None:
        told = self.rows(LEASES)
        return None if told is None else leases_of(told)


def _strangers(router: _Router) -> tuple[tuple[Stranger, ...] | None, tuple[str, ...]]:
    """With a note for each interface where the router gives addresses out and watches for nobody else who does."""
    alerts = router.rows(ALERTS)
    if alerts is None:
        return None, (_("the router does not show its DHCP alerts to this user"),)
    watched = {row.get("interface", "") for row in alerts}
    serving = {row.get("interface", "") for row in router.rows(SERVERS) or ()}
    notes = tuple(
        _(
            "nobody watches for other DHCP servers on {interface}; let the router: "
            "/ip dhcp-server alert add interface={interface} disabled=no"
        ).format(interface=name)
        for name in sorted(serving - watched - {""})
    )
    if not alerts:
        return None, notes or (_("the router gives no addresses out and watches for nobody who does"),)
    found = [
        Stranger(mac, row.get("interface", ""))
        for row in alerts
        for mac in _macs(row.get("unknown-server", ""))
        if mac not in _macs(row.get("valid-server", ""))
    ]
    if not found:
        return (), notes
    own = {mac_text(row.get("mac-address", "")) for row in router.rows(INTERFACES) or ()}
    logged = {mac_text(each["mac"]): each["address"] for each in _LOGGED.finditer(router.text(LOG))}
    strangers = (replace(each, address=logged.get(each.mac, "")) for each in found if each.mac not in own)
    return tuple(sorted(strangers, key=lambda each: (each.interface, each.mac))), notes


def _pools(router: _Router) -> tuple[DhcpPool, ...] | None:
    servers, pools, leases = router.rows(SERVERS), router.rows(POOLS), router.leases
    if servers is None or pools is None or leases is None:
        return None
    by_name = {row.get("name", ""): row for row in pools}
    served = sorted({row.get("address-pool", "") for row in servers} & by_name.keys())
    return tuple(used_of(name, pool_ranges(name, by_name), leases) for name in served)


def _neighbour(row: Row) -> Neighbour:
    platform = " ".join(filter(None, (row.get("platform"), row.get("board"))))
    return Neighbour(
        "neighbour",
        row.get("interface", "").partition(",")[0],
        mac=mac_text(row.get("mac-address", "")),
        name=row.get("identity", ""),
        platform=platform,
        version=row.get("version", ""),
        address=row.get("address", ""),
    )


def _macs(written: str) -> tuple[str, ...]:
    return tuple(filter(None, map(mac_text, re.split(r"[,;\s]+", written))))


def _address(written: str) -> IPv4Address | None:
    try:
        address = IPv4Address(written)
    except AddressValueError:
        return None
    return address if int(address) else None
