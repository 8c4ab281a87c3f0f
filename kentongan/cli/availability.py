"""`kentongan availability`: a month by village, kecamatan, agency, link, provider; closing, correcting, overriding."""

import csv
import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import typer

from domain.availability import By, Period, PeriodError, month
from domain.incidents import Liable, Party
from domain.language import _
from kentongan import availability as months
from kentongan.availability import MonthBook
from kentongan.cli.app import App
from kentongan.cli.context import invocation
from kentongan.cli.output import note, print_json, print_table
from kentongan.errors import UsageError
from kentongan.installation import Installation

app = App(no_args_is_help=False, invoke_without_command=True)


@app.callback()
def availability(
    context: typer.Context,
    period: str = typer.Option("", "--period", help=_("The month: 2026-10")),
    by: By = typer.Option(By.DESA, "--by", help=_("desa, kecamatan, opd, link or provider.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
    csv_: bool = typer.Option(False, "--csv", help=_("Print as CSV, one line a row.")),
) -> None:
    """How much of a month everything worked. Example: kentongan availability --period 2026-10 --by kecamatan"""
    if context.invoked_subcommand:
        return
    if not period:
        raise UsageError(_("Name the month: kentongan availability --period 2026-10"))
    with invocation(context).open() as installation:
        shown = months.month_document(open_(installation, period), by)
    if json_:
        print_json(shown)
    elif csv_:
        _print_csv(shown["rows"])
    else:
        _print_people(shown)


@app.command(
    "close",
    help=_("Freeze a month as it reads now, with a hash. What comes later becomes a correction."),
    epilog=_("Example:") + " kentongan availability close 2026-10",
)
def close(context: typer.Context, period: str = typer.Argument(help=_("The month: 2026-10"))) -> None:
    with invocation(context).open() as installation:
        closed = months.close(installation, open_(installation, period))
    print(_("{period} is closed. SHA-256: {hash}").format(period=closed.period, hash=closed.hash))


@app.command(
    "correct",
    help=_("Write down what reads otherwise now than when the month was closed, and why."),
    epilog=_("Example:") + " kentongan availability correct 2026-10 --why 'BA gangguan no. 14'",
)
def correct(
    context: typer.Context,
    period: str = typer.Argument(help=_("The month: 2026-10")),
    why: str = typer.Option(..., "--why", help=_("The document or the reason.")),
) -> None:
    with invocation(context).open() as installation:
        correction = months.correct(installation, open_(installation, period), why)
    if correction is None:
        print(_("Nothing reads otherwise than before."))
        return
    changes = json.loads(correction.document)["changes"]
    print(_("{count} rows corrected. SHA-256: {hash}").format(count=len(changes), hash=correction.hash))


@app.command(
    "override",
    help=_("Charge an incident to another party. What the machine said stays beside it."),
    epilog=_("Example:") + " kentongan availability override k7f3-2qxm --party pln --why 'surat PLN 12/2026'",
)
def override(
    context: typer.Context,
    id_: str = typer.Argument(metavar="ID", help=_("The incident's number.")),
    party: Party = typer.Option(..., "--party", help=_("Who is liable.")),
    party_name: str = typer.Option("", "--party-name", help=_("The provider, the contractor.")),
    why: str = typer.Option(..., "--why", help=_("The document or the reason.")),
) -> None:
    with invocation(context).open() as installation:
        months.override(installation, id_, Liable(party, party_name), why)
    print(_("{id} is charged to {party}.").format(id=id_, party=" ".join((party.value, party_name)).strip()))


def open_(installation: Installation, text: str) -> MonthBook:
    """Raises UsageError for what is no month, or an unreadable list of holidays beside the settings."""
    zone = ZoneInfo(installation.loaded.settings.language.timezone)
    try:
        period: Period = month(text, zone, installation.clock.now().utc)
    except PeriodError as error:
        raise UsageError(str(error)) from None
    return months.open_month(installation, period, months.holidays_of(installation))


def _print_people(shown: Mapping[str, Any]) -> None:
    zone = ZoneInfo(shown["zone"])
    head = [
        _("name"), _("kecamatan"), _("available %"), _("seen %"), _("dark h"), _("planned h"), _("outages"),
        _("longest h"), _("charged to"),
    ]  # fmt: skip
    print_table(head, (_cells(row) for row in shown["rows"]), right=(2, 3, 4, 5, 6, 7))
    for owed in (each for row in shown["rows"] for each in row["restitution"]):
        note(_owed(owed))
    for problem in shown["problems"]:
        note(problem)
    if shown["closed"]:
        note(_("Closed by {by}. SHA-256: {hash}").format(by=shown["closed"]["by"], hash=shown["closed"]["hash"]))
    for correction in shown["corrections"]:
        at = months.local(correction["at"], zone)
        note(
            _("Corrected {at} by {by}: {why} ({count} rows)").format(
                at=f"{at:%Y-%m-%d %H.%M}", by=correction["by"], why=correction["why"], count=len(correction["changes"])
            )
        )


def _cells(row: Mapping[str, Any]) -> list[object]:
    seconds = row["seconds"]
    charged = "; ".join(
        f"{' '.join((each['party'], each['name'])).strip()} {_hours(each['seconds'])} ({each['cause']})"
        for each in row["charged"]
    )
    return [
        row["name"],
        row["kecamatan"],
        _percent(row["availabilityPercent"]),
        _percent(row["completenessPercent"]),
        _hours(seconds["down"] + seconds["unreachable"]),
        _hours(seconds["planned"]),
        row["outages"]["count"],
        _hours(row["outages"]["longestSeconds"]),
        charged,
    ]


def _owed(owed: Mapping[str, Any]) -> str:
    if owed["problem"]:
        return f"{owed['provider']}, {owed['contract']}: {owed['problem']}"
    return _(
        "{provider}, {contract}: {available} % (SLA {sla}); "
        "owed Rp {detection:,} from detection, Rp {ticket:,} from ticket time"
    ).format(
        provider=owed["provider"],
        contract=owed["contract"],
        available=_percent(owed["availabilityPercent"]),
        sla=_percent(owed["slaPercent"]),
        detection=owed["fromDetection"],
        ticket=owed["fromTicket"],
    )


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:.2f}"


def _print_csv(rows: Iterable[Mapping[str, Any]]) -> None:
    kinds = ("up", "degraded", "down", "unreachable", "planned", "unknown", "outside")
    parties = [party.value for party in Party]
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(
        [
            "key", "name", "kecamatan", "availability_percent", "completeness_percent",
            *(f"{kind}_seconds" for kind in kinds),
            "outages", "longest_seconds", "mean_seconds", *(f"charged_{party}_seconds" for party in parties),
            "restitution_from_detection", "restitution_from_ticket",
        ]
    )  # fmt: skip
    for row in rows:
        charged = dict.fromkeys(parties, 0)
        for each in row["charged"]:
            charged[each["party"]] += each["seconds"]
        outages = row["outages"]
        out.writerow(
            [
                _cell(row["key"]), _cell(row["name"]), _cell(row["kecamatan"]),
                row["availabilityPercent"], row["completenessPercent"],
                *(row["seconds"][kind] for kind in kinds),
                outages["count"], outages["longestSeconds"], outages["meanSeconds"], *charged.values(),
                *(
                    sum(owed[name] or 0 for owed in row["restitution"]) if row["restitution"] else ""
                    for name in ("fromDetection", "fromTicket")
                ),
            ]
        )  # fmt: skip


def _cell(text: str) -> str:
    """A spreadsheet takes no text for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
