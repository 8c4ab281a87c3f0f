"""What a parsed RouterOS script consists of. Values only."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Word:
    """A bare word with its place; in value positions it is the literal text."""

    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Joined:
    """A string in quotes: pieces of text and of `$variable`, `$[command]`, `$(expression)`."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Variable:
    name: str


@dataclass(frozen=True, slots=True)
class Called:
    """`[command]`."""

    body: "Block"


@dataclass(frozen=True, slots=True)
class Block:
    """Statements; as a value it is `{ … }`, which runs where a command wants code. `text` is how it was written."""

    statements: "tuple[Statement, ...]"
    text: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """`{1;2;"three"}`."""

    members: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Unary:
    operator: str
    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: "Expression"
    right: "Expression"


Expression: TypeAlias = Word | Joined | Variable | Called | Block | Listed | Unary | Binary


@dataclass(frozen=True, slots=True)
class Named:
    """`name=value`, `name` alone (value None), or `!name`."""

    name: Word
    value: "Expression | None"


@dataclass(frozen=True, slots=True)
class Statement:
    """One command. `absolute`: begins with a slash. `colon`: begins with a colon. `words`: bare words until the first
    argument; which of them are menus, which the command, is decided by the menus. `where`: the expression after
    `where` (or after `find`). `text`: as written."""

    absolute: bool
    colon: bool
    words: tuple[Word, ...]
    arguments: "tuple[Named | Expression, ...]"
    where: "Expression | None"
    line: int
    column: int
    text: str
