"""The catalogue: one name once, good names, and a reference page that is not out of date."""

from pathlib import Path

import pytest

from exporters.catalogue import CATALOGUE, FEEDS, Metric, MetricType
from exporters.catalogue.devices import STATE_NUMBERS
from exporters.catalogue.reference import render_reference

REPOSITORY = Path(__file__).parents[3]
COUNTED = ("HCInOctets", "HCOutOctets", "InOctets", "OutOctets", "InErrors", "OutErrors", "InDiscards", "OutDiscards")
READ = ("sysUpTime", "ifOperStatus", "ifAdminStatus", "ifHighSpeed", "ifSpeed")
ELECTRICAL = ("temperature", "voltage", "current", "power", "load", "charge", "runtime", "fanspeed", "state")
OTHER = ("dbm", "cpu", "memory", "signal", "snr", "quality", "clients", "humidity", "frequency")
RADIO = ("rate", "distance")
QUANTITIES = [*READ, *(f"if{name}" for name in COUNTED), *(f"sensor.{name}" for name in ELECTRICAL + OTHER + RADIO)]


def test_each_metric_has_one_name_and_a_help() -> None:
    names = [metric.name for metric in CATALOGUE]
    assert len(names) == len(set(names))
    assert all(name.startswith("kentongan_") for name in names)
    assert all(metric.help.endswith(".") for metric in CATALOGUE)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_every_polled_quantity_feeds_a_metric(quantity: str) -> None:
    assert quantity in FEEDS


@pytest.mark.parametrize(
    ("name", "type_"), [("a_total", MetricType.GAUGE), ("a", MetricType.COUNTER), ("A-b", "gauge")]
)
def test_a_bad_name_is_refused(name: str, type_: MetricType) -> None:
    with pytest.raises(ValueError, match="no good name"):
        Metric(name, type_, "Help.")


def test_states_are_numbered_from_worst_known_to_best() -> None:
    from domain.states import State

    assert set(STATE_NUMBERS) == set(State)


def test_the_reference_page_is_fresh() -> None:
    page = REPOSITORY / "docs" / "reference" / "metrics.md"
    assert page.read_text(encoding="utf-8") == render_reference(), (
        "the catalogue has changed: run `python -m exporters.catalogue > docs/reference/metrics.md`"
    )


def test_the_reference_page_names_every_metric() -> None:
    assert all(f"`{metric.name}`" in render_reference() for metric in CATALOGUE)
