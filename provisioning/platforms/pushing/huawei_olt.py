"""Huawei MA56xx and MA58xx: an ONT registered, its native VLANs and service port typed line by line, taken back so.

An OLT serves a whole kecamatan. It has no timed restore, and it is never restarted for one site: what was typed is
taken back one by one, by us, service ports first (an ONT with service ports cannot be deleted). `save` keeps what runs,
also what others typed and did not keep. An ONT that was replaced keeps its place and everything that hangs on it
(`ont modify`).
Sources: Huawei MA5600T/MA5603T/MA5608T Command Reference: ont add, ont modify, ont delete, ont port native-vlan, vlan,
port vlan, service-port, undo service-port, save. Its words: `lab.cli.smartax`.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from domain.intent import Change, Difference
from domain.shell import Question
from provisioning.difference.blocks import Block, known_as, read_blocks
from provisioning.platforms.platform import taken_back
from provisioning.platforms.pushing.acts import Act, Say, Situation
from provisioning.platforms.pushing.lines import Speech, Spot, at_spots, typed, undoing

REFUSED: Final = r"^\s*(?:% ?(?:Unknown|Parameter|Too many|Incomplete|Ambiguous)|Failure:|Error:)|success: 0\s*$"
SAVED: Final = r"(?i)saved successfully|saving.*completed|save.*succe"
RELEASE: Final = Question(r"Are you sure to release service virtual port\(s\)\? \(y/n\)\[n\]: ?$", "y")
_ONT: Final = re.compile(
    r"ont add (\d+) (\d+) sn-auth (\S+) omci ont-lineprofile-id (\S+) ont-srvprofile-id (\S+)(?: desc (.+))?"
)
_WHOLE: Final = re.compile(r"ont (?:add|delete) (\d+) (\d+)(?= |$)")
_PORT: Final = re.compile(r"ont port native-vlan (\d+) (\d+) ")
_UNDOES: Final = (
    (r"ont add (\d+ \d+) ", r"ont delete \1"),
    (r"(port vlan \d+ \S+ \S+)$", r"undo \1"),
    (r"(vlan \d+) smart$", r"undo \1"),
    (r"ont port native-vlan (\d+ \d+ eth \d+) .*", r"ont port native-vlan \1 vlan 1"),
)


def undo(_place: tuple[str, ...], line: str) -> str:
    for pattern, what in _UNDOES:
        found = re.match(pattern, line)
        if found is not None:
            return found.expand(what)
    return "" if line.startswith(("interface ", "service-port ")) else taken_back(line, "undo")


SPEECH: Final = Speech(REFUSED, "quit", undo, opens=r"interface \S+", answers=(RELEASE,))


class HuaweiOltPushing:
    """Implements Pushing."""

    def arm(self, at: Situation) -> tuple[Act, ...]:
        """There is nothing that it could do by itself."""
        return ()

    def push(self, at: Situation, difference: Difference) -> tuple[Act, ...]:
        replaced = [each for each in difference.changes if _is_replaced(each)]
        spots = [spot for each in replaced for spot in _replacing(each.place, each.before, each.line)]
        rest = [each for each in difference.changes if each not in replaced]
        speech = _speech(at)
        return _configured([*at_spots(spots, speech), *typed(at.configuration.lines(), rest, speech)])

    def disarm(self, at: Situation) -> tuple[Act, ...]:
        return ()

    def save(self, at: Situation) -> tuple[Act, ...]:
        return (Say("save", ok=SAVED, bad=REFUSED, seconds=300),)

    def revert(self, at: Situation) -> tuple[Act, ...]:
        then, held = read_blocks(at.before.splitlines()), read_blocks(at.now.splitlines())
        replaced = [each for each in at.sent if _is_replaced(each)]
        speech = _speech(at)
        spots = list(undoing(replace(at, sent=tuple(each for each in at.sent if each not in replaced)), speech))
        # An ONT goes and comes with its ports.
        whole = {(place, *found.groups()) for place, line in spots if (found := _WHOLE.match(line))}
        lines: list[Spot] = []
        for place, line in spots:
            port = _PORT.match(line)
            if port is None or (place, *port.groups()) not in whole:
                lines.append((place, line))
            if line.startswith("ont add "):
                lines += ((place, each) for each in _ports(then, place, line))
        for change in reversed(replaced):
            now = _registered(held, change)
            if now and now != change.before:
                lines += _replacing(change.place, now, change.before)
        return _configured([*at_spots(lines, speech)])

    def tidy(self, at: Situation) -> tuple[Act, ...]:
        """What was taken back was perhaps kept already."""
        return self.save(at) if at.sent else ()


def _configured(lines: list[str]) -> tuple[Act, ...]:
    if not lines:
        return ()
    return (SPEECH.say("config"), *(SPEECH.say(line) for line in lines), SPEECH.say("return"))


def _speech(at: Situation) -> Speech:
    return replace(SPEECH, undo=lambda place, line: undo(place, line) or _released(at.now, line))


def _released(now: str, line: str) -> str:
    """By the number that the OLT has given to it."""
    if not line.startswith("service-port "):
        return ""
    for written in now.splitlines():
        if known_as(written) == line and (found := re.match(r"\s*service-port (\d+) ", written)):
            return f"undo service-port {found[1]}"
    return ""


def _ports(tree: Block, place: tuple[str, ...], line: str) -> Iterator[str]:
    start = f"ont port native-vlan {' '.join(line.split()[2:4])} "
    held = tree.below.get(place[0], Block("")).below
    yield from (each for each in held if each.startswith(start))


def _is_replaced(change: Change) -> bool:
    return bool(_ONT.match(change.before) and _ONT.match(change.line))


def _registered(tree: Block, change: Change) -> str:
    start = " ".join(change.line.split()[:4]) + " "
    held = tree.below.get(change.place, Block("")).below
    return next((line for line in held if line.startswith(start)), "")


def _replacing(place: str, before: str, line: str) -> Iterator[Spot]:
    """What differs, one after the other: `ont modify` takes one thing at a time."""
    old, new = _ONT.match(before), _ONT.match(line)
    assert old is not None
    assert new is not None
    for group, word in ((3, "sn"), (4, "ont-lineprofile-id"), (5, "ont-srvprofile-id"), (6, "desc")):
        if old[group] != new[group]:
            yield (place,), f"ont modify {new[1]} {new[2]} {word} {new[group] or new[2]}"
