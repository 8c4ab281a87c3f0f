"""What every link carried in a period beside what its contract promises; each figure with where it comes from.

Links are Prometheus's to remember (`prometheus.url`); how much went through a village's site is kept by
Kentongan itself. Without a Prometheus, or without figures in it, the report says so and leaves them blank.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.availability import Period
from domain.language import _
from domain.network import Inventory, Link, LinkPurpose, Medium, Site, SiteKind
from exporters.errors import PrometheusUnreachableError
from exporters.reports.bandwidth import bandwidth_report
from inventory.store.coverage import SqlCoverageStore
from kentongan.installation import Installation
from kentongan.reporting.frame import frame_of
from kentongan.reporting.records import Composed
from provisioning.store.speeds import MeasuredSpeed, SqlSpeeds

MEGA: Final = 1_000_000
GIGA: Final = 1_000_000_000
_AGENCIES: Final = frozenset({SiteKind.OPD, SiteKind.UPTD, SiteKind.KECAMATAN, SiteKind.MPP, SiteKind.PUSKESMAS})
_INDOORS: Final = frozenset({Medium.COPPER, Medium.VPN})


def compose_bandwidth(installation: Installation, period: Period, day: date | None) -> Composed:
    shown = bandwidth_document(installation, period)
    return Composed(bandwidth_report(shown, frame_of(installation, day)), period.label, over=period.is_over)


def bandwidth_document(installation: Installation, period: Period) -> dict[str, Any]:
    """By link, agency and village; keys are a promise. Rates in Mbit/s, volumes in GB (10^9 octets)."""
    address = installation.loaded.settings.prometheus.url
    measured, problem = _measured(address, period)
    inventory = installation.inventory.read()
    regions = installation.regions.within(installation.regions.home() or "")
    names = {str(region.code): region.name for region in regions}
    seconds = (period.until - period.start).total_seconds()
    links = [_link(link, inventory, measured, seconds) for link in inventory.links if _counts(link)]
    return {
        "period": period.label,
        "from": period.start.isoformat(),
        "until": period.until.isoformat(),
        "over": period.is_over,
        "zone": installation.loaded.settings.language.timezone,
        "prometheus": address,
        "problem": problem,
        "links": links,
        "opd": _agencies(links, seconds),
        "villages": _villages(installation, period, names, seconds),
        "speeds": _speeds(
            SqlSpeeds(installation.database.engine).between(period.start, period.until), links, inventory
        ),
    }


def _measured(address: str, period: Period) -> tuple[Mapping[tuple[str, str], Any], str]:
    """What each link carried, and why there is nothing."""
    if not address:
        return {}, _("No Prometheus is named in the settings (prometheus.url): what links carried is not known.")
    # Imported here: a client for HTTP is slow to load, and most reports need none.
    from exporters.grafana.traffic import carried

    try:
        found = carried(address, period.start, period.until)
    except PrometheusUnreachableError as error:
        return {}, str(error)
    if not found:
        return {}, _(
            "{url} keeps no traffic of this period. Are its rules those of: kentongan prometheus render?"
        ).format(url=address)
    return found, ""


def _counts(link: Link) -> bool:
    promised = link.cir_down_mbps is not None or link.cir_up_mbps is not None or link.contract or link.provider
    return link.purpose is LinkPurpose.SERVICE and (bool(promised) or link.medium not in _INDOORS)


def _link(link: Link, inventory: Inventory, measured: Mapping[tuple[str, str], Any], seconds: float) -> dict[str, Any]:
    from exporters.grafana.traffic import DOWN, STEP_SECONDS, UP, Carried

    down, up = (measured.get((link.name, way), Carried()) for way in (DOWN, UP))
    expected = seconds / STEP_SECONDS
    site = _site_of(link, inventory)
    contract = {each.id: each for each in inventory.contracts}.get(link.contract)
    return {
        "link": link.name,
        "provider": link.provider or (contract.provider if contract else ""),
        "contract": link.contract,
        "site": site.slug if site else "",
        "siteName": site.name if site else "",
        "opd": (site.organisation or site.name) if site and site.kind in _AGENCIES else "",
        "medium": link.medium.value,
        "capacityMbps": link.capacity_mbps,
        "downPromisedMbps": link.cir_down_mbps,
        "upPromisedMbps": link.cir_up_mbps,
        "downAverageMbps": _mega(down.average),
        "upAverageMbps": _mega(up.average),
        "downP95Mbps": _mega(down.percentile_95),
        "upP95Mbps": _mega(up.percentile_95),
        "downBusyHourMbps": _mega(down.busy_hour),
        "upBusyHourMbps": _mega(up.busy_hour),
        "downUsedPercent": _share(down.percentile_95, link.cir_down_mbps or link.capacity_mbps),
        "upUsedPercent": _share(up.percentile_95, link.cir_up_mbps or link.capacity_mbps),
        "completenessPercent": min(100.0, round(100 * max(down.samples, up.samples) / expected, 2))
        if measured and expected >= 1
        else None,
    }


def _site_of(link: Link, inventory: Inventory) -> Site | None:
    for name in (link.a_device, link.z_device):
        device = inventory.used_by_name.get(name)
        if device is not None and device.site in inventory.site_by_slug:
            return inventory.site_by_slug[device.site]
    return None


def _agencies(links: Sequence[Mapping[str, Any]], seconds: float) -> list[dict[str, Any]]:
    """Sums of averages and volumes are exact; percentiles of several links are not added up."""
    of: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in links:
        if row["opd"]:
            of[row["opd"]].append(row)
    return [
        {
            "opd": name,
            "links": len(rows),
            "downPromisedMbps": _sum(row["downPromisedMbps"] for row in rows),
            "downAverageMbps": _sum(row["downAverageMbps"] for row in rows),
            "upAverageMbps": _sum(row["upAverageMbps"] for row in rows),
            "downP95Mbps": rows[0]["downP95Mbps"] if len(rows) == 1 else None,
            "downGigabytes": _volume(rows, "downAverageMbps", seconds),
            "upGigabytes": _volume(rows, "upAverageMbps", seconds),
        }
        for name, rows in sorted(of.items())
    ]


def _villages(
    installation: Installation, period: Period, names: Mapping[str, str], seconds: float
) -> list[dict[str, Any]]:
    zone = ZoneInfo(installation.loaded.settings.language.timezone)
    first = period.start.astimezone(zone).date()
    last = (period.until - timedelta(microseconds=1)).astimezone(zone).date()
    days = (last - first).days + 1
    found = SqlCoverageStore(installation.database.engine).volumes(first, last)
    return [
        {
            "code": code,
            "name": names.get(code, code),
            "kecamatan": names.get(code.rpartition(".")[0], ""),
            "gigabytes": round(octets / GIGA, 3),
            "averageMbps": round(8 * octets / (days_seen * 86_400) / MEGA, 3),
            "users": users,
            "daysSeen": days_seen,
            "days": days,
        }
        for code, octets, days_seen, users in found
        if days_seen
    ]


def _speeds(
    measured: Iterable[MeasuredSpeed], links: Iterable[Mapping[str, Any]], inventory: Inventory
) -> list[dict[str, Any]]:
    """What came through where somebody tested it: the slowest test of each site, beside what a contract promises."""
    promised: dict[str, float] = {}
    for link in links:
        if link["downPromisedMbps"] is not None:
            promised[link["site"]] = max(link["downPromisedMbps"], promised.get(link["site"], 0.0))
    tests: dict[str, list[MeasuredSpeed]] = defaultdict(list)
    for each in measured:
        tests[each.site].append(each)
    sites = inventory.site_by_slug
    found = []
    for slug, own in sorted(tests.items()):
        slowest = min(own, key=lambda each: (each.down_mbps, each.at))
        found.append(
            {
                "site": slug,
                "siteName": sites[slug].name if slug in sites else slug,
                "at": slowest.at.isoformat(),
                "tests": len(own),
                "downMbps": slowest.down_mbps,
                "upMbps": slowest.up_mbps,
                "downPromisedMbps": promised.get(slug),
                "sharePercent": _share(slowest.down_mbps * MEGA, promised.get(slug)),
            }
        )
    return found


def _mega(rate: float | None) -> float | None:
    return None if rate is None else round(rate / MEGA, 3)


def _share(rate: float | None, promised_mbps: float | None) -> float | None:
    return None if rate is None or not promised_mbps else round(100 * rate / MEGA / promised_mbps, 2)


def _sum(values: Iterable[float | None]) -> float | None:
    """None where one of them is not known: a sum of the others would be too small."""
    found = list(values)
    known = [each for each in found if each is not None]
    return round(sum(known), 3) if len(known) == len(found) else None


def _volume(rows: Iterable[Mapping[str, Any]], average: str, seconds: float) -> float | None:
    """Of the time that was seen: a line that began in the middle of a month carried nothing before."""
    rate = _sum(
        None if row[average] is None or row["completenessPercent"] is None
        else row[average] * row["completenessPercent"] / 100
        for row in rows
    )  # fmt: skip
    return None if rate is None else round(rate * MEGA / 8 * seconds / GIGA, 1)
