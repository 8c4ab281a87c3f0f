"""How devices and places stood over months, day by day, out of the states that were kept.

Worked out as the availability report works it out, of the devices that are asked for alone.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.store.history import SqlHistory
from alerts.store.maintenance import SqlMaintenance
from alerts.store.watches import SqlWatchStore
from alerts.verdict import Belongings
from console.ports.network import CalendarDay, CalendarMonth
from domain.availability import (
    Period,
    Records,
    Reporter,
    Spans,
    Timeline,
    datetime_of,
    figure_of,
    micros_of,
)
from domain.availability.days import cut_at
from domain.availability.spans import SECOND, common, whole_second_of
from domain.network import Inventory
from domain.time import NATIONAL
from kentongan.announced import works_of
from kentongan.availability import blame_of, blind_spans
from kentongan.installation import Installation


def calendar_of(
    installation: Installation, inventory: Inventory, months: int, devices: Sequence[str], sites: Sequence[str]
) -> tuple[CalendarMonth, ...]:
    """devices: round the clock; sites: of one place, in its service hours. Oldest month first."""
    zone = ZoneInfo(installation.loaded.settings.language.timezone)
    now = installation.clock.now().utc.replace(microsecond=0)
    firsts = _firsts(now.astimezone(zone).date(), months)
    start = datetime(firsts[0].year, firsts[0].month, 1, tzinfo=zone).astimezone(UTC)
    period = Period("", start, now, now)
    records = _records(installation, inventory, period, devices, sites)
    reporter = Reporter(records, {}, zone, frozenset(NATIONAL))
    if sites:
        timeline, hours = reporter.of_place([site for site in inventory.sites if site.slug in sites])
    else:
        timeline, hours = reporter.history.of_devices(devices), (records.span,)
    return tuple(_month(first, timeline, hours, zone, now) for first in firsts)


def _records(
    installation: Installation, inventory: Inventory, period: Period, devices: Sequence[str], sites: Sequence[str]
) -> Records:
    engine = installation.database.engine
    names = {device.name for device in inventory.devices if device.name in devices or device.site in sites}
    history = SqlHistory(engine).between(period.start, period.until, sorted(names))
    span = (whole_second_of(period.start), whole_second_of(period.until))
    incidents = installation.incidents.naming(sorted(names), period.start)
    belongings = Belongings.of(inventory)
    planned, _provider = works_of(SqlMaintenance(engine).read(period.start), inventory, period)
    return Records(
        span=span,
        inventory=replace(
            inventory, devices=tuple(device for device in inventory.devices if device.name in names), links=()
        ),
        initial=history.initial,
        changes={
            name: [(int(at) * SECOND, state, reason) for at, state, reason in changes]
            for name, changes in history.changes.items()
        },
        incidents=incidents,
        blames={each.id: blame_of(each, installation.acts.of(each.id), belongings, span) for each in incidents},
        blind=blind_spans(span, SqlWatchStore(engine).between(period.start, period.until)),
        planned=planned,
    )


def _firsts(today: date, months: int) -> list[date]:
    count = today.year * 12 + today.month - 1
    return [date(each // 12, each % 12 + 1, 1) for each in range(count - months + 1, count + 1)]


def _month(first: date, timeline: Timeline, hours: Spans, zone: ZoneInfo, now: datetime) -> CalendarMonth:
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    days = [first + timedelta(days=n) for n in range((after - first).days)]
    bounds = [micros_of(datetime(day.year, day.month, day.day, tzinfo=zone)) for day in (*days, after)]
    figure = figure_of(timeline, common(hours, ((bounds[0], bounds[-1]),)))
    pieces = cut_at(timeline, bounds)
    return CalendarMonth(
        f"{first:%Y-%m}",
        figure.availability_percent,
        figure.completeness_percent,
        tuple(
            CalendarDay(day, {kind: part / (end - begin) for kind, part in piece.items()})
            for day, piece, begin, end in zip(days, pieces, bounds, bounds[1:], strict=False)
            if datetime_of(begin) < now
        ),
    )
