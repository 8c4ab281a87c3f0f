"""`/export`: the configuration as a script that reads back, compact by default, wrapped as the router wraps it.

Source: help.mikrotik.com "Configuration Management" (export, compact, verbose, terse, hide-sensitive of version 6,
show-sensitive of version 7) and the header lines of real exports: `# nov/22/2026 06:39:13 by RouterOS 6.49.10` until
7.9, `# 2026-11-22 06:39:13 by RouterOS 7.16` from 7.10 on. Users are not exported.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from lab.cli.conversation import UnknownPlatformError
from lab.cli.routeros.configuration import Configuration, Item
from lab.cli.routeros.menus import Menu
from lab.cli.routeros.words import quoted

_WIDTH = 80
_NOT_EXPORTED = {"/user", "/user ssh-keys", "/file", "/certificate"}
_KEYS = ("default-name", "name", "topics")


@dataclass(frozen=True, slots=True)
class Identity:
    """What stands in the header."""

    version: str
    software_id: str
    model: str
    serial: str


@dataclass(frozen=True, slots=True)
class ExportStyle:
    """`sensitive`: show secrets. `verbose`: defaults too. `terse`: one full command per line, never wrapped."""

    sensitive: bool
    verbose: bool = False
    terse: bool = False


def exported(
    configuration: Configuration, identity: Identity, style: ExportStyle, moment: datetime, under: str = ""
) -> str:
    """The whole export or that of one menu and what lies below it; `moment` is the router's local time."""
    lines = _header(identity, moment)
    for path, menu in configuration.menus.items():
        if under and path != under and not path.startswith(under + " "):
            continue
        if path in _NOT_EXPORTED and path != under:
            continue
        commands = _commands(configuration, menu, style)
        if commands and not style.terse:
            lines.append(path)
        for command in commands:
            lines.extend([f"{path} {command}"] if style.terse else wrapped(command))
    return "".join(f"{line}\n" for line in lines)


def release_of(version: str) -> tuple[int, int]:
    """`7.16rc1` is (7, 16)."""
    matched = re.match(r"(\d+)\.(\d+)", version)
    if matched is None:
        raise UnknownPlatformError(f"{version!r} is no RouterOS version; write it as 6.49.10 or 7.16")
    return int(matched[1]), int(matched[2])


def wrapped(command: str) -> list[str]:
    """Lines of at most 80 characters, broken between words with a backslash and four blanks of indent."""
    lines: list[str] = []
    rest, indent = command, ""
    while len(indent + rest) > _WIDTH:
        cut = rest.rfind(" ", 1, _WIDTH - len(indent) - 1)
        if cut <= 0 or (rest.count('"', 0, cut) - rest.count('\\"', 0, cut) & 1 and cut < 20):
            cut = _WIDTH - len(indent) - 1
            while rest[cut - 1] == "\\" and cut > 1:
                cut -= 1
            lines.append(indent + rest[:cut] + "\\")
            rest = rest[cut:]
        else:
            lines.append(indent + rest[: cut + 1] + "\\")
            rest = rest[cut + 1 :]
        indent = "    "
    return [*lines, indent + rest]


def _header(identity: Identity, moment: datetime) -> list[str]:
    iso = release_of(identity.version) >= (7, 10)
    stamp = moment.strftime("%Y-%m-%d %H:%M:%S" if iso else "%b/%d/%Y %H:%M:%S").lower()
    lines = [f"# {stamp} by RouterOS {identity.version}", f"# software id = {identity.software_id}", "#"]
    return [*lines, f"# model = {identity.model}", f"# serial number = {identity.serial}"]


def _commands(configuration: Configuration, menu: Menu, style: ExportStyle) -> list[str]:
    if menu.form == "single":
        values = configuration.singles.get(menu.path, {})
        if style.verbose:
            values = {name: menu.default(name) for name in menu.properties} | values
        words = _words(menu, values, {}, style)
        return [f"set {words}"] if words else []
    if not menu.is_table:
        return []
    return [line for item in configuration.tables.get(menu.path, ()) if (line := _item(menu, item, style))]


def _item(menu: Menu, item: Item, style: ExportStyle) -> str:
    values = item.given
    if "chain" in menu.properties:
        values = {"action": menu.default("action")} | values
    if style.verbose:
        values = {each.name: each.default for each in menu.properties.values() if each.default is not None} | values
    if not item.built_in:
        return "add " + _words(menu, values, {}, style, address=menu.path == "/ip address")
    words = _words(menu, values, item.base, style)
    if not words:
        return ""
    key = next(name for name in _KEYS if name in item.base)
    if menu.path in ("/ip service", "/ip firewall service-port"):
        return f"set {item.base['name']} {words}"
    if key == "topics":
        return f"set [ find topics={item.base['topics']} ] {words}"
    return f"set [ find {'default=yes' if item.base[key] == 'public' else f'{key}={item.base[key]}'} ] {words}"


def _words(
    menu: Menu, values: dict[str, str], base: dict[str, str], style: ExportStyle, *, address: bool = False
) -> str:
    words = []
    for name in sorted(values, key=lambda each: (each != "action" or "chain" not in values, each)):
        known = menu.properties.get(name)
        if known is None or (known.sensitive and not style.sensitive) or name in ("default-name",):
            continue
        if values[name] == base.get(name) or (name == "default-name") or (base and name == "mac-address"):
            continue
        shown = style.verbose or known.required or name in base or known.kind == "action"
        if not shown and values[name] == (known.default or ""):
            continue
        if known.kind == "flag":
            words.append(name)
            continue
        words.append(f"{name}={quoted(values[name])}")
    return " ".join(words)
