"""The command line: one file per command, named after it.

Only the module of the command that is called is imported: a mini PC waits long enough as it is.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import typer

from domain.language import _
from kentongan import __version__
from kentongan.cli.context import Invocation
from kentongan.errors import KentonganError


@dataclass(frozen=True, slots=True)
class Command:
    """Where a command stands. Without `example` it is a group with an `app` of its own."""

    module: str
    help: str
    example: str = ""


def commands() -> dict[str, Command]:
    """Every command, in the order in which a newcomer meets them."""
    return {
        "init": Command("init", _("Set up Kentongan for one kabupaten."), "kentongan init --kabupaten 32.14"),
        "import": Command("importing", _("Take in an inventory from CSV or XLSX."), "kentongan import data/ --dry-run"),
        "export": Command("importing", _("Write the inventory as CSV files."), "kentongan export data/"),
        "credential": Command("credential", _("Credentials, stored encrypted; never in a file, never printed.")),
        "settings": Command(
            "settings", _("Show what is in force and where it came from."), "kentongan settings --json"
        ),
        "check": Command("check", _("Find what is wrong and say how to mend it."), "kentongan check"),
        "run": Command("run", _("Poll, watch and export until stopped."), "kentongan run"),
        "demo": Command("demo", _("Run on a simulated kabupaten."), "kentongan demo --seconds 60 --json"),
        "devices": Command("devices", _("List devices with their states."), "kentongan devices --state down"),
        "probe": Command("probe", _("Ask one device what it is."), "kentongan probe 10.1.1.1 --json"),
        "prometheus": Command("prometheus", _("Write Prometheus's configuration."), "kentongan prometheus render DIR"),
        "lab": Command("lab", _("The simulated kabupaten, and a lab of real daemons.")),
        "db": Command("database", _("The database: upgrade, backup, restore.")),
    }


def command_line(arguments: Sequence[str]) -> typer.Typer:
    """The app with the one command that `arguments` call, or with all of them for help and for a misspelt one."""
    known = commands()
    called = next((word for word in arguments if word in known), None)
    app = typer.Typer(
        name="kentongan",
        help=_("Network and e-government management for a whole kabupaten."),
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_options)
    for name, command in known.items():
        if called in (None, name):
            _add(app, name, command)
    return app


def refusals() -> tuple[type[Exception], ...]:
    """The roots of all errors that are told to the user as one sentence; of rooms that were never entered, none."""
    roots = {
        "inventory.errors": "InventoryError",
        "collectors.errors": "CollectorError",
        "alerts.errors": "AlertError",
        "exporters.errors": "ExporterError",
        "lab.errors": "LabError",
    }
    loaded = (getattr(sys.modules[module], name) for module, name in roots.items() if module in sys.modules)
    return (KentonganError, *loaded)


def _add(app: typer.Typer, name: str, command: Command) -> None:
    module = import_module(f"kentongan.cli.{command.module}")
    if not command.example:
        app.add_typer(module.app, name=name, help=command.help)
        return
    function = getattr(module, "import_" if name == "import" else name)
    app.command(name, help=command.help, epilog=_("Example:") + " " + command.example)(function)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"kentongan {__version__}")
        raise typer.Exit


def _options(
    context: typer.Context,
    config: Path | None = typer.Option(None, "--config", help=_("Settings file; default ./kentongan.toml.")),
    _version: bool = typer.Option(
        False, "--version", is_eager=True, callback=_print_version, help=_("Print the version and stop.")
    ),
) -> None:
    context.obj = Invocation(config)
