"""`kentongan report`: what the office signs and sends, as PDF, XLSX and CSV; the figures of the other commands."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typer

from domain.availability import By
from domain.documents import Letterhead, OfficeReport, Signature
from domain.language import _
from exporters.reports import Frame, availability_report, coverage_report
from kentongan import availability as months
from kentongan.cli.app import App
from kentongan.cli.availability import open_
from kentongan.cli.context import invocation
from kentongan.cli.days import day_of
from kentongan.coverage import open_coverage
from kentongan.errors import UsageError
from kentongan.installation import Installation

app = App()


@app.command(
    "availability",
    help=_(
        "A month: how much everything worked, downtime by cause and liable party, restitution by contract. "
        "The figures of kentongan availability; a closed month as it was closed."
    ),
    epilog=_("Example:") + " kentongan report availability --period 2026-10 --by kecamatan --pdf oktober.pdf",
)
def availability(
    context: typer.Context,
    period: str = typer.Option(..., "--period", help=_("The month: 2026-10")),
    by: By = typer.Option(By.DESA, "--by", help=_("desa, kecamatan, opd, link or provider.")),
    dated: str = typer.Option(
        "", "--dated", help=_("Day of the document; empty: today, of a closed month the day of its last change.")
    ),
    pdf: Path | None = typer.Option(None, "--pdf", help=_("The PDF to write.")),
    xlsx: Path | None = typer.Option(None, "--xlsx", help=_("The workbook to write.")),
    csv: Path | None = typer.Option(
        None, "--csv", help=_("The first table; the others stand beside it, NAME-TABLE.csv.")
    ),
) -> None:
    _wanted(pdf, xlsx, csv)
    with invocation(context).open() as installation:
        book = open_(installation, period)
        shown, providers = (months.month_document(book, each) for each in (by, By.PROVIDER))
        made = availability_report(shown, providers, _frame(installation, dated, _last_change(shown)))
        _write(installation, made, pdf, xlsx, csv)


@app.command(
    "coverage",
    help=_(
        "Villages at a date: connected, served and unmeasured, by kecamatan and by name; targets. "
        "The figures of kentongan coverage."
    ),
    epilog=_("Example:") + " kentongan report coverage --at 2026-06-30 --since 2025-12-31 --pdf cakupan.pdf",
)
def coverage(
    context: typer.Context,
    at: str = typer.Option("", "--at", help=_("The date, like 2020-12-31; empty: today.")),
    since: str = typer.Option("", "--since", help=_("An earlier date to compare with: what was gained and lost.")),
    dated: str = typer.Option("", "--dated", help=_("Day of the document; empty: today.")),
    pdf: Path | None = typer.Option(None, "--pdf", help=_("The PDF to write.")),
    xlsx: Path | None = typer.Option(None, "--xlsx", help=_("The workbook to write.")),
    csv: Path | None = typer.Option(
        None, "--csv", help=_("The first table; the others stand beside it, NAME-TABLE.csv.")
    ),
) -> None:
    _wanted(pdf, xlsx, csv)
    with invocation(context).open() as installation:
        book = open_coverage(installation)
        shown = book.document(day_of(at, "--at") or book.today, None, day_of(since, "--since"))
        made = coverage_report(shown, _frame(installation, dated))
        _write(installation, made, pdf, xlsx, csv)


def _wanted(*paths: Path | None) -> None:
    if not any(paths):
        raise UsageError(_("Say what to write: --pdf FILE, --xlsx FILE or --csv FILE."))


def _frame(installation: Installation, dated: str, changed_at: str = "") -> Frame:
    settings = installation.loaded.settings
    own, zone = settings.report, ZoneInfo(settings.language.timezone)
    home = installation.regions.home() or ""
    region = next((each.name for each in installation.regions.within(home) if str(each.code) == home), "")
    given = day_of(dated, "--dated")
    day = given or (datetime.fromisoformat(changed_at) if changed_at else installation.clock.now().utc).astimezone(zone)
    return Frame(
        region=region,
        # Noon, so that the day is the same whatever zone a reader of the file's properties is in.
        made_at=datetime(day.year, day.month, day.day, 12, tzinfo=zone),
        letterhead=Letterhead(
            own.institution or _("Diskominfo {regency}").format(regency=region).strip(),
            own.government,
            own.address,
            own.contact,
        ),
        signature=Signature(own.city, own.position, own.signer, own.rank, own.number),
        opening=own.opening,
        closing=own.closing,
    )


def _last_change(shown: Mapping[str, Any]) -> str:
    """Of a closed month: when it was closed, or corrected for the last time; so its report repeats itself."""
    if not shown["closed"]:
        return ""
    times: list[str] = [shown["closed"]["at"], *(each["at"] for each in shown["corrections"])]
    return max(times, key=datetime.fromisoformat)


def _write(
    installation: Installation, made: OfficeReport, pdf: Path | None, xlsx: Path | None, csv: Path | None
) -> None:
    """All are made before the first is written."""
    # Imported here: each of them is slow to load, and help needs none.
    from exporters.documents.commas import table_as_csv
    from exporters.documents.workbook import WorkbookWriter
    from exporters.documents.writer import PdfWriter, replace_file

    files: dict[Path, bytes] = {}
    if pdf:
        files[pdf] = PdfWriter().report(made)
    if xlsx:
        files[xlsx] = WorkbookWriter().report(made)
    if csv:
        first, *others = made.tables
        files[csv] = table_as_csv(first)
        files |= {csv.with_name(f"{csv.stem}-{each.key}{csv.suffix}"): table_as_csv(each) for each in others}
    for path, octets in files.items():
        replace_file(path, octets)
        print(path)
    installation.record("report written", f"{made.title}: {made.subject}", files=[str(path) for path in files])
