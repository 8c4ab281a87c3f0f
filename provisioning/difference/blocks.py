"""Configurations of lines under headings (IOS, VRP, FRR, ZTE, Huawei's OLTs): read into a tree by indentation."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from domain.intent import Change, ChangeKind
from domain.intent.secret_holes import OPENS

_LEAVES: Final = frozenset({"exit", "quit", "end", "return", "exit-address-family", "commit"})
_NEGATION: Final = re.compile(r"(?:no|undo) (.+)")
_CIPHER: Final = re.compile(r" (?:\d|cipher|irreversible-cipher|simple|secret|password)$")


@dataclass(slots=True)
class Block:
    """A heading and the lines below it, in their order."""

    line: str
    below: dict[str, "Block"] = field(default_factory=dict)


def read_blocks(lines: Iterable[str]) -> Block:
    """Comments, separators and the words that leave a block are dropped. A heading that comes twice is one block."""
    root = Block("")
    stack: list[tuple[int, Block]] = [(-1, root)]
    for written in _unwrapped(_unframed(lines)):
        line = known_as(written)
        if not line or line[0] in "!#" or line in _LEAVES:
            continue
        indent = len(written) - len(written.lstrip())
        while stack[-1][0] >= indent:
            stack.pop()
        block = stack[-1][1].below.setdefault(line, Block(line))
        stack.append((indent, block))
    return root


def _unwrapped(lines: Iterable[str]) -> Iterator[str]:
    """Huawei's OLTs fold a long `ont add` before its second profile."""
    held = ""
    for line in lines:
        if line.lstrip().startswith("ont-srvprofile-id ") and held:
            held = f"{held} {line.strip()}"
            continue
        if held:
            yield held
        held = line
    if held:
        yield held


def _unframed(lines: Iterable[str]) -> Iterator[str]:
    """Huawei's OLTs frame their sections (`[gpon]`, `<gpon-0/1>`), indent everything by one blank and what stands in an
    interface no further; neighbouring VLANs are one line.
    """
    framed = inside = False
    for line in lines:
        if re.fullmatch(r"\[[\w-]+\]", line):
            framed, inside = True, False
            continue
        if not framed:
            yield from _each(line)
            continue
        if line.strip() == "#":
            inside = False
        elif re.match(r" ?interface ", line):
            inside = True
            yield line.lstrip()
        elif not re.fullmatch(r" +<[\w/-]+>", line):
            yield from _each_vlan(line if inside else line.removeprefix(" "))


def _each(line: str) -> Iterator[str]:
    """IOS writes its name servers in one line or in several, ZTE all VLANs of a port and of the OLT in one."""
    found = re.fullmatch(r"(\s*)(ip name-server |switchport vlan |vlan )(\d\S*)((?: \S+)*) *", line)
    if found is None or line.startswith("vlan "):
        yield line
    elif found[2].startswith("ip "):
        yield from (f"{found[1]}{found[2]}{server}" for server in (found[3], *found[4].split()))
    elif found[2] == "vlan " and found[4]:
        yield line
    else:
        start = found[1] if found[2] != "vlan " else ""  # `vlan 1,11-19` below `vlan database`: each is a block
        yield from (f"{start}{found[2]}{number}{found[4]}" for number in _numbers(found[3]))


def _numbers(listed: str) -> Iterator[int]:
    """`1,11-19,50`."""
    for part in listed.split(","):
        first, _dash, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def _each_vlan(line: str) -> Iterator[str]:
    found = re.fullmatch(r"((?:port )?vlan) (\d+) to (\d+) (.*)", line)
    if found is None:
        yield line
        return
    yield from (f"{found[1]} {number} {found[4]}" for number in range(int(found[2]), int(found[3]) + 1))


def known_as(written: str) -> str:
    """A line as it is compared: single blanks, without the numbers that devices give to lines, words whose order does
    not matter in one order, a serial as an OLT writes it (its maker's four letters in hexadecimal), no quotation marks
    where none are needed."""
    line = " ".join(written.split())
    line = re.sub(r"^(no )?ip domain-(?=name|lookup|list)", r"\1ip domain ", line)  # as IOS 12 writes it
    line = re.sub(r'^(name|description) "(.*)"$', r"\1 \2", line)
    line = re.sub(r"^(gemport \d+)(?: name \S+)?(?: unicast)? (tcont \d+)(?: dir both)?$", r"\1 \2", line)
    line = re.sub(r"^\d+ (?=permit |deny )", "", line)  # IOS XE numbers the lines of an access list
    if found := re.match(r"(local-user \S+ service-type) (.+)", line):  # VRP has an order of its own
        line = f"{found[1]} {' '.join(sorted(found[2].split()))}"
    line = re.sub(r'(sn-auth|desc) "(\S+)"', r"\1 \2", line)
    line = re.sub(r"^service-port \d+ vlan", "service-port vlan", line)
    return re.sub(
        r'sn-auth "?([A-Z]{4})([0-9A-F]{8})"?(?= )',
        lambda found: f"sn-auth {found[1].encode().hex().upper()}{found[2]}",
        line,
    )


def compare_blocks(wanted: Block, found: Block, place: str = "") -> tuple[list[Change], int]:
    """Changes in the order of the intent, and how many lines are the same. Lines of the device that the intent does not
    speak of are nobody's business here, but for those in a list of ours.
    """
    changes: list[Change] = []
    same = 0
    for line, block in wanted.below.items():
        if line == "key-string":
            # IOS keeps a key's hash (key-hash) and not the key.
            changes.append(Change(ChangeKind.UNTOLD, place, line))
            continue
        kind = _state(line, found)
        if kind is None:
            same += 1
        elif not (block.below and line in found.below):
            changes.append(Change(kind, place, line, _replaced(line, found) if kind is ChangeKind.ADD else ""))
        inner, inner_same = compare_blocks(block, found.below.get(line, Block(line)), inside(place, line))
        changes += inner
        same += inner_same
        if block.below and line in found.below:
            changes += _foreign(block, found.below[line], inside(place, line))
    return [_as_set(change) for change in changes], same


def _state(line: str, found: Block) -> ChangeKind | None:
    """None: the device has it."""
    if line in found.below:
        return None
    negated = _NEGATION.fullmatch(line)
    if _BY_DEFAULT.fullmatch(line):
        shown_otherwise = _replaced(line, found) or any(_begins(found, each) for each in _opposites(line, negated))
        return ChangeKind.ADD if shown_otherwise else ChangeKind.UNTOLD
    if negated:
        # What is off by default is shown as `no …` by some versions and not at all by others.
        return ChangeKind.ADD if _begins(found, negated[1]) else None
    if _UNSHOWN.match(line):
        return ChangeKind.UNTOLD
    if (shown := _SHOWN_APART.match(line)) is not None:
        return ChangeKind.UNTOLD if _begins(found, shown[0]) else ChangeKind.ADD
    if OPENS in line:
        before = _CIPHER.sub("", line.partition(OPENS)[0].rstrip())
        return ChangeKind.UNTOLD if _begins(found, before) else ChangeKind.ADD
    return ChangeKind.ADD


def _opposites(line: str, negated: re.Match[str] | None) -> tuple[str, ...]:
    return (negated[1],) if negated else (f"no {line}", f"undo {line}")


_BY_DEFAULT: Final = re.compile(
    r"exec-timeout 10 0|idle-timeout 10 0|logging trap informational|info-center enable|arp broadcast enable|"
    r"protocol inbound ssh|snmp-agent sys-info version v3|"
    r"no (?:ip source-route|ip bootp server|ip http (?:secure-)?server|service pad|exec)"
)
"""What some versions do not show because it is so by default, and others do not show because its opposite is: it is
told whenever something else is, and does not count when it is looked for."""
_UNSHOWN: Final = re.compile(r"snmp-server user ")
"""What no running configuration shows."""
_SHOWN_APART: Final = re.compile(r"snmp-agent usm-user v3 \S+")
"""What is shown as several lines that begin so."""


def _begins(found: Block, start: str) -> bool:
    return any(each == start or each.startswith(start + " ") for each in found.below)


_ONE_VALUE: Final = re.compile(
    r"(hostname|sysname|description|ip address|ip domain name|dns domain|clock timezone|name|exec-timeout|idle-timeout|"
    r"transport input|access-class|encapsulation dot1Q|dot1q termination vid|snmp-server (?:location|contact)|"
    r"snmp-agent sys-info (?:location|contact)|tcont \d+ profile|logging trap|authentication-mode|protocol inbound|"
    r"onu \d+ type|ont add \d+ \d+)\b"
)


def _replaced(line: str, found: Block) -> str:
    """The device's line that this one takes the place of: of the commands that hold one value."""
    head = _ONE_VALUE.match(line)
    if head is None:
        return ""
    return next((each for each in found.below if each == head[0] or each.startswith(head[0] + " ")), "")


def _as_set(change: Change) -> Change:
    if change.kind is ChangeKind.ADD and change.before:
        return Change(ChangeKind.SET, change.place, change.line, change.before)
    return change


def _foreign(wanted: Block, found: Block, place: str) -> Iterator[Change]:
    """Lines of a list of ours (who may manage) that the intent does not have."""
    if not re.search(r"KENTONGAN|acl number 299\d", wanted.line):
        return
    for line in found.below:
        if line not in wanted.below:
            yield Change(ChangeKind.REMOVE, place, line)


def inside(place: str, line: str) -> str:
    return f"{place} / {line}" if place else line
