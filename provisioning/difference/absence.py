"""What a device still has of lines that it must not have: each as a removal, in the order in which they can go. Pure.

What a site shares with others (a `set`, a list that others stand in) is not taken away; neither is what the intent
still wants.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, assert_never

from domain.intent import Change, ChangeKind, Configuration, Platform
from provisioning.difference.blocks import Block, read_blocks
from provisioning.difference.options import read_options
from provisioning.difference.statements import read_statements

SHARED: Final = re.compile(r"interface (?!.*[.:]\d+$)|router |pon-onu-mng |interface (?:gpon|epon)-olt_|gpon$")
"""Headings that stand whether the site does or not: a port with its own hardware, a routing process."""
VANISH: Final = re.compile(r"(?:interface (?:gpon|epon)-onu_|pon-onu-mng |ont port )")
"""Blocks that go with the ONU they are of, where it goes."""


def left(wanted: Configuration, gone: Sequence[str], read: Sequence[str]) -> list[Change]:
    """gone: lines as an intent has them. read: the device's configuration."""
    kept = [line for target in wanted.targets for line in wanted.lines(target)]
    match wanted.platform:
        case Platform.ROUTEROS:
            return list(_statements(kept, gone, read))
        case Platform.OPENWRT:
            return list(_options(kept, gone, read))
        case Platform.IOS | Platform.VRP | Platform.FRR | Platform.ZTE_OLT | Platform.HUAWEI_OLT:
            found = _blocks(read_blocks(kept), read_blocks(gone), read_blocks(read))
            return list(reversed(list(found)))
        case _:
            assert_never(wanted.platform)


def _statements(kept: Sequence[str], gone: Sequence[str], read: Sequence[str]) -> Iterator[Change]:
    """The last told goes first: an address before the interface that it stands on."""
    still = {each.key for each in read_statements(kept)}
    has = {each.key: each for each in read_statements(read)}
    for statement in reversed(list(read_statements(gone))):
        found = has.get(statement.key)
        if statement.verb == "add" and found is not None and statement.key not in still:
            yield Change(ChangeKind.REMOVE, found.path, found.line)


def _options(kept: Sequence[str], gone: Sequence[str], read: Sequence[str]) -> Iterator[Change]:
    still, has = read_options(kept), read_options(read)
    for name in reversed(read_options(gone)):
        if name.count(".") == 1 and name in has and name not in still:
            yield Change(ChangeKind.REMOVE, name, f"{name}={has[name][0]}")


def _blocks(kept: Block, gone: Block, read: Block, place: str = "") -> Iterator[Change]:
    """In the order of the lines. A heading of the site's own goes with all that is below it."""
    for line, block in gone.below.items():
        found, still = read.below.get(line), kept.below.get(line)
        if found is None or (still is None and VANISH.match(line)):
            continue
        if not block.below:
            if still is None:
                yield Change(ChangeKind.REMOVE, place, line)
        elif still is None and not SHARED.match(line):
            yield Change(ChangeKind.REMOVE, place, line)
        else:
            inside = f"{place} / {line}" if place else line
            yield from _blocks(still or Block(line), block, found, inside)
