"""The files for Prometheus: fresh, named after the catalogue, with a runbook for each alert."""

import re
from pathlib import Path

import pytest

from exporters.catalogue import CATALOGUE
from exporters.prometheus import RULES_FILE, render_config, rules_text, start_command
from exporters.prometheus.rules import RULES
from exporters.prometheus.shapes import Recording

REPOSITORY = Path(__file__).parents[3]
RUNBOOKS = REPOSITORY / "docs" / "runbooks"


def test_the_rules_file_in_the_package_is_fresh() -> None:
    packaged = REPOSITORY / "exporters" / "prometheus" / "rules.yml"
    assert packaged.read_text(encoding="utf-8") == rules_text(), (
        "the rules have changed: run `python -m exporters.prometheus > exporters/prometheus/rules.yml`"
    )


def test_every_name_in_a_rule_is_in_the_catalogue_or_recorded() -> None:
    rules = [rule for group in RULES.groups for rule in group.rules]
    known = {metric.name for metric in CATALOGUE} | {rule.record for rule in rules if isinstance(rule, Recording)}
    for rule in rules:
        for name in re.findall(r"[a-z_]*:?kentongan_[a-z_0-9:]+", rule.expr):
            assert name.removesuffix("_bucket") in known, name


@pytest.mark.parametrize("alert", RULES.alerts, ids=lambda alert: alert.name)
def test_every_alert_has_a_runbook(alert: object) -> None:
    page = RUNBOOKS / f"{alert.name.lower()}.md"  # type: ignore[attr-defined]
    assert page.read_text(encoding="utf-8").startswith(f"# {alert.name}\n")  # type: ignore[attr-defined]


def test_every_runbook_has_an_alert() -> None:
    alerts = {alert.name for alert in RULES.alerts}
    assert {page.stem for page in RUNBOOKS.glob("*.md")} == {alert.lower() for alert in alerts} | {"index"}
    index = (RUNBOOKS / "index.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \[(\w+)\]", index, re.M) == [alert.name for alert in RULES.alerts]


def test_samples_are_scraped_twice_per_interval_with_their_own_time() -> None:
    text = render_config("127.0.0.1:9275", 60)
    assert "scrape_interval: 30s" in text
    assert "honor_timestamps: true" in text
    assert "- url: http://127.0.0.1:9275/sd/prometheus" in text
    assert f"  - {RULES_FILE}\n" in text
    assert "scrape_interval: 5s" in render_config("x:1", 4)


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("0.0.0.0:9275", "127.0.0.1:9275"),
        (":::9275", "[::1]:9275"),
        ("::1:9275", "[::1]:9275"),
        ("http://[fd00::5]:9275/", "[fd00::5]:9275"),
        ("monitor.example:80", "monitor.example:80"),
    ],
)
def test_addresses_as_prometheus_can_reach_them(target: str, address: str) -> None:
    assert f'- targets: ["{address}"]' in render_config(target, 60, discovery=False)


def test_the_start_command_says_how_long_samples_are_kept() -> None:
    command = start_command(Path("/srv/my files"), 400)
    assert "--storage.tsdb.retention.time=400d" in command
    assert "'--config.file=/srv/my files/prometheus.yml'" in command
