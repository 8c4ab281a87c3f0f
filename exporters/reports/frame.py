"""What every report of an office has around its figures."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.documents import Letterhead, OfficeReport, ReportChart, ReportTable, Signature
from domain.language import _
from exporters.documents.figures import time
from exporters.reports.rows import Row


@dataclass(frozen=True, slots=True)
class Frame:
    """region: the kabupaten as it is called. made_at: the day of the document, in the zone of the kabupaten."""

    region: str
    made_at: datetime
    letterhead: Letterhead
    signature: Signature
    opening: str = ""
    closing: str = ""

    def around(
        self,
        title: str,
        about: str,
        *,
        facts: Iterable[tuple[str, str]],
        lead: Iterable[str],
        tables: Iterable[ReportTable],
        notes: Iterable[str],
        is_final: bool = True,
        charts: Iterable[ReportChart] = (),
    ) -> OfficeReport:
        """about: the period or the day. Not final: figures may still change, and the report says so."""
        return OfficeReport(
            title=title,
            subject=f"{self.region}, {about}",
            made_at=self.made_at,
            letterhead=self.letterhead,
            signature=self.signature,
            provisional="" if is_final else _("provisional"),
            facts=tuple(facts),
            lead=tuple(lead),
            tables=tuple(tables),
            notes=tuple(notes),
            opening=self.opening,
            closing=self.closing,
            charts=tuple(charts),
        )


def period_facts(shown: Row, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """Of the document of a period: from when to when, and whether it is over."""
    start, end = (datetime.fromisoformat(shown[key]).astimezone(zone) for key in ("from", "until"))
    yield _("Period"), _("{start} to {end}").format(start=time(start), end=time(end))
    if not shown["over"]:
        yield _("Standing"), _("Provisional: the period is not over.")
