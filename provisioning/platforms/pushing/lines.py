"""What is typed on platforms of lines under headings: blocks entered and left, lines taken back one by one. Pure.

Only what differs is typed. Whether a line is taken is asked of the device's answer to it, so each is a Say of its own.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from domain.intent import Change, ChangeKind
from domain.shell import Question
from provisioning.difference.blocks import Block, inside, known_as, read_blocks
from provisioning.platforms.pushing.acts import Say, Situation

SETTLE_SECONDS: Final = 0.03  # after the echo a configuration line is answered by the prompt alone
_LEAVES: Final = frozenset({"exit", "quit", "end", "return", "commit"})
_KEY: Final = "key-string"
_NEGATION: Final = re.compile(r"(?:no|undo) (.+)")
Spot = tuple[tuple[str, ...], str]
"""The headings that a line stands under, and the line."""


@dataclass(frozen=True, slots=True)
class Speech:
    """How lines are said on a platform. refused: sought in every line of an answer. leave: leaves one block. opens:
    lines that open a block although nothing stands below. undo: from headings and line to what takes it back, '' where
    it goes with something else. seconds: how long a line may take. answers: to what a line may ask.
    """

    refused: str
    leave: str
    undo: Callable[[tuple[str, ...], str], str]
    opens: str = r"(?!)"
    seconds: float = 30.0
    answers: tuple[Question, ...] = ()

    def say(self, line: str) -> Say:
        named = re.match(r"(?:hostname|sysname) (\S+)", line)
        prompt = prompt_of(named[1]) if named else ""
        return Say(
            line,
            bad=self.refused,
            seconds=self.seconds,
            answers=self.answers,
            prompt=prompt,
            settle_seconds=SETTLE_SECONDS,
        )


def prompt_of(name: str) -> str:
    """What the prompt of a device with this name looks like, in any of its modes; long names are cut."""
    return rf"^[\[<~*]{{0,3}}{re.escape(name[:16])}[^\n]{{0,80}}[>#\]] ?$"


@dataclass(slots=True)
class _Node:
    text: str
    known: str
    below: "list[_Node]" = field(default_factory=list)


def typed(wanted: Iterable[str], changes: Iterable[Change], speech: Speech) -> Iterator[str]:
    """The lines of an intent that are asked for by the changes, in the intent's order, then what is to be removed."""
    changes = tuple(changes)
    asked = {(each.place, each.line) for each in changes if each.kind is not ChangeKind.REMOVE}
    yield from _asked(_nodes(wanted), asked, speech, "")
    removed = [each for each in changes if each.kind is ChangeKind.REMOVE]
    yield from at_spots(((place, speech.undo(place, line)) for place, line in map(_spot, removed)), speech)


def _asked(nodes: Sequence[_Node], asked: set[tuple[str, str]], speech: Speech, place: str) -> Iterator[str]:
    for node in nodes:
        here = (place, node.known) in asked
        if not node.below:
            if here:
                yield node.text
                if re.match(speech.opens, node.text):
                    yield speech.leave
            continue
        if here and node.known == _KEY:
            below = [each.text for each in node.below]  # of a key only the whole can be told
        else:
            below = list(_asked(node.below, asked, speech, inside(place, node.known)))
        if here or below:
            yield from (node.text, *below, speech.leave)


def at_spots(spots: Iterable[Spot], speech: Speech) -> Iterator[str]:
    """Lines with their headings entered and left around them; '' is no line."""
    for place, group in groupby((spot for spot in spots if spot[1]), key=lambda spot: spot[0]):
        yield from place
        for _place, line in group:
            yield line
            if re.match(speech.opens, line):
                yield speech.leave
        yield from [speech.leave] * len(place)


def undoing(at: Situation, speech: Speech) -> Iterator[Spot]:
    """What brings back what was before of what was sent, the last first. What did not take effect is left, and so is
    what nobody can type because it was kept masked.
    """
    then, held = read_blocks(at.before.splitlines()), read_blocks(at.now.splitlines())
    for place, line, before in _sent(at.sent):
        was, is_ = _there(then, place, line), _there(held, place, line)
        if _goes_with_heading(then, place, speech) or "***" in line + before:
            continue
        if negated := _NEGATION.fullmatch(line):
            gone = tuple(_gone(then, held, place, negated[1]))
            yield from ((place, each) for each in gone)
            if is_ and not was and not gone:
                yield place, negated[1]
        elif was and not is_:
            yield place, line
            yield from _stood_below(then, (*place, line))
        elif is_ and not was:
            yield place, before if before and _there(then, place, before) else speech.undo(place, line)


def _gone(then: Block, held: Block, place: tuple[str, ...], start: str) -> Iterator[str]:
    """Lines that a `no` or `undo` took away; what is kept masked nobody can type."""
    for line in _below(then, place):
        if (line == start or line.startswith(f"{start} ")) and not _there(held, place, line) and "***" not in line:
            yield line


def _stood_below(then: Block, place: tuple[str, ...]) -> Iterator[Spot]:
    """What went with a heading that was taken away whole."""
    block = then
    for heading in place:
        block = block.below[heading]
    for line in block.below:
        if "***" not in line:
            yield place, line
            yield from _stood_below(then, (*place, line))


def _goes_with_heading(then: Block, place: tuple[str, ...], speech: Speech) -> bool:
    """A heading that was not there before is taken away whole, where one can."""
    above = ((place[:depth], place[depth]) for depth in range(len(place)))
    return any(not _there(then, *each) and speech.undo(*each) for each in above)


def _sent(sent: Sequence[Change]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    seen = set()
    for change in reversed(sent):
        place, line = _spot(change)
        if (place, line) not in seen:
            seen.add((place, line))
            yield place, line, change.before


def _spot(change: Change) -> Spot:
    return tuple(change.place.split(" / ")) if change.place else (), change.line


def _there(block: Block, place: Sequence[str], line: str) -> bool:
    return line in _below(block, place)


def _below(block: Block, place: Sequence[str]) -> Mapping[str, Block]:
    for heading in place:
        found = block.below.get(heading)
        if found is None:
            return {}
        block = found
    return block.below


def _nodes(lines: Iterable[str]) -> list[_Node]:
    """Blocks in their order; two of one heading stay two."""
    root = _Node("", "")
    stack: list[tuple[int, _Node]] = [(-1, root)]
    for written in lines:
        text = written.strip()
        if not text or text[0] in "!#" or text in _LEAVES:
            continue
        indent = len(written) - len(written.lstrip())
        while stack[-1][0] >= indent:
            stack.pop()
        node = _Node(text, known_as(text))
        stack[-1][1].below.append(node)
        stack.append((indent, node))
    return root.below
