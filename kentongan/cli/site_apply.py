"""`kentongan site apply`, `verify`, `rollback`, `approve`, `jobs`: a planned site built on its devices; undone."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import typer
from rich.console import Console

from domain.changes import Job, JobKind, JobState, Outcome, Step, StepState, WaveState
from domain.intent import SitePlan
from domain.language import _, n_
from kentongan.changing.changes import SiteChanges
from kentongan.changing.verify import check_as_json, keep_speeds, verify_plan
from kentongan.changing.waves import SiteWaves
from kentongan.cli.app import App
from kentongan.cli.context import invocation
from kentongan.cli.heartbeat import address
from kentongan.cli.output import note, print_json, print_table
from kentongan.cli.site_views import plan_as_json
from kentongan.cli.site_waves import (
    WaveOrder,
    add_waves_to,
    approve_wave,
    print_wave,
    shown_wave,
    slugs_in,
    wave_as_json,
)
from kentongan.errors import UsageError
from kentongan.installation import Installation
from provisioning.changing import Party, shown_acts
from provisioning.difference import compare

SLUG = typer.Argument(help=_("Slug of a site in sites.csv."))
JSON = typer.Option(False, "--json", help=_("Print as JSON."))
LIKE = typer.Option("", "--like", help=_("Take profile and variables from this site; not what is its own."))
PROFILE = typer.Option("", "--profile", help=_("Kind of site. See: kentongan site profiles"))


def add_to(app: App) -> None:
    """The commands that change sites, beside those that plan them."""
    app.command(
        "apply",
        help=_(
            "Build the site: take its addresses, tell its devices, look whether it works, watch it. After any "
            "interruption say it again: it goes on where it was. What fails is taken back. Several sites, or a file "
            "of them, are built in waves: canaries first, then batches, until too many fail."
        ),
        epilog=_("Example: kentongan site apply desa-baru"),
    )(apply)
    add_waves_to(app)
    app.command(
        "verify",
        help=_("Ask now whether the site works as it is to work. Changes nothing."),
        epilog=_("Example: kentongan site verify desa-baru --json"),
    )(verify)
    app.command(
        "rollback",
        help=_("Take the last change of the site back: devices as before, addresses given up, no longer watched."),
        epilog=_("Example: kentongan site rollback desa-baru"),
    )(rollback)
    app.command(
        "approve",
        help=_("Agree to a change that waits for it, or to all of a wave; or take that back."),
        epilog=_("Example: kentongan site approve desa-baru"),
    )(approve)
    app.command("jobs", help=_("Changes of sites, newest first."), epilog=_("Example: kentongan site jobs desa-baru"))(
        jobs
    )


def apply(
    context: typer.Context,
    slugs: list[str] = typer.Argument(None, metavar="[SLUG]...", help=_("Slugs of sites in sites.csv.")),
    like: str = LIKE,
    profile: str = PROFILE,
    emergency: str = typer.Option(
        "", "--emergency", metavar="REASON", help=_("Nobody else is asked; the reason stands in the journal.")
    ),
    at: list[str] = typer.Option(
        [], "--at", metavar="DEVICE=ADDRESS", help=_("Where a device answers before it is told; repeat for more.")
    ),
    dry_run: bool = typer.Option(
        False, "--dry-run", help=_("Print the steps and what would be said. Nothing is done.")
    ),
    wave: Path | None = typer.Option(
        None, "--wave", metavar="FILE", help=_("Sites from a file: a slug a line, or a CSV file with a column slug.")
    ),
    canary: int = typer.Option(1, "--canary", min=0, help=_("So many first sites are built and checked alone.")),
    batch: int = typer.Option(8, "--batch", min=1, max=64, help=_("Sites side by side.")),
    stop_at: float = typer.Option(
        10.0, "--stop-at", min=0, max=100, metavar="PERCENT", help=_("Failed sites that stop the wave; 0: the first.")
    ),
    resume: bool = typer.Option(
        False, "--resume", help=_("Go on with the last wave, or that of this number, where it was stopped or killed.")
    ),
    json_: bool = JSON,
) -> None:
    named = (*(slugs or ()), *(slugs_in(wave) if wave else ()))
    if (wave and (slugs or resume)) or (resume and len(named) > 1) or not (named or resume or wave):
        raise UsageError(_("Name sites, or a file of them (--wave), or --resume with the number of a wave or none."))
    with invocation(context).open() as installation:
        if wave or resume or len(named) > 1:
            if dry_run:
                raise UsageError(_("--dry-run shows one site. Name it."))
            order = WaveOrder(named, canary, batch, stop_at, resume)
            _apply_wave(installation, order, contacts_in(at), (profile, like, emergency), json_=json_)
            return
        changes = changes_of(installation, contacts_in(at), quiet=json_)
        if dry_run:
            _dry_run(changes, *changes.planned(named[0], profile, like), json_=json_)
            return
        job = changes.apply(named[0], profile=profile, like=like, reason=emergency)
    end_of(job, json_, done=JobState.DONE)


def _apply_wave(
    installation: Installation,
    order: WaveOrder,
    contacts: Mapping[str, str],
    planned: tuple[str, str, str],
    *,
    json_: bool,
) -> None:
    """planned: profile, like, reason of an emergency. Raises typer.Exit(1) unless every site is done."""
    with shown_wave(quiet=json_) as shown:
        waves = SiteWaves(installation, address(installation.loaded.settings), contacts=contacts, shown=shown)
        if order.resume:
            done = waves.resume(*order.sites)
        else:
            profile, like, reason = planned
            done = waves.begin(
                order.sites,
                canary=order.canary,
                batch=order.batch,
                stop_percent=order.stop_percent,
                profile=profile,
                like=like,
                reason=reason,
            )
    if json_:
        print_json(wave_as_json(done))
    else:
        print_wave(done)
    if done.state is not WaveState.DONE or done.failed:
        raise typer.Exit(1)


def rollback(
    context: typer.Context,
    slug: str = SLUG,
    at: list[str] = typer.Option(
        [], "--at", metavar="DEVICE=ADDRESS", help=_("Where a device answers before it is told; repeat for more.")
    ),
    json_: bool = JSON,
) -> None:
    with invocation(context).open() as installation:
        job = changes_of(installation, contacts_in(at), quiet=json_).rollback(slug)
    end_of(job, json_, done=JobState.UNDONE)


def approve(
    context: typer.Context,
    slug: str = typer.Argument("", metavar="[SLUG]", help=_("Slug of a site in sites.csv.")),
    wave: str = typer.Option(
        "", "--wave", metavar="NUMBER", help=_("All sites of this wave in one act; each plan's mark is named.")
    ),
    revoke: bool = typer.Option(False, "--revoke", help=_("Take it back; no further device is told anything.")),
    json_: bool = JSON,
) -> None:
    if bool(slug) == bool(wave):
        raise UsageError(_("Name a site, or a wave by --wave and its number."))
    with invocation(context).open() as installation:
        if wave:
            approve_wave(SiteWaves(installation, address(installation.loaded.settings)), wave, revoke, json_=json_)
            return
        changes = changes_of(installation, {}, quiet=True)
        job = changes.revoke(slug) if revoke else changes.approve(slug)
    if json_:
        print_json(job_as_json(job))
        return
    agreed = ", ".join(job.approvers) or "-"
    print(_("{site}: agreed {agreed}; {needed} needed.").format(site=slug, agreed=agreed, needed=job.needed))


def verify(
    context: typer.Context,
    slug: str = SLUG,
    iperf3: str = typer.Option(
        "", "--iperf3", metavar="ADDRESS", help=_("Where somebody at the site has started `iperf3 -s`.")
    ),
    json_: bool = JSON,
) -> None:
    with invocation(context).open() as installation:
        changes = changes_of(installation, {}, quiet=True)
        last = next((each for each in changes.store.jobs(slug) if each.kind is JobKind.BUILD), None)
        planned = changes.planned(slug, last.profile if last else "", last.like if last else "")
        found = verify_plan(changes, *planned, iperf3)
        if last is not None:
            keep_speeds(changes, last, found)
        installation.record(
            "site verified", slug, checks={f"{each.name} {each.device}": each.outcome for each in found}
        )
    if json_:
        print_json([check_as_json(each) for each in found])
    else:
        words = {Outcome.PASSED: _("passed"), Outcome.FAILED: _("FAILED"), Outcome.UNCHECKED: _("not checked")}
        rows = [(each.name, each.device, words[each.outcome], each.why or _shown(each.evidence)) for each in found]
        print_table([_("check"), _("device"), "", _("what was found")], rows)
    if any(each.outcome is Outcome.FAILED for each in found):
        raise typer.Exit(1)


def jobs(
    context: typer.Context,
    slug: str = typer.Argument("", help=_("Of one site, with its steps.")),
    json_: bool = JSON,
) -> None:
    with invocation(context).open() as installation:
        found = changes_of(installation, {}, quiet=True).store.jobs(slug)
    if json_:
        print_json([job_as_json(job) for job in found])
        return
    words = state_words()
    rows = [
        (
            job.id,
            job.site,
            job.kind.value,
            words[job.state],
            f"{job.made_at:%Y-%m-%d %H:%M}",
            job.actor,
            next(iter(job.why.splitlines()), "")[:90],
        )
        for job in found
    ]
    head = [_("job"), _("site"), _("what is done"), _("state"), _("begun (UTC)"), _("by"), _("why")]
    print_table(head, rows)
    if slug and found:
        print()
        _print_steps(found[0])


def job_as_json(job: Job) -> dict[str, object]:
    return {
        "job": job.id,
        "site": job.site,
        "kind": job.kind.value,
        "state": job.state.value,
        "actor": job.actor,
        "approvers": list(job.approvers),
        "needed": job.needed,
        "emergency": job.reason or None,
        "profile": job.profile,
        "fingerprint": job.fingerprint,
        "why": job.why or None,
        "madeAt": job.made_at.isoformat(),
        "steps": [
            {
                "step": step.kind.value,
                "device": step.device or None,
                "state": step.state.value,
                "tries": step.tries,
                "evidence": step.evidence or None,
                "beganAt": step.began_at.isoformat() if step.began_at else None,
                "endedAt": step.ended_at.isoformat() if step.ended_at else None,
            }
            for step in job.steps
        ],
    }


def state_words() -> Mapping[JobState, str]:
    return {
        JobState.OPEN: _("waits"),
        JobState.UNDOING: _("being taken back"),
        JobState.DONE: _("done"),
        JobState.UNDONE: _("taken back"),
    }


def contacts_in(words: list[str]) -> dict[str, str]:
    if any("=" not in word for word in words):
        raise UsageError(_("Write --at DEVICE=ADDRESS."))
    return dict(word.split("=", 1) for word in words)


def changes_of(installation: Installation, contacts: Mapping[str, str], *, quiet: bool) -> SiteChanges:
    url = address(installation.loaded.settings)
    return SiteChanges(installation, url, contacts=contacts, shown=_nothing if quiet else _progress)


def _nothing(_job: Job, _step: Step) -> None:
    """JSON alone is printed."""


def _progress(_job: Job, step: Step) -> None:
    """A line when a step begins (on a terminal) and one when it ends."""
    marks = {StepState.DONE: "✓", StepState.FAILED: "✗", StepState.RUNNING: "…"}
    mark = marks.get(step.state, " ")
    if not sys.stderr.isatty():
        if step.state is not StepState.RUNNING:
            note(f"{mark} {step.name}: {step.evidence}")
        return
    console = Console(stderr=True, highlight=False)
    over = step.state is not StepState.RUNNING
    console.print(f"{mark} {step.name}: {step.evidence}" if over else f"{mark} {step.name}", markup=False)


def end_of(job: Job, json_: bool, *, done: JobState) -> None:
    if json_:
        print_json(job_as_json(job))
    else:
        print(_("{site}: {state} (job {job})").format(site=job.site, state=state_words()[job.state], job=job.id))
        if job.why:
            print(job.why)
    if job.state is not done:
        raise typer.Exit(1)


def _print_steps(job: Job) -> None:
    words = {
        StepState.WAITING: _("waits"),
        StepState.RUNNING: _("was interrupted"),
        StepState.DONE: _("done"),
        StepState.FAILED: _("failed"),
        StepState.UNDONE: _("taken back"),
    }
    rows = [
        (step.name, words[step.state], step.tries, f"{step.ended_at:%H:%M:%S}" if step.ended_at else "", step.evidence)
        for step in job.steps
    ]
    print_table([_("step"), _("state"), _("tries"), _("ended (UTC)"), _("what came of it")], rows, right=(2,))


def _dry_run(changes: SiteChanges, plan: SitePlan, parties: Mapping[str, Party], *, json_: bool) -> None:
    told = told_as_json(changes, parties, changes.last_read)
    if json_:
        print_json({"plan": plan_as_json(plan), "devices": told})
        return
    print_told(told)
    print(n_("{count} device would be told.", "{count} devices would be told.", len(told)).format(count=len(told)))


def told_as_json(
    changes: SiteChanges, parties: Mapping[str, Party], read: Callable[[str], str]
) -> dict[str, dict[str, tuple[str, ...]]]:
    """What would be said to each device, part by part. read: its configuration as it is known."""
    told = {}
    for party in parties.values():
        known = read(party.device)
        difference = compare(party.configuration, known)
        at = changes.situation(party, before=known)
        told[party.device] = {
            "arm": shown_acts(party.pushing.arm(at)),
            "push": () if difference.matches else shown_acts(party.pushing.push(at, difference)),
            "disarm": shown_acts(party.pushing.disarm(at)),
            "save": shown_acts(party.pushing.save(at)),
        }
    return told


def print_told(told: Mapping[str, Mapping[str, tuple[str, ...]]]) -> None:
    for device, parts in told.items():
        for name, lines in parts.items():
            print(f"== {device}: {name} ==")
            print("".join(f"{line}\n" for line in lines), end="")


def _shown(evidence: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in evidence.items() if value not in (None, "", [], {}))
