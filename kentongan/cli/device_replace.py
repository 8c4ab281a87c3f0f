"""`kentongan device replace`, `replaced`, `questions`: one unit in another's place, with one confirmation."""

import sys
from collections.abc import Iterator
from dataclasses import replace as fields_replaced
from typing import Any
from zoneinfo import ZoneInfo

import typer

from domain.changes import Job, JobKind, JobState
from domain.language import _
from domain.network import DeviceStatus
from domain.network.units import FATES, Answer, Replaced, UnitQuestion, is_same_unit
from inventory.store.units import SqlUnits
from kentongan.changing.changes import SiteChanges
from kentongan.changing.replacing import Prepared, Replacement, Source, prepare
from kentongan.changing.swapping import first_kept
from kentongan.cli.app import App
from kentongan.cli.config_views import when
from kentongan.cli.context import invocation
from kentongan.cli.output import note, print_json, print_table
from kentongan.cli.site_apply import changes_of, end_of, print_told, told_as_json
from kentongan.errors import UsageError
from kentongan.installation import Installation
from kentongan.units import answers_in_words, command_for, question_in_words
from provisioning.changing import Party

JSON = typer.Option(False, "--json", help=_("Print as JSON."))
YES = typer.Option(False, "--yes", help=_("Do not ask; for scripts."))
DRY = typer.Option(False, "--dry-run", help=_("Print what would be told and written. Nothing is done."))


def add_to(app: App) -> None:
    """Beside the other commands of single devices."""
    app.command(
        "replace",
        help=_(
            "Another unit takes the place of a dead one: its OLT learns its serial, it is told what the old one was, "
            "name, history and graphs go on. After any interruption say it again."
        ),
        epilog=_("Example: kentongan device replace rtr-cibodas --serial HE108PZ0LAB --address 192.168.88.1"),
    )(replace)
    app.command(
        "replaced",
        help=_("Which units stood under a device's name one after the other."),
        epilog=_("Example: kentongan device replaced rtr-cibodas"),
    )(replaced)
    app.command(
        "questions",
        help=_("Places at which another serial answers: was the unit replaced?"),
        epilog=_("Example: kentongan device questions"),
    )(questions)


def replace(
    context: typer.Context,
    name: str = typer.Argument(help=_("Name of the device.")),
    serial: str = typer.Option(..., "--serial", help=_("Serial of the new unit.")),
    model: str = typer.Option("", "--model", help=_("Its model, if it is another one.")),
    platform: str = typer.Option("", "--platform", help=_("Its platform, if it is another one; see devices.csv.")),
    old: DeviceStatus = typer.Option(
        DeviceStatus.SPARE, "--old", metavar="spare|rma|lost", help=_("What becomes of the old unit.")
    ),
    address: str = typer.Option("", "--address", help=_("Where the new unit answers before it is told.")),
    login: str = typer.Option("", "--login", help=_("The stored SSH login that it takes before it is told.")),
    reason: str = typer.Option("", "--reason", help=_("Why, in a few words.")),
    already: bool = typer.Option(False, "--already", help=_("It is exchanged and set up already: only write it down.")),
    dry_run: bool = DRY,
    yes: bool = YES,
    json_: bool = JSON,
) -> None:
    if old not in FATES:
        raise UsageError(_("The old unit becomes one of: {fates}.").format(fates=", ".join(FATES)))
    wanted = Replacement(name, serial, model, platform, old, address, login, reason, already)
    with invocation(context).open() as installation:
        changes = changes_of(installation, {name: address} if address else {}, quiet=json_)
        job = _open(installation, changes, wanted)
        if job is None or dry_run:
            prepared = prepare(changes, wanted)
            parties = _parties(changes, prepared)
            if dry_run:
                _dry_run(changes, prepared, parties, json_=json_)
                return
            _confirm(prepared, yes=yes, quiet=json_)
            kept = first_kept(changes, prepared)
            job = changes.begin(
                prepared.before.site, prepared.kind, prepared.told, prepared.order, kept, prepared.profile
            )
        else:
            job = changes.apply(job.site)
    end_of(job, json_, done=JobState.DONE)
    if not json_ and job.kind is JobKind.SWAPPED:
        note(_("Fetch its configuration: kentongan config backup {device}").format(device=name))


def replaced(
    context: typer.Context,
    name: str = typer.Argument("", help=_("Of one device.")),
    json_: bool = JSON,
) -> None:
    with invocation(context).open() as installation:
        found = SqlUnits(installation.database.engine).replaced(name)
        zone = ZoneInfo(installation.loaded.settings.language.timezone)
    if json_:
        print_json([_replaced_as_json(each) for each in found])
        return
    head = [_("device"), _("when"), _("old unit"), _("became"), _("new unit"), _("by"), _("why")]
    rows = (
        (
            each.device,
            when(each.at, zone),
            f"{each.old_serial or '-'} {each.old_model}".strip(),
            f"{each.old_name} ({each.fate.value})",
            f"{each.new_serial} {each.new_model}".strip(),
            each.who,
            each.reason,
        )
        for each in found
    )
    print_table(head, rows)


def questions(
    context: typer.Context,
    dismiss: str = typer.Option(
        "", "--dismiss", metavar="NAME", help=_("It was not replaced; do not ask again for this serial.")
    ),
    all_: bool = typer.Option(False, "--all", help=_("Also those that were answered.")),
    json_: bool = JSON,
) -> None:
    with invocation(context).open() as installation:
        units = SqlUnits(installation.database.engine)
        if dismiss:
            now = installation.clock.now().utc
            if not units.answer(dismiss, Answer.DISMISSED, installation.actor, now):
                raise UsageError(_("Nothing is asked of {device}.").format(device=dismiss))
            installation.record("replacement denied", dismiss)
        found = units.questions(answered=all_)
        zone = ZoneInfo(installation.loaded.settings.language.timezone)
    if json_:
        print_json([_question_as_json(each) for each in found])
        return
    if not found:
        print(_("Nothing is asked."))
        return
    for each in found:
        print(_asked(each, zone))


def _asked(question: UnitQuestion, zone: ZoneInfo) -> str:
    said = question_in_words(question, when(question.first_at, zone))
    if question.answer is not None:
        return f"{said} [{question.answer.value}]"
    return "\n".join((said, *(f"  {each}" for each in answers_in_words(question))))


def _open(installation: Installation, changes: SiteChanges, wanted: Replacement) -> Job | None:
    """The job of the same replacement that is under way."""
    row = next((each for each in installation.inventory.read().devices if each.name == wanted.device), None)
    job = changes.open_job(row.site) if row else None
    if job is None or job.order.get("device") != wanted.device:
        return None
    return job if is_same_unit(job.order["serial"], wanted.serial) else None


def _parties(changes: SiteChanges, prepared: Prepared) -> dict[str, Party]:
    """Raises ProvisioningError for what cannot be told, before anybody is asked."""
    order = prepared.order
    told = tuple(each for each in prepared.plan.configurations if each.device in prepared.told)
    plan = fields_replaced(prepared.plan, configurations=told)
    return changes.parties_of(plan, lambda device: order["login"] if device == order["device"] else "")


def _confirm(prepared: Prepared, *, yes: bool, quiet: bool) -> None:
    lines = list(_announced(prepared))
    if yes:
        if not quiet:
            note("\n".join(lines))
        return
    if not sys.stdin.isatty():
        raise UsageError(_("Say it with --yes where nobody can be asked, or look first with --dry-run."))
    print("\n".join(lines))
    if not typer.confirm(_("Go on?")):
        raise typer.Exit(1)


def _announced(prepared: Prepared) -> Iterator[str]:
    before, new = prepared.before, prepared.new
    yield _("{device} at {site}: {old} is replaced by {new}.").format(
        device=before.name,
        site=before.site,
        old=" ".join(filter(None, (before.model, before.serial))) or "-",
        new=" ".join(filter(None, (new.model, new.serial))),
    )
    yield _("The old unit becomes {fate}.").format(fate=prepared.order["fate"])
    if prepared.told:
        sources = {Source.INTENT: _("the site's intent"), Source.BACKUP: _("the last backup"), Source.NONE: "-"}
        yield _("Told: {devices}, from {source}.").format(
            devices=", ".join(prepared.told), source=sources[prepared.source]
        )
    yield from prepared.notes
    if prepared.lacking:
        yield _("These lines hold secrets that no backup keeps; type them afterwards:")
        yield from (f"  {line}" for line in prepared.lacking[:20])


def _dry_run(changes: SiteChanges, prepared: Prepared, parties: dict[str, Party], *, json_: bool) -> None:
    new = prepared.before.name
    told = told_as_json(changes, parties, lambda device: "" if device == new else changes.last_read(device))
    if json_:
        print_json(
            {
                "device": prepared.before.name,
                "site": prepared.before.site,
                "kind": prepared.kind.value,
                "source": prepared.source.value,
                "old": {"serial": prepared.before.serial, "model": prepared.before.model},
                "new": {"serial": prepared.new.serial, "model": prepared.new.model, "platform": prepared.new.platform},
                "oldBecomes": prepared.order["fate"],
                "secretsByHand": list(prepared.lacking),
                "notes": list(prepared.notes),
                "devices": told,
            }
        )
        return
    print("\n".join(_announced(prepared)))
    print_told(told)


def _replaced_as_json(done: Replaced) -> dict[str, Any]:
    return {
        "device": done.device,
        "at": done.at.isoformat(),
        "old": {"name": done.old_name, "serial": done.old_serial, "model": done.old_model, "became": done.fate.value},
        "new": {"serial": done.new_serial, "model": done.new_model, "platform": done.new_platform},
        "reason": done.reason or None,
        "lastBackup": done.revision or None,
        "by": done.who,
        "job": done.job,
    }


def _question_as_json(question: UnitQuestion) -> dict[str, Any]:
    return {
        "device": question.device,
        "serial": question.serial,
        "known": question.known_serial or None,
        "model": question.model or None,
        "platform": question.platform or None,
        "seenBy": question.seen_by,
        "firstAt": question.first_at.isoformat(),
        "lastAt": question.last_at.isoformat(),
        "answer": question.answer.value if question.answer else None,
        "command": command_for(question),
    }
