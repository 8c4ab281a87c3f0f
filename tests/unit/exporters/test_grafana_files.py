"""Files for Grafana's provisioning, and what is asked of a Prometheus for each panel."""

import json
from pathlib import PurePosixPath

import pytest
import yaml

from exporters.grafana.checking import Asked, Looked, filled, plain
from exporters.grafana.provisioning import provisioning_files
from exporters.grafana.shipped import FOLDERS, shipped


def test_files_name_each_other() -> None:
    files = provisioning_files(PurePosixPath('/srv/a "b"/dashboards'), "http://p:9090", 30, "https://konsol")
    datasources = yaml.safe_load(files["provisioning/datasources/kentongan.yaml"])["datasources"]
    assert [(each["uid"], each["url"], each["jsonData"]["timeInterval"]) for each in datasources] == [
        ("kentongan", "http://p:9090", "30s")
    ]
    providers = yaml.safe_load(files["provisioning/dashboards/kentongan.yaml"])["providers"]
    assert [each["folderUid"] for each in providers] == [folder.uid for folder in FOLDERS]
    for each in providers:
        folder = each["options"]["path"].removeprefix('/srv/a "b"/')
        models = [json.loads(text) for name, text in files.items() if name.startswith(folder + "/")]
        assert [model["uid"] for model in models]
        assert all('"https://konsol"' in json.dumps(model["templating"]) for model in models)
    assert len(files) == 2 + len(shipped())


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        ('up{site=~"$site"}', 'up{site=~".*"}'),
        ('up{site=~"${site:regex}"}', 'up{site=~".*"}'),
        ("rate(x[$__rate_interval])", "rate(x[5m])"),
        ('label_replace(x, "a", "$1", "b", "(.*)")', 'label_replace(x, "a", "$1", "b", "(.*)")'),
    ],
)
def test_everything_is_chosen(expr: str, text: str) -> None:
    assert filled(expr, {"site": ".*"}) == text


def test_a_variable_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError):
        filled("up{a=~'$nobody'}", {})


def test_a_panel_is_empty_when_none_of_its_queries_has_anything() -> None:
    asked = Asked("u", "D", "P", ("a", "b"))
    assert Looked(asked, (0, 0)).is_empty
    assert not Looked(asked, (0, 2)).is_empty
    assert plain([Looked(asked, (0, 2), ("bad",))]) == [
        {
            "dashboard": "u",
            "panel": "P",
            "series": 2,
            "queries": [{"expr": "a", "series": 0}, {"expr": "b", "series": 2}],
            "problems": ["bad"],
        }
    ]
