"""Which of the lines that a device should have it does not have, by what it says of itself.

A line of RouterOS is known by its menu and, behind `set`, by what it sets: `/export terse` writes more on one line than
we ask for. On the others a line is there as it stands, and one that takes something away (`no …`, `undo …`) is true
also where there is nothing to take away. Lines of sections (interfaces, users) are not compared here.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable

NEGATIONS = {"cisco-ios": "no ", "huawei-vrp": "undo "}
VERBS = ("add", "set")


def untold(wanted: str | list[str], current: str, platform: str) -> list[str]:
    """wanted: lines, or a text of them. Their order stays."""
    lines = [line.strip() for line in (wanted.splitlines() if isinstance(wanted, str) else wanted)]
    has = _routeros(current) if platform == "mikrotik-routeros" else _plain(current, NEGATIONS[platform])
    return [line for line in lines if line and not has(line)]


def _plain(current: str, negation: str) -> Callable[[str], bool]:
    present = {" ".join(line.split()) for line in current.splitlines() if not line.startswith(" ")}

    def has(line: str) -> bool:
        taken = line.removeprefix(negation)
        if line in present or taken == line:
            return line in present
        return not any(each == taken or each.startswith(taken + " ") for each in present)

    return has


def _routeros(current: str) -> Callable[[str], bool]:
    told = [_parts(line) for line in current.splitlines()]

    def has(line: str) -> bool:
        menu, verb, which, values = _parts(line)
        same = [each[3] for each in told if each[:3] == (menu, verb, which)]
        return values <= frozenset().union(*same) if verb == "set" else any(values <= each for each in same)

    return has


def _parts(line: str) -> tuple[str, str, str, frozenset[tuple[str, ...]]]:
    """Menu, verb, what is set, and its keys with their values; all empty for a comment or a line of another kind."""
    try:
        words = shlex.split(line)
    except ValueError:
        words = []
    at = next((number for number, word in enumerate(words) if word in VERBS), 0)
    if not at or not line.startswith("/"):
        return "", "", "", frozenset()
    said = words[at + 1 :]
    values = frozenset(tuple(word.split("=", 1)) for word in said if "=" in word)
    return " ".join(words[:at]), words[at], " ".join(word for word in said if "=" not in word), values


class FilterModule:
    """Named by Ansible."""

    def filters(self) -> dict[str, Callable[..., list[str]]]:
        return {"untold": untold}
