"""The text of a scrape: golden lines, escaping, gaps, devices that change."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest
from prometheus_client.parser import text_string_to_metric_families

from domain.polling import Budget, Column, Fleet, Kind, Outcome, Plan, PlanBook, Sweep
from exporters.exposition import Renderer

AT = 1_700_000_000.25


def interface(quantity: str, name: str, table: str = "interfaces") -> Column:
    kind = Kind.COUNTER64 if "Octets" in quantity else Kind.GAUGE32
    return Column(f"1.3.6.1.2.1.{quantity}.{name}", kind, table, quantity, name)


UPTIME = Column("1.3.6.1.2.1.1.3.0", Kind.TIMETICKS, "system", "sysUpTime")
ROUTER = (
    UPTIME,
    interface("ifHCInOctets", "ether1"),
    interface("ifHCInOctets", "ether2"),
    interface("ifOperStatus", "ether1"),
    interface("ifHighSpeed", "ether1"),
    Column("1.3.9.1", Kind.INTEGER, "optics", "sensor.dbm", "rx", "sfp1"),
    Column("1.3.6.1.2.1.31.1.5.0", Kind.TIMETICKS, "system", "ifTableLastChange"),
)
ROUTER_VALUES = (360_050.0, 2**64 - 1, 10_000_000_000, 1, 1000, -17.45, 5)


class Network:
    """A fleet with its renderer, and sweeps made by hand."""

    def __init__(self) -> None:
        self.fleet, self.plans = Fleet(), PlanBook()
        self.renderer = Renderer(self.fleet)

    def put(self, name: str, columns: Sequence[Column], zone: str = "", budget: Budget | None = None) -> Plan:
        plan = self.plans.intern(columns, budget or Budget())
        self.renderer.prepare(self.fleet.put(name, plan), zone=zone, interval_seconds=60)
        return plan

    def sweep(
        self,
        values: dict[str, Sequence[float | None] | None],
        *,
        steady: float = 100.0,
        at: float = AT,
        skip: Sequence[int] = (),
        failed: dict[int, tuple[str, ...]] | None = None,
    ) -> tuple[Sweep, np.ndarray, np.ndarray, np.ndarray]:
        """None for a device: it was silent. None for a value: it is absent. skip: columns that were not asked."""
        rows, cells, numbers = [], [], []
        device = np.array([self.fleet.index(name) for name in values])
        for row, (name, row_values) in enumerate(values.items()):
            for column, value in enumerate(row_values or ()):
                if column not in skip:
                    rows.append(row)
                    cells.append(int(self.fleet.start[self.fleet.index(name)]) + column)
                    numbers.append(value)
        n, answered = len(device), [row_values is not None for row_values in values.values()]
        valid = np.array([number is not None for number in numbers], np.bool_)
        sweep = Sweep(
            device=device,
            generation=self.fleet.generation[device],
            outcome=np.where(answered, Outcome.OK, Outcome.SILENT).astype(np.uint8),
            started=np.full(n, steady - 0.05),
            answered_at=np.where(answered, at, np.nan),
            answered_steady=np.where(answered, steady, np.nan),
            round_trip=np.full(n, 0.05),
            attempts=np.ones(n, np.int64),
            bytes_used=np.full(n, 100),
            row=np.array(rows, np.int64),
            cell=np.array(cells, np.int64),
            raw=np.zeros(len(cells), np.uint64),
            valid=valid,
            failed_tables=failed or {},
        )
        totals = np.array([max(0, int(number or 0)) for number in numbers], np.uint64)
        readings = np.array([np.nan if number is None else float(number) for number in numbers])
        return sweep, totals, np.ones(len(cells), np.bool_), readings

    def poll(self, values: dict[str, Sequence[float | None] | None], **details: object) -> None:
        self.renderer.render(*self.sweep(values, **details))  # type: ignore[arg-type]

    def text(self, now: float = 101.0, zone: str | None = None) -> str:
        return b"".join(self.renderer.chunks(now, zone)).decode()

    def samples(self, now: float = 101.0) -> list[str]:
        return [line for line in self.text(now).splitlines() if not line.startswith("#")]


@pytest.fixture
def network() -> Network:
    return Network()


def test_golden_text(network: Network) -> None:
    network.put("desa-cibodas", ROUTER)
    network.put("ds-b", (UPTIME, interface("ifHCInOctets", "ether1")))
    network.poll({"desa-cibodas": ROUTER_VALUES, "ds-b": (100.0, 7)})
    assert network.text() == (
        "# HELP kentongan_device_uptime_seconds Time since the agent started, modulo 497 days (SNMPv2-MIB sysUpTime).\n"
        "# TYPE kentongan_device_uptime_seconds gauge\n"
        'kentongan_device_uptime_seconds{device="desa-cibodas"} 3600.5 1700000000250\n'
        'kentongan_device_uptime_seconds{device="ds-b"} 1 1700000000250\n'
        "# HELP kentongan_interface_receive_bytes_total Octets received on the interface, framing included"
        " (IF-MIB ifHCInOctets).\n"
        "# TYPE kentongan_interface_receive_bytes_total counter\n"
        'kentongan_interface_receive_bytes_total{device="desa-cibodas",interface="ether1"} 18446744073709551615'
        " 1700000000250\n"
        'kentongan_interface_receive_bytes_total{device="desa-cibodas",interface="ether2"} 10000000000 1700000000250\n'
        'kentongan_interface_receive_bytes_total{device="ds-b",interface="ether1"} 7 1700000000250\n'
        "# HELP kentongan_interface_oper_status Operational status: 1 up, 2 down, 3 testing, 4 unknown, 5 dormant,"
        " 6 notPresent, 7 lowerLayerDown.\n"
        "# TYPE kentongan_interface_oper_status gauge\n"
        'kentongan_interface_oper_status{device="desa-cibodas",interface="ether1"} 1 1700000000250\n'
        "# HELP kentongan_interface_speed_bytes_per_second Nominal speed of the interface in bytes per second;"
        " times 8 for bit/s (IF-MIB ifHighSpeed, ifSpeed).\n"
        "# TYPE kentongan_interface_speed_bytes_per_second gauge\n"
        'kentongan_interface_speed_bytes_per_second{device="desa-cibodas",interface="ether1"} 125000000 1700000000250\n'
        "# HELP kentongan_sensor_optical_power_dbm Optical power of a port or ONU, sent or received.\n"
        "# TYPE kentongan_sensor_optical_power_dbm gauge\n"
        'kentongan_sensor_optical_power_dbm{device="desa-cibodas",sensor="rx",interface="sfp1"} -17.45 1700000000250\n'
    )


def test_a_device_that_was_never_polled_has_no_lines_and_an_empty_family_no_header(network: Network) -> None:
    network.put("a", ROUTER)
    assert network.text() == ""


def test_absent_values_drop_just_their_lines(network: Network) -> None:
    network.put("a", ROUTER)
    network.poll({"a": (100.0, None, 5, None, 1000, None, 0)})
    assert [line.split("{")[0] for line in network.samples()] == [
        "kentongan_device_uptime_seconds",
        "kentongan_interface_receive_bytes_total",
        "kentongan_interface_speed_bytes_per_second",
    ]
    assert 'interface="ether2"} 5 ' in network.text()


def test_a_counter_without_a_valid_total_is_a_gap(network: Network) -> None:
    network.put("a", ROUTER)
    sweep, totals, totals_valid, readings = network.sweep({"a": ROUTER_VALUES})
    totals_valid[1] = False
    network.renderer.render(sweep, totals, totals_valid, readings)
    assert 'receive_bytes_total{device="a",interface="ether1"}' not in network.text()
    assert 'receive_bytes_total{device="a",interface="ether2"}' in network.text()


def test_an_integer_reading_is_not_taken_from_the_totals(network: Network) -> None:
    network.put("a", ROUTER)
    sweep, totals, totals_valid, readings = network.sweep({"a": ROUTER_VALUES})
    network.renderer.render(sweep, np.full_like(totals, 99), np.zeros_like(totals_valid), readings)
    assert 'oper_status{device="a",interface="ether1"} 1 ' in network.text()
    assert "_total" not in network.text()


def test_a_silent_device_keeps_no_old_value_and_comes_back(network: Network) -> None:
    network.put("a", ROUTER)
    network.put("b", ROUTER)
    network.poll({"a": ROUTER_VALUES, "b": ROUTER_VALUES})
    network.poll({"a": None, "b": ROUTER_VALUES}, steady=160.0, at=AT + 60)
    assert 'device="a"' not in network.text(161.0)
    assert 'device="b"' in network.text(161.0)
    network.poll({"a": ROUTER_VALUES}, steady=220.0, at=AT + 120)
    assert 'device="a"} 3600.5 1700000120250' in network.text(221.0)


def test_samples_older_than_three_intervals_are_dropped(network: Network) -> None:
    network.put("a", ROUTER)
    network.poll({"a": ROUTER_VALUES}, steady=100.0)
    assert network.text(100.0 + 180) != ""
    assert network.text(100.0 + 181) == ""


def test_no_sample_is_shown_so_long_that_prometheus_would_refuse_it(network: Network) -> None:
    plan = network.plans.intern(ROUTER, Budget())
    network.renderer.prepare(network.fleet.put("a", plan), interval_seconds=3600)
    network.poll({"a": ROUTER_VALUES}, steady=100.0)
    assert network.text(100.0 + 3300) != ""
    assert network.text(100.0 + 3301) == ""


def test_a_table_asked_rarely_keeps_its_own_time(network: Network) -> None:
    network.put("a", ROUTER, budget=Budget(table_seconds=(("optics", 600.0),)))
    network.poll({"a": ROUTER_VALUES}, steady=100.0)
    network.poll({"a": ROUTER_VALUES}, steady=400.0, at=AT + 300, skip=[5])
    lines = {line.split("{")[0]: line.rsplit(" ", 1)[1] for line in network.samples(401.0)}
    assert lines["kentongan_sensor_optical_power_dbm"] == "1700000000250"
    assert lines["kentongan_device_uptime_seconds"] == "1700000300250"


def test_a_failed_table_costs_that_table(network: Network) -> None:
    network.put("a", ROUTER)
    network.poll({"a": ROUTER_VALUES}, steady=100.0)
    network.poll({"a": ROUTER_VALUES}, steady=160.0, skip=[5], failed={0: ("optics",)})
    assert "optical_power" not in network.text(161.0)
    assert "uptime" in network.text(161.0)


def test_a_new_plan_forgets_the_old_cells_and_late_polls_of_the_old_one(network: Network) -> None:
    network.put("a", ROUTER)
    late = network.sweep({"a": ROUTER_VALUES}, steady=161.0)
    network.poll({"a": ROUTER_VALUES})
    network.put("a", (UPTIME, interface("ifHCInOctets", "sfp1")))
    assert network.text() == ""
    network.renderer.render(*late)
    assert network.text() == ""
    network.poll({"a": (200.0, 42)}, steady=162.0)
    assert [line.split(" ")[0] for line in network.samples(163.0)] == [
        'kentongan_device_uptime_seconds{device="a"}',
        'kentongan_interface_receive_bytes_total{device="a",interface="sfp1"}',
    ]


def test_a_late_poll_of_the_old_layout_is_left_out_even_where_the_new_one_took_its_place(network: Network) -> None:
    network.put("a", ROUTER)
    late = network.sweep({"a": ROUTER_VALUES}, steady=161.0)
    start = network.fleet.start[0]
    network.put("a", tuple(interface("ifHCInOctets", f"sfp{port}") for port in range(len(ROUTER))))
    assert network.fleet.start[0] == start
    network.renderer.render(*late)
    assert network.text(162.0) == ""


def test_an_answer_that_could_not_be_read_makes_no_old_value_new(network: Network) -> None:
    network.put("a", ROUTER)
    network.poll({"a": ROUTER_VALUES}, steady=100.0)
    sweep, *numbers = network.sweep({"a": ROUTER_VALUES}, steady=160.0, at=AT + 60)
    garbled = dataclasses.replace(sweep, outcome=np.full(1, Outcome.GARBLED, np.uint8))
    network.renderer.render(garbled, *numbers)
    assert network.text(161.0) == ""


def test_one_gap_among_many_lines(network: Network) -> None:
    ports = [f"ether{port}" for port in range(24)]
    network.put("a", [interface("ifHCInOctets", port) for port in ports])
    network.poll({"a": [None if port == 7 else port for port in range(24)]})
    assert [line.split('"')[3] for line in network.samples()] == [port for port in ports if port != "ether7"]


def test_cells_given_to_another_device_show_nothing_of_the_one_before(network: Network) -> None:
    network.put("old", ROUTER)
    network.poll({"old": ROUTER_VALUES})
    index = network.fleet.index("old")
    network.fleet.remove("old")
    network.renderer.forget(index)
    network.put("new", ROUTER)
    assert network.fleet.index("new") == index
    assert network.text() == ""
    network.poll({"new": ROUTER_VALUES})
    assert 'device="new"' in network.text()
    assert "old" not in network.text()


def test_a_mixed_sweep_keeps_the_rows_that_are_current(network: Network) -> None:
    network.put("a", ROUTER)
    network.put("b", ROUTER)
    sweep = network.sweep({"a": ROUTER_VALUES, "b": ROUTER_VALUES})
    network.put("a", (UPTIME,))
    network.renderer.render(*sweep)
    assert {line.split('"')[1] for line in network.samples()} == {"b"}


def test_the_same_plan_again_keeps_the_values(network: Network) -> None:
    network.put("a", ROUTER)
    network.poll({"a": ROUTER_VALUES})
    before = network.text()
    network.put("a", ROUTER)
    assert network.text() == before


@pytest.mark.parametrize(
    "name",
    [
        'say "hi"',
        "back\\slash",
        "two\nlines",
        "tab\there",
        "Gi 0/1",
        "désa",
        "\udcff\udc00",
        "nul\x00",
        "\x01",
        "😀",
        "{}",
    ],
)
def test_any_name_survives_a_parser(network: Network, name: str) -> None:
    network.put("a", (interface("ifHCInOctets", name), interface("ifHCInOctets", "plain")))
    network.poll({"a": (1, 2)})
    (family,) = text_string_to_metric_families(network.text())
    values = {sample.labels["interface"]: sample.value for sample in family.samples}
    shown = "".join("�" if (c < " " and c != "\n") or "\ud800" <= c <= "\udfff" else c for c in name)
    assert values == {shown: 1, "plain": 2}


def test_two_columns_of_one_series_count_once(network: Network) -> None:
    network.put("a", (interface("ifHighSpeed", "ether1"), interface("ifSpeed", "ether1"), UPTIME))
    network.poll({"a": (1000, 4_294_967_295, 100)})
    assert network.text().count("speed_bytes_per_second{") == 1
    assert (network.renderer.repeated, network.renderer.series) == (1, 2)
    network.put("a", (UPTIME,))
    network.put("b", (UPTIME,), zone="elsewhere")
    assert (network.renderer.repeated, network.renderer.series) == (0, 2)
    network.renderer.forget(network.fleet.index("b"))
    assert network.renderer.series == 1


def test_one_zone_alone(network: Network) -> None:
    network.put("a", ROUTER, zone="kota")
    network.put("b", ROUTER, zone="jatiluhur")
    network.poll({"a": ROUTER_VALUES, "b": ROUTER_VALUES})
    assert network.renderer.zones == ("jatiluhur", "kota")
    assert 'device="a"' in network.text(zone="kota")
    assert 'device="b"' not in network.text(zone="kota")
    network.put("a", ROUTER, zone="jatiluhur")
    assert network.renderer.zones == ("jatiluhur",)
    assert 'device="a"' in network.text(zone="jatiluhur"), "a move between zones costs no value"


def test_many_devices_of_many_shapes_against_a_plain_writer(network: Network) -> None:
    rng = np.random.default_rng(3)
    polled: dict[str, Sequence[float | None]] = {}
    wanted = set()
    for number in range(700):
        name, ports = f"d{number:03d}" + "x" * (number % 7), number % 5
        columns = [UPTIME, *(interface("ifHCInOctets", f"ether{port}") for port in range(ports))]
        network.put(name, columns)
        uptime = float(rng.integers(0, 2**32))
        values: list[float | None] = [uptime]
        wanted.add(f'kentongan_device_uptime_seconds{{device="{name}"}} {uptime / 100:.15g} 1700000000250')
        for port in range(ports):
            value = int(rng.integers(0, 2**50)) if rng.random() > 0.3 else None
            values.append(value)
            if value is not None:
                labels = f'{{device="{name}",interface="ether{port}"}}'
                wanted.add(f"kentongan_interface_receive_bytes_total{labels} {value} 1700000000250")
        polled[name] = values
    network.poll(polled)
    lines = network.samples()
    assert len(lines) == len(set(lines))
    assert set(lines) == wanted
    names = [line.split("{")[0] for line in lines]
    assert names == sorted(names), "all lines of one metric stand together"
