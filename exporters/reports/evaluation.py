"""The half-yearly evaluation of the smart-city master plan as a report. Pure; adds no figure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from domain.documents import Column, OfficeReport, ReportTable, Unit, Value
from domain.evaluation import Pillar, Standing
from domain.language import _, n_
from exporters.documents.figures import number
from exporters.reports.frame import Frame
from exporters.reports.rows import Row, filled
from exporters.reports.words import (
    cause_kind_word,
    day_word,
    level_word,
    period_word,
    pillar_word,
    site_kind_word,
    standing_word,
)

OF_TARGETS: Final = (Standing.REACHED, Standing.SHORT)


def evaluation_report(shown: Row, frame: Frame) -> OfficeReport:
    """shown: the document of a half-year."""
    return frame.around(
        _("Evaluation of the smart-city master plan"),
        period_word(shown["half"]),
        is_final=shown["over"],
        facts=_facts(shown),
        lead=_lead(shown["indicators"]),
        tables=_tables(shown),
        notes=_notes(shown),
    )


def _facts(shown: Row) -> Iterator[tuple[str, str]]:
    yield _("As of"), day_word(shown["day"])
    yield _("Compared with"), f"{period_word(shown['before'])}, {day_word(shown['dayBefore'])}"
    if not shown["over"]:
        yield _("Standing"), _("Provisional: the half-year is not over.")


def _lead(rows: Sequence[Row]) -> Iterator[str]:
    standings = Counter(Standing(row["standing"]) for row in rows)
    judged = sum(standings[each] for each in OF_TARGETS)
    if not judged:
        yield _("No target can be judged: there are no figures.")
    else:
        yield _("Targets reached: {reached} of {count}.").format(
            reached=number(standings[Standing.REACHED], 0), count=number(judged, 0)
        )
    if standings[Standing.NO_FIGURE]:
        yield n_(
            "{count} indicator has no figure.", "{count} indicators have no figure.", standings[Standing.NO_FIGURE]
        ).format(count=number(standings[Standing.NO_FIGURE], 0))


def _notes(shown: Row) -> Iterator[str]:
    rows = shown["indicators"]
    missing = [row for row in rows if row["standing"] == Standing.NO_FIGURE]
    if missing:
        yield _("Without a figure, left blank and not counted as 0: {names}.").format(
            names="; ".join(
                f"{row['code']} {row['name']}" + (f" ({row['owner']})" if row["owner"] else "") for row in missing
            )
        )
    for row in rows:
        if row["typedInstead"] is not None:
            yield _("{code} {name}: the office typed {typed}, {measured} was measured and stands above.").format(
                code=row["code"],
                name=row["name"],
                typed=number(row["typedInstead"]),
                measured=_("nothing") if row["figure"] is None else number(row["figure"]),
            )
    unsourced = [row["code"] for row in rows if row["figure"] is not None and not row["source"]]
    if unsourced:
        yield _("Figures of the office without a source: {codes}.").format(codes=", ".join(unsourced))
    for row in rows:
        if row["note"]:
            yield f"{row['code']} {row['name']}: {row['note']}"


def _tables(shown: Row) -> Iterator[ReportTable]:
    rows = shown["indicators"]
    yield _summary(rows)
    for pillar in Pillar:
        own = [row for row in rows if row["pillar"] == pillar]
        if own and pillar is not Pillar.SPBE:
            yield _indicators(pillar.value, pillar_word(pillar.value), own)
    yield _coverage(shown["coverage"])
    yield _services(shown["services"])
    yield _sites(shown)
    yield _risks(shown["risks"])
    spbe = [row for row in rows if row["pillar"] == Pillar.SPBE]
    if spbe:
        yield _indicators("spbe", _("Annex: SPBE"), spbe)


def _summary(rows: Sequence[Row]) -> ReportTable:
    columns = (
        Column("pillar", _("pillar"), share=3.0),
        Column("indicators", _("indicators"), Unit.COUNT),
        Column("reached", _("reached"), Unit.COUNT),
        Column("short", _("short"), Unit.COUNT),
        Column("no_target", _("without a target"), Unit.COUNT, 1.2),
        Column("no_figure", _("without a figure"), Unit.COUNT, 1.2),
    )

    def values(name: str, own: Sequence[Row]) -> tuple[Value, ...]:
        standings = Counter(row["standing"] for row in own)
        return (
            name,
            len(own),
            *(standings[each] for each in (Standing.REACHED, Standing.SHORT, Standing.NO_TARGET, Standing.NO_FIGURE)),
        )

    pillars = [pillar for pillar in Pillar if any(row["pillar"] == pillar for row in rows)]
    return ReportTable(
        "summary",
        _("By pillar"),
        columns,
        (
            *(values(pillar_word(each.value), [row for row in rows if row["pillar"] == each]) for each in pillars),
            values(_("together"), rows),
        ),
        _("From indicators.csv and the figures below."),
        last_is_sum=True,
    )


def _indicators(key: str, title: str, rows: Sequence[Row]) -> ReportTable:
    return filled(
        key,
        title,
        (
            (Column("code", _("code"), share=1.0), "code"),
            (Column("name", _("indicator"), share=2.9), "name"),
            (Column("level", _("level"), share=1.3), lambda row: level_word(row["level"])),
            (Column("unit", _("unit"), share=1.0), "unit"),
            (Column("baseline", _("baseline"), Unit.MEASURE, 0.9), "baseline"),
            (Column("before", _("half-year before"), Unit.MEASURE, 1.6), "before"),
            (Column("figure", _("figure"), Unit.MEASURE, 1.0), "figure"),
            (Column("target", _("target"), Unit.MEASURE, 1.0), "target"),
            (Column("reached_percent", _("of it %"), Unit.RATE, 1.1), "reachedPercent"),
            (Column("standing", _("standing"), share=1.6), lambda row: standing_word(row["standing"])),
            (Column("source", _("source"), share=2.6), "source"),
            (Column("owner", _("owner"), share=0), "owner"),
            (Column("note", _("note"), share=0), "note"),
        ),
        rows,
        _(
            "From indicators.csv; figures from what stands in the last column. A dash: not known. Of it %: not of what "
            "should be low."
        ),
    )


def _coverage(pictures: Sequence[Row]) -> ReportTable:
    before, now = pictures
    words = {
        "connected": _("connected (by documents)"),
        "served": _("served (measured)"),
        "notServed": _("not served (measured)"),
        "unmeasured": _("unmeasured"),
        "villages": _("in all"),
    }
    return ReportTable(
        "coverage",
        _("Internet in villages"),
        (
            Column("what", "", share=3.0),
            Column("desa_before", _("desa, {day}").format(day=day_word(before["day"])), Unit.COUNT, 1.6),
            Column("desa", _("desa, {day}").format(day=day_word(now["day"])), Unit.COUNT, 1.6),
            Column("kelurahan", _("kelurahan, {day}").format(day=day_word(now["day"])), Unit.COUNT, 1.6),
        ),
        tuple((text, before["desa"][key], now["desa"][key], now["kelurahan"][key]) for key, text in words.items()),
        _("From kentongan coverage at both days. Served + not served + unmeasured are all villages."),
    )


def _services(rows: Sequence[Row]) -> ReportTable:
    return filled(
        "services",
        _("Applications by pillar"),
        (
            (
                Column("pillar", _("pillar"), share=1.85),
                lambda row: pillar_word(row["pillar"]) if row["pillar"] else _("none named"),
            ),
            (Column("code", _("code"), share=1.9), "code"),
            (Column("name", _("name"), share=2.8), "name"),
            (Column("class", _("class"), share=1.0), "class"),
            (Column("owner", _("owner"), share=2.2), "owner"),
            (Column("public", _("for citizens"), share=1.0), lambda row: _("yes") if row["public"] else _("no")),
        ),
        rows,
        _("From services.csv as it is today."),
        _("No application is known."),
    )


def _sites(shown: Row) -> ReportTable:
    return filled(
        "sites",
        _("Sites in service"),
        (
            (Column("kind", _("kind"), share=3.0), lambda row: site_kind_word(row["kind"])),
            (Column("all", _("known in all"), Unit.COUNT), "all"),
            (Column("before", day_word(shown["dayBefore"]), Unit.COUNT, 1.4), "before"),
            (Column("now", day_word(shown["day"]), Unit.COUNT, 1.4), "now"),
        ),
        shown["sites"],
        _("From the stages of the sites: active or handed over on that day."),
        _("No site is known."),
    )


def _risks(rows: Sequence[Row]) -> ReportTable:
    return filled(
        "risks",
        _("Risk register: what goes dark if one thing fails"),
        (
            (Column("kind", _("kind"), share=1.5), lambda row: cause_kind_word(row["kind"])),
            (Column("name", _("name"), share=3.4), "name"),
            (Column("villages", _("villages"), Unit.COUNT), "villages"),
            (Column("opd", _("OPD"), Unit.COUNT, 0.7), "opd"),
            (Column("services", _("applications"), Unit.COUNT, 1.2), "services"),
            (Column("sites", _("sites"), Unit.COUNT, 0.8), "sites"),
            (Column("devices", _("devices"), Unit.COUNT), "devices"),
        ),
        rows,
        _("From kentongan risk on the network of today, the gravest first."),
        _("Nothing goes dark with one thing alone."),
    )
