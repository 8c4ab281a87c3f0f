"""`kentongan site`: plan a new site as a dry run, its first contact, the profiles there are, values of variables."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import typer

from domain.language import _
from kentongan.cli.app import App
from kentongan.cli.context import invocation
from kentongan.cli.heartbeat import address
from kentongan.cli.output import note, print_json, print_table
from kentongan.cli.site_apply import add_to
from kentongan.cli.site_ending import add_endings_to
from kentongan.cli.site_sheet import add_sheet_to
from kentongan.cli.site_views import plan_as_json, plan_for_people, profile_as_json
from kentongan.errors import UsageError
from kentongan.planning.planner import SitePlanner
from kentongan.planning.sources import assignments, check_values, credentials_of, provisioning_folder, site_planner
from provisioning.profiles import Layer, SiteProfile, SiteProfiles, site_profiles

app = App(help=_("New sites: plan them, see what would change, build them, take them back."))
add_to(app)
add_sheet_to(app)
add_endings_to(app)

SLUG = typer.Argument(help=_("Slug of a site in sites.csv."))
LIKE = typer.Option("", "--like", help=_("Take profile and variables from this site; not what is its own."))
PROFILE = typer.Option("", "--profile", help=_("Kind of site. See: kentongan site profiles"))
JSON = typer.Option(False, "--json", help=_("Print as JSON."))


@app.command(
    "plan",
    help=_(
        "Show what a site would get: addresses, configurations, changes on other devices, what is watched, traffic. "
        "Nothing is taken, told or stored."
    ),
    epilog=_("Example: kentongan site plan desa-baru --like cibodas-sukatani"),
)
def plan(
    context: typer.Context,
    slug: str = SLUG,
    like: str = LIKE,
    profile: str = PROFILE,
    bootstrap: bool = typer.Option(
        False,
        "--bootstrap",
        help=_("Print the first contact for the technician: a short script WITH SECRETS, and its QR code."),
    ),
    device: str = typer.Option("", "--device", help=_("With --bootstrap: which device; else the site's router.")),
    output: Path | None = typer.Option(None, "--output", help=_("With --bootstrap: write the script to this file.")),
    qr: Path | None = typer.Option(None, "--qr", help=_("With --bootstrap: write the QR code to this PNG file.")),
    json_: bool = JSON,
) -> None:
    with invocation(context).open() as installation:
        planner: SitePlanner = site_planner(installation, address(installation.loaded.settings))
        planned = planner.plan(slug, installation.clock.now().utc, like=like, profile=profile)
        if bootstrap:
            # Imported here: the QR code's library is needed by this alone.
            from kentongan.planning.bootstrap import first_contact_of

            script = first_contact_of(planned.intent, device, credentials_of(installation))
            installation.record("first contact printed", slug, device=script.device)
    if not bootstrap:
        if json_:
            print_json(plan_as_json(planned))
        else:
            plan_for_people(planned)
        return
    _hand_over(script.text.reveal(), output)
    if qr is not None:
        _write_private(qr, script.png())
    elif sys.stdout.isatty():
        print(script.on_terminal())
    note(_("The script holds secrets of {device}. Use it and keep it nowhere.").format(device=script.device))


@app.command(
    "profiles",
    help=_("Kinds of sites, and the variables that each of them needs."),
    epilog=_("Example: kentongan site profiles desa-fibre"),
)
def profiles(
    context: typer.Context,
    name: str = typer.Argument("", help=_("One profile, with its variables.")),
    json_: bool = JSON,
) -> None:
    found = site_profiles(provisioning_folder(invocation(context).load().folder).profiles)
    shown = [found.get(name)] if name else list(found)
    if json_:
        print_json([profile_as_json(found, each) for each in shown])
    elif name:
        _print_variables(found, shown[0])
    else:
        rows = [(each.profile, each.title, each.medium.value, ", ".join(each.kinds)) for each in shown]
        print_table([_("profile"), _("what it is"), _("medium"), _("kinds of sites")], rows)


@app.command(
    "set",
    help=_(
        "Set variables of a site, or of a device, kecamatan or the kabupaten; NAME= takes a value away. Everything is "
        "checked before anything is stored."
    ),
    epilog=_("Example: kentongan site set desa-baru onu_serial=ZTEGC0FFEE01 olt_port=1/1/3"),
)
def set_(
    context: typer.Context,
    words: list[str] = typer.Argument(help=_("The slug of a site (not with the options), then NAME=VALUE …")),
    device: str = typer.Option("", "--device", help=_("The device that the values are for.")),
    district: str = typer.Option("", "--kecamatan", help=_("The code of the kecamatan that the values are for.")),
    kabupaten: bool = typer.Option(False, "--kabupaten", help=_("The values are for the whole kabupaten.")),
) -> None:
    elsewhere = [bool(device), bool(district), kabupaten]
    if sum(elsewhere) > 1:
        raise UsageError(_("Choose one of --device, --kecamatan and --kabupaten."))
    layer = Layer.DEVICE if device else Layer.KECAMATAN if district else Layer.KABUPATEN if kabupaten else Layer.SITE
    name = device or district
    if layer is Layer.SITE:
        name, words = words[0], words[1:]
    if not words or any("=" not in word for word in words) or "=" in name:
        raise UsageError(_("Write the slug of a site and then NAME=VALUE. See: kentongan site set --help"))
    values = assignments(words)
    with invocation(context).open() as installation:
        folder = provisioning_folder(installation.loaded.folder)
        _check_subject(layer, name, installation.inventory.read().site_by_slug)
        checked = check_values(site_profiles(folder.profiles), values)
        path = folder.write(layer, name, checked)
        installation.record("variables set", name or "kabupaten", layer=layer.value, names=sorted(values))
    print(_("{file}: {names}").format(file=path, names=", ".join(sorted(values))))


def _check_subject(layer: Layer, name: str, sites: Mapping[str, object]) -> None:
    if layer is Layer.SITE and name not in sites:
        raise UsageError(_("There is no site {site}. Its slug stands in sites.csv.").format(site=name))


def _print_variables(found: SiteProfiles, profile: SiteProfile) -> None:
    rows = [
        (each["name"], each["type"], each["layer"], _("required") if each["required"] else "", each["about"])
        for each in profile_as_json(found, profile)["variables"]
    ]
    print_table([_("variable"), _("type"), _("layer"), "", _("what it is")], rows)


def _hand_over(text: str, output: Path | None) -> None:
    if output is None:
        print(text, end="")
    else:
        _write_private(output, text.encode())


def _write_private(path: Path, octets: bytes) -> None:
    """A file that only its owner may read: it holds secrets."""
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(octets)
    except OSError as error:
        raise UsageError(_("{file} cannot be written: {reason}.").format(file=path, reason=error.strerror)) from None
