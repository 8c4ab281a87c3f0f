"""The report of bandwidth against contract, out of what is said of a period. Pure; adds no figure."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from math import inf
from typing import Final
from zoneinfo import ZoneInfo

from domain.documents import Column, OfficeReport, ReportTable, Unit
from domain.language import _, n_
from exporters.documents.figures import number, zone_word
from exporters.reports.frame import Frame, period_facts
from exporters.reports.rows import Row, filled
from exporters.reports.words import period_word

FULL_PERCENT: Final = 80.0
COMPLETE_PERCENT: Final = 90.0
MOST_NAMES: Final = 12


def bandwidth_report(shown: Row, frame: Frame) -> OfficeReport:
    """shown: the document of a period."""
    zone = ZoneInfo(shown["zone"])
    return frame.around(
        _("Bandwidth against contract"),
        period_word(shown["period"]),
        is_final=shown["over"],
        facts=_facts(shown, zone),
        lead=_lead(shown),
        tables=_tables(shown, zone),
        notes=_notes(shown),
    )


def _facts(shown: Row, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    yield from period_facts(shown, zone)
    if not shown["problem"]:
        yield _("Traffic from"), shown["prometheus"]


def _lead(shown: Row) -> Iterator[str]:
    yield from _lead_of_traffic(shown)
    tested = [row for row in shown["speeds"] if row["sharePercent"] is not None]
    slow = [row for row in tested if row["sharePercent"] < FULL_PERCENT]
    if slow:
        yield _("Tested, and less than 80 % of what the contract promises: {names}.").format(
            names=", ".join(row["siteName"] for row in sorted(slow, key=_got))
        )


def _lead_of_traffic(shown: Row) -> Iterator[str]:
    known = [row for row in shown["links"] if row["downP95Mbps"] is not None]
    if not known:
        yield _("There are no figures of traffic for this period.")
        if shown["problem"]:
            yield shown["problem"]
        return
    full = [row for row in known if _used(row) >= FULL_PERCENT]
    yield _(
        "Lines filled to 80 % of their contract or more (of their capacity without one): {full} of {count}."
    ).format(full=number(len(full), 0), count=number(len(known), 0))
    if full:
        first = max(full, key=lambda row: (_used(row), row["link"]))
        yield _("Fullest: {name}, {percent} %.").format(name=first["link"], percent=number(_used(first), 1))


def _notes(shown: Row) -> Iterator[str]:
    unseen = [row["link"] for row in shown["links"] if row["downP95Mbps"] is None]
    if unseen and not shown["problem"]:
        yield _nothing_of(unseen)
    patchy = sum(
        1 for row in shown["links"] if row["downP95Mbps"] is not None and row["completenessPercent"] < COMPLETE_PERCENT
    )
    if patchy:
        yield n_(
            "Of {count} line less than 90 % of the time was kept: its figures are of what was seen.",
            "Of {count} lines less than 90 % of the time was kept: their figures are of what was seen.",
            patchy,
        ).format(count=number(patchy, 0))


def _nothing_of(links: Sequence[str]) -> str:
    """By name as long as a reader would read them; else the table has them at its end."""
    if len(links) <= MOST_NAMES:
        return _("Nothing was kept of: {names}.").format(names=", ".join(links))
    return n_(
        "Nothing was kept of {count} line: it stands at the end of the table, with dashes.",
        "Nothing was kept of {count} lines: they stand at the end of the table, with dashes.",
        len(links),
    ).format(count=number(len(links), 0))


def _tables(shown: Row, zone: ZoneInfo) -> Iterator[ReportTable]:
    yield _links(shown["links"], shown["prometheus"] if not shown["problem"] else "")
    yield filled(
        "opd",
        _("By agency"),
        (
            (Column("opd", _("agency"), share=3.4), "opd"),
            (Column("links", _("links"), Unit.COUNT, 0.7), "links"),
            (Column("down_promised_mbps", _("promised down"), Unit.RATE, 1.1), "downPromisedMbps"),
            (Column("down_average_mbps", _("average down"), Unit.RATE, 1.1), "downAverageMbps"),
            (Column("down_p95_mbps", _("95 % down"), Unit.RATE, 1.0), "downP95Mbps"),
            (Column("up_average_mbps", _("average up"), Unit.RATE, 1.0), "upAverageMbps"),
            (Column("down_gigabytes", _("GB down"), Unit.RATE, 1.2), "downGigabytes"),
            (Column("up_gigabytes", _("GB up"), Unit.RATE, 1.2), "upGigabytes"),
        ),
        shown["opd"],
        _(
            "Sums of the links above that end at the agency's sites, in Mbit/s; a percentile of several links cannot "
            "be added up and is left out. Volume: of the time that was seen. A dash: of one of them nothing is known."
        ),
        _("No line ends at an agency."),
    )
    yield _speeds(shown["speeds"], zone)
    yield _villages(shown["villages"])


def _speeds(rows: Sequence[Row], zone: ZoneInfo) -> ReportTable:
    """Who gets the least of what was promised stands first."""
    return filled(
        "speeds",
        _("Speed that was measured"),
        (
            (Column("site", _("site"), share=0), "site"),
            (Column("name", _("name"), share=2.6), "siteName"),
            (
                Column("at", _("measured ({zone})").format(zone=zone_word(zone)), Unit.TIME, 1.8),
                lambda row: _at(row["at"], zone),
            ),
            (Column("tests", _("tests"), Unit.COUNT, 0.7), "tests"),
            (Column("down_mbps", _("down"), Unit.RATE, 1.0), "downMbps"),
            (Column("up_mbps", _("up"), Unit.RATE, 1.0), "upMbps"),
            (Column("down_promised_mbps", _("promised down"), Unit.RATE, 1.1), "downPromisedMbps"),
            (Column("share_percent", _("of it %"), Unit.RATE, 1.0), "sharePercent"),
        ),
        sorted(rows, key=lambda row: (_got(row), row["site"])),
        _("From the speed tests of sites, in Mbit/s: the slowest of the period for each. Promised: links.csv."),
        _("No speed was tested in this period."),
    )


def _got(row: Row) -> float:
    """Share of the promise; what nobody promised comes last."""
    return inf if row["sharePercent"] is None else float(row["sharePercent"])


def _at(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).astimezone(zone)


def _links(rows: Sequence[Row], prometheus: str) -> ReportTable:
    seen, promised = bool(prometheus), any(row["upPromisedMbps"] is not None for row in rows)
    return filled(
        "links",
        _("By link, in Mbit/s"),
        (
            (Column("link", _("link"), share=3.4), "link"),
            (Column("site", _("site"), share=0), "site"),
            (Column("opd", _("agency"), share=0), "opd"),
            (Column("provider", _("provider"), share=1.5), "provider"),
            (Column("contract", _("contract"), share=0 if seen else 1.5), "contract"),
            (Column("medium", _("medium"), share=0 if seen else 1.0), "medium"),
            (Column("capacity_mbps", _("capacity"), Unit.RATE, 0 if seen else 1.1), "capacityMbps"),
            (Column("down_promised_mbps", _("promised down"), Unit.RATE, 1.1), "downPromisedMbps"),
            (Column("down_average_mbps", _("average down"), Unit.RATE, 0.95 * seen), "downAverageMbps"),
            (Column("down_p95_mbps", _("95 % down"), Unit.RATE, 0.8 * seen), "downP95Mbps"),
            (Column("down_busy_hour_mbps", _("busy hour down"), Unit.RATE, 0.8 * seen), "downBusyHourMbps"),
            (Column("down_used_percent", _("used % down"), Unit.RATE, 0), "downUsedPercent"),
            (Column("up_promised_mbps", _("promised up"), Unit.RATE, 1.1 if promised else 0), "upPromisedMbps"),
            (Column("up_average_mbps", _("average up"), Unit.RATE, 0.95 * seen), "upAverageMbps"),
            (Column("up_p95_mbps", _("95 % up"), Unit.RATE, 0.8 * seen), "upP95Mbps"),
            (Column("up_busy_hour_mbps", _("busy hour up"), Unit.RATE, 0), "upBusyHourMbps"),
            (Column("up_used_percent", _("used % up"), Unit.RATE, 0), "upUsedPercent"),
            (
                Column("used_percent", _("used %"), Unit.RATE, 1.0 * seen),
                _seen_used,
            ),
            (Column("completeness_percent", _("seen %"), Unit.RATE, 1.1 * seen), "completenessPercent"),
        ),
        sorted(
            rows,
            key=lambda row: (row["downP95Mbps"] is None, -_used(row), row["downPromisedMbps"] is None, row["link"]),
        ),
        _("Promised: links.csv.")
        + " "
        + (
            _(
                "Traffic: {url}, averages of five minutes as the site sees them. 95 %: what was exceeded in 5 % of the "
                "time. Busy hour: the fullest hour. Used: the 95th percentile of the fuller direction against the "
                "contract, else the capacity. Seen: how much of the period was kept."
            ).format(url=prometheus)
            if prometheus
            else _("Traffic: not known.")
        ),
        _("There is no line with a contract."),
    )


def _villages(rows: Sequence[Row]) -> ReportTable:
    return filled(
        "villages",
        _("Volume by desa"),
        (
            (Column("code", _("code"), share=0), "code"),
            (Column("name", _("name"), share=2.2), "name"),
            (Column("kecamatan", _("kecamatan"), share=2.0), "kecamatan"),
            (Column("gigabytes", _("GB received"), Unit.RATE, 1.2), "gigabytes"),
            (Column("average_mbps", _("average Mbit/s"), Unit.RATE, 1.3), "averageMbps"),
            (Column("users", _("most users a day"), Unit.COUNT, 1.3), "users"),
            (Column("days_seen", _("days seen"), Unit.COUNT, 1.0), "daysSeen"),
            (Column("days", _("days"), Unit.COUNT, 0.8), "days"),
        ),
        rows,
        _(
            "From the counters of the sites' routers, kept day by day by Kentongan itself: octets that came in at any "
            "port. Average: of the days that were seen."
        ),
        _("Nothing was kept of this period."),
    )


def _used(row: Row) -> float:
    return max(row["downUsedPercent"] or 0.0, row["upUsedPercent"] or 0.0)


def _seen_used(row: Row) -> float | None:
    return None if row["downP95Mbps"] is None and row["upP95Mbps"] is None else _used(row)
