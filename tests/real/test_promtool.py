"""promtool's own word on our configuration, rules and exposition."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from domain.polling import Budget, Column, Fleet, Kind, PlanBook, Sweep
from exporters.catalogue import OWN, POLLED, MetricType
from exporters.exposition import DeviceTable, Renderer
from exporters.exposition.devices import DeviceLines
from exporters.own_health import OwnHealth
from exporters.prometheus import RULES_FILE, render_config, rules_text

REPOSITORY = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed (apt install prometheus)"),
]


def promtool(*words: str | Path, text: bytes = b"") -> str:
    done = subprocess.run(["promtool", *words], input=text, capture_output=True, timeout=60, check=False)
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 0, said
    return said


@pytest.mark.parametrize("discovery", [True, False])
def test_check_config(tmp_path: Path, discovery: bool) -> None:
    (tmp_path / "prometheus.yml").write_text(render_config("127.0.0.1:9275", 60, discovery=discovery))
    (tmp_path / RULES_FILE).write_text(rules_text())
    assert "SUCCESS" in promtool("check", "config", "--lint-fatal", "--lint=all", tmp_path / "prometheus.yml")


def test_check_rules() -> None:
    rules = REPOSITORY / "exporters" / "prometheus" / "rules.yml"
    assert "SUCCESS" in promtool("check", "rules", "--lint-fatal", "--lint=all", rules)


@pytest.mark.parametrize("name", ["rules_test.yml", "rules_months_test.yml"])
def test_test_rules(name: str) -> None:
    assert "SUCCESS" in promtool("test", "rules", REPOSITORY / "tests" / "unit" / "exporters" / name)


def test_check_metrics_is_clean_for_every_metric() -> None:
    text = _every_polled_metric() + _devices() + _own_health()
    assert text.count(b"# TYPE kentongan_") >= len(POLLED) + 10
    assert promtool("check", "metrics", text=text) == ""


def _every_polled_metric() -> bytes:
    columns = [
        Column(f"1.3.{number}", Kind.GAUGE32, "t", feed.quantity, f'wei"rd\\{number}\n')
        for number, feed in enumerate(feed for metric in POLLED for feed in metric.feeds[:1])
    ]
    fleet, width = Fleet(), len(columns)
    device = fleet.put("a", PlanBook().intern(columns, Budget()))
    renderer = Renderer(fleet)
    renderer.prepare(device, interval_seconds=60)
    one, cells = np.array([device]), np.arange(width)
    sweep = Sweep(
        device=one, generation=fleet.generation[one], outcome=np.zeros(1, np.uint8), started=np.array([9.0]),
        answered_at=np.array([1.7e9]), answered_steady=np.array([10.0]), round_trip=np.array([0.1]), attempts=one,
        bytes_used=one, row=np.zeros(width, np.int64), cell=cells, raw=np.zeros(width, np.uint64),
        valid=np.ones(width, np.bool_),
    )  # fmt: skip
    renderer.render(sweep, cells.astype(np.uint64), sweep.valid, cells / 7)
    return b"".join(renderer.chunks(11.0))


def _devices() -> bytes:
    info = (("a", "zone", "site", "desa", "kecamatan", "router", "platform"),)
    one = np.array([1.5])
    table = DeviceTable(info, np.array([4]), one, one, one, np.ones((1, 6), np.int64), one, one, one, np.array([7]))
    return b"".join(DeviceLines().chunks(table, 2.0))


def _own_health() -> bytes:
    health = OwnHealth("1.2.3")
    for metric in OWN[1:]:
        if metric.type is MetricType.HISTOGRAM:
            health.histogram(metric).observe(0.1)
        else:
            health.read(metric, lambda labels=metric.labels: {labels: 1})  # type: ignore[misc]
    return health.text()
