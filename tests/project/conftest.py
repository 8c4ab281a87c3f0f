"""What the header says of this ring: whether calls to Grafana are held against the description of its API."""

from tests.project.test_grafana_types import OPENAPI


def pytest_report_header() -> str | None:
    if OPENAPI.exists():
        return None
    return "project: the description of Grafana's API (../shared/data/grafana) is not there, its test is not collected"
