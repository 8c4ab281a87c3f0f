"""Bandwidth against contract: what Prometheus kept, the fuller direction, what is missing is said and never 0."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import numpy as np
import pytest
from openpyxl import load_workbook

from domain.documents import Letterhead, OfficeReport, Signature, Unit
from domain.documents.codec import canonical, from_plain, to_plain
from domain.language import speaking
from exporters.documents.csv_table import table_as_csv
from exporters.documents.report import written
from exporters.documents.workbook import WorkbookWriter
from exporters.errors import PrometheusUnreachableError
from exporters.grafana import traffic
from exporters.grafana.traffic import Carried, carried, nearest_rank
from exporters.reports import Frame, bandwidth_report
from kentongan.words import speak

FRAME = Frame("Kabupaten Purwakarta", datetime(2026, 11, 3, 12, tzinfo=UTC), Letterhead("Dinas"), Signature())
SINCE, UNTIL = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC)
FIGURES = ("capacityMbps", "downPromisedMbps", "upPromisedMbps")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with speaking("en"):
        yield


def link(name: str, down: float | None, up: float | None, seen: float | None) -> dict[str, Any]:
    rates = {f"{way}{what}Mbps": value for way, value in (("down", down), ("up", up)) for what in ("Average", "P95")}
    return {
        **dict.fromkeys(("provider", "contract", "site", "siteName", "opd", "medium"), ""),
        **dict.fromkeys(FIGURES, 50.0),
        **rates,
        **{f"{way}BusyHourMbps": None for way in ("down", "up")},
        "link": name,
        "downUsedPercent": None if down is None else 2 * down,
        "upUsedPercent": None if up is None else 2 * up,
        "completenessPercent": seen,
    }


def shown(*links: dict[str, Any], problem: str = "", speeds: tuple[dict[str, Any], ...] = ()) -> OfficeReport:
    return bandwidth_report(
        {
            "period": "2026-10",
            "from": SINCE.isoformat(),
            "until": UNTIL.isoformat(),
            "over": True,
            "zone": "Asia/Jakarta",
            "prometheus": "" if problem else "http://p",
            "problem": problem,
            "links": list(links),
            "opd": [],
            "villages": [],
            "speeds": list(speeds),
        },
        FRAME,
    )


def test_the_fuller_direction_counts() -> None:
    report = shown(link("a", 10.0, 5.0, 100.0), link("b", 10.0, 45.0, 60.0), link("c", None, None, 0.0))
    assert report.lead == (
        "Lines filled to 80 % of their contract or more (of their capacity without one): 1 of 2.",
        "Fullest: b, 90.0 %.",
    )
    assert report.notes == (
        "Nothing was kept of: c.",
        "Of 1 line less than 90 % of the time was kept: its figures are of what was seen.",
    )
    table = report.tables[0]
    used = [column.key for column in table.columns].index("used_percent")
    assert [(row[0], row[used]) for row in table.rows] == [("b", 90.0), ("a", 20.0), ("c", None)]


def test_many_of_whom_nothing_was_kept_are_counted_and_stand_last() -> None:
    report = shown(*(link(f"z{at:02}", None, None, 0.0) for at in range(13)), link("zz", 0.0, 0.0, 100.0))
    assert report.notes == ("Nothing was kept of 13 lines: they stand at the end of the table, with dashes.",)
    assert [row[0] for row in report.tables[0].rows][:2] == ["zz", "z00"]


def test_without_figures_it_says_so() -> None:
    report = shown(link("a", None, None, None), problem="No Prometheus is named.")
    assert report.lead == ("There are no figures of traffic for this period.", "No Prometheus is named.")
    assert report.notes == ()
    assert all(value is None for value in report.tables[0].rows[0][7:] if value != 50.0)


def test_a_report_comes_back_from_its_plain_form() -> None:
    report = shown(link("a", 10.0, 5.0, 100.0))
    again = from_plain(json.loads(json.dumps(to_plain(report))))
    assert again == report
    assert canonical(again) == canonical(report)


def answering(monkeypatch: pytest.MonkeyPatch, answer: Any) -> list[str]:
    asked: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        query = dict(httpx.QueryParams(request.content.decode()))
        asked.append(query["query"])
        assert query["time"] == f"{UNTIL.timestamp():.3f}"
        return answer(query["query"])

    real = httpx.AsyncClient

    def client(**options: Any) -> httpx.AsyncClient:
        return real(transport=httpx.MockTransport(handle), **options)

    monkeypatch.setattr(traffic.httpx, "AsyncClient", client)
    return asked


def vector(*values: tuple[str, str]) -> httpx.Response:
    result = [{"metric": {"link": link}, "value": [0, value]} for link, value in values]
    return httpx.Response(200, json={"status": "success", "data": {"resultType": "vector", "result": result}})


def test_prometheus_is_asked_for_the_whole_period(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(query: str) -> httpx.Response:
        if "receive" not in query:
            return vector()
        if query.startswith("count_over_time"):
            return vector(("wan", "288"))
        return vector(("wan", "9.5e6" if "quantile" in query else "4e6"))

    asked = answering(monkeypatch, answer)
    found = carried("http://p/", SINCE, UNTIL)
    assert found == {("wan", "receive"): Carried(4e6, 9.5e6, 4e6, 288)}
    assert len(asked) == 7, "of what is not there no percentile"
    assert all("[86399999ms]" in query for query in asked), "the average at the first moment is of the day before"


def test_a_link_with_two_contracts_is_one_link(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its labels changed: two series, neither of which is the month. The others are asked as they are."""

    def answer(query: str) -> httpx.Response:
        if "[86399999ms:5m]" in query:
            return vector(("kota.1", "280" if query.startswith("count") else "7e6"))
        if query.startswith("count_over_time"):
            return vector(("kota.1", "200"), ("kota.1", "80"), ("b", "288"), ("c", "288"), ("d", "20"))
        return vector(*((link, "3e6") for link in ("b", "c", "d") if link in query.partition("=~")[2]))

    asked = answering(monkeypatch, answer)
    found = carried("http://p", SINCE, UNTIL)
    assert found["kota.1", "receive"] == Carried(None, 7e6, None, 280)
    assert {link: found[link, "receive"].percentile_95 for link in "bcd"} == dict.fromkeys("bcd", 3e6)
    quantiles = [query for query in asked if "quantile" in query and "receive" in query]
    assert len(quantiles) == 3
    assert any('link=~"b|c"' in query for query in quantiles), "links of one count together"
    assert any(r'link=~"kota\\.1"' in query and "max by (link)" in query for query in quantiles)


@pytest.mark.parametrize("count", [1, 2, 19, 20, 21, 100, 4521, 8064, 8640, 8928, 105_120])
def test_what_prometheus_is_asked_for_is_the_nearest_rank(count: int) -> None:
    """Of February, of a month of 31 days, of a link that began in its middle. Prometheus reckons as numpy's linear."""
    rates = np.random.default_rng(count).lognormal(16, 1, count)
    ours = np.quantile(rates, nearest_rank(count), method="linear")
    assert ours == pytest.approx(np.quantile(rates, 0.95, method="inverted_cdf"), rel=1e-9)
    assert np.count_nonzero(rates <= ours * (1 + 1e-9)) >= 0.95 * count


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(503, text="away"),
        httpx.Response(200, json={"status": "error", "error": "query processing would load too many samples"}),
    ],
)
def test_what_prometheus_says_against_it_is_passed_on(monkeypatch: pytest.MonkeyPatch, answer: httpx.Response) -> None:
    answering(monkeypatch, lambda _query: answer)
    with pytest.raises(PrometheusUnreachableError) as caught:
        carried("http://p", SINCE, UNTIL)
    said = str(caught.value)
    assert "http://p" in said
    assert answer.status_code != 200 or "too many samples" in said


def test_who_gets_less_than_was_promised_is_named() -> None:
    def test(site: str, down: float, promised: float | None) -> dict[str, Any]:
        share = None if promised is None else round(100 * down / promised, 2)
        return {
            "site": site, "siteName": f"Desa {site}", "at": "2026-10-05T02:30:00+00:00", "tests": 2, "downMbps": down,
            "upMbps": None, "downPromisedMbps": promised, "sharePercent": share,
        }  # fmt: skip

    report = shown(speeds=(test("a", 9.0, 10.0), test("b", 3.0, 20.0), test("c", 7.9, 10.0), test("d", 1.0, None)))
    assert report.lead[-1] == "Tested, and less than 80 % of what the contract promises: Desa b, Desa c."
    (table,) = (each for each in report.tables if each.key == "speeds")
    measured = datetime(2026, 10, 5, 2, 30, tzinfo=UTC)
    assert [(row[0], row[2], row[-1]) for row in table.rows] == [
        ("b", measured, 15.0),
        ("c", measured, 79.0),
        ("a", measured, 90.0),
        ("d", measured, None),
    ]
    assert table.columns[2].title == "measured (WIB)"
    assert from_plain(json.loads(json.dumps(to_plain(report)))) == report
    speak("en")  # and know Indonesian
    with speaking("id"):
        assert written(table.rows[0][2], Unit.TIME) == "05-10-2026 09.30"
    assert b"b,Desa b,2026-10-05T09:30:00+07:00,2,3" in table_as_csv(table)
    sheet = load_workbook(io.BytesIO(WorkbookWriter().report(report)))["Speed that was measured"]
    assert (sheet["C4"].value, sheet["C4"].is_date) == (datetime(2026, 10, 5, 9, 30), True)
    assert sheet.auto_filter.ref == "A3:H7"
