"""How the readings of a device are written: large numbers with a prefix."""

import pytest

from console.ports.charts import Reading
from console.views.device import _sensors


@pytest.mark.parametrize(
    ("metric", "value", "written"),
    [
        ("frequency_hertz", 49.9, "49.9 Hz"),
        ("frequency_hertz", 5_745e6, "5.745 GHz"),
        ("rate_bytes_per_second", 130e6 / 8, "130.0 Mbit/s"),
        ("humidity_percent", 61.2, "61 %"),
        ("distance_metres", 1240.0, "1240 m"),
    ],
)
def test_a_reading(metric: str, value: float, written: str) -> None:
    rows = _sensors([Reading(f"kentongan_sensor_{metric}", "x", value)], powered=False)
    assert [row.value.replace(",", "") for row in rows] == [written]
