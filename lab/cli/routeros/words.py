"""How values stand in RouterOS text: quoted where they must be, joined, compared. Pure."""

import re
from typing import TypeAlias

Value: TypeAlias = str | int | bool | list["Value"] | None

_PLAIN = re.compile(r"^[\w.:/,*@!<>+~^&%#|-]+$")
_SPECIAL = {'"': '\\"', "\\": "\\\\", "$": "\\$", "\n": "\\n", "\r": "\\r", "\t": "\\t", "?": "\\?"}


def text_of(value: Value) -> str:
    """As `:put` shows it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return ";".join(text_of(each) for each in value)
    return str(value)


def as_argument(value: Value) -> str:
    """As a property takes it: lists by commas, truth as yes and no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ",".join(as_argument(each) for each in value)
    return text_of(value)


def quoted(value: str) -> str:
    """As export prints a value: bare where that reads back, else in quotes with the console's escapes."""
    if value and _PLAIN.match(value) and not value.startswith(("#", "<")):
        return value
    return '"' + "".join(_SPECIAL.get(character, character) for character in value) + '"'


def truth(value: Value) -> bool:
    return value is True or text_of(value) in ("true", "yes")


def equal(left: Value, right: Value) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    return text_of(left) == text_of(right)


def number_of(value: Value) -> int | None:
    text = text_of(value)
    return int(text) if re.fullmatch(r"-?\d+", text) else None
