"""ZTE C3xx: an ONU registered, its T-CONT, GEM port, service port and VLAN typed line by line, and taken back so.

An OLT serves a whole kecamatan. It has no timed restore, and it is never restarted for one site: what was typed is
taken back one by one, by us. `write` keeps what runs, also what others typed and did not keep.
An ONU that was replaced keeps its place on the OLT and gets the new serial (`registration-method sn`); one of another
type is deleted and comes again with everything that hung on it.
Sources: ZTE ZXA10 C300/C320 Configuration Manual (CLI), GPON Service Configuration: onu, no onu, registration-method,
tcont, gemport, service-port, pon-onu-mng; System: write. Error lines: as `lab.cli.zte` lists them.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from domain.intent import Change, Difference
from provisioning.difference.blocks import Block, read_blocks
from provisioning.platforms.platform import taken_back
from provisioning.platforms.pushing.acts import Act, Say, Situation
from provisioning.platforms.pushing.lines import Speech, Spot, at_spots, typed, undoing

REFUSED: Final = r"^\s*%\s?(?:Error|Code) \d+"
WRITTEN: Final = r"\[OK\]"
_ONU: Final = re.compile(r"onu (\d+) type (\S+) sn (\S+)")
_WHOLE: Final = re.compile(r"(?:no )?onu (\d+)(?: type |$)")
PORT: Final = "interface gpon-olt_"
_UNDOES: Final = (
    (r"onu (\d+) type ", r"no onu \1"),
    (r"(switchport vlan \S+) (?:tag|untag)$", r"no \1"),
    (r"(vlan \d+)$", r"no \1"),
    (r"(gemport \d+ traffic-limit).*", r"no \1"),
    (r"((?:tcont|gemport|service-port) \d+) ", r"no \1"),
    (r"(service \S+) ", r"no \1"),
    (r"(vlan port \S+ mode) ", r"no \1"),
    (r"name ", r"no name"),
)


def undo(_place: tuple[str, ...], line: str) -> str:
    for pattern, what in _UNDOES:
        found = re.match(pattern, line)
        if found is not None:
            return found.expand(what)
    # An interface is there as long as its port or its ONU is.
    return "" if line.startswith(("interface ", "pon-onu-mng ")) else taken_back(line, "no")


class ZtePushing:
    """Implements Pushing. line_seconds: how long one line may take."""

    def __init__(self, line_seconds: float = 30.0) -> None:
        self._speech = Speech(
            REFUSED, "exit", undo, opens=r"(?:vlan \d+|interface \S+|pon-onu-mng \S+)$", seconds=line_seconds
        )

    def arm(self, at: Situation) -> tuple[Act, ...]:
        """There is nothing that it could do by itself."""
        return ()

    def push(self, at: Situation, difference: Difference) -> tuple[Act, ...]:
        held = read_blocks(at.now.splitlines())
        replaced = [each for each in difference.changes if _is_replaced(each)]
        spots = [spot for each in replaced for spot in _replacing(held, each.place, each.before, each.line)]
        rest = [each for each in difference.changes if each not in replaced]
        return self._configured([*at_spots(spots, self._speech), *typed(at.configuration.lines(), rest, self._speech)])

    def disarm(self, at: Situation) -> tuple[Act, ...]:
        return ()

    def save(self, at: Situation) -> tuple[Act, ...]:
        return (Say("write", ok=WRITTEN, seconds=120),)

    def revert(self, at: Situation) -> tuple[Act, ...]:
        then, held = read_blocks(at.before.splitlines()), read_blocks(at.now.splitlines())
        replaced = [each for each in at.sent if _is_replaced(each)]
        spots = list(undoing(replace(at, sent=tuple(each for each in at.sent if each not in replaced)), self._speech))
        # An ONU goes and comes with all that hangs on it.
        whole = {f"{place[0].removeprefix(PORT)}:{found[1]}" for place, line in spots if (found := _WHOLE.match(line))}
        lines: list[Spot] = []
        for place, line in spots:
            if _ONU.match(line):
                lines += _replacing(then, place[0], "", line)
            elif not (place and place[0].rpartition("gpon-onu_")[2] in whole):
                lines.append((place, line))
        for change in reversed(replaced):
            now = _registered(held, change)
            if now != change.before and change.before in _below(then, change.place):
                lines += _replacing(then, change.place, now, change.before)
        return self._configured([*at_spots(lines, self._speech)])

    def tidy(self, at: Situation) -> tuple[Act, ...]:
        """What was taken back was perhaps kept already."""
        return self.save(at) if at.sent else ()

    def _configured(self, lines: list[str]) -> tuple[Act, ...]:
        if not lines:
            return ()
        return tuple(self._speech.say(line) for line in ("configure terminal", *lines, "end"))


def _is_replaced(change: Change) -> bool:
    return bool(_ONU.match(change.before) and _ONU.match(change.line))


def _registered(tree: Block, change: Change) -> str:
    """The line by which the ONU of this number is registered, '' if it is not."""
    start = " ".join(change.line.split()[:3]) + " "
    return next((line for line in _below(tree, change.place) if line.startswith(start)), "")


def _replacing(tree: Block, place: str, before: str, line: str) -> Iterator[Spot]:
    """tree: with what hangs on the ONU and is to stay."""
    old, new = _ONU.match(before), _ONU.match(line)
    assert new is not None
    onu = f"gpon-onu_{place.removeprefix(PORT)}:{new[1]}"
    if old is not None and old[2] == new[2]:
        yield (f"interface {onu}",), f"registration-method sn {new[3]}"
        return
    if old is not None:
        yield (place,), f"no onu {old[1]}"
    yield (place,), line
    for heading in (f"interface {onu}", f"pon-onu-mng {onu}"):
        yield from (((heading,), each) for each in _below(tree, heading) if "***" not in each)


def _below(tree: Block, heading: str) -> tuple[str, ...]:
    return tuple(tree.below[heading].below) if heading in tree.below else ()
