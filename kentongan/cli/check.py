"""`kentongan check`: the doctor's findings; exit status 1 if something is wrong."""

from collections.abc import Iterable

import typer

from domain.language import _
from kentongan.cli.context import Invocation, actor, invocation
from kentongan.cli.output import print_json, print_table
from kentongan.doctor import Finding, Severity, examine

SHAPES = {Severity.OK: "●", Severity.NOTE: "◇", Severity.WARNING: "▲", Severity.WRONG: "■"}


def check(
    context: typer.Context,
    audit: bool = typer.Option(False, "--audit", help=_("Look through the event log: is every row as it was written?")),
    anchor_again: str = typer.Option(
        "", "--anchor-again", metavar="WHY", help=_("Take the event log as it is for whole, and write down why.")
    ),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    """Look at settings, key, database, inventory, clock, disk and privileges."""
    findings = list(_findings(invocation(context), audit, anchor_again))
    if json_:
        print_json([finding.as_dict() for finding in findings])
    else:
        print_table(
            ["", _("what"), _("finding"), _("remedy")],
            ((SHAPES[f.severity], f.about, f.message, f.remedy) for f in findings),
        )
    if any(finding.severity is Severity.WRONG for finding in findings):
        raise typer.Exit(1)


def _findings(call: Invocation, audit: bool, why: str) -> Iterable[Finding]:
    if not audit and not why:
        return examine(call.load(), actor())
    # Imported here: the usual examination needs no event log.
    from kentongan.doctor.audit import anchor_again, examine_event_log

    if why:
        with call.open() as installation:
            return [anchor_again(installation, why)]
    return examine_event_log(call.load(), actor())
