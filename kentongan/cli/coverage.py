"""`kentongan coverage`: connected, served and unmeasured villages at any date; targets; what to build next."""

import csv
import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import typer

from domain.coverage.candidates import MILLION, Assumptions
from domain.language import _
from inventory.errors import InventoryError
from kentongan.cli import coverage_views as views
from kentongan.cli.app import App
from kentongan.cli.context import invocation
from kentongan.cli.days import day_of
from kentongan.cli.output import note, print_json
from kentongan.coverage import open_coverage
from kentongan.coverage_plan import build_plan, plain_plan, village_document
from kentongan.errors import UsageError
from kentongan.shapes import take_shapes

_FACTORS: Final = {"jt": MILLION, "juta": MILLION, "miliar": 1000 * MILLION, "milyar": 1000 * MILLION}
_BUDGET: Final = re.compile(r"(rp\.?\s*)?(?P<number>[0-9]+([.,_][0-9]+)*)\s*(?P<word>jt|juta|miliar|milyar)?")

app = App(no_args_is_help=False, invoke_without_command=True)


class By(StrEnum):
    """How fine the answer is."""

    KABUPATEN = "kabupaten"
    KECAMATAN = "kecamatan"
    DESA = "desa"


@app.callback()
def coverage(
    context: typer.Context,
    at: str = typer.Option("", "--at", help=_("The date, like 2020-12-31; empty: today.")),
    by: By = typer.Option(By.KABUPATEN, "--by", help=_("kabupaten, kecamatan or desa.")),
    since: str = typer.Option("", "--since", help=_("An earlier date to compare with: what was gained and lost.")),
    known_on: str = typer.Option(
        "", "--known-on", help=_("By what was known on that day: documents that came later are left out.")
    ),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
    csv_: bool = typer.Option(False, "--csv", help=_("Print as CSV, one line a row; with --by desa every village.")),
) -> None:
    """Connected, served and unmeasured villages. Example: kentongan coverage --at 2019-11-30 --by kecamatan"""
    if context.invoked_subcommand:
        return
    with invocation(context).open() as installation:
        book = open_coverage(installation)
        day = day_of(at, "--at") or book.today
        shown = book.document(day, day_of(known_on, "--known-on"), day_of(since, "--since"))
    if json_:
        print_json(shown)
    elif csv_:
        _print_csv(views.csv_rows(shown, by.value))
    else:
        views.print_coverage(shown, by.value)
        for text in shown["notes"]:
            note(text)


@app.command(
    "targets",
    help=_("What was promised, what came of it, and how late it is. A revision shows what it has replaced."),
    epilog=_("Example:") + " kentongan coverage targets --at 2020-12-31",
)
def targets(
    context: typer.Context,
    at: str = typer.Option("", "--at", help=_("The date, like 2020-12-31; empty: today.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    with invocation(context).open() as installation:
        book = open_coverage(installation)
        day = day_of(at, "--at") or book.today
        shown = book.document(day)
        curve = [{"on": on.isoformat(), "connected": count} for on, count in book.curve(day)]
    if json_:
        print_json({key: shown[key] for key in ("at", "targets", "forecast", "notes")} | {"curve": curve})
        return
    views.print_targets(shown)
    for text in shown["notes"]:
        note(text)


@app.command(
    "plan",
    help=_("What to build next under a budget: people, distance along what exists, cost, equity; assumptions shown."),
    epilog=_("Example:") + " kentongan coverage plan --budget 750000000",
)
def plan(
    context: typer.Context,
    budget: str = typer.Option(..., "--budget", help=_("Rupiah: 750000000, 750.000.000 or 750jt.")),
    top: int = typer.Option(30, "--top", min=1, help=_("How many of the ranking to show; --json shows all.")),
    per_km: int = typer.Option(
        Assumptions().fibre_each_km // MILLION, "--per-km", min=0, help=_("A kilometre of new fibre, million rupiah.")
    ),
    equity: float = typer.Option(
        Assumptions().equity,
        "--equity",
        min=0,
        max=5,
        help=_("How much a kecamatan that has fallen behind goes first."),
    ),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    takes = Assumptions(fibre_each_km=per_km * MILLION, equity=equity)
    with invocation(context).open() as installation:
        book = open_coverage(installation)
        found = build_plan(book, installation.inventory.read(), rupiah(budget), takes)
    shown = plain_plan(found)
    if json_:
        print_json(shown)
    else:
        views.print_plan(shown, top)


@app.command(
    "village",
    help=_("One village: its sites with their stages, funding, contract and documents, and its users by month."),
    epilog=_("Example:") + " kentongan coverage village 32.14.13.2009",
)
def village(
    context: typer.Context,
    code: str = typer.Argument(help=_("The village's code.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    with invocation(context).open() as installation:
        shown = village_document(open_coverage(installation), installation.inventory.read(), code)
    if json_:
        print_json(shown)
    else:
        views.print_village(shown)


@app.command(
    "shapes",
    help=_("Take in the outlines of kecamatan, as GeoJSON, for maps. Nothing is stored if one is wrong."),
    epilog=_("Example:") + " kentongan coverage shapes batas-kecamatan.geojson",
)
def shapes(
    context: typer.Context,
    file: Path = typer.Argument(help=_("A FeatureCollection of (Multi)Polygons with the code or the name of each.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UsageError(_("{file} cannot be read: {error}").format(file=file, error=error.strerror)) from None
    with invocation(context).open() as installation:
        try:
            taken = take_shapes(installation, file.name, content)
        except InventoryError as error:
            raise UsageError(str(error)) from None
    if json_:
        print_json(taken)
        return
    print(_("Stored the outlines of {count} regions.").format(count=len(taken["stored"])))
    for name in taken["missing"]:
        note(_("There is no outline of {name}.").format(name=name))


def rupiah(text: str) -> int:
    """750000000, 750.000.000, 750jt, 1,5 miliar."""
    match = _BUDGET.fullmatch(text.strip().casefold())
    value = -1
    if match and match["word"]:
        value = round(float(match["number"].replace(",", ".").replace("_", "")) * _FACTORS[match["word"]])
    elif match and (digits := re.sub(r"[.,_]", "", match["number"])):
        value = int(digits)
    if value < 0:
        raise UsageError(_("'{value}' is no budget. Write 750000000 or 750jt.").format(value=text))
    return value


def _print_csv(rows: list[dict[str, Any]]) -> None:
    out = csv.DictWriter(sys.stdout, list(rows[0]) if rows else ["code"], lineterminator="\n")
    out.writeheader()
    out.writerows(rows)
