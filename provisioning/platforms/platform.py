"""The shape of what is known of a platform's configuration: how it is read, what of it is noise, what is secret.

How a configuration is written to a device is not known here. Data and pure functions; nothing asks a device.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from domain.shell import Dialect, Reading


class Layout(StrEnum):
    """How lines of a configuration belong together."""

    INDENTED = "indented"  # under a heading, by indentation
    PATHS = "paths"  # each line says its whole path, or stands under a line that is a path (RouterOS)
    SECTIONS = "sections"  # under `config …` (uci export)


@dataclass(frozen=True, slots=True)
class Ways:
    """What a person says on this platform around a change. {…}: filled in by whoever plans a restore.

    enter, leave: the mode in which lines are typed. undo: how a line is taken back, from the line.
    """

    arm: tuple[str, ...]
    disarm: tuple[str, ...]
    save: tuple[str, ...]
    enter: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()
    undo: Callable[[str], str] = lambda line: f"# {line}"


@dataclass(frozen=True, slots=True)
class ConfigPlatform:
    """One platform. profile: the profile in collectors/profiles that polls it.

    asks, version: the command whose answer tells the version, and where it stands in it; '' where nobody needs it.
    up_seconds_in: since when it runs, from the same answer; None where it does not tell. begun_seconds: for so long
    after its start it still does what it was told to do at a start, and is not told anything.
    reading: from the version ('' where it could not be told) to how the configuration is read.
    volatile: lines that change by themselves, sought anywhere in a line. secrets: group `secret` is masked, wherever
    the pattern stands in a line; without the group the whole line goes. mask_blocks: first and last line of what is
    secret from end to end. changed_by: group `who` names the last who changed it. tidy: what else makes equal
    configurations equal texts.
    """

    name: str
    profile: str
    layout: Layout
    dialect: Dialect
    reading: Callable[[str], Reading]
    ways: Ways
    comment: str = "!"
    asks: str = ""
    version: str = ""
    up_seconds_in: Callable[[str], float | None] = lambda _answer: None
    begun_seconds: float = 0.0
    volatile: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    mask_blocks: tuple[tuple[str, str], ...] = ()
    changed_by: str = ""
    tidy: Callable[[str], str] = str

    def version_in(self, answer: str) -> str:
        found = re.search(self.version, answer) if self.version else None
        return found[1] if found else ""


def taken_back(line: str, word: str) -> str:
    """A line of an indented configuration with `no` or `undo` before it, or without it if it stands there."""
    said = line.strip()
    if said.startswith(f"{word} "):
        return said.removeprefix(f"{word} ")
    # A description is taken back without its text everywhere; with it only by some.
    return f"{word} description" if said.startswith("description ") else f"{word} {said}"
