"""`kentongan check`: the doctor's findings; exit status 1 if something is wrong."""

import typer

from domain.language import _
from kentongan.cli.context import actor, invocation
from kentongan.cli.output import print_json, print_table
from kentongan.doctor import Severity, examine

SHAPES = {Severity.OK: "●", Severity.NOTE: "◇", Severity.WARNING: "▲", Severity.WRONG: "■"}


def check(context: typer.Context, json_: bool = typer.Option(False, "--json", help=_("Print as JSON."))) -> None:
    """Look at settings, key, database, inventory, clock, disk and privileges."""
    findings = list(examine(invocation(context).load(), actor()))
    if json_:
        print_json([finding.as_dict() for finding in findings])
    else:
        print_table(
            ["", _("what"), _("finding"), _("remedy")],
            ((SHAPES[f.severity], f.about, f.message, f.remedy) for f in findings),
        )
    if any(finding.severity is Severity.WRONG for finding in findings):
        raise typer.Exit(1)
