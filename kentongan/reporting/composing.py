"""Which report is meant by a kind and a period, and making it from what is known now."""

from datetime import date, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from domain.availability import By, Period, PeriodError, half, period_of
from domain.language import _
from kentongan.installation import Installation
from kentongan.reporting.availability import closed_hash, compose_availability
from kentongan.reporting.bandwidth import compose_bandwidth
from kentongan.reporting.coverage import compose_coverage
from kentongan.reporting.evaluation import compose_evaluation
from kentongan.reporting.incidents import compose_incidents
from kentongan.reporting.records import Composed, ReportError, ReportKind, Wanted


def settled(installation: Installation, wanted: Wanted) -> Wanted:
    """The same with its period, and what it is by, as they are kept. Raises ReportError."""
    match wanted.kind:
        case ReportKind.COVERAGE:
            on, since = _coverage_days(installation, wanted)
            return Wanted(wanted.kind, on.isoformat(), since.isoformat() if since else "", "", wanted.dated)
        case ReportKind.AVAILABILITY:
            by = wanted.by or By.DESA.value
            if by not in tuple(By):
                raise ReportError(_("'{by}' is not one of: {known}.").format(by=by, known=", ".join(By)))
            return Wanted(wanted.kind, _span(installation, wanted).label, by, "", wanted.dated)
        case ReportKind.INCIDENTS | ReportKind.BANDWIDTH | ReportKind.EVALUATION:
            return Wanted(wanted.kind, _span(installation, wanted).label, "", "", wanted.dated)
        case _:
            assert_never(wanted.kind)


def composed(installation: Installation, wanted: Wanted) -> Composed:
    """Out of what is known now; of closed months as they were closed. wanted: settled. Raises ReportError."""
    day = day_in(wanted.dated)
    match wanted.kind:
        case ReportKind.AVAILABILITY:
            return compose_availability(installation, wanted, _span(installation, wanted), day)
        case ReportKind.COVERAGE:
            on = day_in(wanted.period)
            assert on is not None  # it is settled
            return compose_coverage(installation, on, day_in(wanted.by), day)
        case ReportKind.INCIDENTS:
            return compose_incidents(installation, _span(installation, wanted), day)
        case ReportKind.BANDWIDTH:
            return compose_bandwidth(installation, _span(installation, wanted), day)
        case ReportKind.EVALUATION:
            return compose_evaluation(installation, _span(installation, wanted), day)
        case _:
            assert_never(wanted.kind)


def frozen_source(installation: Installation, wanted: Wanted) -> str:
    """The hash of what people closed that such a report is made from, '' for what is made from the records."""
    if wanted.kind is not ReportKind.AVAILABILITY:
        return ""
    return closed_hash(installation, _span(installation, wanted))


def day_in(text: str) -> date | None:
    """None for an empty text. Raises ReportError."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ReportError(_("'{value}' is no date. Write it like 2020-12-31.").format(value=text)) from None


def _span(installation: Installation, wanted: Wanted) -> Period:
    zone, now = ZoneInfo(installation.loaded.settings.language.timezone), installation.clock.now().utc
    read = half if wanted.kind is ReportKind.EVALUATION else period_of
    try:
        return read(wanted.period, zone, now)
    except PeriodError as error:
        raise ReportError(str(error)) from None


def _coverage_days(installation: Installation, wanted: Wanted) -> tuple[date, date | None]:
    """A day, or the last one of a period, or today."""
    since = day_in(wanted.since or wanted.by)
    if not wanted.period:
        return installation.today(), since
    try:
        return date.fromisoformat(wanted.period), since
    except ValueError:
        zone = ZoneInfo(installation.loaded.settings.language.timezone)
        last = _span(installation, wanted).end.astimezone(zone).date() - timedelta(days=1)
        return min(last, installation.today()), since
