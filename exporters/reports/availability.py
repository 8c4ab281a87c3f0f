"""The monthly report of availability, out of what `kentongan availability --json` says of the month. Pure.

Adds no figure of its own: hours are its seconds, sums are sums of its rows.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from domain.availability import By
from domain.documents import Column, OfficeReport, ReportTable, Unit, Value
from domain.language import _
from exporters.documents.figures import number, time
from exporters.reports.frame import Frame
from exporters.reports.rows import Row
from exporters.reports.words import cause_word, party_word, period_word

HOUR: Final = 3600
COMPLETE_PERCENT: Final = 95.0
LINES: Final = frozenset({By.LINK, By.PROVIDER})


def availability_report(shown: Row, providers: Row, frame: Frame) -> OfficeReport:
    """shown: the month by what is asked for. providers: the same month by provider, for the restitution."""
    by, zone = By(shown["by"]), ZoneInfo(shown["zone"])
    owed = [each for row in providers["rows"] for each in row["restitution"]]
    return frame.around(
        _("Availability by {what}").format(what=_kind(by)),
        period_word(shown["period"]),
        is_final=shown["closed"],
        facts=_facts(shown, zone),
        lead=_lead(shown, by),
        tables=_tables(shown, by, owed),
        notes=tuple(
            dict.fromkeys(
                (
                    shown["rollUp"],
                    *_seen_too_little(shown["rows"]),
                    *shown["problems"],
                    *providers["problems"],
                    *_without_figure(owed),
                )
            )
        ),
    )


def _tables(shown: Row, by: By, owed: Sequence[Row]) -> Iterator[ReportTable]:
    yield _whole(shown["rows"], by)
    yield _by_party(shown["rows"])
    yield _outages(shown["rows"], by)
    yield _restitution(owed)
    if shown["corrections"]:
        yield _corrections(shown["corrections"])


def _seen_too_little(rows: Sequence[Row]) -> Iterator[str]:
    """Whose figure rests on less than should be seen; of whom nothing is known the lead speaks."""
    names = [_full_name(row) for row in rows if 0 < (row["completenessPercent"] or 0) < COMPLETE_PERCENT]
    if names:
        yield _("Less than {percent} % of the service hours was seen of: {names}.").format(
            percent=number(COMPLETE_PERCENT, 0), names="; ".join(names)
        )


def _without_figure(owed: Sequence[Row]) -> Iterator[str]:
    """Why there is no figure for a contract; those with one reason are named together."""
    reasons: dict[str, list[str]] = defaultdict(list)
    for each in owed:
        if each["problem"]:
            reasons[each["problem"]].append(f"{each['provider']}, {each['contract']}")
    for reason, contracts in reasons.items():
        yield f"{'; '.join(contracts)}: {reason}"


def _facts(shown: Row, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    start, until = (_local(shown[key], zone) for key in ("from", "until"))
    yield _("Period"), _("{start} to {end}").format(start=time(start), end=time(until))
    closed = shown["closed"]
    if closed is None:
        yield _("Standing"), _provisional(shown["period"])
        return
    yield (
        _("Standing"),
        _("Closed by {by} on {when}. Figures as they were then.").format(
            by=closed["by"], when=time(_local(closed["at"], zone))
        ),
    )
    yield "SHA-256", closed["hash"]
    for each in shown["corrections"]:
        yield (
            _("Correction"),
            _("{when}, {by}: {why} SHA-256: {hash}").format(
                when=time(_local(each["at"], zone)), by=each["by"], why=f"{each['why'].rstrip('.')}.", hash=each["hash"]
            ),
        )


def _lead(shown: Row, by: By) -> Iterator[str]:
    rows = shown["rows"]
    known = [row for row in rows if row["availabilityPercent"] is not None]
    if not known:
        yield (
            _("Nothing was measured in this month.")
            if _is_month(shown["period"])
            else _("Nothing was measured in this period.")
        )
        return
    whole = sum(not _dark(row, by) for row in known)
    yield _("Never dark: {whole} of {count}.").format(whole=number(whole, 0), count=number(len(known), 0))
    if whole < len(known):
        worst = min(known, key=lambda row: (row["availabilityPercent"], row["key"]))
        yield _lowest(worst)
    if len(known) < len(rows):
        unseen = len(rows) - len(known)
        yield _("Of {count} nothing is known.").format(count=unseen)


def _lowest(row: Row) -> str:
    """Of one that was hardly seen, how little its figure rests on."""
    seen, percent = row["completenessPercent"] or 0.0, number(row["availabilityPercent"], 4)
    if seen < COMPLETE_PERCENT:
        return _("Lowest: {name}, {percent} % of what was seen, and that was {seen} %.").format(
            name=_full_name(row), percent=percent, seen=number(seen, 4)
        )
    return _("Lowest: {name}, {percent} %.").format(name=_full_name(row), percent=percent)


def _is_month(period: str) -> bool:
    return period[5:].isdigit()


def _provisional(period: str) -> str:
    if _is_month(period):
        return _("Provisional: the month is not closed, figures may still change.")
    return _("Provisional: not all months of it are closed, figures may still change.")


def _whole(rows: Sequence[Row], by: By) -> ReportTable:
    placed = any(row["kecamatan"] for row in rows)
    columns = (
        Column("key", _("code"), share=0),
        Column("name", _kind(by), share=4.0 if by is By.OPD or not placed else 2.5),
        *((Column("kecamatan", _("kecamatan"), share=0 if by is By.OPD else 1.7),) if placed else ()),
        Column("availability_percent", _("available %"), Unit.PERCENT, 1.35),
        Column("completeness_percent", _("seen %"), Unit.PERCENT, 1.15),
        Column("dark_hours", _("dark h"), Unit.HOURS),
        *((Column("behind_others_hours", _("behind others h"), Unit.HOURS),) if by in LINES else ()),
        Column("degraded_hours", _("degraded h"), Unit.HOURS, 1.25),
        Column("planned_hours", _("planned h"), Unit.HOURS, 1.15),
        Column("unseen_hours", _("unseen h"), Unit.HOURS),
        Column("outages", _("outages"), Unit.COUNT, 1.2),
        Column("longest_hours", _("longest h"), Unit.HOURS),
    )

    def values(row: Row) -> tuple[Value, ...]:
        seconds = row["seconds"]
        return (
            row["key"],
            row["name"],
            *((row["kecamatan"],) if placed else ()),
            row["availabilityPercent"],
            row["completenessPercent"],
            _hours(_dark(row, by)),
            *((_hours(seconds["unreachable"]),) if by in LINES else ()),
            _hours(seconds["degraded"]),
            _hours(seconds["planned"]),
            _hours(seconds["unknown"]),
            row["outages"]["count"],
            _hours(row["outages"]["longestSeconds"]),
        )

    return ReportTable(
        "availability",
        _("Availability"),
        columns,
        tuple(values(row) for row in rows),
        _(
            "From the changes of state that Kentongan recorded, within the service hours of the inventory. Available: "
            "share of the time that was seen, planned work left out; degraded counts as available. "
            "Seen: share of the service hours in which it is known how things stood."
        )
        + (" " + _("Behind others: dark by a fault before the line, not counted as its own.") if by in LINES else ""),
        _("Nothing of this kind was in service."),
    )


def _by_party(rows: Sequence[Row]) -> ReportTable:
    sums: dict[tuple[str, str, str], int | float] = defaultdict(int)
    for row in rows:
        for each in row["charged"]:
            sums[each["party"], each["name"], each["cause"]] += each["seconds"]
    whole = sum(sums.values())
    ordered = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    return ReportTable(
        "charged",
        _("Downtime by liable party and cause"),
        (
            Column("party", _("liable"), share=1.6),
            Column("name", _("name"), share=2.0),
            Column("cause", _("cause"), share=2.0),
            Column("hours", _("hours"), Unit.HOURS),
            Column("share_percent", _("share %"), Unit.RATE),
        ),
        tuple(
            (party_word(party), name, cause_word(cause), _hours(seconds), 100 * seconds / whole if whole else None)
            for (party, name, cause), seconds in ordered
        ),
        _(
            "From the incidents of the period: the cause that people found when they closed one, "
            "else the one that the machine saw. Sum over all rows of the table above."
        ),
        _("No downtime was charged to anybody."),
    )


def _outages(rows: Sequence[Row], by: By) -> ReportTable:
    decided = any(each["overridden"] for row in rows for each in row["charged"])
    return ReportTable(
        "downtime",
        _("Downtime one by one"),
        (
            Column("key", _("code"), share=0),
            Column("name", _kind(by), share=2.0),
            Column("kecamatan", _("kecamatan"), share=1.5 if any(row["kecamatan"] for row in rows) else 0),
            Column("party", _("liable"), share=1.3),
            Column("party_name", _("name"), share=1.9),
            Column("cause", _("cause"), share=1.7),
            Column("hours", _("hours"), Unit.HOURS, 0.7),
            Column("overridden", _("decided"), share=1.35 if decided else 0),
        ),
        tuple(
            (
                row["key"],
                row["name"],
                row["kecamatan"],
                party_word(each["party"]),
                each["name"],
                cause_word(each["cause"]),
                _hours(each["seconds"]),
                _("by people") if each["overridden"] else "",
            )
            for row in rows
            for each in row["charged"]
        ),
        _("From the same incidents. 'By people': somebody charged it to another party than the machine did."),
        _("No downtime was charged to anybody."),
    )


def _restitution(owed: Sequence[Row]) -> ReportTable:
    rows: list[tuple[Value, ...]] = [
        (
            each["provider"],
            each["contract"],
            each["rule"],
            each["slaPercent"],
            each["availabilityPercent"],
            each["fromDetection"],
            each["fromTicket"],
            each["problem"],
        )
        for each in owed
    ]
    figures = [each for each in owed if each["fromDetection"] is not None]
    measured = any(each["availabilityPercent"] is not None for each in owed)
    if len(figures) > 1:
        sums = (sum(each[key] for each in figures) for key in ("fromDetection", "fromTicket"))
        rows.append((_("together"), "", "", "", "", *sums, ""))
    return ReportTable(
        "restitution",
        _("Restitution by contract"),
        (
            Column("provider", _("provider"), share=1.6),
            Column("contract", _("contract"), share=1.6),
            Column("rule", _("clause"), share=1.8),
            Column("sla_percent", _("SLA %"), Unit.RATE, 0.8),
            Column("availability_percent", _("available %"), Unit.PERCENT, 1.0 if measured else 0),
            Column("from_detection", _("owed from detection, Rp"), Unit.RUPIAH, 1.3),
            Column("from_ticket", _("owed from ticket, Rp"), Unit.RUPIAH, 1.3),
            Column("remark", _("remark"), share=0),
        ),
        tuple(rows),
        _(
            "From the incidents charged to the provider, its tickets, and the price and the clause in contracts.csv. "
            "All lines of a contract together, whatever this report is of. A clause is reckoned month by month."
        ),
        _("There is no contract with lines in service."),
        last_is_sum=len(figures) > 1,
    )


def _corrections(corrections: Sequence[Row]) -> ReportTable:
    return ReportTable(
        "corrections",
        _("Corrections after the closing"),
        (
            Column("why", _("reason"), share=2.4),
            Column("name", _("name"), share=2.0),
            Column("before", _("available % before"), Unit.PERCENT),
            Column("after", _("available % now"), Unit.PERCENT),
        ),
        tuple(
            (
                each["why"],
                change["name"],
                change["changed"].get("availabilityPercent", {}).get("before"),
                change["changed"].get("availabilityPercent", {}).get("after"),
            )
            for each in corrections
            for change in each["changes"]
        ),
        _("From the corrections that were written down later; the figures above stay as they were closed."),
        _("No row of this kind reads otherwise."),
    )


def _kind(by: By) -> str:
    return {
        By.DESA: _("desa"),
        By.KECAMATAN: _("kecamatan"),
        By.OPD: _("agency"),
        By.LINK: _("link"),
        By.PROVIDER: _("provider"),
    }[by]


def _full_name(row: Row) -> str:
    return ", ".join(filter(None, (row["name"], row["kecamatan"])))


def _dark(row: Row, by: By) -> float:
    """Seconds. Of a village both kinds of darkness; of a line its own alone, as its availability is."""
    seconds = row["seconds"]
    own: float = seconds["down"]
    return own if by in LINES else own + seconds["unreachable"]


def _hours(seconds: float) -> float:
    return seconds / HOUR


def _local(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).astimezone(zone)
