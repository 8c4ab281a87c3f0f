"""The `kentongan` command: chooses the language, runs a command, turns refusals into one sentence and a status."""

import os
import sys
from pathlib import Path

from kentongan import __version__
from kentongan.errors import SettingsError
from kentongan.logging import configure_logging
from kentongan.settings import load_settings
from kentongan.words import choose_language, speak

INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> None:
    """Exit status 0 done, 1 found something wrong, 2 wrong use, 130 interrupted."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments == ["--version"]:
        print(f"kentongan {__version__}")
        return
    configure_logging("info", "auto")  # until the settings are read: a fault before that must not show its variables
    speak(choose_language(_language_setting(arguments)))
    try:
        # Imported here: help texts are translated when the commands are defined.
        from kentongan.cli import command_line

        status = command_line(arguments)(arguments, standalone_mode=False)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        from kentongan.cli.refusals import report

        sys.exit(report(error))
    sys.exit(status if isinstance(status, int) else 0)


def _language_setting(arguments: list[str]) -> str:
    """The language before the settings are known to be good: a broken file must not hide its own error."""
    file = next((arguments[i + 1] for i, word in enumerate(arguments[:-1]) if word == "--config"), None)
    try:
        return load_settings(Path(file) if file else None).settings.language.language
    except SettingsError:
        return "auto"


if __name__ == "__main__":
    main()
