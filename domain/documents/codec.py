"""A report as plain JSON values and back, so that what was closed can be read again beside what is known now. Pure."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from domain.documents.report import Column, Letterhead, OfficeReport, ReportChart, ReportTable, Signature, Unit, Value

Plain = dict[str, Any]


def canonical(report: OfficeReport) -> str:
    """JSON with sorted keys and without spaces: the same report is the same text."""
    return json.dumps(to_plain(report), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def sha256_of(octets: bytes) -> str:
    """In hexadecimal."""
    return hashlib.sha256(octets).hexdigest()


def to_plain(report: OfficeReport) -> Plain:
    head, sign = report.letterhead, report.signature
    charts = {"charts": [_plain_chart(chart) for chart in report.charts]} if report.charts else {}
    return {
        **charts,
        "title": report.title,
        "subject": report.subject,
        "madeAt": report.made_at.isoformat(),
        "letterhead": [head.institution, head.government, head.address, head.contact],
        "signature": [sign.city, sign.position, sign.name, sign.rank, sign.number],
        "provisional": report.provisional,
        "facts": [list(pair) for pair in report.facts],
        "lead": list(report.lead),
        "notes": list(report.notes),
        "opening": report.opening,
        "closing": report.closing,
        "tables": [_plain_table(table) for table in report.tables],
    }


def from_plain(plain: Mapping[str, Any]) -> OfficeReport:
    """What `to_plain` made. Raises KeyError, ValueError, TypeError for anything else."""
    return OfficeReport(
        title=plain["title"],
        subject=plain["subject"],
        made_at=datetime.fromisoformat(plain["madeAt"]),
        letterhead=Letterhead(*plain["letterhead"]),
        signature=Signature(*plain["signature"]),
        tables=tuple(_table(each) for each in plain["tables"]),
        provisional=plain["provisional"],
        facts=tuple((name, text) for name, text in plain["facts"]),
        lead=tuple(plain["lead"]),
        notes=tuple(plain["notes"]),
        opening=plain["opening"],
        closing=plain["closing"],
        charts=tuple(_chart(each) for each in plain.get("charts", ())),
    )


def _plain_chart(chart: ReportChart) -> Plain:
    days = {name: [[on.isoformat(), value] for on, value in getattr(chart, name)] for name in ("points", "marks")}
    return {"title": chart.title, "unit": chart.unit, "source": chart.source, **days}


def _chart(plain: Mapping[str, Any]) -> ReportChart:
    points, marks = (
        tuple((date.fromisoformat(on), int(value)) for on, value in plain[name]) for name in ("points", "marks")
    )
    return ReportChart(plain["title"], plain["unit"], points, marks, plain["source"])


def _plain_table(table: ReportTable) -> Plain:
    return {
        "key": table.key,
        "title": table.title,
        "columns": [[each.key, each.title, each.unit.value, each.share] for each in table.columns],
        "rows": [[_plain_value(value) for value in row] for row in table.rows],
        "source": table.source,
        "empty": table.empty,
        "lastIsSum": table.last_is_sum,
    }


def _table(plain: Mapping[str, Any]) -> ReportTable:
    columns = tuple(Column(key, title, Unit(unit), share) for key, title, unit, share in plain["columns"])
    return ReportTable(
        plain["key"],
        plain["title"],
        columns,
        tuple(
            tuple(_value(value, column.unit) for value, column in zip(row, columns, strict=True))
            for row in plain["rows"]
        ),
        plain["source"],
        plain["empty"],
        plain["lastIsSum"],
    )


def _plain_value(value: Value) -> str | int | float | None:
    return value.isoformat() if isinstance(value, date) else value


def _value(value: str | int | float | None, unit: Unit) -> Value:
    if unit not in (Unit.DAY, Unit.TIME) or not isinstance(value, str) or not value:
        return value
    return date.fromisoformat(value) if unit is Unit.DAY else datetime.fromisoformat(value)
