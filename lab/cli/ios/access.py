"""Whether the router's own configuration lets a manager's SSH in: address, access lists, lines, the way back.

Access lists by Cisco's rules: first match decides, at the end everything is denied; a list that is named but not there
permits.
"""

import ipaddress
from collections.abc import Sequence

from lab.cli.lines.tree import Tree

_SSH = {"22", "ssh"}


def admits(tree: Tree, reached_at: str, manager: str, *, established: bool) -> bool:
    """`reached_at`: the address we manage it at; empty: by console, always."""
    if not reached_at:
        return True
    here = next((name for name, address in addresses(tree) if str(address.ip) == reached_at), None)
    if here is None or not _way_back(tree, manager):
        return False
    for line in tree.section(f"interface {here}"):
        words = line.split()
        if (
            words[:2] == ["ip", "access-group"]
            and words[3] == "in"
            and not permits(tree, words[2], manager, reached_at)
        ):
            return False
    return established or _lines_open(tree, manager, reached_at)


def addresses(tree: Tree) -> list[tuple[str, ipaddress.IPv4Interface]]:
    """Addresses in force: of interfaces that are not shut down."""
    found = []
    for section in tree.sections("interface"):
        lines = [line.text for line in section.body]
        for line in lines:
            words = line.split()
            if words[:2] == ["ip", "address"] and len(words) >= 4 and "shutdown" not in lines:
                found.append((section.words[1], ipaddress.IPv4Interface(f"{words[2]}/{words[3]}")))
    return found


def _lines_open(tree: Tree, manager: str, reached_at: str) -> bool:
    for section in (line for line in tree.sections("line") if line.words[1] == "vty"):
        lines = [line.text for line in section.body]
        transport = next((line.split()[2:] for line in lines if line.startswith("transport input")), ["all"])
        classes = [line.split()[1] for line in lines if line.startswith("access-class")]
        if {"ssh", "all"} & set(transport) and all(permits(tree, name, manager, reached_at) for name in classes):
            return True
    return False


def _way_back(tree: Tree, manager: str) -> bool:
    at = ipaddress.IPv4Address(manager)
    networks = addresses(tree)
    if any(at in address.network for _name, address in networks):
        return True
    hops = [line.words for line in tree.lines if line.words[:2] == ("ip", "route")]
    hops += [("ip", "route", "0.0.0.0", "0.0.0.0", w[2]) for w in (x.words for x in tree.lines)
             if w[:2] == ("ip", "default-gateway")]  # fmt: skip
    for words in hops:
        if at not in ipaddress.IPv4Network(f"{words[2]}/{words[3]}"):
            continue
        hop = words[4]
        if hop[0].isdigit():
            if any(ipaddress.IPv4Address(hop) in address.network for _name, address in networks):
                return True
        elif "shutdown" not in tree.section(f"interface {hop}"):
            return True
    return False


def permits(tree: Tree, name: str, source: str, destination: str) -> bool:
    entries = _entries(tree, name)
    if not entries:
        return True
    for entry in entries:
        if _matches(entry[1:], source, destination):
            return entry[0] == "permit"
    return False


def _entries(tree: Tree, name: str) -> list[list[str]]:
    found = [list(line.words[2].split()) for line in tree.lines if line.words[:2] == ("access-list", name)]
    for kind in ("standard", "extended"):
        for line in tree.section(f"ip access-list {kind} {name}"):
            words = line.split()
            found.append(words[1:] if words[0].isdigit() else words)
    return [words for words in found if words and words[0] in ("permit", "deny")]


def _matches(words: Sequence[str], source: str, destination: str) -> bool:
    extended = bool(words) and words[0] in ("ip", "tcp", "udp", "icmp", "esp", "gre", "ospf")
    if not extended:
        return _address(list(words), source)[0]
    if words[0] not in ("ip", "tcp"):
        return False
    matched, rest = _address(list(words[1:]), source)
    if rest[:1] == ["eq"]:
        return False
    to, rest = _address(rest, destination)
    return matched and to and (rest[:1] != ["eq"] or rest[1] in _SSH) and "established" not in rest


def _address(words: list[str], address: str) -> tuple[bool, list[str]]:
    """Whether the address at the front of the words fits, and the words after it."""
    if not words:
        return True, []
    if words[0] == "any":
        return True, words[1:]
    if words[0] == "host":
        return words[1] == address, words[2:]
    try:
        base = int(ipaddress.IPv4Address(words[0]))
        wild = int(ipaddress.IPv4Address(words[1])) if words[1:] and words[1][0].isdigit() else 0
    except ValueError:
        return False, words[1:]
    used = 2 if words[1:] and words[1][0].isdigit() else 1
    return (int(ipaddress.IPv4Address(address)) | wild) == (base | wild), words[used:]
