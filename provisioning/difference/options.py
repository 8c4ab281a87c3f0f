"""OpenWrt: `uci show` (as intents are written) and `uci export` (as backups are) as one mapping of options."""

import re
import shlex
from collections.abc import Iterable
from typing import Final

from domain.intent import Change, ChangeKind
from domain.intent.secret_holes import OPENS
from domain.language import _
from provisioning.errors import UnreadableConfigurationError

OURS: Final = "kentongan"
_SHOWN = re.compile(r"([\w.@\[\]:-]+?)=(.*)")
Options = dict[str, tuple[str, ...]]
"""`network.lan.ipaddr` → its values; `network.lan` → its type."""


def read_options(lines: Iterable[str]) -> Options:
    """Either form. Raises UnreadableConfigurationError."""
    options: Options = {}
    package = section = ""
    counts: dict[tuple[str, str], int] = {}
    for written in lines:
        line = written.strip()
        if not line or line.startswith("#"):
            continue
        word = line.split(None, 1)[0]
        if word in ("package", "config", "option", "list"):
            words = _words(line)
            match word:
                case "package":
                    package = words[1]
                case "config":
                    kind = words[1]
                    number = counts.get((package, kind), 0)
                    counts[package, kind] = number + 1
                    section = words[2] if len(words) > 2 else f"@{kind}[{number}]"
                    options[f"{package}.{section}"] = (kind,)
                case _:
                    key = f"{package}.{section}.{words[1]}"
                    options[key] = (*options.get(key, ()), words[2]) if word == "list" else (words[2],)
            continue
        match = _SHOWN.fullmatch(line)
        if match is None:
            raise UnreadableConfigurationError(_("'{line}' is no line of uci.").format(line=line[:40]))
        options[match[1]] = tuple(_words(match[2]))
    return options


def compare_options(wanted: Options, found: Options) -> tuple[list[Change], int]:
    """Changes in the order of the intent, then sections of ours that are not wanted any more."""
    changes: list[Change] = []
    same = 0
    for name, values in wanted.items():
        have = found.get(name)
        place = ".".join(name.split(".")[:2])
        if have == values or (have is not None and " ".join(have).split() == " ".join(values).split()):
            same += 1
        elif have is None:
            changes.append(Change(ChangeKind.ADD, place, _line(name, values)))
        elif any(OPENS in value for value in values):
            changes.append(Change(ChangeKind.UNTOLD, place, _line(name, values)))
        else:
            changes.append(Change(ChangeKind.SET, place, _line(name, values), _line(name, have)))
    for name, values in found.items():
        parts = name.split(".")
        if len(parts) == 2 and parts[1].startswith(OURS) and name not in wanted:
            changes.append(Change(ChangeKind.REMOVE, name, _line(name, values)))
    return changes, same


def _line(name: str, values: tuple[str, ...]) -> str:
    if name.count(".") == 1:
        return f"{name}={values[0]}"
    # A hole is quoted when it is filled.
    return f"{name}=" + " ".join(
        value if OPENS in value else "'" + value.replace("'", "'\\''") + "'" for value in values
    )


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        raise UnreadableConfigurationError(_("'{line}' is no line of uci.").format(line=text[:40])) from error
