"""`kentongan site sheet`: the acceptance sheet of a site as PDF, from what is known of it now."""

from pathlib import Path

import typer

from domain.changes import JobKind, JobState, Outcome
from domain.language import _
from kentongan.changing.ports import lives
from kentongan.changing.sheet import checks_kept, sheet_for
from kentongan.cli.app import App
from kentongan.cli.context import invocation
from kentongan.cli.heartbeat import address
from kentongan.planning.sources import site_planner
from provisioning.store.changes import SqlJobStore


def add_sheet_to(app: App) -> None:
    app.command(
        "sheet",
        help=_(
            "Write the acceptance sheet of a site as PDF, the annex to its BAST: what was built, measured and checked, "
            "places for photos and signatures. What nobody checked is called so; before apply has ended it is a draft."
        ),
        epilog=_("Example: kentongan site sheet desa-baru --output desa-baru.pdf"),
    )(sheet)


def sheet(
    context: typer.Context,
    slug: str = typer.Argument(help=_("Slug of a site in sites.csv.")),
    profile: str = typer.Option("", "--profile", help=_("Kind of site. See: kentongan site profiles")),
    output: Path | None = typer.Option(None, "--output", help=_("The file to write; else SLUG.pdf, here.")),
) -> None:
    # Imported here: what lays out pages is needed by this alone.
    from exporters.documents import PdfWriter

    with invocation(context).open() as installation:
        clock, settings = installation.clock, installation.loaded.settings
        store = SqlJobStore(installation.database.engine, lambda: clock.now().unix_seconds, lives)
        # What a change found that was taken back is true no more.
        built = (each for each in store.jobs(slug) if each.kind is JobKind.BUILD)
        job = next((each for each in built if each.state in (JobState.OPEN, JobState.DONE)), None)
        planner = site_planner(installation, address(settings))
        like = job.like if job else ""
        plan = planner.plan(slug, clock.now().utc, profile=profile or (job.profile if job else ""), like=like)
        made = sheet_for(installation, plan.intent, job, checks_kept(installation.loaded.folder, job))
        path = output or Path(f"{slug}.pdf")
        PdfWriter().write_acceptance_sheet(made, path)
        installation.record("acceptance sheet written", slug, job=made.job, file=str(path))
    unchecked = made.count(Outcome.UNCHECKED)
    print(_("{file}: {count} of {all} checks not made.").format(file=path, count=unchecked, all=len(made.checks)))
