"""What every command is handed: where the settings are, and the installation they lead to."""

import getpass
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kentongan.logging import configure_logging
from kentongan.settings import Loaded, load_settings

if TYPE_CHECKING:
    from kentongan.installation import Installation


@dataclass
class Invocation:
    """One call of the command line."""

    config: Path | None = None
    overrides: dict[str, object] = field(default_factory=dict)

    def load(self) -> Loaded:
        loaded = load_settings(self.config, overrides=self.overrides)
        configure_logging(loaded.settings.log.level, loaded.settings.log.format)
        return loaded

    def open(self) -> "Installation":
        """The installation with its database open. Refused before `init`."""
        # Imported here: commands that need no database start in a fraction of the time.
        from kentongan.installation import Installation

        return Installation(self.load(), actor()).open()


def actor() -> str:
    """Who gives this order, for the audit journal: the login behind sudo if there is one."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def invocation(context: typer.Context) -> Invocation:
    return context.ensure_object(Invocation)
