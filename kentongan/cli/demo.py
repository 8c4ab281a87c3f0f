"""`kentongan demo`: the same service as `run`, on a simulated kabupaten that is generated on the spot."""

import asyncio
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import typer

from domain.language import _
from domain.network import (
    Check,
    Inventory,
    PollClassName,
    RegionLevel,
    Role,
    VillageKind,
    level_of,
    lies_in,
    village_kind,
)
from domain.secrets import Secret, SnmpCommunity, SnmpVersion, SshLogin
from inventory.regions import shipped_regions
from kentongan.cli.context import actor, invocation
from kentongan.cli.days import day_of
from kentongan.cli.drill import show_drill, show_timeline
from kentongan.cli.history import MOST_MONTHS, history_folder, make, plain_made, show_made
from kentongan.cli.output import note, print_json
from kentongan.errors import UsageError
from kentongan.installation import Installation
from kentongan.run.foreground import serve
from kentongan.run.report import demo_report
from kentongan.run.simulation import WorldProcess, fresh_folder
from kentongan.run.town import ISSUER, TownProcess
from kentongan.settings.loading import DEMO, FILE_NAME
from kentongan.settings.template import settings_file
from lab.kabupaten import (
    CAMERA_CREDENTIAL,
    DEFAULT_CREDENTIAL,
    DEFAULT_PORT,
    DEFAULT_RTSP_PORT,
    DEFAULT_SEED,
    generate,
)
from lab.services.plan import CAMERA_PASSWORD, CAMERA_USER
from lab.world.users import COMMUNITY, USERS

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
APP_SECONDS = {True: 20, False: 60}  # between two checks of an application, by whether the public uses it
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
        None, "--keep", help=_("With --history: its folder; empty: var/history. One that is there is extended.")
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
    if not history and (until or keep):
        raise UsageError(_("--until and --keep belong to a history: give --history too."))
    if json_ and not seconds and not history:
        raise UsageError(_("--json prints at the end: give --seconds too."))
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
    live = sys.stdout.isatty() and not json_
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
        inventory = _with_streams(inventory) if town.wait() else _without_services(inventory)
        if not town.stands:
            note(_("The applications and cameras are not simulated: {reason}").format(reason=town.reason))
        stored = installation.inventory.read()
        if stored != inventory:
            installation.inventory.remove(_rows(stored))
            installation.inventory.write(_rows(inventory))
        camera = SshLogin(CAMERA_CREDENTIAL, CAMERA_USER, Secret(CAMERA_PASSWORD))
        for credential in (SnmpCommunity(DEFAULT_CREDENTIAL, SnmpVersion.V2C, Secret(COMMUNITY)), *USERS, camera):
            installation.vault.put(credential)
        name = next(region.name for region in regions if region.code == kabupaten)
        desa = [r for r in regions if r.level is RegionLevel.VILLAGE and village_kind(r.code) is VillageKind.DESA]
        title = _("{name} (simulated): {count} desa").format(name=name, count=len(desa))
        hints = (
            _("Cut a link: kentongan lab cut LINK · power: kentongan lab power-off SITE · names: kentongan lab status"),
            _("Spoil an application: kentongan lab spoil NAME defaced · mend it: kentongan lab mend NAME"),
            _("Stop: Ctrl-C"),
        )
        machines = [f"webhook:{url}" for url in webhook]
        tally = asyncio.run(serve(installation, title, seconds, live=live, hints=hints, machines=machines))
    if json_:
        print_json(demo_report(kabupaten, desa, inventory, tally))


def _rows(inventory: Inventory) -> list[Any]:
    return [row for table in fields(inventory) for row in getattr(inventory, table.name)]


def _with_streams(inventory: Inventory) -> Inventory:
    """Somebody watches: applications are checked more often, and the cameras' streams beside their ping."""
    services = [replace(each, interval=APP_SECONDS[each.public]) for each in inventory.services]
    devices = [
        replace(each, credential=CAMERA_CREDENTIAL) if each.role is Role.CAMERA and each.check is Check.ICMP else each
        for each in inventory.devices
    ]
    return replace(inventory, services=tuple(services), devices=tuple(devices))


def _without_services(inventory: Inventory) -> Inventory:
    """Nobody serves them here: they keep their place in the impact of outages, and are not asked."""
    return replace(inventory, services=tuple(replace(each, url="") for each in inventory.services))


def _prepared(context: typer.Context, kabupaten: str) -> Installation:
    """The demo's own installation, apart from the user's: settings file, folder, database."""
    call = invocation(context)
    folder = DEMO.parent.absolute()
    fresh_folder(folder, kabupaten)
    call.config = folder / FILE_NAME
    cadence: dict[str, object] = {
        f"polling.{name}.{key}": value for name in PollClassName for key, value in CADENCE.items()
    }
    call.config.write_text(
        settings_file(cadence | PATIENCE | SERVICES | {"state.folder": ".", "polling.wake_seconds": WAKE_SECONDS}),
        encoding="utf-8",
    )
    installation = Installation(call.load(), actor()).prepare()
    if installation.regions.home() != kabupaten:
        installation.regions.load_all()
        installation.regions.set_home(kabupaten)
    return installation
