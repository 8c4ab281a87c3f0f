"""Writes pages of docs/reference from the program itself: `make reference`. A test finds stale pages."""

import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import typer

from kentongan.cli import command_line
from kentongan.settings.template import settings_file
from scripts.site_reference import site_profiles_page

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
_WRITTEN = "This page is written by `make reference`; change the program, not the page."


def cli_page() -> str:
    """Every command with its help, arguments, options and example, as Markdown."""
    root = typer.main.get_command(command_line([]))
    lines = [
        "# Commands",
        "",
        _WRITTEN,
        "",
        "Exit status: 0 done, 1 found something wrong, 2 wrong use, 130 interrupted. In a pipe tables have tabs;",
        "`--json` has stable keys. Words follow the setting `language.language`, else `LANG`.",
        "",
        "Before the command:",
        "",
        *(f"- {parameter}" for parameter in _parameters(root)),
        "",
    ]
    for path, command in _commands("kentongan", root):
        lines += [f"## {path}", "", *_described(path, command)]
    return "\n".join(lines).rstrip() + "\n"


def settings_page() -> str:
    """Every setting, in the words and the form of the file that `init` writes."""
    return "\n".join(
        (
            "# Settings",
            "",
            _WRITTEN,
            "",
            "`kentongan init` writes this file with every value as a comment. Each value can also be given in the",
            "environment as `KENTONGAN_SECTION__KEY`, which goes before the file. `kentongan settings` shows what is",
            "in force and where it came from, secrets masked. An unknown key is an error that names the nearest one.",
            "",
            "```toml",
            settings_file().rstrip(),
            "```",
            "",
        )
    )


def pages() -> dict[Path, str]:
    return {
        REFERENCE / "cli.md": cli_page(),
        REFERENCE / "settings.md": settings_page(),
        REFERENCE / "site-profiles.md": site_profiles_page(_WRITTEN),
    }


# The command tree is of a library that typer carries inside and does not name: hence Any.
def _commands(path: str, group: Any) -> Iterator[tuple[str, Any]]:
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            if command.invoke_without_command:
                yield f"{path} {name}", command
            yield from _commands(f"{path} {name}", command)
        else:
            yield f"{path} {name}", command


def _described(path: str, command: Any) -> list[str]:
    usage = " ".join((path, *(part for parameter in command.params if (part := _usage(parameter)))))
    lines = [_help(command), "", "```console", usage, "```", ""]
    parameters = _parameters(command)
    lines += [f"- {parameter}" for parameter in parameters] + ([""] if parameters else [])
    if command.epilog:
        example = command.epilog.partition(":")[2].strip()
        lines += [f"Example: `{example}`", ""]
    return lines


def _help(command: Any) -> str:
    return " ".join((command.help or "").split())


def _usage(parameter: Any) -> str:
    if parameter.param_type_name != "argument":
        return f"{parameter.opts[0]} {parameter.name.upper()}" if parameter.required else ""
    name = parameter.metavar or parameter.name.upper()
    name += "…" if parameter.nargs == -1 else ""
    return name if parameter.required else f"[{name}]"


def _parameters(command: Any) -> list[str]:
    return [
        f"{_names(parameter)}: {(parameter.help or '').strip()}{_choices(parameter)}{_default(parameter)}"
        for parameter in command.params
        if parameter.name not in ("help", "install_completion", "show_completion")
    ]


def _names(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"`{parameter.metavar or parameter.name.upper()}`"
    return " / ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))


def _choices(parameter: Any) -> str:
    """The words that may stand there, where the help does not name them itself."""
    kind = parameter.type_descriptor.annotation
    words = [each.value for each in kind] if isinstance(kind, type) and issubclass(kind, Enum) else []
    named = all(word in (parameter.help or "") for word in words)
    return "" if named else f" One of: {', '.join(words)}."


def _default(parameter: Any) -> str:
    if parameter.required or isinstance(parameter.default, bool) or parameter.default in (None, "", 0):
        return ""
    value = getattr(parameter.default, "value", parameter.default)
    return f" Default: {value}." if isinstance(value, str | int | float | Path) else ""


def main(arguments: list[str]) -> int:
    """`--check` writes nothing and names what is stale, with exit status 1."""
    stale = {path: text for path, text in pages().items() if not path.exists() or path.read_text("utf-8") != text}
    if "--check" in arguments:
        print(*(path.name for path in stale), sep="\n")
        return 1 if stale else 0
    for path, text in stale.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
