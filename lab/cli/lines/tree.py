"""A configuration of lines and sections, kept in the order in which the device prints it. A value; copies are deep."""

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

_NUMBERS = re.compile(r"(\d+)")


@dataclass(slots=True)
class Line:
    """`key`: the words that name the setting; `rank`: its rule's place. A section has a body (maybe empty)."""

    words: tuple[str, ...]
    key: tuple[str, ...]
    rank: int
    section: bool = False
    body: "list[Line]" = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(self.words)


@dataclass(slots=True)
class Tree:
    """The root's lines; a path names sections by their texts, from the root inwards."""

    lines: list[Line] = field(default_factory=list)

    def copy(self) -> "Tree":
        return deepcopy(self)

    def body(self, path: Sequence[str]) -> list[Line]:
        """The lines of a section; KeyError if there is no such section (any more)."""
        lines = self.lines
        for name in path:
            lines = _body(lines, name)
        return lines

    def section(self, *path: str) -> list[str]:
        """The texts of a section's lines, empty if it is not there."""
        try:
            return [line.text for line in self.body(path)]
        except KeyError:
            return []

    def has(self, path: Sequence[str]) -> bool:
        try:
            self.body(path)
        except KeyError:
            return False
        return True

    def put(self, path: Sequence[str], words: tuple[str, ...], key: int, rank: int, *, section: bool = False) -> Line:
        """Set a line: what has the same key is replaced; a section that is there is kept."""
        lines = self.body(path)
        named = words[:key]
        for line in lines:
            if line.key == named:
                if not line.section:
                    line.words = words
                return line
        made = Line(words, named, rank, section)
        lines.append(made)
        lines.sort(key=_place)
        return made

    def drop(self, path: Sequence[str], words: Sequence[str]) -> int:
        """Remove every line that begins with these words; how many there were."""
        lines = self.body(path)
        kept = [line for line in lines if line.words[: len(words)] != tuple(words)]
        dropped = len(lines) - len(kept)
        lines[:] = kept
        return dropped

    def sections(self, first: str) -> Iterator[Line]:
        return (line for line in self.lines if line.section and line.words[0] == first)

    def first(self, *begin: str, path: Sequence[str] = ()) -> tuple[str, ...] | None:
        """The words after `begin` of the first line that begins so."""
        for line in self.body(path) if self.has(path) else []:
            if line.words[: len(begin)] == begin:
                return line.words[len(begin) :]
        return None


def _body(lines: list[Line], name: str) -> list[Line]:
    for line in lines:
        if line.section and line.text == name:
            return line.body
    raise KeyError(name)


def _place(line: Line) -> tuple[int, list[tuple[int, str]]]:
    """By rank; sections of one rank by their names with numbers counted as numbers; lines as they came."""
    if not line.section:
        return line.rank, []
    parts = _NUMBERS.split(line.text)
    return line.rank, [(int(part), "") if part.isdigit() else (0, part) for part in parts]


def rendered(lines: Sequence[Line], indent: str = "") -> Iterator[str]:
    """Lines with their sections' bodies indented by one blank."""
    for line in lines:
        yield indent + line.text
        yield from rendered(line.body, indent + " ")
