"""The report of coverage at a date, out of what `kentongan coverage --json` says of it. Pure; adds no figure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from domain.coverage.words import reason_word
from domain.documents import Column, OfficeReport, ReportChart, ReportTable, Unit, Value
from domain.language import _
from exporters.documents.figures import number
from exporters.reports.frame import Frame
from exporters.reports.rows import Row, filled
from exporters.reports.words import connected_line, day_of, day_word, forecast_line, indicator_word

LEAST_POINTS: Final = 3
COUNTS: Final = ("villages", "connected", "served", "notServed", "unmeasured")


def coverage_report(shown: Row, frame: Frame, curve: Sequence[tuple[date, int]] = ()) -> OfficeReport:
    """shown: the document of a date, with or without a date to compare with. curve: connected desa by day."""
    return frame.around(
        _("Internet in villages: connected, served, unmeasured"),
        day_word(shown["at"]),
        facts=_facts(shown),
        lead=(connected_line(shown["desa"]), forecast_line(shown["forecast"], shown["desa"]), *_gains(shown)),
        tables=_tables(shown),
        notes=tuple(shown["notes"]),
        charts=_charts(shown, curve),
    )


def _charts(shown: Row, curve: Sequence[tuple[date, int]]) -> Iterator[ReportChart]:
    """The way to here and what was promised: what one month or two would show is no way."""
    if len(curve) < LEAST_POINTS:
        return
    own = [row for row in shown["targets"] if row["indicator"] == "desa" and row["code"] == shown["region"]["code"]]
    yield ReportChart(
        _("Connected desa and targets"),
        _("desa"),
        tuple(curve),
        tuple((date.fromisoformat(row["dueOn"]), row["value"]) for row in own),
        _("Line: the history of stages, at the end of each month. Squares: targets.csv, by the day they are due."),
    )


def _facts(shown: Row) -> Iterator[tuple[str, str]]:
    yield _("Date"), day_word(shown["at"])
    yield _("As known on"), day_word(shown["knownOn"])
    if "since" in shown:
        yield _("Compared with"), day_word(shown["since"]["at"])


def _gains(shown: Row) -> Iterator[str]:
    if "since" not in shown:
        return
    since = shown["since"]
    for key, text in (
        ("connected", _("Since {day}, connected: {gained} desa gained, {lost} lost.")),
        ("served", _("Since {day}, served: {gained} desa gained, {lost} lost.")),
    ):
        yield text.format(
            day=day_word(since["at"]),
            gained=number(len(since[key]["gained"]), 0),
            lost=number(len(since[key]["lost"]), 0),
        )


def _tables(shown: Row) -> Iterator[ReportTable]:
    yield _three(shown)
    yield _districts(shown)
    yield _targets(shown["targets"])
    yield _villages(
        "not-served",
        _("Connected, but not served"),
        [each for each in shown["villages"] if each["connected"] and each["measured"] == "not-served"],
        _demands(shown["evidence"]),
        _("There is none."),
    )
    yield _villages(
        "unmeasured",
        _("Not measured"),
        [each for each in shown["villages"] if each["measured"] == "unmeasured"],
        _("From the same measurements: too little was seen, or nobody watches it; else from villages.csv."),
        _("There is none."),
    )
    if "since" in shown:
        yield _changed(shown["since"])


def _three(shown: Row) -> ReportTable:
    words = {
        "villages": _("in all"),
        "connected": _("connected (by documents)"),
        "served": _("served (measured)"),
        "notServed": _("not served (measured)"),
        "unmeasured": _("unmeasured"),
    }
    return ReportTable(
        "summary",
        _("Three numbers side by side"),
        (
            Column("what", "", share=3.0),
            Column("desa", _("desa"), Unit.COUNT),
            Column("kelurahan", _("kelurahan"), Unit.COUNT),
        ),
        tuple((words[key], shown["desa"][key], shown["kelurahan"][key]) for key in COUNTS),
        _sources(shown["evidence"]),
    )


def _sources(evidence: Row) -> str:
    connected = _("Connected: the history of stages of the sites that count, active or handed over.")
    if evidence["lastDay"] is None:
        return connected + " " + _("Served: nothing was measured up to this date.")
    return f"{connected} " + _(
        "Served: measurements of {days} days up to {last}. Villages = served + not served + unmeasured; "
        "connected lies across them and is no part of the sum."
    ).format(days=evidence["windowDays"], last=day_word(evidence["lastDay"]))


def _demands(evidence: Row) -> str:
    ways = {"fibre": _("fibre"), "radio": _("radio"), "metered": _("metered"), "slow": _("satellite")}
    percent = ", ".join(f"{ways.get(name, name)} {number(limit)} %" for name, limit in evidence["percent"].items())
    return _(
        "From measurements of {days} days. Served: available at least {percent} of the service hours by what it "
        "hangs on, and in use on {use} days or with a speed that was measured."
    ).format(days=evidence["windowDays"], percent=percent, use=evidence["useDays"])


def _districts(shown: Row) -> ReportTable:
    titles = {
        "villages": _("desa"),
        "connected": _("connected"),
        "served": _("served"),
        "notServed": _("not served"),
        "unmeasured": _("unmeasured"),
    }
    keys = {"notServed": "not_served"}
    kelurahan = shown["kelurahan"]["villages"] > 0

    def values(name: str, row: Row) -> tuple[Value, ...]:
        own = row["kelurahan"]
        beside = (own["villages"] or None, own["connected"] if own["villages"] else None) if kelurahan else ()
        return (name, *(row["desa"][key] for key in COUNTS), *beside)

    return ReportTable(
        "kecamatan",
        _("By kecamatan"),
        (
            Column("kecamatan", _("kecamatan"), share=2.2),
            *(Column(keys.get(key, key), titles[key], Unit.COUNT) for key in COUNTS),
            *(
                (
                    Column("kelurahan", _("kelurahan"), Unit.COUNT),
                    Column("kelurahan_connected", _("of them connected"), Unit.COUNT, 1.2),
                )
                if kelurahan
                else ()
            ),
        ),
        (*(values(row["name"], row) for row in shown["kecamatan"]), values(_("together"), shown)),
        _("From the same records as above, by the kecamatan of each village."),
        last_is_sum=True,
    )


def _targets(targets: Sequence[Row]) -> ReportTable:
    """Late, so far: of what is not due yet nobody says so; the day it is expected stands there."""
    changed = any(row["replaced"] for row in targets)
    return filled(
        "targets",
        _("Targets and what came of them"),
        (
            (Column("region", _("region"), share=2.0), "name"),
            (Column("indicator", _("indicator"), share=1.8), lambda row: indicator_word(row["indicator"])),
            (Column("due", _("due"), Unit.DAY, 1.3), lambda row: day_of(row["dueOn"])),
            (Column("value", _("value"), Unit.COUNT, 0.8), "value"),
            (Column("document", _("plan"), share=2.0), lambda row: row["document"] or row["kind"].upper()),
            (Column("reached", _("reached"), Unit.COUNT, 0.9), lambda row: row.get("reached")),
            (Column("short", _("short"), Unit.COUNT, 0.8), lambda row: row.get("short")),
            (Column("reached_on", _("reached on"), Unit.DAY, 1.3), lambda row: day_of(row.get("reachedOn"))),
            (
                Column("late_days", _("late days"), Unit.COUNT, 0.9),
                _late_days,
            ),
            (Column("expected_on", _("expected on"), Unit.DAY, 1.3), lambda row: day_of(row.get("forecast"))),
            (
                Column("replaced", _("was before"), share=1.6 if changed else 0),
                _was_before,
            ),
        ),
        targets,
        _(
            "From targets.csv, those in force on the date. Reached: connected desa; other things are not counted here. "
            "Expected: at the pace of the last months."
        ),
        _("No target is known."),
    )


def _late_days(row: Row) -> int | None:
    """Of what is not due yet nobody says so, unless it is late already."""
    return max(row["slipDays"], 0) if row.get("reachedOn") or row.get("slipDays", 0) > 0 else None


def _was_before(row: Row) -> str:
    """The earlier decisions, each with its document."""
    return "; ".join(
        f"{number(each['value'], 0)} ({each['document'] or each['kind'].upper()})" for each in row["replaced"]
    )


def _villages(key: str, title: str, rows: Iterable[Row], source: str, empty: str) -> ReportTable:
    ordered = sorted(rows, key=lambda each: (each["kecamatan"], each["name"], each["code"]))
    return filled(
        key,
        title,
        (
            (Column("code", _("code"), share=1.5), "code"),
            (Column("name", _("name"), share=2.2), "name"),
            (Column("kecamatan", _("kecamatan"), share=2.0), "kecamatan"),
            (Column("kind", _("kind"), share=1.2), lambda each: _kind(each["kind"])),
            (Column("connected", _("connected"), share=1.2), lambda each: _("yes") if each["connected"] else _("no")),
            (Column("reason", _("why"), share=2.4), lambda each: reason_word(each["reason"])),
            (Column("availability_percent", _("available %"), Unit.PERCENT, 1.2), "availabilityPercent"),
        ),
        ordered,
        source,
        empty,
    )


def _changed(since: Row) -> ReportTable:
    words = {
        ("connected", "gained"): _("connected now"),
        ("connected", "lost"): _("not connected any more"),
        ("served", "gained"): _("served now"),
        ("served", "lost"): _("not served any more"),
    }
    return ReportTable(
        "changes",
        _("Since {day}").format(day=day_word(since["at"])),
        (
            Column("change", _("change"), share=2.0),
            Column("code", _("code"), share=1.3),
            Column("name", _("name"), share=2.0),
            Column("kecamatan", _("kecamatan"), share=2.0),
        ),
        tuple(
            (text, each["code"], each["name"], each["kecamatan"])
            for (fact, way), text in words.items()
            for each in since[fact][way]
        ),
        _("Desa that changed between the two dates, from the same records at both."),
        _("Nothing has changed."),
    )


def _kind(word: str) -> str:
    return {"desa": _("desa"), "kelurahan": _("kelurahan")}.get(word, _("other"))
