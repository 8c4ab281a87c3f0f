"""How coverage is shown to people: calm tables, numbers and days in their language."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from domain.coverage.words import assumptions_said, gap_word, reason_word
from domain.language import _, n_
from domain.network import Internet, TargetKind
from exporters.documents.figures import day as day_in_words
from exporters.documents.figures import number
from exporters.reports.words import connected_line, forecast_line, stage_word
from inventory.importing.cells import quote
from kentongan.cli.output import note, print_table

Row = Mapping[str, Any]
KINDS: Final = ("desa", "kelurahan")
COUNTS: Final = ("villages", "connected", "served", "notServed", "unmeasured", "onPaper", "connectedUnmeasured")


def print_coverage(shown: Row, by: str) -> None:
    print(_("{region}, {day}").format(region=shown["region"]["name"], day=_day(shown["at"])))
    print()
    match by:
        case "kecamatan":
            _print_districts(shown)
        case "desa":
            _print_villages(shown)
        case _:
            _print_whole(shown)
            print()
            print_target_lines(shown)
    if "since" in shown:
        print()
        _print_since(shown)


def _print_whole(shown: Row) -> None:
    lines = (
        (_("villages"), "villages"),
        (_("connected (by documents)"), "connected"),
        (_("served (measured)"), "served"),
        (_("not served (measured)"), "notServed"),
        (_("unmeasured"), "unmeasured"),
    )
    print_table(
        ["", _("desa"), _("kelurahan")],
        ([words, *(number(shown[kind][key], 0) for kind in KINDS)] for words, key in lines),
        right=(1, 2),
    )
    desa = shown["desa"]
    print()
    print(connected_line(desa))
    others = ", ".join(
        f"{reason_word(internet.value)} {number(desa['others'].get(internet.value, 0), 0)}" for internet in Internet
    )
    print(_("The others: {list}.").format(list=others))


def print_target_lines(shown: Row) -> None:
    """The kabupaten's own targets for desa, one line each, and the forecast."""
    for row in shown["targets"]:
        if row["indicator"] == "desa" and row["code"] == shown["region"]["code"]:
            print(_target_line(row, shown["at"]))
    print(forecast_line(shown["forecast"], shown["desa"]))


def _target_line(row: Row, at: str) -> str:
    name = row["document"] or row["kind"].upper()
    fields = {
        "value": number(row["value"], 0),
        "due": _day(row["dueOn"]),
        "name": name,
        "count": number(row["reached"], 0),
    }
    if row["reachedOn"] and row["reachedOn"] <= row["dueOn"]:
        return _("{value} by {due} ({name}): reached on {day}.").format(**fields, day=_day(row["reachedOn"]))
    if row["reachedOn"]:
        return _("{value} by {due} ({name}): reached on {day}, {slip} days late.").format(
            **fields, day=_day(row["reachedOn"]), slip=number(row["slipDays"], 0)
        )
    if row["dueOn"] >= at:
        return _("{value} by {due} ({name}): {count} so far.").format(**fields)
    return _("{value} by {due} ({name}): {count} reached, {short} short; {slip} days late so far.").format(
        **fields, short=number(row["short"], 0), slip=number(row["slipDays"], 0)
    )


def _print_districts(shown: Row) -> None:
    head = [_("kecamatan"), _("desa"), _("connected"), _("served"), _("not served"), _("unmeasured"), _("kelurahan")]
    rows = [[row["name"], *_cells(row)] for row in shown["kecamatan"]]
    print_table(head, [*rows, [_("together"), *_cells(shown)]], right=range(1, 7))


def _cells(row: Row) -> list[str]:
    desa, kelurahan = row["desa"], row["kelurahan"]
    counts = [number(desa[key], 0) for key in ("villages", "connected", "served", "notServed", "unmeasured")]
    some = f"{number(kelurahan['connected'], 0)}/{number(kelurahan['villages'], 0)}" if kelurahan["villages"] else ""
    return [*counts, some]


def _print_villages(shown: Row) -> None:
    head = [
        _("code"),
        _("name"),
        _("kecamatan"),
        _("kind"),
        _("connected"),
        _("measured"),
        _("available %"),
        _("stage"),
    ]
    yes, no = _("yes"), _("no")
    print_table(
        head,
        (
            [
                each["code"],
                each["name"],
                each["kecamatan"],
                each["kind"],
                yes if each["connected"] else no,
                reason_word(each["reason"]),
                "" if each["availabilityPercent"] is None else number(each["availabilityPercent"], 1),
                stage_word(each["stage"]),
            ]
            for each in shown["villages"]
        ),
        right=(6,),
    )


def _print_since(shown: Row) -> None:
    since = shown["since"]
    for word, text in (
        ("connected", _("Since {day}, connected: {gained} desa gained, {lost} lost.")),
        ("served", _("Since {day}, served: {gained} desa gained, {lost} lost.")),
    ):
        rows = since[word]
        print(text.format(day=_day(since["at"]), gained=len(rows["gained"]), lost=len(rows["lost"])))
        for sign, names in (("+", rows["gained"]), ("−", rows["lost"])):
            for each in names:
                print(f"  {sign} {each['name']}, {each['kecamatan']}")


def print_targets(shown: Row) -> None:
    head = [_("region"), _("indicator"), _("due"), _("value"), _("plan"), _("reached"), _("short"), _("late days")]
    rows = []
    for row in shown["targets"]:
        late = row.get("slipDays")
        rows.append(
            [
                row["name"],
                row["indicator"],
                row["dueOn"],
                number(row["value"], 0),
                row["document"] or row["kind"],
                "" if "reached" not in row else number(row["reached"], 0),
                "" if not row.get("short") else number(row["short"], 0),
                "" if not late or late < 0 else number(late, 0),
            ]
        )
        rows += [["", "", "", f"({number(each['value'], 0)})", _replaced(each), "", "", ""] for each in row["replaced"]]
    print_table(head, rows, right=(3, 5, 6, 7))
    print()
    print(forecast_line(shown["forecast"], shown["desa"]))


def _replaced(each: Row) -> str:
    kind = {TargetKind.RPJMD: "RPJMD", TargetKind.RKPD: "RKPD", TargetKind.REVISION: _("revision")}[
        TargetKind(each["kind"])
    ]
    return _("was, by {name}").format(name=each["document"] or kind)


def print_plan(shown: Row, top: int) -> None:
    head = [
        "", _("village"), _("kecamatan"), _("people"), _("by"), _("joins at"), _("new km"), _("to PoP km"),
        _("million Rp"), _("sum"),
    ]  # fmt: skip
    rows = [
        [
            f"{each['rank']}{'' if each['chosen'] else ' –'}",
            each["name"],
            each["kecamatan"],
            number(each["people"], 0),
            each["medium"],
            (each["mast"] if each["medium"] == "radio" else each["joins"]) or "",
            "" if each["newKm"] is None else number(each["newKm"], 1),
            "" if each["alongKm"] is None else number(each["alongKm"], 1),
            number(each["cost"] / 1e6, 0),
            "" if each["spent"] is None else number(each["spent"] / 1e6, 0),
        ]
        for each in shown["ranked"][:top]
    ]
    print_table(head, rows, right=(3, 6, 7, 8, 9))
    print()
    print(
        n_(
            "{count} village for {people} people within Rp {budget} million; {spent} million are spent.",
            "{count} villages for {people} people within Rp {budget} million; {spent} million are spent.",
            shown["chosen"],
        ).format(
            count=shown["chosen"],
            people=number(shown["people"], 0),
            budget=number(shown["budget"] / 1e6, 0),
            spent=number(shown["spent"] / 1e6, 0),
        )
    )
    for line in assumptions_said(shown["assumptions"], number):
        note(line)
    if shown["unranked"]:
        note(_("Not ranked:"))
    for each in shown["unranked"]:
        note(f"  {each['name']}, {each['kecamatan']}: {gap_word(each['reason'])}")


def print_village(shown: Row) -> None:
    print(f"{shown['name']}, {shown['kecamatan']} ({shown['code']})")
    print(_("connected: {answer}").format(answer=_("yes") if shown["connected"] else _("no")))
    print(_("measured: {reason}").format(reason=reason_word(shown["reason"])))
    for site in shown["sites"]:
        print()
        words = [site["name"], site["slug"], stage_word(site["stage"]), site["funding"] or "", site["contract"] or ""]
        print(" · ".join(word for word in words if word))
        rows = [
            [e["date"], stage_word(e["stage"]), e["documentNo"] or "", e["recordedOn"] or ""] for e in site["history"]
        ]
        print_table([_("date"), _("stage"), _("document"), _("recorded on")], rows)
    if shown["users"]:
        print()
        head = [_("month"), _("days"), _("most users"), _("mean"), _("leases"), _("hotspot"), "PPPoE", "Wi-Fi"]
        names = ("month", "days", "users", "meanUsers", "leases", "hotspot", "pppoe", "wifi")
        print_table(head, ([each[name] for name in names] for each in shown["users"]), right=range(1, 8))


def csv_rows(shown: Row, by: str) -> list[dict[str, Any]]:
    """One line a row, keys as in JSON; texts cannot be taken for formulas."""
    if by == "desa":
        return [_harmless(each) for each in shown["villages"]]
    rows: Sequence[Row] = shown["kecamatan"] if by == "kecamatan" else [{**shown["region"], **shown}]
    return [
        _harmless(
            {
                "code": row["code"],
                "name": row["name"],
                "at": shown["at"],
                "kind": kind,
                **{k: row[kind][k] for k in COUNTS},
            }
        )
        for row in rows
        for kind in KINDS
    ]


def _harmless(row: Row) -> dict[str, Any]:
    return {key: quote(value) if isinstance(value, str) else value for key, value in row.items()}


def _day(text: str) -> str:
    return day_in_words(datetime.fromisoformat(text))
