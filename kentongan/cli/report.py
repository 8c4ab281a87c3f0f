"""`kentongan report`: what the office signs and sends, as PDF, XLSX and CSV; the figures of the other commands."""

from datetime import date
from pathlib import Path
from typing import Any

import typer

from domain.availability import By
from domain.language import _
from kentongan.cli.app import App
from kentongan.cli.context import invocation
from kentongan.cli.days import day_of
from kentongan.cli.output import note, print_json, print_table
from kentongan.cli.report_files import Places, write_edition, write_report
from kentongan.reporting.records import Edition, ReportKind, Wanted

app = App()

PDF = typer.Option(None, "--pdf", help=_("The PDF to write."))
XLSX = typer.Option(None, "--xlsx", help=_("The workbook to write."))
CSV = typer.Option(None, "--csv", help=_("The first table; the others stand beside it, NAME-TABLE.csv."))
PERIOD = typer.Option(..., "--period", help=_("A month 2026-10, a half-year 2026-H1 or a year 2026."))
DATED = typer.Option("", "--dated", help=_("Day of the document; empty: today."))


@app.command(
    "availability",
    help=_(
        "A period: how much everything worked, downtime by cause and liable party, restitution by contract. "
        "The figures of kentongan availability; a closed month as it was closed."
    ),
    epilog=_("Example:") + " kentongan report availability --period 2026-10 --by kecamatan --pdf oktober.pdf",
)
def availability(
    context: typer.Context,
    period: str = PERIOD,
    by: By = typer.Option(By.DESA, "--by", help=_("desa, kecamatan, opd, link or provider.")),
    dated: str = typer.Option(
        "", "--dated", help=_("Day of the document; empty: today, of a closed month the day of its last change.")
    ),
    pdf: Path | None = PDF,
    xlsx: Path | None = XLSX,
    csv: Path | None = CSV,
) -> None:
    _write(context, Wanted(ReportKind.AVAILABILITY, period, by.value, "", _day(dated, "--dated")), pdf, xlsx, csv)


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
    dated: str = DATED,
    pdf: Path | None = PDF,
    xlsx: Path | None = XLSX,
    csv: Path | None = CSV,
) -> None:
    days = {option: _day(text, option) for option, text in (("--at", at), ("--since", since), ("--dated", dated))}
    _write(context, Wanted(ReportKind.COVERAGE, days["--at"], "", days["--since"], days["--dated"]), pdf, xlsx, csv)


@app.command(
    "incidents",
    help=_(
        "What began in a period, by cause, liable party and kecamatan; how quickly it was taken on and mended; "
        "the gravest, and what fails again and again."
    ),
    epilog=_("Example:") + " kentongan report incidents --period 2026-10 --pdf gangguan.pdf",
)
def incidents(
    context: typer.Context,
    period: str = PERIOD,
    dated: str = DATED,
    pdf: Path | None = PDF,
    xlsx: Path | None = XLSX,
    csv: Path | None = CSV,
) -> None:
    _write(context, Wanted(ReportKind.INCIDENTS, period, dated=_day(dated, "--dated")), pdf, xlsx, csv)


@app.command(
    "bandwidth",
    help=_(
        "What every link carried in a period beside its contract: average, 95th percentile, busy hour, and how much "
        "was kept. From the Prometheus of the settings (prometheus.url)."
    ),
    epilog=_("Example:") + " kentongan report bandwidth --period 2026-10 --pdf bandwidth.pdf --xlsx bandwidth.xlsx",
)
def bandwidth(
    context: typer.Context,
    period: str = PERIOD,
    dated: str = DATED,
    pdf: Path | None = PDF,
    xlsx: Path | None = XLSX,
    csv: Path | None = CSV,
) -> None:
    _write(context, Wanted(ReportKind.BANDWIDTH, period, dated=_day(dated, "--dated")), pdf, xlsx, csv)


@app.command(
    "evaluation",
    help=_(
        "The half-yearly evaluation of the smart-city master plan: indicators of each pillar with target, figure and "
        "source, the half-year before, services and sites, risks, the SPBE annex."
    ),
    epilog=_("Example:") + " kentongan report evaluation --half 2026-1 --pdf evaluasi.pdf --xlsx evaluasi.xlsx",
)
def evaluation(
    context: typer.Context,
    half: str = typer.Option(..., "--half", help=_("The half-year: 2026-1 is January to June.")),
    dated: str = DATED,
    pdf: Path | None = PDF,
    xlsx: Path | None = XLSX,
    csv: Path | None = CSV,
) -> None:
    _write(context, Wanted(ReportKind.EVALUATION, half, dated=_day(dated, "--dated")), pdf, xlsx, csv)


@app.command(
    "close",
    help=_(
        "Keep a report as it reads now, with its hash; from then on it is given out as it is. Of a closed month the "
        "report of availability is kept by itself."
    ),
    epilog=_("Example:") + " kentongan report close incidents 2026-10",
)
def close(
    context: typer.Context,
    kind: ReportKind = typer.Argument(help=_("Which report.")),
    period: str = typer.Argument(help=_("As in the command that makes it: 2026-10, 2026-06-30, 2026-1.")),
    by: str = typer.Option("", "--by", help=_("Of availability: desa, kecamatan, opd, link or provider.")),
    since: str = typer.Option("", "--since", help=_("Of coverage: the earlier date to compare with.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    from kentongan.reporting import ReportDesk

    with invocation(context).open() as installation:
        _say(ReportDesk(installation).close(kind.value, period, by, since), json_)


@app.command(
    "revise",
    help=_(
        "A new edition of a kept report: its figures as they were, and beside them what reads otherwise now. "
        "Both are kept."
    ),
    epilog=_("Example:") + " kentongan report revise coverage 2026-06-30 --why 'BAST 14/2026 baru diterima'",
)
def revise(
    context: typer.Context,
    kind: ReportKind = typer.Argument(help=_("Which report.")),
    period: str = typer.Argument(help=_("As in the command that makes it: 2026-10, 2026-06-30, 2026-1.")),
    why: str = typer.Option(..., "--why", help=_("The document or the reason.")),
    since: str = typer.Option("", "--since", help=_("Of coverage: the earlier date to compare with.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    from kentongan.reporting import ReportDesk

    with invocation(context).open() as installation:
        edition = ReportDesk(installation).revise(kind.value, period, why, since=since)
    if edition is None:
        print_json(None) if json_ else print(_("Nothing reads otherwise than before."))
        return
    _say(edition, json_)


@app.command(
    "list",
    help=_("The reports that are kept, newest first, with the hashes of their files."),
    epilog=_("Example:") + " kentongan report list --json",
)
def list_(context: typer.Context, json_: bool = typer.Option(False, "--json", help=_("Print as JSON."))) -> None:
    from kentongan.reporting import ReportDesk

    with invocation(context).open() as installation:
        kept = ReportDesk(installation).stored()
    if json_:
        print_json([plain_edition(each) for each in kept])
        return
    head = [_("number"), _("title"), _("period"), _("edition"), _("kept on"), _("by"), _("PDF, SHA-256")]
    print_table(head, ([*_cells(each)] for each in kept), right=(3,))


@app.command(
    "get",
    help=_("Write the files of a kept report again, octet by octet as they were."),
    epilog=_("Example:") + " kentongan report get availability-desa-2026-10-r1 --pdf oktober.pdf",
)
def get(
    context: typer.Context,
    id_: str = typer.Argument(metavar="ID", help=_("Its number in: kentongan report list")),
    pdf: Path | None = PDF,
    xlsx: Path | None = XLSX,
    csv: Path | None = CSV,
) -> None:
    from kentongan.reporting import ReportDesk

    places = Places(pdf, xlsx, csv)
    places.demand()
    with invocation(context).open() as installation:
        desk = ReportDesk(installation)
        write_edition(installation, desk, desk.edition(id_), places)


@app.command(
    "schedule",
    help=_("The reports that are sent by themselves (reports.toml): what went out last, what comes next, what waits."),
    epilog=_("Example:") + " kentongan report schedule --json",
)
def schedule(context: typer.Context, json_: bool = typer.Option(False, "--json", help=_("Print as JSON."))) -> None:
    from kentongan.cli.report_schedule import print_outlook

    with invocation(context).open() as installation:
        print_outlook(installation, json_)


@app.command(
    "send",
    help=_(
        "Make the scheduled reports that are due and put them into the outbox; the running service delivers them, and "
        "does this by itself."
    ),
    epilog=_("Example:") + " kentongan report send",
)
def send(context: typer.Context) -> None:
    from kentongan.cli.report_schedule import send_due

    with invocation(context).open() as installation:
        failed = send_due(installation)
    if failed:
        raise typer.Exit(1)


def plain_edition(edition: Edition) -> dict[str, Any]:
    """Keys are a promise."""
    return {
        "id": edition.id,
        "kind": edition.kind.value,
        "by": edition.by,
        "period": edition.period,
        "revision": edition.revision,
        "title": edition.title,
        "subject": edition.subject,
        "language": edition.language,
        "at": edition.made_at.isoformat(),
        "actor": edition.made_by,
        "why": edition.why,
        "source": edition.source,
        "hash": edition.hash,
        "previous": edition.previous,
        "files": [
            {"format": each.format.value, "name": each.filename, "sha256": each.sha256, "bytes": each.size}
            for each in edition.files
        ],
    }


def _write(context: typer.Context, wanted: Wanted, pdf: Path | None, xlsx: Path | None, csv: Path | None) -> None:
    places = Places(pdf, xlsx, csv)
    places.demand()
    with invocation(context).open() as installation:
        write_report(installation, wanted, places)


def _day(text: str, option: str) -> str:
    """The day as it was written, if it is one. Raises UsageError."""
    found: date | None = day_of(text, option)
    return found.isoformat() if found else ""


def _say(edition: Edition, json_: bool) -> None:
    if json_:
        print_json(plain_edition(edition))
        return
    print(_("Kept as {id}. SHA-256: {hash}").format(id=edition.id, hash=edition.hash))
    for each in edition.files:
        note(f"{each.filename}  {each.sha256}")


def _cells(edition: Edition) -> list[object]:
    pdf = next((each.sha256 for each in edition.files if each.format.value == "pdf"), "")
    return [
        edition.id,
        edition.title,
        edition.period,
        edition.revision,
        f"{edition.made_at:%Y-%m-%d}",
        edition.made_by,
        pdf[:16],
    ]
