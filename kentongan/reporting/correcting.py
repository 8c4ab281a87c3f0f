"""A closed report with what came later beside it: its figures stay, a table says what would read otherwise now."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.documents import Column, OfficeReport, ReportTable
from domain.documents.changes import CORRECTIONS, Change
from domain.documents.codec import from_plain
from domain.language import _
from exporters.documents.figures import day
from exporters.documents.report import written


def read_report(document: str) -> OfficeReport:
    """What was kept."""
    return from_plain(json.loads(document))


def corrected(first: OfficeReport, found: Sequence[Change], at: datetime, actor: str, why: str) -> OfficeReport:
    """at: the day of the correction."""
    said = _("{when}, {by}: {why}").format(when=day(at), by=actor, why=why)
    return replace(
        first,
        made_at=at,
        facts=(*first.facts, (_("Correction"), said)),
        tables=(*first.tables, _table(found)),
    )


def standing(report: OfficeReport, at: datetime, actor: str) -> OfficeReport:
    """at: when it was closed, in the zone of the kabupaten."""
    said = _("Closed by {by} on {when}. Figures as they were then.").format(by=actor, when=day(at))
    return replace(report, facts=(*report.facts, (_("Standing"), said)), provisional="")


def _table(found: Sequence[Change]) -> ReportTable:
    return ReportTable(
        CORRECTIONS,
        _("Corrections after the closing"),
        (
            Column("table", _("table"), share=2.0),
            Column("row", _("row"), share=2.4),
            Column("column", _("figure"), share=1.6),
            Column("before", _("as closed"), share=1.4),
            Column("now", _("reads now"), share=1.4),
        ),
        tuple(
            (each.title, each.row, each.column, written(each.before, each.unit), written(each.now, each.unit))
            for each in found
        ),
        _("From the same records as the tables above, as they read on the day of this edition."),
        _("Nothing reads otherwise."),
    )
