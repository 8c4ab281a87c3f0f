"""The days of the three users, end to end, against 24 months of all Purwakarta that go on live.

In the long form alone: the history takes minutes to make. KENTONGAN_HISTORY names one that is finished; it is copied.
"""

import csv
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.incidents import Incident
from kentongan.installation import Installation
from kentongan.settings import load_settings
from tests.real.browser import TELEPHONE, Chromium, Visit, chromium
from tests.real.days import engineers_day, operators_day, planners_day
from tests.real.terminal import PROGRAM, Running, Terminal, can_make_namespaces, own_namespace, until
from tests.soaking import Soak

pytestmark = [
    pytest.mark.real,
    pytest.mark.soak(long_only=True),
    pytest.mark.skipif(not can_make_namespaces(), reason="a network namespace of its own takes root"),
]

MONTHS = 24
HOURS = 3600.0
PORT, CONSOLE_PORT = 26610, 26611
CONFIG = ("--config", "town/kentongan.toml")
OPERATOR, ENGINEER, PLANNER = "Asep Piket", "Neng Teknisi", "Dadang Perencana"
ROLES = {OPERATOR: "noc", ENGINEER: "engineer", PLANNER: "planner"}
LINK = "fo-olt-bojong"
INDICATORS = """\
half,code,pillar,name,level,unit,baseline,target,value,measured,source,owner
{year}-H1,SG-1,governance,Desa terlayani,outcome,desa,0,112,,desa-served,,Diskominfo
"""


@dataclass(frozen=True)
class Town:
    """A demo that lives on a history, and a console beside it."""

    terminal: Terminal
    running: Running
    browser: Chromium
    url: str
    passwords: dict[str, str]
    failing: Incident
    told: str

    def lab(self, *words: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.terminal.json(*CONFIG, "lab", *words)
        return answer

    def json(self, *words: str) -> Any:
        return self.terminal.json(*CONFIG, *words)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("long")
    with ExitStack() as stack:
        namespace = stack.enter_context(own_namespace(f"kw{os.getpid()}"))
        terminal = Terminal(folder, namespace, {"KENTONGAN_EXPORTER__PORT": "0"})
        finished = os.environ.get("KENTONGAN_HISTORY")
        if finished:
            shutil.copytree(finished, folder / "town")
        else:
            made = terminal.run(*PROGRAM, "demo", "--history", str(MONTHS), "--keep", "town", seconds=2 * HOURS)
            assert made.returncode == 0, made.stderr
        (folder / "indicators.csv").write_text(INDICATORS.format(year=half_end().year), encoding="utf-8")
        running = stack.enter_context(terminal.start("demo", "--keep", "town", "--port", str(PORT)))
        running.wait_started(600)
        terminal.kentongan(*CONFIG, "import", "indicators.csv")
        with Installation(load_settings(folder / "town" / "kentongan.toml", {}), "test").open() as installation:
            told = f"{len(installation.inventory.read(stages=False).devices)} devices"
            failing = next(each for each in installation.incidents.open() if is_fading(each))
        passwords = {
            name: terminal.kentongan(*CONFIG, "account", "add", name, "--role", role).strip()
            for name, role in ROLES.items()
        }
        ports = {"KENTONGAN_CONSOLE__PORT": str(CONSOLE_PORT), "KENTONGAN_EXPORTER__PORT": str(running.port)}
        console = stack.enter_context(Terminal(folder, namespace, ports).start(*CONFIG, "console"))
        assert until(lambda: f":{CONSOLE_PORT}" in console.errors, 120), console.errors
        browser = stack.enter_context(chromium(terminal))
        yield Town(terminal, running, browser, f"http://127.0.0.1:{CONSOLE_PORT}", passwords, failing, told)
        assert console.end() == 0
        assert running.end() == 0, running.errors


def is_fading(incident: Incident) -> bool:
    """Of a village's fibre, as the calendar ends every history with one."""
    return incident.reason == "optical-low" and incident.cause.name.startswith("fo-desa-")


def half_end() -> date:
    """The last day of the newest first half-year that is over."""
    today = datetime.now(ZoneInfo("Asia/Jakarta")).date()
    return date(today.year - (today.month <= 6), 6, 30)


def faultless(visit: Visit) -> bool:
    """No Prometheus stands beside: the browser reports those answers as errors of its own."""
    return not [fault for fault in visit.faults if "503" not in fault]


def test_an_operator_goes_through_a_cut(town: Town, soak: Soak) -> None:
    with town.browser.visit(town.url) as at:
        at.first_login(OPERATOR, town.passwords[OPERATOR])
        incident = operators_day(at, OPERATOR, LINK, town.lab)
        assert faultless(at), at.faults
    shown = town.json("incidents", "show", incident)
    people = [(act["actor"], act["kind"]) for act in shown["timeline"] if act["actor"] == OPERATOR]
    assert people == [(OPERATOR, "acknowledged"), (OPERATOR, "closed")]
    soak.found(f"24 months of {town.told}, live: {LINK} cut, told, acknowledged, ordered, mended, closed as galian")


def test_an_engineer_finds_a_failing_optic(town: Town, soak: Soak) -> None:
    with town.browser.visit(town.url) as at:
        at.first_login(ENGINEER, town.passwords[ENGINEER])
        engineers_day(at, town.failing)
        at.open(f"/language/id?to=/links/{town.failing.cause.name}")
        light = at.page.locator("section", has_text="Cahaya").locator("tbody tr").all_inner_texts()
        fallen = [float(cell.replace(",", ".").replace("−", "-")) for row in light for cell in row.split("\t")[4:5]]
        assert min(fallen) < -2.0, light
        at.picture("tautan-memudar", whole=True)
        assert faultless(at), at.faults
    soak.found(f"{town.failing.cause.name}: {min(fallen):+.1f} dB in 30 days, by its daily medians")


def test_a_planner_answers_on_a_telephone(town: Town, soak: Soak) -> None:
    end = half_end()
    day, before = end.isoformat(), date(end.year - 1, 12, 31).isoformat()
    asked = town.json("coverage", "--at", day, "--since", before)
    with town.browser.visit(town.url, TELEPHONE) as at:
        at.first_login(PLANNER, town.passwords[PLANNER])
        printed = planners_day(at, asked, day, before, f"{end.year}-1").read_bytes()
        assert faultless(at), at.faults
    words = ("report", "evaluation", "--half", f"{end.year}-1", "--pdf", "same.pdf", "--csv", "evaluation.csv")
    town.terminal.kentongan(*CONFIG, *words, LANGUAGE="id", LANG="id_ID.UTF-8")
    assert (town.terminal.folder / "same.pdf").read_bytes() == printed, "the command line prints the same"
    served = asked["desa"]["served"]
    rows = [row for file in town.terminal.folder.glob("evaluation*.csv") for row in rows_of(file) if "SG-1" in row]
    assert rows
    assert all(str(served) in row for row in rows), rows
    change = asked["since"]["served"]
    more = len(change["gained"]) - len(change["lost"])
    missing = asked["desa"]["connected"] - served
    soak.found(
        f"{day}: {served} desa served, {more:+d} since {before}, {missing} connected and not; evaluation printed"
    )


def rows_of(file: Path) -> list[list[str]]:
    text = file.read_text(encoding="utf-8-sig")
    return list(csv.reader(text.splitlines(), delimiter=";" if ";" in text.partition("\n")[0] else ","))
