"""Evidence of service, day by day: what the states of a village's devices and its use come to once a day is over.

A day is written once, the morning after. What is learned later of a day stands in the availability report and its
corrections; a village's window of thirty days does not change behind the back of a report that was given out.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from domain.availability import Figure, Period, Reporter, figure_of
from domain.availability.report import VILLAGES
from domain.coverage.evidence import CLASSES, EvidenceDay, UseDay
from domain.coverage.stages import may_connect
from domain.network import Check, Device, Inventory, PollClassName, Site
from inventory.store.coverage import SqlCoverageStore
from kentongan.availability import open_month
from kentongan.installation import Installation
from provisioning.store.speeds import SqlSpeeds

SECOND: Final = 1_000_000
NOTHING_MEASURED: Final[Mapping[str, float]] = MappingProxyType({})
MOST_DAYS: Final = 45
"""A machine that slept longer begins anew: nobody saw those days anyway."""


def close_days(installation: Installation, today: date) -> int:
    """Write the days that are over and not written yet; returns how many. May take a second a day."""
    store = SqlCoverageStore(installation.database.engine)
    first = _first_day(installation, today)
    last = store.last_day()
    day = max(first, last + timedelta(days=1)) if last is not None else first
    written = 0
    speeds = speeds_between(installation, day, today) if day < today else {}
    while day < today:
        store.add_evidence(evidence_of(installation, store, day, speeds.get(day, {})))
        written += 1
        day += timedelta(days=1)
    return written


def speeds_between(installation: Installation, first: date, until: date) -> Mapping[date, Mapping[str, float]]:
    """Day → village → the fastest that came down to one of its sites when it was checked (Mbit/s). until: the first
    day that is left out."""
    zone = ZoneInfo(installation.loaded.settings.language.timezone)
    start, end = (datetime.combine(each, time(), zone).astimezone(UTC) for each in (first, until))
    sites = installation.inventory.read().site_by_slug
    found: dict[date, dict[str, float]] = {}
    for each in SqlSpeeds(installation.database.engine).between(start, end):
        site = sites.get(each.site)
        if site is not None and site.region_code and may_connect(site):
            day = found.setdefault(each.at.astimezone(zone).date(), {})
            day[site.region_code] = max(each.down_mbps, day.get(site.region_code, 0.0))
    return found


def evidence_of(
    installation: Installation, store: SqlCoverageStore, day: date, speeds: Mapping[str, float] = NOTHING_MEASURED
) -> list[EvidenceDay]:
    """Of all villages that are watched, by code. speeds: village → what was measured on that day."""
    settings = installation.loaded.settings
    zone = ZoneInfo(settings.language.timezone)
    start, end = (datetime.combine(each, time(), zone).astimezone(UTC) for each in (day, day + timedelta(days=1)))
    reporter = open_month(installation, Period(day.isoformat(), start, end, end)).reporter
    watched = _watched(reporter.records.inventory)
    used = store.use_on(day)
    limit = settings.coverage.use_megabytes * 1e6
    return [
        _day(
            code,
            day,
            figure_of(*reporter.of_place(sites)),
            watched[code],
            is_used(used.get(code), watched[code], limit),
            speeds.get(code),
        )
        for code, sites in sorted(_serving(reporter).items())
        if code in watched
    ]


def is_used(use: UseDay | None, devices: list[Device], octets: float) -> bool:
    """Whether somebody used the village's internet. Where nothing can be polled, clients alone must do: their site's
    heartbeat came through the internet itself."""
    if use is None or not use.users:
        return False
    return use.octets >= octets or all(device.check is Check.PUSH for device in devices)


def _day(
    code: str, day: date, figure: Figure, devices: list[Device], used: bool, speed_mbps: float | None
) -> EvidenceDay:
    seconds = (figure.service, figure.base - figure.dark, figure.dark)
    service, up, dark = (each // SECOND for each in seconds)
    return EvidenceDay(code, day, service, up, dark, used, speed_mbps, _class(devices))


def _class(devices: list[Device]) -> PollClassName:
    """The most demanding one: a satellite beside a fibre excuses nothing."""
    return min((device.poll_class for device in devices), key=CLASSES.index)


def _serving(reporter: Reporter) -> Mapping[str, list[Site]]:
    """Village → the sites in service that can connect it: those of the village itself, as in the report of
    availability; without one the others, a school's or a health centre's."""
    own: dict[str, list[Site]] = {}
    others: dict[str, list[Site]] = {}
    for site in reporter.records.inventory.sites:
        if site.region_code and may_connect(site) and reporter.in_service.of_site(site):
            (own if site.kind in VILLAGES else others).setdefault(site.region_code, []).append(site)
    return {**others, **own}


def _watched(inventory: Inventory) -> Mapping[str, list[Device]]:
    """Village → the devices of its sites that somebody watches."""
    found: dict[str, list[Device]] = {}
    for site in inventory.sites:
        devices = [each for each in inventory.used_at_site.get(site.slug, ()) if each.check is not Check.NONE]
        if site.region_code and may_connect(site) and devices:
            found.setdefault(site.region_code, []).extend(devices)
    return found


def _first_day(installation: Installation, today: date) -> date:
    """The first whole day on which we looked, as far back as it may go."""
    zone = ZoneInfo(installation.loaded.settings.language.timezone)
    farthest = today - timedelta(days=MOST_DAYS)
    looked = installation.watches.between(
        datetime.combine(farthest, time(), zone), datetime.combine(today, time(), zone) + timedelta(days=1)
    )
    if not looked:
        return today
    began = datetime.fromtimestamp(min(start for start, _seen in looked), zone)
    return max(farthest, began.date() if began.time() == time() else began.date() + timedelta(days=1))
