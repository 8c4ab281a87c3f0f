"""The report of incidents and their causes, out of what is said of a period. Pure; adds no figure."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from domain.documents import Column, OfficeReport, ReportTable, Unit, Value
from domain.language import _, n_
from exporters.documents.figures import number, zone_word
from exporters.reports.frame import Frame, period_facts
from exporters.reports.rows import Row, filled
from exporters.reports.words import cause_kind_word, cause_word, condition_word, party_word, period_word

HOUR: Final = 3600
MINUTE: Final = 60


def incidents_report(shown: Row, frame: Frame) -> OfficeReport:
    """shown: the document of a period."""
    zone = ZoneInfo(shown["zone"])
    return frame.around(
        _("Incidents and their causes"),
        period_word(shown["period"]),
        is_final=shown["over"],
        facts=period_facts(shown, zone),
        lead=_lead(shown),
        tables=_tables(shown, zone),
        notes=_notes(shown),
    )


def _lead(shown: Row) -> Iterator[str]:
    outages = shown["outages"]
    if not shown["watched"]:
        yield _("Nobody watched in this period: that no incident is known says nothing.")
        return
    if not shown["all"]["count"]:
        yield _("No incident began in this period.")
        return
    yield n_("{count} outage began.", "{count} outages began.", outages["count"]).format(
        count=number(outages["count"], 0)
    )
    if outages["repairSeconds"] is not None:
        yield _("On average an outage was mended after {hours} hours.").format(
            hours=number(outages["repairSeconds"] / HOUR, 1)
        )
    if outages["acknowledgeSeconds"] is not None:
        yield _("On average somebody took it on after {minutes} minutes.").format(
            minutes=number(outages["acknowledgeSeconds"] / MINUTE, 0)
        )
    if shown["repeated"]:
        first = shown["repeated"][0]
        yield _("Most often: {what}, {count} times.").format(what=_thing(first), count=number(first["count"], 0))


def _notes(shown: Row) -> Iterator[str]:
    if shown["lastingFromBefore"]:
        yield n_(
            "{count} incident that began before the period still lasted in it; it is not counted here.",
            "{count} incidents that began before the period still lasted in it; they are not counted here.",
            shown["lastingFromBefore"],
        ).format(count=shown["lastingFromBefore"])
    unsaid = sum(row["count"] for row in shown["causes"] if not row["found"])
    if unsaid:
        yield n_(
            "Of {count} incident nobody wrote down the cause that was found.",
            "Of {count} incidents nobody wrote down the cause that was found.",
            unsaid,
        ).format(count=number(unsaid, 0))
    untaken = shown["all"]["count"] - shown["all"]["acknowledged"]
    if untaken:
        yield n_(
            "{count} incident was taken on by nobody; the time until then is a mean of the others.",
            "{count} incidents were taken on by nobody; the time until then is a mean of the others.",
            untaken,
        ).format(count=number(untaken, 0))


def _tables(shown: Row, zone: ZoneInfo) -> Iterator[ReportTable]:
    yield ReportTable(
        "conditions",
        _("By kind"),
        (Column("condition", _("kind"), share=2.4), *_figures()),
        (
            *((condition_word(row["condition"]), *_values(row)) for row in shown["conditions"]),
            *(((_("together"), *_values(shown["all"])),) if shown["conditions"] else ()),
        ),
        _(
            "From the incidents that began in the period; merged ones count once. Hours: from the first miss on, "
            "within the period. Mended after: to the end, also where that came after the period."
        ),
        _("No incident began in this period."),
        last_is_sum=bool(shown["conditions"]),
    )
    yield ReportTable(
        "causes",
        _("By cause"),
        (
            Column("verdict", _("as the machine saw it"), share=2.0),
            Column("found", _("as people found it"), share=2.0),
            *_figures(),
        ),
        tuple(
            (cause_word(row["verdict"]), cause_word(row["found"]) if row["found"] else _("not said"), *_values(row))
            for row in shown["causes"]
        ),
        _("From the verdict of the same incidents, and the cause that people wrote down when they closed them."),
        _("No incident began in this period."),
    )
    yield ReportTable(
        "liable",
        _("Outages by liable party"),
        (Column("party", _("liable"), share=1.8), Column("name", _("name"), share=3.0), *_figures()),
        tuple((party_word(row["party"]), row["name"], *_values(row)) for row in shown["liable"]),
        _("From the same incidents; what people decided goes before what the machine said."),
        _("No outage began in this period."),
    )
    yield ReportTable(
        "kecamatan",
        _("Outages by kecamatan"),
        (Column("kecamatan", _("kecamatan"), share=2.4), *_figures()),
        tuple((row["name"] or _("not known"), *_values(row)) for row in shown["kecamatan"]),
        _("From the same incidents, by the kecamatan in which the work begins."),
        _("No outage began in this period."),
    )
    yield _worst(shown["worst"], zone)
    yield _repeated(shown["repeated"], zone)


def _worst(rows: Sequence[Row], zone: ZoneInfo) -> ReportTable:
    return filled(
        "worst",
        _("The gravest outages"),
        (
            (Column("id", _("number"), share=1.2), "id"),
            (
                Column("began", _("began ({zone})").format(zone=zone_word(zone)), Unit.TIME, 1.8),
                lambda row: _at(row["began"], zone),
            ),
            (Column("cause", _("where"), share=2.5), lambda row: _thing(row["cause"])),
            (Column("kecamatan", _("kecamatan"), share=1.5), "kecamatan"),
            (Column("found", _("cause"), share=1.8), lambda row: cause_word(row["found"] or row["verdict"])),
            (Column("party", _("liable"), share=1.7), lambda row: row["partyName"] or party_word(row["party"])),
            (Column("villages", _("villages"), Unit.COUNT, 0.8), "villages"),
            (Column("opd", _("OPD"), Unit.COUNT, 0.6), "opd"),
            (Column("hours", _("hours"), Unit.HOURS, 0.8), lambda row: row["seconds"] / HOUR),
        ),
        rows,
        _("From the same incidents, by villages, agencies and applications times hours."),
        _("No outage began in this period."),
    )


def _repeated(rows: Sequence[Row], zone: ZoneInfo) -> ReportTable:
    return filled(
        "repeated",
        _("What fails again and again"),
        (
            (Column("kind", _("kind"), share=1.4), lambda row: cause_kind_word(row["kind"])),
            (Column("name", _("name"), share=2.6), "name"),
            (Column("count", _("outages"), Unit.COUNT, 0.9), "count"),
            (Column("hours", _("hours"), Unit.HOURS, 0.9), lambda row: row["seconds"] / HOUR),
            (Column("repair_hours", _("mended after h"), Unit.HOURS, 1.2), lambda row: _of(row["repairSeconds"], HOUR)),
            (
                Column("last", _("last began ({zone})").format(zone=zone_word(zone)), Unit.TIME, 1.9),
                lambda row: _at(row["last"], zone),
            ),
        ),
        rows,
        _("From the same incidents: causes that were found twice or more."),
        _("Nothing failed twice."),
    )


def _figures() -> tuple[Column, ...]:
    return (
        Column("count", _("incidents"), Unit.COUNT, 1.0),
        Column("open", _("still open"), Unit.COUNT, 0.9),
        Column("hours", _("hours"), Unit.HOURS, 1.0),
        Column("longest_hours", _("longest h"), Unit.HOURS, 1.0),
        Column("acknowledge_minutes", _("taken on after min"), Unit.RATE, 1.3),
        Column("repair_hours", _("mended after h"), Unit.HOURS, 1.2),
    )


def _values(row: Row) -> tuple[Value, ...]:
    return (
        row["count"],
        row["open"],
        row["seconds"] / HOUR,
        row["longestSeconds"] / HOUR,
        _of(row["acknowledgeSeconds"], MINUTE),
        _of(row["repairSeconds"], HOUR),
    )


def _of(seconds: int | None, unit: int) -> float | None:
    return None if seconds is None else seconds / unit


def _thing(cause: Row) -> str:
    return f"{cause_kind_word(cause['kind'])} {cause['name']}".strip()


def _at(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).astimezone(zone)
