"""The days of an engineer and of a planner, walked in Chromium through the console of a kabupaten with a history.

What they read is compared with the records. The operator's day needs a running poller: it is walked in test_demo. All
three against 24 months of a whole kabupaten: test_long_walks.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from domain.incidents import Incident
from tests.real.browser import TELEPHONE, Chromium, Visit, chromium
from tests.real.days import engineers_day, planners_day
from tests.real.terminal import Running, Terminal, until
from tests.scenarios.test_history import UNTIL, make, opened, wanted

FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
STOOD_STILL = {
    "LD_PRELOAD": str(FAKETIME),
    "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    "FAKETIME": f"@{UNTIL + timedelta(minutes=5):%Y-%m-%d %H:%M:%S}",
    "TZ": "Asia/Jakarta",
}
"""The console opens on the day on which the history ends: the same one whenever the tests run."""

pytestmark = [
    pytest.mark.real,
    pytest.mark.timeout(420),
    pytest.mark.skipif(FAKETIME is None, reason="libfaketime is not installed (apt: faketime)"),
]
ENGINEER, PLANNER = "Neng Teknisi", "Dadang Perencana"
MONTHS = 2


INDICATORS = """\
half,code,pillar,name,level,unit,baseline,target,value,measured,source,owner
2020-H1,SG-1,governance,Desa terlayani,outcome,desa,0,42,,desa-served,,Diskominfo
2020-H1,SP-1,spbe,Indeks SPBE,outcome,indeks,1.9,2.6,2.1,,Kepmen PANRB,Bagian Organisasi
"""


@dataclass(frozen=True)
class Town:
    terminal: Terminal
    folder: Path
    browser: Chromium
    console: Running
    url: str
    passwords: dict[str, str]
    failing: Incident
    today: str
    before: str


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("walks")
    make(folder, wanted(MONTHS, UNTIL))
    with opened(folder) as installation:
        failing = next(each for each in installation.incidents.open() if each.reason == "optical-low")
    terminal = Terminal(folder, environment=STOOD_STILL)
    (folder / "indicators.csv").write_text(INDICATORS, encoding="utf-8")
    terminal.kentongan("import", "indicators.csv")
    passwords = {
        name: terminal.kentongan("account", "add", name, "--role", role).strip()
        for name, role in ((ENGINEER, "engineer"), (PLANNER, "planner"))
    }
    with ExitStack() as stack:
        console = stack.enter_context(
            terminal.start("console", KENTONGAN_CONSOLE__PORT="0", KENTONGAN_EXPORTER__PORT="1")
        )
        assert until(lambda: "http://" in console.errors, 60), console.errors
        url = "http://" + console.errors.partition("http://")[2].split()[0]
        browser = stack.enter_context(chromium(terminal))
        days = [(UNTIL.date() - timedelta(days=back)).isoformat() for back in (1, 50)]
        yield Town(terminal, folder, browser, console, url, passwords, failing, *days)
        assert console.end() == 0


def faultless(visit: Visit) -> bool:
    """Nobody polls here and no Prometheus stands beside: the browser reports those answers as errors of its own."""
    return not [fault for fault in visit.faults if "503" not in fault]


def test_an_engineer_finds_a_failing_optic(town: Town) -> None:
    with town.browser.visit(town.url) as at:
        at.first_login(ENGINEER, town.passwords[ENGINEER])
        engineers_day(at, town.failing)
        assert faultless(at), at.faults


def test_a_planner_answers_on_a_telephone(town: Town) -> None:
    asked = town.terminal.json("coverage", "--at", town.today, "--since", town.before)
    with town.browser.visit(town.url, TELEPHONE) as at:
        at.first_login(PLANNER, town.passwords[PLANNER])
        planners_day(at, asked, town.today, town.before, "2020-1")
        assert faultless(at), at.faults
