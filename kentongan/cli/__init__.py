"""The command line: one file per command, named after it.

Only the module of the command that is called is imported: a mini PC waits long enough as it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import typer

from domain.language import _
from kentongan import __version__
from kentongan.cli.app import App
from kentongan.cli.context import Invocation


@dataclass(frozen=True, slots=True)
class Command:
    """where: module and function, or the `app` of a group, whose commands have examples of their own."""

    where: str
    help: str
    example: str = ""


def commands() -> dict[str, Command]:
    """Every command, in the order in which a newcomer meets them."""
    return {
        "init": Command("init:init", _("Set up Kentongan for one kabupaten."), "kentongan init --kabupaten 32.14"),
        "import": Command(
            "importing:import_", _("Take in an inventory from CSV or XLSX."), "kentongan import data/ --dry-run"
        ),
        "export": Command("importing:export", _("Write the inventory as CSV files."), "kentongan export data/"),
        "credential": Command("credential:app", _("Credentials, stored encrypted; never in a file, never printed.")),
        "settings": Command(
            "settings:settings", _("Show what is in force and where it came from."), "kentongan settings --json"
        ),
        "check": Command("check:check", _("Find what is wrong and say how to mend it."), "kentongan check"),
        "run": Command("run:run", _("Poll, watch and export until stopped."), "kentongan run"),
        "demo": Command("demo:demo", _("Run on a simulated kabupaten."), "kentongan demo --seconds 60 --json"),
        "console": Command("console:console", _("Serve the web console until stopped."), "kentongan console"),
        "watchdog": Command(
            "watchdog:watchdog", _("On another machine: tell people when Kentongan is silent."), "kentongan watchdog"
        ),
        "account": Command("account:app", _("Who may log in to the console.")),
        "heartbeat": Command("heartbeat:app", _("Sites that push: their tokens, and the scripts that send.")),
        "devices": Command("devices:devices", _("List devices with their states."), "kentongan devices --state down"),
        "incidents": Command("incidents:app", _("What is wrong now, what was, and one incident whole.")),
        "ack": Command("acts:ack", _("Take an incident on."), "kentongan ack k7f3-2qxm --hours 2"),
        "note": Command(
            "acts:note", _("Write a note into an incident's timeline."), "kentongan note k7f3-2qxm 'tiang roboh'"
        ),
        "step": Command("acts:step", _("Departed, on site, done."), "kentongan step k7f3-2qxm done"),
        "assign": Command(
            "acts:assign", _("Name who takes care of an incident."), "kentongan assign k7f3-2qxm 'Asep Sunandar'"
        ),
        "close": Command("acts:close", _("Say what it was."), "kentongan close k7f3-2qxm --cause galian"),
        "merge": Command(
            "acts:merge", _("Two incidents are one."), "kentongan merge k7f3-2qxm --into m2aa-77pq --why 'satu kabel'"
        ),
        "split": Command(
            "acts:split",
            _("One incident is two."),
            "kentongan split k7f3-2qxm --member rtr-cibodas --why 'token habis'",
        ),
        "ticket": Command(
            "acts:ticket", _("The provider's ticket."), "kentongan ticket k7f3-2qxm opened --number INC99812"
        ),
        "maintenance": Command("maintenance:app", _("Announced work: add, list, end.")),
        "notify": Command("notify:app", _("Try the channels, see what did not arrive.")),
        "availability": Command(
            "availability:app", _("How much of a month everything worked, and who is charged for the rest.")
        ),
        "coverage": Command("coverage:app", _("Villages: connected, served, unmeasured; targets; what to build next.")),
        "report": Command("report:app", _("Reports to sign and send: PDF, XLSX, CSV.")),
        "risk": Command("risk:risk", _("What goes dark if one thing fails, worst first."), "kentongan risk --top 10"),
        "pool": Command("pool:app", _("The address plan: prefixes, VLANs, AS numbers and names.")),
        "config": Command("config:app", _("Configurations of devices: fetched, kept, compared.")),
        "device": Command(
            "device:app", _("Single devices: their SSH login and host key, and units that are replaced.")
        ),
        "site": Command("site:app", _("New sites: plan them, see what would change, build them, take them back.")),
        "probe": Command("probe:probe", _("Ask one device what it is."), "kentongan probe 10.1.1.1 --json"),
        "link": Command(
            "link:app", _("The segment that this machine stands on: neighbours, DHCP servers, addresses used twice.")
        ),
        "inventory": Command("inventory:app", _("Devices for other programs: Ansible's dynamic inventory.")),
        "prometheus": Command(
            "prometheus:prometheus", _("Write Prometheus's configuration."), "kentongan prometheus render DIR"
        ),
        "grafana": Command(
            "grafana:app", _("Dashboards for Grafana: as files, by its API, and whether they have data.")
        ),
        "lab": Command("lab:app", _("The simulated kabupaten, and a lab of real daemons.")),
        "db": Command("database:app", _("The database: upgrade, backup, restore.")),
    }


def load(command: Command) -> Callable[..., None] | App:
    """Its function, or its group's app."""
    module, _colon, name = command.where.partition(":")
    found: Callable[..., None] | App = getattr(import_module(f"kentongan.cli.{module}"), name)
    return found


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
    loaded = load(command)
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
