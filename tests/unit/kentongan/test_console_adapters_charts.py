"""Charts from Prometheus: asked is made of known metrics and quoted values; away is said, and not waited for."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from console.ports.charts import ChartKind, ChartsAwayError, Span
from domain.time import Moment
from kentongan.console_adapters.charts import MOST_LINES, PrometheusCharts
from kentongan.console_adapters.queries import SECONDS, STEP_SECONDS, drawing_of, quoted, readings_query

AT = datetime(2026, 11, 22, 3, 0, 30, tzinfo=UTC)
EVIL = 'x"} or vector(1) # \\ \n'


def installation(url: str = "http://127.0.0.1:9") -> Any:
    settings = SimpleNamespace(prometheus=SimpleNamespace(url=url))
    clock = SimpleNamespace(now=lambda: Moment(0.0, AT.timestamp()))
    return SimpleNamespace(loaded=SimpleNamespace(settings=settings), clock=clock)


class Prometheus:
    def __init__(self, *results: Any) -> None:
        self.results = list(results)
        self.asked: list[Mapping[str, str]] = []

    def __call__(self, _path: str, values: Mapping[str, str], _seconds: float) -> Any:
        self.asked.append(values)
        found = self.results.pop(0) if self.results else {"result": []}
        if isinstance(found, Exception):
            raise found
        return found


@pytest.mark.parametrize("span", list(Span))
@pytest.mark.parametrize("kind", list(ChartKind))
def test_no_name_breaks_out_of_its_quotation_marks(kind: ChartKind, span: Span) -> None:
    for asked in drawing_of(kind, EVIL, span).asked:
        assert quoted(EVIL) in asked.query
        bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", asked.query)
        assert "vector" not in bare
        assert "\n" not in asked.query
    assert quoted(EVIL) in readings_query(EVIL)


@pytest.mark.parametrize("span", list(Span))
def test_no_chart_has_more_points_than_a_screen(span: Span) -> None:
    assert SECONDS[span] / STEP_SECONDS[span] <= 510


def test_values_stand_at_their_times_and_gaps_stay_gaps() -> None:
    end = int(AT.timestamp()) // 60 * 60
    series = {"metric": {"interface": "sfp1"}, "values": [[end - 120, "1"], [end, "NaN"], [end - 60, "3"]]}
    asked = Prometheus({"result": [series]})
    chart = PrometheusCharts(installation(), asked).chart(ChartKind.DEVICE_TRAFFIC, "r", Span.HOURS)
    assert chart.times[-1] == end
    assert chart.lines[0].values[-4:] == (None, 1.0, 3.0, None)
    assert chart.lines[0].name.startswith("sfp1 ")


def test_the_same_is_not_asked_twice_at_once_and_forty_ports_are_too_many() -> None:
    end = int(AT.timestamp()) // 60 * 60
    ports = [{"metric": {"interface": f"p{n}"}, "values": [[end, str(n)]]} for n in range(40)]
    asked = Prometheus({"result": ports})
    charts = PrometheusCharts(installation(), asked)
    chart = charts.chart(ChartKind.DEVICE_TRAFFIC, "r", Span.HOURS)
    assert len(chart.lines) == MOST_LINES
    assert chart.lines[-1].values[-1] == 39.0
    assert charts.chart(ChartKind.DEVICE_TRAFFIC, "r", Span.HOURS) is chart
    assert len(asked.asked) == 2, "one for each direction"


def test_none_set_is_said() -> None:
    with pytest.raises(ChartsAwayError, match=r"prometheus\.url") as error:
        PrometheusCharts(installation(""), Prometheus()).readings("r")
    assert error.value.since is None


@pytest.mark.parametrize("fault", [OSError("refused"), ValueError("no JSON"), KeyError("data")])
def test_away_is_said_since_when_and_nobody_waits_for_it_again(fault: Exception) -> None:
    asked = Prometheus(fault)
    charts = PrometheusCharts(installation(), asked)
    for _time in range(3):
        with pytest.raises(ChartsAwayError) as error:
            charts.readings("r")
        assert error.value.since == AT
    assert len(asked.asked) == 1


def test_readings_keep_their_port_and_leave_out_what_is_no_number() -> None:
    result = [
        {
            "metric": {"__name__": "kentongan_sensor_dbm", "sensor": "sfp1 Rx", "interface": "sfp1"},
            "value": [0, "-21.5"],
        },
        {"metric": {"__name__": "kentongan_interface_oper_status", "interface": "sfp1"}, "value": [0, "NaN"]},
    ]
    (found,) = PrometheusCharts(installation(), Prometheus({"result": result})).readings("r")
    assert (found.part, found.interface, found.value) == ("sfp1 Rx", "sfp1", -21.5)
