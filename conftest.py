"""What holds for every ring of tests: a skip is a failure in CI, and long forms run only when asked for."""

import os
from collections.abc import Generator

import pytest

pytest_plugins = ["tests.soaking", "tests.fuzzing"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long forms of the tests of bad days (make soak)")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "soak(long_only): has a long form, which `make soak` runs; without --long it is short, or left out",
    )
    # Kentongan is started hundreds of times. Told to keep no bytecode, each start compiles 600 modules anew: a second.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(scope="session")
def long_form(request: pytest.FixtureRequest) -> bool:
    """Whether to take an hour and 200 kills (True) or a minute and 20 (False)."""
    return bool(request.config.getoption("--long"))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        _fail(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if os.environ.get("CI") and report.skipped:
        _fail(report)
    return report


def _fail(report: pytest.TestReport | pytest.CollectReport) -> None:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"In CI nothing is skipped, but this was. {reason}"
