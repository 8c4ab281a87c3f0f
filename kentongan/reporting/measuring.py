"""The figures of Kentongan's own that indicators may name, over a half-year and at its last day, with their sources.

What cannot be measured has no value, never 0; its source says what is missing.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.availability import By, Period
from domain.coverage.stages import CONNECTS, standing
from domain.evaluation import Figure, Measure
from domain.incidents import Condition
from domain.incidents.review import Sum, sum_of
from domain.language import _
from domain.network import Inventory, Site, SiteKind, Stage, StageEntry
from exporters.reports.words import day_word
from kentongan.coverage import CoverageBook, open_coverage
from kentongan.installation import Installation
from kentongan.reporting.availability import availability_documents
from kentongan.reporting.incidents import faults_of, was_watched

_BY: Final = {
    Measure.DESA_AVAILABILITY: By.DESA,
    Measure.OPD_AVAILABILITY: By.OPD,
    Measure.PROVIDER_AVAILABILITY: By.PROVIDER,
}
_SITES: Final = {
    Measure.OPD_SITES: frozenset({SiteKind.OPD, SiteKind.UPTD}),
    Measure.PUBLIC_SITES: frozenset({SiteKind.PUBLIC}),
    Measure.CCTV_SITES: frozenset({SiteKind.CCTV}),
}


@dataclass(frozen=True)
class Measuring:
    """One half-year, each kind of records read once and only if something asks for it."""

    installation: Installation
    period: Period
    wanted: Collection[Measure]
    book: CoverageBook | None = field(default=None)

    @cached_property
    def day(self) -> date:
        """The last day of the half-year, or today while it lasts."""
        zone = ZoneInfo(self.installation.loaded.settings.language.timezone)
        last = (self.period.end - timedelta(microseconds=1)).astimezone(zone).date()
        return min(last, self.installation.today())

    @cached_property
    def coverage(self) -> Mapping[str, Any]:
        return (self.book or open_coverage(self.installation)).document(self.day)

    @cached_property
    def inventory(self) -> Inventory:
        return self.installation.inventory.read()

    def figures(self) -> dict[Measure, Figure]:
        """Those that are wanted."""
        return {each: self.figure(each) for each in self.wanted}

    def figure(self, measure: Measure) -> Figure:
        if measure in _BY:
            return self._available(_BY[measure])
        if measure in _SITES:
            return self._sites(_SITES[measure])
        ways: Mapping[Measure, Callable[[], Figure]] = {
            Measure.DESA_CONNECTED: lambda: self._villages("desa", "connected"),
            Measure.DESA_CONNECTED_PERCENT: lambda: self._villages("desa", "connected", share=True),
            Measure.DESA_SERVED: lambda: self._villages("desa", "served"),
            Measure.DESA_SERVED_PERCENT: lambda: self._villages("desa", "served", share=True),
            Measure.DESA_UNMEASURED: lambda: self._villages("desa", "unmeasured"),
            Measure.KELURAHAN_CONNECTED: lambda: self._villages("kelurahan", "connected"),
            Measure.INCIDENTS: self._incidents,
            Measure.REPAIR_HOURS: self._repair_hours,
            Measure.ACKNOWLEDGE_MINUTES: self._acknowledge_minutes,
            Measure.SERVICES: lambda: self._services(public=False),
            Measure.PUBLIC_SERVICES: lambda: self._services(public=True),
        }
        return ways[measure]()

    def _villages(self, sort: str, what: str, *, share: bool = False) -> Figure:
        counts, on = self.coverage[sort], day_word(self.day.isoformat())
        if what != "connected" and self.coverage["evidence"]["lastDay"] is None:
            return Figure(None, _("coverage on {day}: nothing was measured").format(day=on))
        said = {
            "connected": _("coverage on {day}, by documents"),
            "served": _("coverage on {day}, measured"),
            "unmeasured": _("coverage on {day}, what cannot be measured"),
        }[what].format(day=on)
        if not share:
            return Figure(float(counts[what]), said)
        whole = counts["villages"]
        return Figure(round(100 * counts[what] / whole, 2) if whole else None, said)

    @cached_property
    def _months(self) -> Mapping[By, Mapping[str, Any]]:
        kinds = tuple(dict.fromkeys(by for measure, by in _BY.items() if measure in self.wanted))
        return availability_documents(self.installation, self.period, kinds)

    def _available(self, by: By) -> Figure:
        """Of all rows together, each weighing by its time."""
        rows = self._months[by]["rows"]
        dark = ("down",) if by is By.PROVIDER else ("down", "unreachable")
        up = sum(row["seconds"][kind] for row in rows for kind in ("up", "degraded"))
        whole = up + sum(row["seconds"][kind] for row in rows for kind in dark)
        said = _("availability of the half-year, {count} rows").format(count=len(rows))
        if not whole:
            return Figure(None, _("availability of the half-year: nothing was measured"))
        value = 100 * up / whole
        return Figure(value if value >= 100 else min(round(value, 4), 99.9999), said)

    @cached_property
    def _outages(self) -> Sum:
        faults, _before = faults_of(self.installation, self.period)
        return sum_of((each for each in faults if each.condition is Condition.OUTAGE), self.period.until)

    def _incidents(self) -> Figure:
        if not self._outages.count and not was_watched(self.installation, self.period):
            return Figure(None, _("outages of the half-year: nobody watched"))
        return Figure(float(self._outages.count), _("outages that began in the half-year"))

    def _repair_hours(self) -> Figure:
        seconds = self._outages.to_repair
        return Figure(None if seconds is None else round(seconds / 3600, 2), _("mean over outages that ended"))

    def _acknowledge_minutes(self) -> Figure:
        seconds = self._outages.to_acknowledge
        return Figure(None if seconds is None else round(seconds / 60, 1), _("mean over outages that were taken on"))

    def _sites(self, kinds: Collection[SiteKind]) -> Figure:
        found = sum(1 for site in in_service_on(self.inventory, self.day) if site.kind in kinds)
        return Figure(float(found), _("sites in service on {day}").format(day=self._said_day()))

    def _services(self, *, public: bool) -> Figure:
        """No history of applications is kept: of a past half-year nobody knows how many there were."""
        if self.day < self.installation.today() - timedelta(days=SERVICES_KNOWN_DAYS):
            return Figure(None, _("services.csv keeps no history"))
        found = sum(1 for each in self.inventory.services if each.public or not public)
        return Figure(float(found), _("services.csv as it is today"))

    def _said_day(self) -> str:
        return day_word(self.day.isoformat())


def in_service_on(inventory: Inventory, day: date) -> list[Site]:
    """By the stages of each site, as coverage counts; without a history by the day of its stage today."""
    entries: dict[str, list[StageEntry]] = defaultdict(list)
    for entry in inventory.stages:
        entries[entry.slug].append(entry)

    def stage(site: Site) -> Stage | None:
        if site.slug in entries:
            held = standing(entries[site.slug], day)
            return held.stage if held is not None else None
        return site.stage if site.stage_date is None or site.stage_date <= day else None

    return [site for site in inventory.sites if stage(site) in CONNECTS]


SERVICES_KNOWN_DAYS: Final = 92
"""A report is written within the quarter after its half-year; later the list of today says nothing about it."""


def measures_of(indicators: Iterable[Any]) -> frozenset[Measure]:
    return frozenset(each.measured for each in indicators if each.measured is not None)
