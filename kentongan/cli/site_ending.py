"""`kentongan site suspend`, `resume`, `decommission`: a site switched off for a while, or taken down for good."""

import sys
from collections.abc import Iterator

import typer

from domain.changes import Job, JobKind, JobState
from domain.language import _
from domain.network import DeviceStatus
from kentongan.changing.ending import Ending, prepare
from kentongan.cli.app import App
from kentongan.cli.context import invocation
from kentongan.cli.output import note, print_json
from kentongan.cli.site_apply import changes_of, end_of, print_told, told_as_json
from kentongan.errors import UsageError

SLUG = typer.Argument(help=_("Slug of a site in sites.csv."))
JSON = typer.Option(False, "--json", help=_("Print as JSON."))
YES = typer.Option(False, "--yes", help=_("Do not ask; for scripts."))
DRY = typer.Option(False, "--dry-run", help=_("Print what would be told and written. Nothing is done."))
STANDS = (DeviceStatus.SPARE, DeviceStatus.RETIRED)


def add_endings_to(app: App) -> None:
    """Beside the commands that build sites."""
    app.command(
        "suspend",
        help=_(
            "Switch a site's service off where its profile says; addresses and devices are kept. Nobody is told of it "
            "being dark, and nobody is charged."
        ),
        epilog=_("Example: kentongan site suspend cibodas --reason 'kontrak habis'"),
    )(suspend)
    app.command(
        "resume",
        help=_("Switch a suspended site on again, in the stage it had before."),
        epilog=_("Example: kentongan site resume cibodas"),
    )(resume)
    app.command(
        "decommission",
        help=_(
            "Take a site down: its lines away from PoP and OLT, its addresses into quarantine, its devices to the "
            "store. Its history stays."
        ),
        epilog=_("Example: kentongan site decommission cibodas --reason 'pindah kantor' --dry-run"),
    )(decommission)


def suspend(
    context: typer.Context,
    slug: str = SLUG,
    reason: str = typer.Option(..., "--reason", help=_("Why, in a few words.")),
    dry_run: bool = DRY,
    yes: bool = YES,
    json_: bool = JSON,
) -> None:
    _end_site(context, JobKind.SUSPEND, slug, (reason, DeviceStatus.SPARE), dry_run=dry_run, yes=yes, json_=json_)


def resume(context: typer.Context, slug: str = SLUG, dry_run: bool = DRY, yes: bool = YES, json_: bool = JSON) -> None:
    _end_site(context, JobKind.RESUME, slug, ("", DeviceStatus.SPARE), dry_run=dry_run, yes=yes, json_=json_)


def decommission(
    context: typer.Context,
    slug: str = SLUG,
    reason: str = typer.Option(..., "--reason", help=_("Why, in a few words.")),
    devices: DeviceStatus = typer.Option(
        DeviceStatus.SPARE, "--devices", metavar="spare|retired", help=_("What becomes of its devices.")
    ),
    dry_run: bool = DRY,
    yes: bool = YES,
    json_: bool = JSON,
) -> None:
    if devices not in STANDS:
        raise UsageError(_("Its devices become one of: {fates}.").format(fates=", ".join(STANDS)))
    _end_site(context, JobKind.DECOMMISSION, slug, (reason, devices), dry_run=dry_run, yes=yes, json_=json_)


def _end_site(
    context: typer.Context,
    kind: JobKind,
    slug: str,
    why: tuple[str, DeviceStatus],
    *,
    dry_run: bool,
    yes: bool,
    json_: bool,
) -> None:
    with invocation(context).open() as installation:
        changes = changes_of(installation, {}, quiet=json_)
        open_: Job | None = changes.open_job(slug)
        if open_ is not None and open_.kind is kind and not dry_run:
            job = changes.apply(slug)
        else:
            ending = prepare(changes, kind, slug, *why)
            parties = changes.parties_of(ending.plan)
            gone = {each.device: each.gone for each in ending.plan.configurations}

            def read(device: str) -> str:
                """What was never read is taken to be as it was told."""
                return changes.last_read(device) or "\n".join(line for part in gone[device] for line in part.lines)

            told = told_as_json(changes, parties, read)
            if dry_run:
                _print_dry(ending, told, json_=json_)
                return
            _confirm(ending, yes=yes, quiet=json_)
            job = changes.begin(slug, kind, ending.told, ending.order, ending.kept, ending.profile)
    end_of(job, json_, done=JobState.DONE)


def _confirm(ending: Ending, *, yes: bool, quiet: bool) -> None:
    lines = "\n".join(_announced(ending))
    if yes:
        if not quiet:
            note(lines)
        return
    if not sys.stdin.isatty():
        raise UsageError(_("Say it with --yes where nobody can be asked, or look first with --dry-run."))
    print(lines)
    if not typer.confirm(_("Go on?")):
        raise typer.Exit(1)


def _announced(ending: Ending) -> Iterator[str]:
    after = ending.kept["after"]
    yield _("{site} ({name}) is {before} and becomes {after}.").format(
        site=ending.site.slug, name=ending.site.name, before=ending.site.stage.value, after=after
    )
    if ending.told:
        yield _("Told: {devices}.").format(devices=", ".join(ending.told))
    if ending.kind is JobKind.DECOMMISSION:
        yield _("{devices}: {fate}. Reset them before they are used elsewhere.").format(
            devices=", ".join(ending.own) or "-", fate=ending.order["fate"]
        )
    yield from ending.notes


def _print_dry(ending: Ending, told: dict[str, dict[str, tuple[str, ...]]], *, json_: bool) -> None:
    if json_:
        print_json(
            {
                "site": ending.site.slug,
                "kind": ending.kind.value,
                "stage": ending.site.stage.value,
                "becomes": ending.kept["after"],
                "ownDevices": list(ending.own),
                "notes": list(ending.notes),
                "devices": told,
            }
        )
        return
    print("\n".join(_announced(ending)))
    print_told(told)
