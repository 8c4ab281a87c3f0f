"""Line editing as a device does it: what was typed becomes echo, whole lines and keys. Pure; the rim sends the echo."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

_BACKSPACES = "\x08\x7f"
_HISTORY = 50


class Happening(Enum):
    ECHO = "echo"
    LINE = "line"
    KEY = "key"
    INTERRUPT = "interrupt"
    END = "end"
    HELP = "help"
    COMPLETE = "complete"


@dataclass(slots=True)
class LineEditor:
    """Feed it characters; it yields (happening, text). CR, LF and CR LF all end a line once.

    With `wants_key` the next printable character or Enter is handed over at once, unechoed. The owner changes
    `wants_key` and `hidden` between two happenings, so characters sent ahead are taken as the prompts ask for them.
    With `helps` a question mark and the Tab key are handed over with the line so far. With `columns` a line that grows
    wider than the terminal is drawn anew behind a `<`, as RouterOS does: its echo is no longer what was typed.
    """

    wants_key: bool = False
    hidden: bool = False
    helps: bool = False
    columns: int = 0
    prompt: str = ""
    _line: str = ""
    _after_return: bool = False
    _escape: str = ""
    _history: list[str] = field(default_factory=list)
    _back: int = 0

    def feed(self, text: str) -> Iterator[tuple[Happening, str]]:
        for character in text:
            yield from self._take(character)

    def _take(self, character: str) -> Iterator[tuple[Happening, str]]:
        after_return, self._after_return = self._after_return, False
        if self._escape:
            yield from self._sequence(character)
        elif character == "\x1b":
            self._escape = character
        elif character == "\n" and after_return:
            return
        elif character in "\r\n":
            self._after_return = character == "\r"
            yield from self._enter()
        elif character == "\x03":
            self._line = ""
            yield Happening.INTERRUPT, ""
        elif character == "\x04":
            if not self._line:
                yield Happening.END, ""
        elif self.wants_key and character.isprintable():
            yield Happening.KEY, character
        elif character in _BACKSPACES:
            if self._line:
                self._line = self._line[:-1]
                yield Happening.ECHO, "\b \b"
        elif character == "\x15":
            yield from self._replace("")
        elif character in "?\t" and self.helps and not self.hidden:
            yield Happening.HELP if character == "?" else Happening.COMPLETE, self._line
        elif character.isprintable():
            self._line += character
            if not self.hidden:
                yield Happening.ECHO, self._drawn(character)

    def complete(self, rest: str) -> str:
        """Take what the Tab key adds; its echo."""
        self._line += rest
        return rest

    def _drawn(self, character: str) -> str:
        room = self.columns - len(self.prompt)
        if not self.columns or len(self._line) < room:
            return character
        return f"\r{self.prompt}<{self._line[-room // 2 :]}"

    def _enter(self) -> Iterator[tuple[Happening, str]]:
        if self.wants_key:
            yield Happening.KEY, ""
            return
        line, self._line = self._line, ""
        if line and not self.hidden:
            self._history = [*self._history[-_HISTORY:], line]
        self._back = 0
        yield Happening.ECHO, "\r\n"
        yield Happening.LINE, line

    def _sequence(self, character: str) -> Iterator[tuple[Happening, str]]:
        self._escape += character
        if len(self._escape) == 2 and character in "[O":
            return
        if len(self._escape) > 2 and not character.isalpha() and character != "~":
            return
        final, self._escape = character, ""
        if final in "AB" and self._history:
            self._back = min(max(self._back + (1 if final == "A" else -1), 0), len(self._history))
            yield from self._replace(self._history[-self._back] if self._back else "")

    def _replace(self, line: str) -> Iterator[tuple[Happening, str]]:
        wipe = "\b \b" * len(self._line)
        self._line = line
        yield Happening.ECHO, wipe + line
