"""Debian and OpenWrt: dnsmasq's leases and ranges, the kernel's ARP table, lldpd's neighbours; nothing is changed.

Source: dnsmasq(8) (leases file, dhcp-range), OpenWrt documentation (DHCP and DNS configuration), proc(5) and
linux/if_arp.h (/proc/net/arp), lldpcli(8) (keyvalue). Nothing there watches for other DHCP servers.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from ipaddress import AddressValueError, IPv4Address, IPv4Interface
from typing import Final

from domain.lan import (
    ArpEntry,
    DhcpPool,
    LanReading,
    Lease,
    Neighbour,
    duplicates,
    mac_text,
    used_of,
)
from domain.language import _
from domain.shell import Reading, Shell
from provisioning.lan.parts import LanPart

END: Final = "# kentongan: whole"
_SECTIONS: Final = {
    "now": "date +%s",
    "leases": "cat /tmp/dhcp.leases /var/lib/misc/dnsmasq.leases 2>/dev/null",
    "ranges": "cat /etc/dnsmasq.conf /etc/dnsmasq.d/* 2>/dev/null | grep -h '^ *dhcp-range *='",
    "uci": r"uci -q show dhcp | grep -E '\.(start|limit|ignore|interface)='",
    "networks": r"uci -q show network | grep -E '\.(ipaddr|netmask)='",
    "arp": "cat /proc/net/arp",
    "lldp": "lldpcli -f keyvalue show neighbors 2>/dev/null",
}
_WANTED: Final = {
    LanPart.DOUBLES: ("now", "leases", "arp"),
    LanPart.POOLS: ("now", "leases", "ranges", "uci", "networks"),
    LanPart.NEIGHBOURS: ("lldp",),
}
_COMPLETE: Final = 0x2  # ATF_COM of linux/if_arp.h
_LLDP: Final = re.compile(
    r"lldp\.(?P<interface>\S+?)\.(?P<key>via|chassis\.(?:name|mac|descr|mgmt-ip)|port\.(?:ifname|descr))=(?P<value>.*)"
)
_UCI: Final = re.compile(r"\w+\.(?P<section>[^.=\s]+)\.(?P<option>\w+)=(?P<value>.*)")
_ADDRESS: Final = re.compile(r"\d+\.\d+\.\d+\.\d+")

Sections = Mapping[str, list[str]]


def ask_linux(shell: Shell, parts: Collection[LanPart]) -> LanReading:
    """Raises ShellError's leaves; TruncatedError where the answer is not whole."""
    wanted = {name for part in parts for name in _WANTED.get(part, ())}
    names = [name for name in _SECTIONS if name in wanted]
    sections: Sections = {}
    if names:
        said = "".join(f"echo '==> {name}'; {_SECTIONS[name]}; " for name in names)
        sections = _sections(shell.read(Reading((f"{said}echo '{END}'",), end=f"^{END}$", seconds=40)))
    leases = leases_in(sections.get("leases", ()), _number(sections.get("now", ())))
    note = _("this router watches for no other DHCP servers; from the segment itself: kentongan link dhcp INTERFACE")
    return LanReading(
        doubles=duplicates(leases, arp_in(sections.get("arp", ()))) if LanPart.DOUBLES in parts else None,
        pools=_pools(sections, leases) if LanPart.POOLS in parts else None,
        neighbours=tuple(neighbours_in(sections.get("lldp", ()))) if LanPart.NEIGHBOURS in parts else None,
        notes=(note,) if LanPart.STRANGERS in parts else (),
    )


def leases_in(lines: Iterable[str], now: int) -> tuple[Lease, ...]:
    """dnsmasq's file: expiry (0: never), MAC, address, name, client. now: Unix seconds of the router's own clock."""
    found = []
    for line in lines:
        words = line.split()
        if len(words) < 4 or not words[0].isdigit() or 0 < int(words[0]) < now:
            continue
        address, mac = _address(words[2]), mac_text(words[1].rpartition("-")[2])
        if address is not None and mac:
            found.append(Lease(address, mac))
    return tuple(found)


def arp_in(lines: Iterable[str]) -> tuple[ArpEntry, ...]:
    """/proc/net/arp: address, kind, flags, MAC, mask, interface."""
    found = []
    for line in lines:
        words = line.split()
        address = _address(words[0]) if len(words) == 6 else None
        if address is not None and re.fullmatch(r"0x[0-9a-f]+", words[2]) and int(words[2], 16) & _COMPLETE:
            found.append(ArpEntry(address, mac_text(words[3]), words[5]))
    return tuple(found)


def neighbours_in(lines: Iterable[str]) -> Iterable[Neighbour]:
    """`via` begins each of them."""
    told: list[tuple[str, dict[str, str]]] = []
    for line in lines:
        match = _LLDP.fullmatch(line.strip())
        if match is None:
            continue
        if match["key"] == "via":
            told.append((match["interface"], {}))
        if told:
            told[-1][1].setdefault(match["key"], match["value"])
    for interface, said in told:
        yield Neighbour(
            said["via"].lower(),
            interface,
            mac=mac_text(said.get("chassis.mac", "")),
            name=said.get("chassis.name", ""),
            port=said.get("port.ifname", said.get("port.descr", "")),
            platform=said.get("chassis.descr", ""),
            address=said.get("chassis.mgmt-ip", ""),
        )


def _pools(sections: Sections, leases: tuple[Lease, ...]) -> tuple[DhcpPool, ...]:
    found = []
    for number, line in enumerate(sections.get("ranges", ()), 1):
        ends = [part for part in line.partition("=")[2].split(",") if _ADDRESS.fullmatch(part.strip())][:2]
        first, last = (_address(ends[0].strip()), _address(ends[-1].strip())) if len(ends) == 2 else (None, None)
        if first and last:
            found.append(used_of(f"range{number}", [(first, last)], leases))
    for name, network, start, size in _served(sections):
        first = network.network.network_address + start
        found.append(used_of(name, [(first, first + size - 1)], leases))
    return tuple(found)


def _served(sections: Sections) -> Iterable[tuple[str, IPv4Interface, int, int]]:
    """OpenWrt's networks that hand out addresses: name, own address, offset of the first one, how many."""
    addresses, options = _options(sections.get("networks", ())), _options(sections.get("uci", ()))
    for name, said in sorted(options.items()):
        own = addresses.get(said.get("interface", name), {})
        if said.get("ignore") == "1" or not {"start", "limit"} <= said.keys() or "ipaddr" not in own:
            continue
        written = own["ipaddr"].split()[0]
        try:
            network = IPv4Interface(written if "/" in written else f"{written}/{own.get('netmask', '24')}")
            yield name, network, int(said["start"]), int(said["limit"])
        except ValueError:
            continue


def _options(lines: Iterable[str]) -> Mapping[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for line in lines:
        match = _UCI.fullmatch(line.strip())
        if match is not None:
            found[match["section"]][match["option"]] = match["value"].replace("'", "")
    return found


def _sections(text: str) -> Sections:
    found: dict[str, list[str]] = {}
    here: list[str] = []
    for line in text.splitlines():
        if line.startswith("==> "):
            here = found.setdefault(line[4:].strip(), [])
        elif line != END:
            here.append(line)
    return found


def _number(lines: Collection[str]) -> int:
    return next((int(line) for line in lines if line.strip().isdigit()), 0)


def _address(written: str) -> IPv4Address | None:
    try:
        return IPv4Address(written)
    except AddressValueError:
        return None
