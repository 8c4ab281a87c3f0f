"""What the pages of the network work out themselves: calendars, trends of light, figures of charts, the tree."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from console.ports import Look
from console.ports.charts import Chart, ChartKind, Line, Span
from console.ports.network import CalendarDay, CalendarMonth, ClosedFigure, CorrectedFigure, Light
from console.views.calendar import HEIGHT, LEAST, calendar_rows
from console.views.charts import measures, scaled
from console.views.paths import mbps
from console.views.topology import page_of
from domain.availability import Kind
from domain.availability.days import cut_at
from domain.availability.timeline import timeline_of
from domain.network import Device, Inventory, Role, Site, SiteKind
from domain.states import DeviceState, State
from tests.unit.console.console_office import NAMES, NOW, PLERED


def day(number: int, **shares: float) -> CalendarDay:
    return CalendarDay(date(2026, 11, number), {Kind(kind): share for kind, share in shares.items()})


def test_a_cell_is_filled_by_the_part_of_the_day() -> None:
    months = [
        CalendarMonth("2026-10", None, None, (replace(day(1, unknown=1.0), on=date(2026, 10, 1)),)),
        CalendarMonth(
            "2026-11", 99.95, 99.5, (day(1, up=0.5, down=0.5), day(2, up=1.0), day(3, up=0.9999, down=0.0001))
        ),
    ]
    (row,) = calendar_rows(months)
    assert (row.word, row.available, row.seen) == ("Nov 26", "100.0 %", "")
    assert [(fill.css, fill.x, fill.height) for fill in row.fills] == [("k-d", 0, HEIGHT / 2), ("k-d", 40, LEAST)]


def test_a_closed_month_counts_as_it_was_closed_and_says_what_was_corrected() -> None:
    calendar = [
        CalendarMonth(label, 99.0, 100.0, (replace(day(1, up=1.0), on=date(2026, int(label[5:]), 1)),))
        for label in ("2026-08", "2026-09", "2026-10", "2026-11")
    ]
    closed = {
        "2026-08": ClosedFigure(NOW, 97.5, 90.0, CorrectedFigure(NOW, "Surat PLN", 98.25, 90.0)),
        "2026-09": ClosedFigure(NOW, None, None),
    }
    rows = calendar_rows(calendar, closed)
    assert [(row.available, row.seen, row.stands) for row in rows] == [
        ("97.5 %", "90 %", "closed"),
        ("", "", "closed"),
        ("99.0 %", "", "open"),
        ("99.0 %", "", "so far"),
    ]
    assert [row.corrected for row in rows] == ["Corrected 23 Nov 2026: 98.2 %. Surat PLN", "", "", ""]
    assert [row.stands for row in calendar_rows(calendar)] == [""] * 4, "a device's months are never closed"


def test_a_sunday_is_seen_although_nobody_works() -> None:
    assert calendar_rows([CalendarMonth("2026-11", None, None, (day(1, up=1.0),))])


def test_a_timeline_is_cut_exactly() -> None:
    timeline = timeline_of(Kind.UP, [(15, Kind.DOWN), (25, Kind.UP)], 5, 40)
    assert cut_at(timeline, (0, 10, 20, 30, 50)) == [
        {Kind.UP: 5},
        {Kind.UP: 5, Kind.DOWN: 5},
        {Kind.DOWN: 5, Kind.UP: 5},
        {Kind.UP: 10},
    ]


def test_light_that_falls_has_a_slope_and_a_week_has_none() -> None:
    days = tuple((date(2026, 11, 1) + timedelta(days=2 * n), -20 - 0.1 * n) for n in range(10))
    assert Light("r", "s", "", days).a_month == pytest.approx(-1.5)
    assert Light("r", "s", "", days[:6]).a_month is None


def test_the_95th_percentile_is_a_value_that_was_there() -> None:
    chart = Chart(
        ChartKind.DEVICE_LOSS, Span.DAY, "%", tuple(range(100)), (Line("x", tuple(map(float, range(1, 101)))),)
    )
    (found,) = measures(chart)
    assert (found.least, found.mean, found.most, found.p95, found.last) == (
        "1.0 %",
        "50.5 %",
        "100 %",
        "95.0 %",
        "100 %",
    )


def test_nothing_measured_is_blank_not_nought() -> None:
    (found,) = measures(Chart(ChartKind.DEVICE_LOSS, Span.DAY, "%", (0, 1), (Line("x", (None, None)),)))
    assert (found.least, found.mean, found.most, found.p95, found.last) == ("", "", "", "", "")


@pytest.mark.parametrize(
    ("unit", "largest", "found"),
    [
        ("bit/s", 2e9, (1e9, "Gbit/s")),
        ("bit/s", 10.0, (1.0, "bit/s")),
        ("s", 0.02, (0.001, "ms")),
        ("dBm", 20, (1, "dBm")),
    ],
)
def test_values_are_written_in_the_unit_that_fits(unit: str, largest: float, found: tuple[float, str]) -> None:
    assert scaled(unit, largest) == found


def test_rates_of_contracts_are_short() -> None:
    assert [mbps(rate) for rate in (None, 2.5, 20.0, 1000.0, 1500.0)] == [
        "",
        "2.5 Mbit/s",
        "20 Mbit/s",
        "1 Gbit/s",
        "1.5 Gbit/s",
    ]


def tree(*devices: Device) -> Look:
    sites = (
        Site("dc", "Pusat data", SiteKind.DATACENTER, PLERED),
        Site("desa", "Desa Citeko", SiteKind.DESA, PLERED),
    )
    states = {each.name: DeviceState(each.name, State.UP, "answers", NOW) for each in devices}
    return Look(NOW, Inventory(sites=sites, devices=devices), NAMES, states)


def test_what_hangs_in_a_circle_is_drawn_all_the_same() -> None:
    look = tree(Device("a", "desa", Role.ROUTER, uplink=("b",)), Device("b", "desa", Role.ROUTER, uplink=("a",)))
    (branch,) = page_of(look).branches
    assert {node.name for node in branch.nodes} == {"a", "b"}


def test_a_chain_of_thousands_does_not_break_the_tree() -> None:
    chain = [Device(f"d{n:04d}", "desa", Role.SWITCH, uplink=(f"d{n - 1:04d}",) if n else ()) for n in range(3000)]
    (branch,) = page_of(tree(*chain)).branches
    assert [node.name for node in branch.nodes] == [device.name for device in chain]


def test_only_what_is_not_up_keeps_its_way_to_the_core() -> None:
    look = tree(
        Device("root", "dc", Role.ROUTER),
        Device("pop", "desa", Role.ROUTER, uplink=("root",)),
        Device("lost", "desa", Role.AP, uplink=("pop", "root")),
        Device("well", "desa", Role.AP, uplink=("pop",)),
    )
    states = {**look.states, "lost": DeviceState("lost", State.DOWN, "icmp-silent", NOW)}
    page = page_of(replace(look, states=states), wrong=True)
    assert [node.name for node in page.branches[0].nodes] == ["pop", "lost"]
    assert page.branches[0].nodes[1].also == "also on root"
    assert page.core.nodes == ()
