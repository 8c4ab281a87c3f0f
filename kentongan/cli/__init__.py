"""The command line: one file per command, named after it.

Only the module of the command that is called is imported: a mini PC waits long enough as it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from domain.language import _
from kentongan import __version__
from kentongan.cli.app import App
from kentongan.cli.context import Invocation


@dataclass(frozen=True, slots=True)
class Command:
    """What help says of a command. A group of commands has examples of its own."""

    help: str
    example: str = ""


def commands() -> dict[str, Command]:
    """Every command, in the order in which a newcomer meets them."""
    return {
        "init": Command(_("Set up Kentongan for one kabupaten."), "kentongan init --kabupaten 32.14"),
        "import": Command(_("Take in an inventory from CSV or XLSX."), "kentongan import data/ --dry-run"),
        "export": Command(_("Write the inventory as CSV files."), "kentongan export data/"),
        "credential": Command(_("Credentials, stored encrypted; never in a file, never printed.")),
        "settings": Command(_("Show what is in force and where it came from."), "kentongan settings --json"),
        "check": Command(_("Find what is wrong and say how to mend it."), "kentongan check"),
        "run": Command(_("Poll, watch and export until stopped."), "kentongan run"),
        "demo": Command(_("Run on a simulated kabupaten."), "kentongan demo --seconds 60 --json"),
        "console": Command(_("Serve the web console until stopped."), "kentongan console"),
        "account": Command(_("Who may log in to the console.")),
        "heartbeat": Command(_("Sites that push: their tokens, and the scripts that send.")),
        "devices": Command(_("List devices with their states."), "kentongan devices --state down"),
        "incidents": Command(_("What is wrong now, what was, and one incident whole.")),
        "ack": Command(_("Take an incident on."), "kentongan ack k7f3-2qxm --hours 2"),
        "note": Command(_("Write a note into an incident's timeline."), "kentongan note k7f3-2qxm 'tiang roboh'"),
        "step": Command(_("Departed, on site, done."), "kentongan step k7f3-2qxm done"),
        "assign": Command(_("Name who takes care of an incident."), "kentongan assign k7f3-2qxm 'Asep Sunandar'"),
        "close": Command(_("Say what it was."), "kentongan close k7f3-2qxm --cause galian"),
        "merge": Command(_("Two incidents are one."), "kentongan merge k7f3-2qxm --into m2aa-77pq --why 'satu kabel'"),
        "split": Command(
            _("One incident is two."), "kentongan split k7f3-2qxm --member rtr-cibodas --why 'token habis'"
        ),
        "ticket": Command(_("The provider's ticket."), "kentongan ticket k7f3-2qxm opened --number INC99812"),
        "maintenance": Command(_("Announced work: add, list, end.")),
        "notify": Command(_("Try the channels, see what did not arrive.")),
        "availability": Command(_("How much of a month everything worked, and who is charged for the rest.")),
        "coverage": Command(_("Villages: connected, served, unmeasured; targets; what to build next.")),
        "report": Command(_("Reports to sign and send: PDF, XLSX, CSV.")),
        "risk": Command(_("What goes dark if one thing fails, worst first."), "kentongan risk --top 10"),
        "pool": Command(_("The address plan: prefixes, VLANs, AS numbers and names.")),
        "config": Command(_("Configurations of devices: fetched, kept, compared.")),
        "device": Command(_("Single devices: their SSH login and host key, and units that are replaced.")),
        "site": Command(_("New sites: plan them, see what would change, build them, take them back.")),
        "probe": Command(_("Ask one device what it is."), "kentongan probe 10.1.1.1 --json"),
        "link": Command(_("The segment that this machine stands on: neighbours, DHCP servers, addresses used twice.")),
        "inventory": Command(_("Devices for other programs: Ansible's dynamic inventory.")),
        "prometheus": Command(_("Write Prometheus's configuration."), "kentongan prometheus render DIR"),
        "grafana": Command(_("Dashboards for Grafana: as files, by its API, and whether they have data.")),
        "lab": Command(_("The simulated kabupaten, and a lab of real daemons.")),
        "db": Command(_("The database: upgrade, backup, restore.")),
    }


def load(name: str) -> Callable[..., None] | App:
    """The command's function, or the group's app. Raises KeyError for a name that is none."""
    match name:
        case "init":
            from kentongan.cli.init import init

            return init
        case "import":
            from kentongan.cli.importing import import_

            return import_
        case "export":
            from kentongan.cli.importing import export

            return export
        case "credential":
            from kentongan.cli import credential

            return credential.app
        case "settings":
            from kentongan.cli.settings import settings

            return settings
        case "check":
            from kentongan.cli.check import check

            return check
        case "run":
            from kentongan.cli.run import run

            return run
        case "demo":
            from kentongan.cli.demo import demo

            return demo
        case "console":
            from kentongan.cli.console import console

            return console
        case "account":
            from kentongan.cli import account

            return account.app
        case "heartbeat":
            from kentongan.cli import heartbeat

            return heartbeat.app
        case "devices":
            from kentongan.cli.devices import devices

            return devices
        case "incidents":
            from kentongan.cli import incidents

            return incidents.app
        case "ack" | "note" | "step" | "assign" | "close" | "merge" | "split" | "ticket":
            from kentongan.cli import acts

            give: Callable[..., None] = getattr(acts, name)
            return give
        case "availability":
            from kentongan.cli import availability

            return availability.app
        case "coverage":
            from kentongan.cli import coverage

            return coverage.app
        case "report":
            from kentongan.cli import report

            return report.app
        case "risk":
            from kentongan.cli.risk import risk

            return risk
        case "pool":
            from kentongan.cli import pool

            return pool.app
        case "config":
            from kentongan.cli import config

            return config.app
        case "device":
            from kentongan.cli import device

            return device.app
        case "site":
            from kentongan.cli import site

            return site.app
        case "probe":
            from kentongan.cli.probe import probe

            return probe
        case "link":
            from kentongan.cli import link

            return link.app
        case "inventory":
            from kentongan.cli import inventory

            return inventory.app
        case "grafana":
            from kentongan.cli import grafana

            return grafana.app
        case "prometheus":
            from kentongan.cli.prometheus import prometheus

            return prometheus
        case "lab":
            from kentongan.cli import lab

            return lab.app
        case "db":
            from kentongan.cli import database

            return database.app
        case "maintenance":
            from kentongan.cli import maintenance

            return maintenance.app
        case "notify":
            from kentongan.cli import notify

            return notify.app
        case _:
            raise KeyError(name)


def command_line(arguments: Sequence[str]) -> App:
    """The app with the one command that `arguments` call, or with all of them for help and for a misspelt one."""
    known = commands()
    called = next((word for word in arguments if word in known), None)
    app = App(
        name="kentongan",
        help=_("Network and e-government management for a whole kabupaten."),
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_options)
    for name, command in known.items():
        if called in (None, name):
            _add(app, name, command)
    return app


def _add(app: App, name: str, command: Command) -> None:
    loaded = load(name)
    if isinstance(loaded, App):
        app.add_typer(loaded, name=name, help=command.help)
    else:
        app.command(name, help=command.help, epilog=_("Example:") + " " + command.example)(loaded)


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
