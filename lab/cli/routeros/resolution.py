"""Which menu and which command a statement's words mean; abbreviations allowed where only one thing fits."""

from collections.abc import Collection
from dataclasses import dataclass

from lab.cli.routeros.errors import SyntaxRefusedError
from lab.cli.routeros.menus import branches_of, menus_of
from lab.cli.routeros.tree import Statement, Word

_TABLE = ("print", "find", "get", "export", "set", "comment", "enable", "disable")
_LIST = ("add", "remove", "move", "unset", "reset-counters")
_COMMANDS = {
    "": ("export", "import", "quit", "ping", "beep"),
    "/system": ("reboot", "shutdown", "reset-configuration"),
    "/system backup": ("save", "load"),
    "/system script": ("run",),
    "/system history": ("print",),
    "/system identity": ("print", "set", "get", "export"),
    "/system routerboard": ("upgrade",),
    "/system package update": ("check-for-updates", "install"),
    "/tool": ("fetch", "ping", "traceroute"),
    "/user ssh-keys": ("import",),
    "/ip dns": ("cache",),
    "/interface": ("print", "set", "enable", "disable", "comment", "find", "get", "export"),
    "/ip ssh": ("regenerate-host-key",),
}
_ANYWHERE = (
    "put", "log", "delay", "local", "global", "set", "if", "do", "foreach", "for", "while", "error", "len", "pick",
    "find", "tostr", "tonum", "resolve", "environment", "return", "toarray", "typeof", "execute", "onerror", "nothing",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resolved:
    """`path` ('' is the root), `command` ('' where the line only changes the menu), and the words after it."""

    path: str
    command: str
    place: Word | None
    rest: tuple[Word, ...]


def commands_of(path: str, major: int) -> tuple[str, ...]:
    menu = menus_of(major).get(path)
    own = _COMMANDS.get(path, ())
    if menu is None:
        return own if own or path in ("",) else ("export",)
    if menu.form == "watch":
        return ("print", "get", "find", *own)
    if menu.form == "single":
        return ("print", "get", "set", "export", *own)
    return (*_TABLE, *(_LIST if menu.form == "list" else ()), *own)


def resolve(statement: Statement, current: str, major: int) -> Resolved:
    """SyntaxRefusedError `bad command name …` where no menu or command is meant."""
    if statement.colon:
        word = statement.words[0]
        if word.text not in _ANYWHERE:
            raise SyntaxRefusedError(f"bad command name {word.text}", word.line, word.column)
        return Resolved(":", word.text, word, statement.words[1:])
    _refuse_slashes(statement, major)
    path = "" if statement.absolute else current
    for at, word in enumerate(statement.words):
        if word.text == "..":
            path = path.rpartition(" ")[0] if " " in path else ""
            continue
        below = branches_of(major).get(path, frozenset())
        commands = commands_of(path, major)
        name = _meant(word, below, commands)
        if name is None and at == 0 and not statement.absolute and word.text in _ANYWHERE:
            return Resolved(":", word.text, word, statement.words[1:])
        if name is None:
            raise SyntaxRefusedError(f"bad command name {word.text}", word.line, word.column)
        if name in commands and name not in below:
            return Resolved(path, name, word, statement.words[at + 1 :])
        path = f"{path} {name}" if path else f"/{name}"
    return Resolved(path, "", None, ())


def _meant(word: Word, below: Collection[str], commands: Collection[str]) -> str | None:
    if word.text in below or word.text in commands:
        return word.text
    fitting = {name for name in (*below, *commands) if name.startswith(word.text)}
    if len(fitting) > 1:
        raise SyntaxRefusedError(f"ambiguous command name {word.text}", word.line, word.column)
    return fitting.pop() if fitting else None


def _refuse_slashes(statement: Statement, major: int) -> None:
    """Version 6 has blanks between menus; `/ip/address` came with version 7."""
    if major > 6:
        return
    for first, second in zip(statement.words, statement.words[1:], strict=False):
        end = first.column + len(first.text)
        if first.line == second.line and second.column == end + 1:
            at = end - statement.column
            if statement.text[at : at + 1] == "/":
                raise SyntaxRefusedError("expected end of command", first.line, end)
