"""`kentongan config`: configurations of devices, fetched, compared, shown, and how an old one comes back."""

import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import typer
from rich.progress import Progress

from collectors.syslog import LogKind
from domain.language import _
from domain.shell.words import cause_word
from kentongan.backups import ConfigBackups, Planned
from kentongan.changing.intent import intended_folder
from kentongan.cli.app import App
from kentongan.cli.config_views import (
    entry_plain,
    entry_row,
    outcome_plain,
    outcome_row,
    revision_plain,
    revision_row,
    state_rows,
    step_lines,
    unified,
    when,
)
from kentongan.cli.context import invocation
from kentongan.cli.output import note, print_json, print_table
from kentongan.errors import UsageError
from kentongan.installation import Installation
from provisioning.backup import Fate, NoBackupError, Outcome, Revision, Subject, Why, restore_steps
from provisioning.drift import DriftState, judge
from provisioning.platforms import PLATFORMS

app = App(help=_("Configurations of devices: fetched, kept, compared."))

AT = _("A revision, or a date as 2026-11-20: what was kept then.")


@dataclass(frozen=True, slots=True)
class Opened:
    installation: Installation
    config: ConfigBackups
    zone: ZoneInfo


@app.command(epilog=_("Example:") + " kentongan config backup rtr-cibodas")
def backup(
    context: typer.Context,
    names: list[str] = typer.Argument(None, metavar="[NAME]...", help=_("Names of devices.")),
    all_: bool = typer.Option(False, "--all", help=_("Every device that can be logged in to.")),
    accept_smaller: bool = typer.Option(
        False, "--accept-smaller", help=_("Keep it even if it is much smaller than the last one.")
    ),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    """Fetch configurations now. Exit status 1 if one of them could not be kept."""
    if bool(names) is all_:
        raise UsageError(_("Name devices, or give --all."))
    with _opened(context) as opened:
        planned = opened.config.plan()
        chosen = _chosen(planned, names or list(planned.subjects))
        why = Why(_("ordered on the command line"), opened.installation.actor)
        outcomes = _fetch(opened.config, chosen, why, accept_smaller)
    if json_:
        print_json([outcome_plain(each) for each in outcomes])
    else:
        print_table([_("device"), _("outcome"), _("lines"), _("revision"), ""], map(outcome_row, outcomes))
    if any(each.fate is Fate.FAILED for each in outcomes):
        raise typer.Exit(1)


@app.command(epilog=_("Example:") + " kentongan config status")
def status(context: typer.Context, json_: bool = typer.Option(False, "--json", help=_("Print as JSON."))) -> None:
    """What is kept of each device, how old it is, and what went wrong; those that need somebody first."""
    with _opened(context) as opened:
        planned = opened.config.plan()
        now = opened.installation.clock.now().utc
        rows = state_rows(planned.subjects.values(), opened.config.states.read(), opened.config.timetable, now)
    if json_:
        print_json({"devices": rows, "withoutLogin": list(planned.lacking)})
        return
    head = [_("device"), _("platform"), _("last read"), _("last change"), _("lines"), _("trouble")]
    print_table(head, (_status_row(row, opened.zone) for row in rows), right=(4,))
    if planned.lacking:
        note(
            _("{count} more could be read and have no SSH login, for example {device}.").format(
                count=len(planned.lacking), device=planned.lacking[0]
            )
        )


@app.command(epilog=_("Example:") + " kentongan config diff rtr-cibodas 3f2a91 HEAD")
def diff(
    context: typer.Context,
    name: str = typer.Argument(help=_("Name of the device.")),
    old: str = typer.Argument("", metavar="[REV]", help=_("From this revision or date; without: the last but one.")),
    new: str = typer.Argument("", metavar="[REV]", help=_("To this revision or date; without: the newest.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    """Show what changed between two kept configurations."""
    with _opened(context) as opened:
        revisions = _revisions(opened, name)
        after = _at(opened, name, revisions, new) if new else revisions[0]
        before = _at(opened, name, revisions, old) if old else _before(name, revisions, after)
        texts = [opened.config.repository.at(name, each.id) for each in (before, after)]
    lines = unified(texts[0], texts[1], (f"{name} {before.id[:10]}", f"{name} {after.id[:10]}"))
    if json_:
        print_json({"device": name, "from": before.id, "to": after.id, "lines": lines})
    else:
        print("\n".join(lines) if lines else _("No difference."))


@app.command(epilog=_("Example:") + " kentongan config history rtr-cibodas")
def history(
    context: typer.Context,
    name: str = typer.Argument(help=_("Name of the device.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    """Every change that was kept of a device, newest first."""
    with _opened(context) as opened:
        revisions = _revisions(opened, name)
    if json_:
        print_json([revision_plain(each) for each in revisions])
    else:
        head = [_("revision"), _("at"), _("lines"), _("who"), _("why")]
        print_table(head, (revision_row(each, opened.zone) for each in revisions))


@app.command("log", epilog=_("Example:") + " kentongan config log rtr-cibodas --changes")
def change_log(
    context: typer.Context,
    name: str = typer.Argument(help=_("Name of the device.")),
    changes: bool = typer.Option(False, "--changes", help=_("Only what was changed, without who came and went.")),
    limit: int = typer.Option(100, "--limit", min=1, max=5000, help=_("So many lines, the newest.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    """Who changed a device, when and from where, as it told by syslog; newest first."""
    with _opened(context) as opened:
        kinds = (LogKind.CHANGED, LogKind.SAVED) if changes else ()
        found = opened.config.changes.read(name, limit, kinds)
        if not found and name not in {each.name for each in opened.installation.inventory.read().devices}:
            raise UsageError(_("There is no device {device}. See: kentongan devices").format(device=name))
        heard = bool(opened.config.settings.syslog.host)
    if json_:
        print_json([entry_plain(each) for each in found])
        return
    print_table([_("at"), _("what"), _("who"), _("from"), _("text")], (entry_row(each, opened.zone) for each in found))
    if not found and not heard:
        note(_("Nobody listens to what devices log. Set syslog.host in kentongan.toml; see docs/how-to/syslog.md."))


@app.command(epilog=_("Example:") + " kentongan config show rtr-cibodas --at 2026-11-20")
def show(
    context: typer.Context,
    name: str = typer.Argument(help=_("Name of the device.")),
    at: str = typer.Option("", "--at", help=AT),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    """Print a kept configuration; secrets are stars."""
    with _opened(context) as opened:
        revisions = _revisions(opened, name)
        revision = _at(opened, name, revisions, at) if at else revisions[0]
        text = opened.config.repository.at(name, revision.id)
    if json_:
        print_json({"device": name, **revision_plain(revision), "text": text})
    else:
        print(text, end="")


@app.command("restore-plan", epilog=_("Example:") + " kentongan config restore-plan rtr-cibodas --at 3f2a91")
def restore_plan(
    context: typer.Context,
    name: str = typer.Argument(help=_("Name of the device.")),
    at: str = typer.Option("", "--at", help=AT),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    """The steps that bring an older configuration back; does nothing. Without --at: the last but one."""
    with _opened(context) as opened:
        revisions = _revisions(opened, name)
        then = _at(opened, name, revisions, at) if at else _before(name, revisions, revisions[0])
        texts = [opened.config.repository.at(name, each.id) for each in (revisions[0], then)]
        state = opened.config.states.get(name)
        platform = PLATFORMS[state.platform] if state and state.platform in PLATFORMS else None
        if platform is None:
            raise NoBackupError(_("Nobody knows which platform {device} is.").format(device=name))
    steps = restore_steps(platform, texts[0], texts[1])
    if json_:
        plain = [{"kind": step.kind.value, "text": step.text} for step in steps]
        print_json({"device": name, "from": revisions[0].id, "to": then.id, "steps": plain})
        return
    note(_("From what was read last ({now}) to {then}:").format(now=revisions[0].id[:10], then=then.id[:10]))
    print("\n".join(step_lines(name, steps, then.id)) if steps else _("No difference."))


@app.command(epilog=_("Example:") + " kentongan config drift")
def drift(
    context: typer.Context,
    names: list[str] = typer.Argument(None, metavar="[NAME]...", help=_("Names of devices; without: all.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    """Whether devices are as they are meant to be, by what was read last. Exit status 1 if one is not."""
    with _opened(context) as opened:
        planned = opened.config.plan()
        intents = intended_folder(opened.installation.loaded.folder)
        chosen = [each.device for each in _chosen(planned, names or list(planned.subjects))]
        found = [judge(name, intents.intended(name), opened.config.repository.latest(name)) for name in chosen]
    drifted = [each for each in found if each.state is DriftState.DRIFTED]
    if json_:
        print_json(
            [
                {
                    "device": each.device,
                    "state": each.state.value,
                    "lines": each.difference.shown().splitlines() if each.difference else [],
                }
                for each in found
            ]
        )
    else:
        words = {
            DriftState.MATCHES: _("as intended"),
            DriftState.DRIFTED: _("drifted"),
            DriftState.NO_INTENT: _("no intent"),
            DriftState.UNREAD: _("not read yet"),
        }
        print_table([_("device"), _("state")], ((each.device, words[each.state]) for each in found))
        for each in drifted:
            print(f"\n{each.device}\n{each.difference.shown() if each.difference else ''}", end="")
    if drifted:
        raise typer.Exit(1)


@contextmanager
def _opened(context: typer.Context) -> Iterator[Opened]:
    with invocation(context).open() as installation:
        zone = ZoneInfo(installation.loaded.settings.language.timezone)
        yield Opened(installation, ConfigBackups(installation), zone)


def _chosen(planned: Planned, names: list[str]) -> list[Subject]:
    """In the order given. Raises UsageError for a device that cannot be read, saying why."""
    for name in names:
        if name in planned.subjects:
            continue
        if name in planned.lacking:
            raise UsageError(
                _(
                    "{device} has no SSH login. Store one: kentongan credential add NAME --ssh --user USER; "
                    "then name it: kentongan device access {device} --credential NAME, or [ssh] credential for all."
                ).format(device=name)
            )
        raise UsageError(
            _(
                "{device} cannot be read: it is not in use, has no address, or is of a platform without backups "
                "({platforms}). See: kentongan devices"
            ).format(device=name, platforms=", ".join(PLATFORMS))
        )
    return [planned.subjects[name] for name in dict.fromkeys(names)]


def _fetch(config: ConfigBackups, subjects: list[Subject], why: Why, accept_smaller: bool) -> list[Outcome]:
    """All of them, as many at a time as the settings say; in the order of `subjects`."""
    done: dict[str, Outcome] = {}
    pool = ThreadPoolExecutor(config.settings.backup.workers, "backup")
    with Progress(disable=not sys.stderr.isatty(), transient=True) as progress:
        bar = progress.add_task(_("Reading configurations"), total=len(subjects))
        try:
            whys = {each.device: config.why(each.device, why) for each in subjects}
            waiting = [
                pool.submit(config.backups.take, each, whys[each.device], accept_smaller=accept_smaller)
                for each in subjects
            ]
            for each in as_completed(waiting):
                outcome = each.result()
                done[outcome.device] = outcome
                progress.advance(bar)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            config.shells.cut()
            pool.shutdown(wait=True)
    return [done[each.device] for each in subjects]


def _revisions(opened: Opened, name: str) -> list[Revision]:
    found = opened.config.repository.history(name)
    if not found:
        raise NoBackupError(
            _("No configuration of {device} is kept. Fetch it: kentongan config backup {device}").format(device=name)
        )
    return found


def _at(opened: Opened, name: str, revisions: list[Revision], text: str) -> Revision:
    """By the beginning of its number, by `HEAD`, or the one that stood at the end of a day."""
    if text == "HEAD":
        return revisions[0]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        try:
            day = datetime.combine(datetime.fromisoformat(text), time.max, opened.zone)
        except ValueError:
            raise UsageError(_("{text} is no date.").format(text=text)) from None
        found = [each for each in revisions if each.at <= day]
        if not found:
            raise NoBackupError(
                _("The oldest configuration of {device} is of {at}.").format(
                    device=name, at=when(revisions[-1].at, opened.zone)
                )
            )
        return found[0]
    matching = [each for each in revisions if len(text) >= 4 and each.id.startswith(text)]
    if len(matching) != 1:
        raise NoBackupError(
            _("There is no revision {revision} of {device}. See: kentongan config history {device}").format(
                revision=text, device=name
            )
        )
    return matching[0]


def _before(name: str, revisions: list[Revision], revision: Revision) -> Revision:
    place = revisions.index(revision) + 1
    if place == len(revisions):
        raise NoBackupError(
            _("Nothing older than {revision} is kept of {device}.").format(revision=revision.id[:10], device=name)
        )
    return revisions[place]


def _status_row(row: dict[str, Any], zone: ZoneInfo) -> list[Any]:
    def local(key: str) -> str:
        return when(datetime.fromisoformat(row[key]), zone) if row[key] else _("never")

    trouble = cause_word(row["cause"]) if row["cause"] else _("stale") if row["stale"] else ""
    return [row["device"], row["platform"], local("goodAt"), local("changedAt"), row["lines"], trouble]
