"""Whether the switch's own configuration lets a manager's SSH in: address, server, lines, access lists, the way."""

import ipaddress

from lab.cli.lines.tree import Tree


def admits(tree: Tree, reached_at: str, manager: str, *, established: bool) -> bool:
    """`reached_at`: the address we manage it at; empty: by console, always."""
    if not reached_at:
        return True
    if not any(str(address.ip) == reached_at for _name, address in addresses(tree)) or not _way_back(tree, manager):
        return False
    return established or (_served(tree) and _lines_open(tree, manager))


def addresses(tree: Tree) -> list[tuple[str, ipaddress.IPv4Interface]]:
    found = []
    for section in tree.sections("interface"):
        if any(line.words == ("shutdown",) for line in section.body):
            continue
        found += [
            (section.words[1], ipaddress.IPv4Interface(f"{line.words[2]}/{line.words[3]}"))
            for line in section.body
            if line.words[:2] == ("ip", "address")
        ]
    return found


def _served(tree: Tree) -> bool:
    return any(line.text == "stelnet server enable" for line in tree.lines)


def _lines_open(tree: Tree, manager: str) -> bool:
    for section in (line for line in tree.sections("user-interface") if line.words[1] == "vty"):
        protocol = next((line.words[2] for line in section.body if line.words[:2] == ("protocol", "inbound")), "ssh")
        lists = [line.words[1] for line in section.body if line.words[0] == "acl"]
        if protocol in ("ssh", "all") and all(permits(tree, name, manager) for name in lists):
            return True
    return False


def _way_back(tree: Tree, manager: str) -> bool:
    at = ipaddress.IPv4Address(manager)
    networks = [address.network for _name, address in addresses(tree)]
    if any(at in network for network in networks):
        return True
    for line in tree.lines:
        if line.words[:2] != ("ip", "route-static") or at not in ipaddress.IPv4Network(
            f"{line.words[2]}/{line.words[3]}"
        ):
            continue
        hop = line.words[4]
        if not hop[0].isdigit() or any(ipaddress.IPv4Address(hop) in network for network in networks):
            return True
    return False


def permits(tree: Tree, name: str, source: str) -> bool:
    """First matching rule decides; on the lines of users no match is a refusal, a list that is not there permits."""
    rules = tree.section(f"acl number {name}") or tree.section(f"acl name {name}")
    rules = [rule for rule in rules if rule.startswith("rule")]
    if not rules:
        return True
    for rule in rules:
        words = [word for word in rule.split()[1:] if not (word.isdigit() and len(word) < 6)]
        if _source_matches(words[1:], source):
            return words[0] == "permit"
    return False


def _source_matches(words: list[str], source: str) -> bool:
    if "source" not in words:
        return True
    at = words.index("source")
    if words[at + 1 : at + 2] == ["any"]:
        return True
    base = int(ipaddress.IPv4Address(words[at + 1]))
    wild = words[at + 2] if words[at + 2 :] else "0.0.0.0"
    bits = int(ipaddress.IPv4Address(wild)) if "." in wild else int(wild)
    return (int(ipaddress.IPv4Address(source)) | bits) == (base | bits)
