"""The command line: one file per command, named after it."""

from pathlib import Path

import typer

from alerts.errors import AlertError
from collectors.errors import CollectorError
from domain.language import _
from exporters.errors import ExporterError
from inventory.errors import InventoryError
from kentongan import __version__
from kentongan.cli import credential, database, lab
from kentongan.cli.check import check
from kentongan.cli.context import Invocation
from kentongan.cli.demo import demo
from kentongan.cli.devices import devices
from kentongan.cli.importing import export, import_
from kentongan.cli.init import init
from kentongan.cli.probe import probe
from kentongan.cli.prometheus import prometheus
from kentongan.cli.run import run
from kentongan.cli.settings import settings
from kentongan.errors import KentonganError
from lab.errors import LabError

app = typer.Typer(
    name="kentongan",
    help=_("Network and e-government management for a whole kabupaten."),
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def refusals() -> tuple[type[Exception], ...]:
    """The roots of all errors that are told to the user as one sentence."""
    return (KentonganError, InventoryError, CollectorError, AlertError, ExporterError, LabError)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"kentongan {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    config: Path | None = typer.Option(None, "--config", help=_("Settings file; default ./kentongan.toml.")),
    _version: bool = typer.Option(
        False, "--version", is_eager=True, callback=_print_version, help=_("Print the version and stop.")
    ),
) -> None:
    context.obj = Invocation(config)


def _command(name: str, function: object, help_: str, example: str) -> None:
    app.command(name, help=help_, epilog=_("Example:") + " " + example)(function)  # type: ignore[type-var]


_command("init", init, _("Set up Kentongan for one kabupaten."), "kentongan init --kabupaten 32.14")
_command("import", import_, _("Take in an inventory from CSV or XLSX."), "kentongan import data/ --dry-run")
_command("export", export, _("Write the inventory as CSV files."), "kentongan export data/")
_command("settings", settings, _("Show what is in force and where it came from."), "kentongan settings --json")
_command("run", run, _("Poll, watch and export until stopped."), "kentongan run")
_command("demo", demo, _("Run on a simulated kabupaten."), "kentongan demo --kabupaten 32.14 --seconds 60 --json")
_command("probe", probe, _("Ask one device what it is."), "kentongan probe 10.1.1.1 --json")
_command("devices", devices, _("List devices with their states."), "kentongan devices --state down")
_command("prometheus", prometheus, _("Write Prometheus's configuration."), "kentongan prometheus render prometheus/")
_command("check", check, _("Find what is wrong and say how to mend it."), "kentongan check")
app.add_typer(credential.app, name="credential")
app.add_typer(database.app, name="db")
app.add_typer(lab.app, name="lab")
