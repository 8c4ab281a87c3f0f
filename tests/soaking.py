"""What the tests of bad days found, with their seeds: printed at the end, and written to a page if one is named.

A row of the page is a test; a run replaces the rows of the tests it ran and leaves the others as they were.
"""

import os
import platform
import random
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEADING = "| test | form | seed | outcome | what was done | seconds | when | commit |"
TOP = """# Soak: the long forms of the tests of bad days

Written by `make soak` (`pytest --long -m soak --soak-page docs/reference/soak.md`); a run replaces the rows of the
tests it ran and leaves the others. Form: long is what `make soak` runs, short what `make test` runs. The seed is what
`--soak-seed` was; the same seed does the same again. The last run was given {fuzz:g} minutes for all fuzzing
(`FUZZ_MINUTES`, 60 unless said) and {storm:g} for each storm (`STORM_MINUTES`, 10), on {machine}.

"""

SOAK = pytest.StashKey["Soak"]()
ROWS = pytest.StashKey[dict[str, "Row"]]()
FORM = pytest.StashKey[str]()


@dataclass
class Soak:
    """One test's seed and result. Tests ask for it as the fixture `soak`."""

    seed: int
    minutes: float
    """How long its storm may last in the long form; 0 in the short one."""
    figure: str = ""

    def begin(self, seed: int) -> None:
        """From now on this seed is what a failure is reported with."""
        self.seed = seed
        print(f"seed {seed}")

    def found(self, figure: str) -> None:
        self.figure = figure
        print(figure)


@dataclass(frozen=True)
class Row:
    test: str
    form: str
    seed: int
    outcome: str
    figure: str
    seconds: float
    when: str = field(default_factory=lambda: f"{datetime.now(UTC):%Y-%m-%d}")
    commit: str = field(default_factory=lambda: commit())

    def __str__(self) -> str:
        figure = self.figure.replace("|", "\\|").replace("\n", " ")
        cells = (self.test, self.form, self.seed, self.outcome, figure, f"{self.seconds:.0f}", self.when, self.commit)
        return f"| {' | '.join(map(str, cells))} |"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("soak", "long forms of tests (make soak)")
    group.addoption("--soak-seed", type=int, default=20191101, help="the seed of the tests of bad days")
    group.addoption("--storm-minutes", type=float, default=10.0, help="with --long: for each storm")
    group.addoption("--soak-page", type=Path, help="write what they found to this page")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[ROWS] = {}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        for item in items:
            if item.get_closest_marker("soak"):
                item.add_marker(pytest.mark.timeout(7200), append=False)
        return
    without = [item for item in items if (mark := item.get_closest_marker("soak")) and mark.kwargs.get("long_only")]
    if without:
        items[:] = [item for item in items if item not in without]
        config.hook.pytest_deselected(items=without)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("soak"):
        minutes = item.config.getoption("--storm-minutes") if item.config.getoption("--long") else 0.0
        item.stash[SOAK] = Soak(item.config.getoption("--soak-seed"), minutes)


@pytest.fixture
def soak(request: pytest.FixtureRequest) -> Soak:
    """The test's seed; `found` says what it did. Only for tests marked soak."""
    soak = request.node.stash[SOAK]
    soak.begin(soak.seed)
    return soak


@pytest.fixture
def chance(soak: Soak) -> random.Random:
    return random.Random(soak.seed)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    report = yield
    if SOAK in item.stash and (report.when == "call" or report.outcome != "passed"):
        soak, name = item.stash[SOAK], item.nodeid.rpartition("/")[2].replace("::", ", ").replace(".py", "")
        form = "long" if item.config.getoption("--long") else "short"
        figure = (
            soak.figure if report.passed else (str(call.excinfo.value).split("\n")[0][:200] if call.excinfo else "")
        )
        item.config.stash[ROWS][name] = Row(name, form, soak.seed, report.outcome, figure, report.duration)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    rows = config.stash[ROWS]
    if not rows:
        return
    terminalreporter.section("tests of bad days")
    for row in rows.values():
        terminalreporter.line(f"{row.test}: {row.outcome}, seed {row.seed}, {row.seconds:.1f} s. {row.figure}")
    page = config.getoption("--soak-page")
    if page:
        before = page.read_text(encoding="utf-8") if page.exists() else ""
        fuzz, storm = config.getoption("--fuzz-minutes"), config.getoption("--storm-minutes")
        page.write_text(TOP.format(fuzz=fuzz, storm=storm, machine=machine()) + table(rows, before), encoding="utf-8")


def table(rows: dict[str, Row], before: str) -> str:
    """These rows, and the others as they were on the page `before`."""
    lines = {line.split("|")[1].strip(): line for line in before.splitlines() if line.startswith("| ")}
    lines.pop("test", None)
    lines |= {name: str(row) for name, row in rows.items()}
    body = [HEADING, "|---|---|---|---|---|---|---|---|", *(lines[name] for name in sorted(lines))]
    return "\n".join(body) + "\n"


def machine() -> str:
    cpus = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    cpu = cpus[0].partition(":")[2].strip() if cpus else platform.machine()
    return f"{len(cpus) or '?'} × {cpu}, Python {platform.python_version()}"


@cache
def commit() -> str:
    """What was tested; `unknown` outside a checkout."""
    done = subprocess.run(
        ["git", "-C", str(ROOT), "describe", "--always"], capture_output=True, text=True, check=False
    )  # fmt: skip
    return done.stdout.strip() or os.environ.get("SOAK_COMMIT", "unknown")
