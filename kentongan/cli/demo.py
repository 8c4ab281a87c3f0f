"""`kentongan demo`: the same service as `run`, on a simulated kabupaten that is generated on the spot."""

import asyncio
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import typer

from domain.language import _
from domain.network import (
    Check,
    Inventory,
    PollClassName,
    RegionLevel,
    level_of,
    lies_in,
)
from inventory.regions import shipped_regions
from kentongan.cli.context import actor, invocation
from kentongan.cli.days import day_of
from kentongan.cli.drill import show_drill, show_timeline
from kentongan.cli.history import MOST_MONTHS, history_folder, make, plain_made, show_made
from kentongan.cli.living import Live, desa_of, go_on, hints, known_story, title_of
from kentongan.cli.output import note, print_json
from kentongan.errors import UsageError
from kentongan.history.going_on import without_services
from kentongan.history.making import credentials
from kentongan.installation import Installation
from kentongan.run.foreground import serve
from kentongan.run.report import demo_report
from kentongan.run.simulation import WorldProcess, fresh_folder
from kentongan.run.town import ISSUER, TownProcess
from kentongan.settings.loading import DEMO, FILE_NAME
from kentongan.settings.template import settings_file
from kentongan.shapes import simulate_shapes
from lab.kabupaten import (
    DEFAULT_PORT,
    DEFAULT_RTSP_PORT,
    DEFAULT_SEED,
    generate,
)
from lab.kabupaten.story import watched_closely

WAKE_SECONDS = 0.1  # an OLT of thirteen requests, one a wake-up, is to be done well within ten seconds
PATIENCE = {
    "alerts.settle_seconds": 5.0,
    "alerts.straggle_seconds": 30.0,
    "alerts.return_holds_seconds": 15.0,
    "alerts.retell_seconds": 60.0,
}
SERVICES = {
    "services.ca_files": ISSUER,
    "services.rtsp_port": DEFAULT_RTSP_PORT,
    "services.search_seconds": 30.0,
}
CADENCE = {"icmp_seconds": 3.0, "icmp_misses": 3, "snmp_seconds": 10.0, "snmp_misses": 3}


def demo(
    context: typer.Context,
    kabupaten: str = typer.Option("32.14", "--kabupaten", help=_("Code of the kabupaten or kota to simulate.")),
    seconds: float = typer.Option(0, "--seconds", min=0, help=_("Stop by itself after so long; 0: never.")),
    seed: int = typer.Option(DEFAULT_SEED, "--seed", help=_("Another seed makes another network.")),
    port: int = typer.Option(DEFAULT_PORT, "--port", min=1, max=65535, help=_("UDP port of the simulated agents.")),
    webhook: list[str] = typer.Option(
        [], "--webhook", help=_("Every notice goes there too, as JSON; repeat for more.")
    ),
    drill: bool = typer.Option(
        False, "--drill", help=_("Faults on a small random network and a fast clock: is the right thing told?")
    ),
    scenario: Path | None = typer.Option(
        None, "--scenario", help=_("With --drill: play the timeline of this file (docs/reference/scenarios.md).")
    ),
    history: int = typer.Option(
        0, "--history", min=0, max=MOST_MONTHS, help=_("So many months of history on a fast clock, by the real engine.")
    ),
    until: str = typer.Option("", "--until", help=_("With --history: its last day, 2020-12-31; empty: it ends now.")),
    keep: Path | None = typer.Option(
        None,
        "--keep",
        help=_(
            "With --history: its folder; empty: var/history. One that is there is extended. Without --history: the "
            "history in this folder goes on live."
        ),
    ),
    json_: bool = typer.Option(
        False, "--json", help=_("Print as JSON at the end; needs --seconds, --drill or --history.")
    ),
) -> None:
    if drill and scenario:
        show_timeline(scenario, as_json=json_)
        return
    if drill:
        show_drill(seed, as_json=json_)
        return
    if scenario:
        raise UsageError(_("--scenario plays a timeline: give --drill too."))
    if not history and until:
        raise UsageError(_("--until belongs to a history: give --history too."))
    if json_ and not seconds and not history:
        raise UsageError(_("--json prints at the end: give --seconds too."))
    live = sys.stdout.isatty() and not json_
    machines = [f"webhook:{url}" for url in webhook]
    if keep and not history:
        folder = keep.absolute()
        story = known_story(folder, _given(context, "kabupaten"), _given(context, "seed"))
        regions = [region for region in shipped_regions() if lies_in(region.code, story.kabupaten)]
        report = go_on(invocation(context), folder, story, Live(regions, port, seconds, impatient(), machines, live))
        if json_ and report is not None:
            print_json(report)
        return
    regions = [region for region in shipped_regions() if lies_in(region.code, kabupaten)]
    if not any(region.code == kabupaten and level_of(region.code) is RegionLevel.REGENCY for region in regions):
        raise UsageError(_("{code} is not the code of a kabupaten or kota. Write it as 32.14.").format(code=kabupaten))
    if history:
        place = history_folder(keep)
        made = make(invocation(context), place, kabupaten, regions, seed, history, day_of(until, "--until"), port)
        if json_:
            print_json(plain_made(made, place))
        else:
            show_made(made, place)
        return
    installation = _prepared(context, kabupaten)
    folder = installation.loaded.folder
    with (
        installation,
        WorldProcess(kabupaten, seed, port, folder, regions) as world,
        TownProcess(kabupaten, seed, folder, world.regions_file, DEFAULT_RTSP_PORT) as town,
    ):
        check = Check.ICMP_SNMP
        if not world.ready.darkens_ping:
            note(_("Without nftables the simulation cannot silence ping: devices are watched by SNMP alone."))
            check = Check.SNMP
        inventory = generate(kabupaten, regions, seed=seed, snmp_port=port, check=check)
        inventory = watched_closely(inventory) if town.wait() else without_services(inventory)
        if not town.stands:
            note(_("The applications and cameras are not simulated: {reason}").format(reason=town.reason))
        stored = installation.inventory.read()
        if stored != inventory:
            installation.inventory.remove(_rows(stored))
            installation.inventory.write(_rows(inventory))
        simulate_shapes(installation, inventory)
        for credential in credentials():
            installation.vault.put(credential)
        title, told = title_of(kabupaten, regions), hints("kentongan")
        tally = asyncio.run(serve(installation, title, seconds, live=live, hints=told, machines=machines))
    if json_:
        print_json(demo_report(kabupaten, desa_of(regions), inventory, tally))


def _given(context: typer.Context, option: str) -> Any:
    """What somebody wrote, None for the default."""
    by_hand = getattr(context.get_parameter_source(option), "name", "DEFAULT") != "DEFAULT"
    return context.params[option] if by_hand else None


def _rows(inventory: Inventory) -> list[Any]:
    return [row for table in fields(inventory) for row in getattr(inventory, table.name)]


def impatient() -> dict[str, object]:
    """Settings for somebody who watches: what is cut is seen within seconds."""
    cadence = {f"polling.{name}.{key}": value for name in PollClassName for key, value in CADENCE.items()}
    return cadence | PATIENCE | SERVICES | {"polling.wake_seconds": WAKE_SECONDS}


def _prepared(context: typer.Context, kabupaten: str) -> Installation:
    """The demo's own installation, apart from the user's: settings file, folder, database."""
    call = invocation(context)
    folder = DEMO.parent.absolute()
    fresh_folder(folder, kabupaten)
    call.config = folder / FILE_NAME
    call.config.write_text(settings_file(impatient() | {"state.folder": "."}), encoding="utf-8")
    installation = Installation(call.load(), actor()).prepare()
    if installation.regions.home() != kabupaten:
        installation.regions.load_all()
        installation.regions.set_home(kabupaten)
    return installation
