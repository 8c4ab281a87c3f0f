"""A report as plain data for its template: every figure written as people of the language write it."""

from datetime import date, datetime
from typing import Final

from domain.documents import OfficeReport, ReportTable, Unit, Value
from domain.language import _, active_language
from exporters.documents.acceptance import Plain, clean
from exporters.documents.charts import chart_data
from exporters.documents.figures import day, number, short_time

PLACES: Final = {Unit.COUNT: 0, Unit.HOURS: 2, Unit.PERCENT: 4, Unit.RATE: 2, Unit.RUPIAH: 0}
NOTHING: Final = "–"


def report_data(report: OfficeReport) -> dict[str, Plain]:
    """Strings, booleans, lists and dictionaries of them; all strings one line, without control characters."""
    head, sign = report.letterhead, report.signature
    found: dict[str, Plain] = {
        "language": active_language(),
        "words": {
            "page": _("Page {page} of {pages}"),
            "source": _("Source"),
            "notes": _("Notes"),
        },
        "government": head.government,
        "institution": head.institution,
        "address": head.address,
        "contact": head.contact,
        "title": report.title,
        "subject": report.subject,
        "provisional": report.provisional,
        "facts": [[name, text] for name, text in report.facts],
        "lead": report.lead[0] if report.lead else "",
        "more": " ".join(report.lead[1:]),
        "opening": report.opening,
        "closing": report.closing,
        "charts": [chart_data(chart) for chart in report.charts],
        "tables": [_table(table) for table in report.tables],
        "notes": list(report.notes),
        "footer": " · ".join(filter(None, (report.title, report.subject, report.provisional))),
        "place": ", ".join(filter(None, (sign.city, day(report.made_at)))),
        "position": sign.position,
        "signer": sign.name,
        "rank": sign.rank,
        "number": f"NIP {sign.number}" if sign.number else "",
    }
    return {name: clean(value) for name, value in found.items()}


def _table(table: ReportTable) -> Plain:
    shown = [at for at, column in enumerate(table.columns) if column.share]
    columns = [table.columns[at] for at in shown]
    return {
        "title": table.title,
        "source": table.source,
        "empty": table.empty,
        "sum": table.last_is_sum,
        "columns": [
            {"title": each.title, "right": each.unit.is_figure, "share": f"{each.share:g}"} for each in columns
        ],
        "rows": [[written(row[at], table.columns[at].unit) for at in shown] for row in table.rows],
    }


def written(value: Value, unit: Unit) -> str:
    """A value as it stands on paper; what is not known is a dash."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        return short_time(value)
    if isinstance(value, date):
        return f"{value:%d-%m-%Y}" if active_language() == "id" else value.isoformat()
    if isinstance(value, str):
        return value
    return number(value, PLACES.get(unit))
