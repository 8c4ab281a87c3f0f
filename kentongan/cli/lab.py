"""`kentongan lab`: order the simulated world, or raise the lab of real daemons."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from domain.language import _
from domain.network import RegionLevel, lies_in
from inventory.exporting import export_tables
from inventory.regions import shipped_regions
from kentongan.cli.app import App
from kentongan.cli.context import invocation
from kentongan.cli.output import print_json, print_table
from kentongan.errors import UsageError
from kentongan.run.town import SOCKET as SERVICES_SOCKET
from kentongan.settings.loading import DEMO
from lab import real
from lab.kabupaten import DEFAULT_PORT, DEFAULT_SEED, generate
from lab.services.desk import ServicesControl
from lab.services.faults import Fault
from lab.world.control import Control

if TYPE_CHECKING:
    from lab.cli import Address

app = App(help=_("The simulated kabupaten, and a lab of real daemons."))
command_lines = App(help=_("Command lines of devices to practise on."))
app.add_typer(command_lines, name="cli")

SOCKET = "control.sock"


class UpDown(StrEnum):
    UP = "up"
    DOWN = "down"


def _control(context: typer.Context) -> Control:
    """The world of this installation, else of the demo in the working folder."""
    return Control(_socket(context, SOCKET))


def _services(context: typer.Context) -> ServicesControl:
    return ServicesControl(_socket(context, SERVICES_SOCKET))


def _socket(context: typer.Context, name: str) -> Path:
    candidates = [invocation(context).load().folder / name, DEMO.parent / name]
    for path in candidates:
        if path.exists():
            return path
    raise UsageError(_("No simulated world is running here. Start one with: kentongan demo"))


def _say(answer: Mapping[str, object], *, json_: bool) -> None:
    if json_:
        print_json(answer)
        return
    words = _answer_words()
    for key, value in answer.items():
        if key not in _SILENT:
            print(f"{words.get(key, key)}: {_shown(value)}")


_SILENT = ("ok", "order", "changed")
_SHOWN = 20


def _answer_words() -> dict[str, str]:
    """What the keys of the world's answers are called; the others are names already."""
    return {
        "agents": _("agents"),
        "answers": _("answers given"),
        "collector": _("collector"),
        "credentials": _("credentials"),
        "cut": _("cut links"),
        "dark": _("dark"),
        "darkDevices": _("dark devices"),
        "darkened": _("now dark"),
        "devices": _("devices"),
        "dimmed": _("dimmed links"),
        "enter": _("to enter"),
        "feeders": _("power feeders"),
        "feedersOff": _("feeders without power"),
        "flapping": _("flapping links"),
        "hosts": _("hosts"),
        "fault": _("fault"),
        "faults": _("spoilt"),
        "links": _("links"),
        "lit": _("alive again"),
        "mended": _("mended"),
        "name": _("name"),
        "onReserve": _("sites without mains"),
        "pingDarkened": _("ping is darkened too"),
        "rebooting": _("booting"),
        "removed": _("removed"),
        "requests": _("requests"),
        "sites": _("sites"),
        "villages": _("villages"),
        "withoutPower": _("without power"),
    }


def _shown(value: object) -> str:
    if isinstance(value, Mapping) and value:
        words = _answer_words()
        return ", ".join(f"{words.get(key, key)} {_shown(each)}" for key, each in value.items())
    if value in ([], "", {}):
        return _("none")
    if isinstance(value, list):
        return ", ".join(map(str, value[:_SHOWN])) + (" …" if len(value) > _SHOWN else "")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


JSON = typer.Option(False, "--json", help=_("Print as JSON."))
LINK = typer.Argument(help=_("Name of a link."))
FEEDER = typer.Argument(help=_("Name of a power feeder."))
SITE = typer.Argument(help=_("Slug of a site."))
DEVICE = typer.Argument(help=_("Name of a device."))


@app.command(
    "cut",
    help=_("Cut a link: what lies behind it answers no more."),
    epilog=_("Example: kentongan lab cut fo-plered-tegalwaru"),
)
def cut(context: typer.Context, link: str = LINK, json_: bool = JSON) -> None:
    _say(_control(context).cut(link), json_=json_)


@app.command("restore", help=_("Mend a link, or everything."))
def restore(
    context: typer.Context, link: str = typer.Argument("all", help=_("Name of a link, or all.")), json_: bool = JSON
) -> None:
    _say(_control(context).restore(link), json_=json_)


@app.command(
    "flap",
    help=_("Cut a link and mend it by turns, until it is restored."),
    epilog=_("Example: kentongan lab flap fo-olt-plered --every 30"),
)
def flap(
    context: typer.Context,
    link: str = LINK,
    every: float = typer.Option(30.0, "--every", help=_("Seconds between two turns.")),
    json_: bool = JSON,
) -> None:
    _say(_control(context).flap(link, every), json_=json_)


@app.command(
    "dim",
    help=_("Take light from a fibre or signal from a radio; 0 dB gives it back."),
    epilog=_("Example: kentongan lab dim fo-olt-plered 6 --over 3600"),
)
def dim(
    context: typer.Context,
    link: str = LINK,
    db: float = typer.Argument(help=_("How many dB less arrive.")),
    over: float = typer.Option(0.0, "--over", help=_("Little by little, over so many seconds.")),
    json_: bool = JSON,
) -> None:
    _say(_control(context).dim(link, db, over), json_=json_)


@app.command(
    "power-feeder-off",
    help=_("Take the mains from all sites on a power feeder; batteries and generators hold for their time."),
    epilog=_("Example: kentongan lab power-feeder-off 'Penyulang Plered-1'"),
)
def power_feeder_off(context: typer.Context, feeder: str = FEEDER, json_: bool = JSON) -> None:
    _say(_control(context).power_feeder_off(feeder), json_=json_)


@app.command("power-feeder-on", help=_("Give the mains back: what had gone dark boots, batteries charge."))
def power_feeder_on(context: typer.Context, feeder: str = FEEDER, json_: bool = JSON) -> None:
    _say(_control(context).power_feeder_on(feeder), json_=json_)


@app.command("power-off", help=_("Take a site's electricity away."))
def power_off(context: typer.Context, site: str = SITE, json_: bool = JSON) -> None:
    _say(_control(context).power_off(site), json_=json_)


@app.command("power-on", help=_("Give it back: its devices boot."))
def power_on(context: typer.Context, site: str = SITE, json_: bool = JSON) -> None:
    _say(_control(context).power_on(site), json_=json_)


@app.command("reboot", help=_("Restart a device: its uptime and counters begin anew."))
def reboot(context: typer.Context, device: str = DEVICE, json_: bool = JSON) -> None:
    _say(_control(context).reboot(device), json_=json_)


@app.command(
    "spoil",
    help=_("Let an application or a camera go wrong."),
    epilog=_("Example: kentongan lab spoil portal defaced"),
)
def spoil(
    context: typer.Context,
    name: str = typer.Argument(help=_("Code of an application, or name of a camera.")),
    fault: Fault = typer.Argument(help=_("What goes wrong.")),
    json_: bool = JSON,
) -> None:
    _say(_services(context).spoil(name, fault), json_=json_)


@app.command("mend", help=_("Mend an application or a camera, or all of them."))
def mend(
    context: typer.Context,
    name: str = typer.Argument("all", help=_("Code of an application, name of a camera, or all.")),
    json_: bool = JSON,
) -> None:
    _say(_services(context).mend(name), json_=json_)


@app.command("status", help=_("What is cut, without power and dark."))
def status(context: typer.Context, json_: bool = JSON) -> None:
    _say(_control(context).status(), json_=json_)


@app.command(
    "files",
    help=_("Write the simulated kabupaten's import files, to practise with."),
    epilog=_("Example: kentongan lab files purwakarta/ --kabupaten 32.14"),
)
def files(
    folder: Path = typer.Argument(help=_("Folder for the files; made if it is not there.")),
    kabupaten: str = typer.Option("32.14", "--kabupaten", help=_("Code of the kabupaten or kota.")),
    seed: int = typer.Option(DEFAULT_SEED, "--seed", help=_("Another seed makes another network.")),
    port: int = typer.Option(DEFAULT_PORT, "--port", help=_("UDP port of the simulated agents.")),
) -> None:
    regions = [r for r in shipped_regions() if lies_in(r.code, kabupaten)]
    if not regions or regions[0].level is not RegionLevel.REGENCY:
        raise UsageError(_("{code} is not the code of a kabupaten or kota. Write it as 32.14.").format(code=kabupaten))
    folder.mkdir(parents=True, exist_ok=True)
    tables = export_tables(generate(kabupaten, regions, seed=seed, snmp_port=port))
    for name, content in tables.items():
        (folder / name).write_bytes(content)
    print_table(
        [_("file"), _("bytes")], ((folder / name, len(content)) for name, content in tables.items()), right=(1,)
    )


@app.command("real", help=_("The lab of real daemons (snmpd, lldpd, sshd, FRR) in network namespaces; needs root."))
def real_(
    context: typer.Context,
    action: UpDown = typer.Argument(help=_("up or down.")),
    json_: bool = JSON,
) -> None:
    folder = invocation(context).load().folder
    folder.mkdir(parents=True, exist_ok=True)
    _say(real.up(folder) if action is UpDown.UP else real.down(folder), json_=json_)


@command_lines.command(
    "start",
    help=_("A simulated device to log in to by SSH: routeros6, routeros7, ios, vrp, zte-olt or huawei-olt."),
    epilog=_("Example: kentongan lab cli start routeros7 --port 2222"),
)
def start(
    platform: str = typer.Argument(help=_("Platform of the device.")),
    port: int = typer.Option(0, "--port", help=_("TCP port; 0 takes a free one.")),
    password: str = typer.Option("kentongan", "--password", help=_("Password to log in with.")),
    version: str = typer.Option("", "--release", help=_("Release of its software, as 6.49.10 or V800R012C10.")),
    seed: str = typer.Option("", "--seed", help=_("Another seed makes another host key.")),
    speed: float = typer.Option(1.0, "--speed", help=_("How many times faster its clock runs.")),
    old: bool = typer.Option(False, "--old", help=_("Only the key exchange and ciphers of old devices.")),
) -> None:
    from lab.cli import LabClock, Platform  # the SSH library is loaded by those who ask for it
    from lab.cli.builds import build
    from lab.cli.standing import stand

    known = [each.value for each in Platform]
    if platform not in known:
        raise UsageError(
            _("There is no platform {platform}. There are: {known}.").format(platform=platform, known=", ".join(known))
        )
    device = build(Platform(platform), version=version, seed=seed, clock=LabClock(speed=speed))

    def told(address: "Address") -> None:
        print(_("To enter: {command}").format(command=f"ssh -p {address.port} {address.user}@{address.host}"))
        print(_("Password: {password}").format(password=address.password))
        print(_("Ctrl-C ends it."), flush=True)

    stand(device, password=password, host="127.0.0.1", port=port, old=old, told=told)
