"""Commands that speak our language: help and complaints of the command line library, in the words of the catalogues."""

import re
from collections.abc import Callable
from typing import Any, Final

import typer
from typer import exceptions
from typer.core import TyperCommand, TyperGroup

from domain.language import _
from kentongan.settings.problems import in_plain_words

# The library (Typer) speaks English alone: whole lines and marks of its help, and its complaints, by pattern.
_HELP: Final[tuple[tuple[str, Callable[[], str]], ...]] = (
    (r"^Usage: ", lambda: _("Usage: ")),
    (r"^Options:$", lambda: _("Options:")),
    (r"^Arguments:$", lambda: _("Arguments:")),
    (r"^Commands:$", lambda: _("Commands:")),
    (r"\[required\]", lambda: _("[required]")),
    (r"\[default:", lambda: _("[default:")),
    (r"Show this message and exit\.", lambda: _("Show this help.")),
    (r"Install completion for the current shell\.", lambda: _("Let the shell complete commands.")),
    (
        r"Show completion for the current shell, to copy it or\s+customize the installation\.",
        lambda: _("Show what --install-completion would write."),
    ),
)
_COMPLAINTS: Final[tuple[tuple[str, Callable[[], str]], ...]] = (
    (r"Missing argument '(?P<name>.*)'\.", lambda: _("'{name}' is missing.")),
    (r"Missing option '(?P<name>.*)'\..*", lambda: _("The option {name} is missing.")),
    (r"Missing command\.", lambda: _("Name a command.")),
    (
        r"No such command '(?P<name>.*)'\. Did you mean '(?P<near>.*)'\?",
        lambda: _("There is no command '{name}'. Did you mean '{near}'?"),
    ),
    (r"No such command '(?P<name>.*)'\.", lambda: _("There is no command '{name}'.")),
    (
        r"No such option: (?P<name>.*) \(Possible options: (?P<near>.*)\)",
        lambda: _("There is no option {name}. Did you mean {near}?"),
    ),
    (r"No such option: (?P<name>.*)", lambda: _("There is no option {name}.")),
    (r"Invalid value for '(?P<name>.*?)': (?P<problem>.*)", lambda: "{name}: {problem}"),
    (r"Got unexpected extra argument\(s\) \((?P<names>.*)\)", lambda: _("Too many words: {names}.")),
    (r"Option '(?P<name>.*)' requires an argument\.", lambda: _("The option {name} needs a value.")),
    (r"Option '(?P<name>.*)' does not take a value\.", lambda: _("The option {name} takes no value.")),
)


def in_our_words(text: str) -> str:
    """A help page or usage line of the library, in the active language."""
    for pattern, words in _HELP:
        text = re.sub(pattern, words().replace("\\", r"\\"), text, flags=re.MULTILINE)
    return text


def complaint(error: exceptions.TyperException) -> str:
    """What was wrong with a command as it was typed; one sentence and where help is."""
    said = error.format_message()
    for pattern, words in _COMPLAINTS:
        if match := re.fullmatch(pattern, said, re.DOTALL):
            fields = match.groupdict()
            if "problem" in fields:
                fields["problem"] = in_plain_words(fields["problem"])
            said = words().format(**fields)
            break
    context = getattr(error, "ctx", None)
    if context is None or type(error).__name__ == "NoArgsIsHelpError":
        return said
    return said + "\n" + _("See: {command} --help").format(command=context.command_path)


class SpokenCommand(TyperCommand):
    def get_help(self, ctx: Any) -> str:
        return in_our_words(super().get_help(ctx))


class SpokenGroup(TyperGroup):
    def get_help(self, ctx: Any) -> str:
        return in_our_words(super().get_help(ctx))


class App(typer.Typer):
    """A group of commands; without arguments it shows its help."""

    def __init__(self, **options: Any) -> None:
        super().__init__(cls=SpokenGroup, **{"no_args_is_help": True, **options})

    def command(self, name: str | None = None, **options: Any) -> Callable[[Any], Any]:
        return super().command(name, cls=SpokenCommand, **options)
