"""The bench still runs against the service as it is, and what it writes is a page and a picture."""

import json
import os
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from benchmarks import page, picture
from benchmarks.target import CompilerMissingError, build, running
from tests.conftest import missing
from tests.project.tracked_files import ROOT

pytestmark = pytest.mark.real
PORT = 20_000 + os.getpid() % 10_000  # several checkouts may be tested at once


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    try:
        build()
    except CompilerMissingError as error:
        missing(str(error))


def part(module: str, *words: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout[done.stdout.index("{") :])


def test_the_whole_path_loses_nothing_at_full_speed_and_paced():
    with running(PORT):
        full = part("ours", "--port", str(PORT), "--devices", "60", "--rounds", "2")
        paced = part("ours", "--port", str(PORT), "--devices", "60", "--paced", "2", "--wake", "0.25")
    assert full["polls"] == 180
    for figures in (full, paced):
        assert figures["pollsLost"] == 0
        assert figures["valuesPerPoll"] == 122
        assert figures["scrapeBytes"] > 60 * 109 * 80
        assert sum(figures["stages"].values()) == pytest.approx(figures["microseconds"], rel=0.1)


def test_the_peers_read_the_same_values():
    with running(PORT):
        assert part("peers.gufo", "--port", str(PORT), "--devices", "20")["valuesPerPoll"] == 122
        assert part("peers.pysnmp", "--port", str(PORT), "--devices", "3")["valuesPerPoll"] == 122


def test_version_3_is_measured():
    figures = part("version3", "--port", str(PORT), "--devices", "40", "--interval", "2", "--rounds", "1")
    assert (figures["pollsLost"], figures["valuesPerPoll"]) == (0, 122)


def poller(microseconds: float) -> dict:
    return {
        "devices": 5000,
        "microseconds": microseconds,
        "pollsPerSecond": 10,
        "coreShare": 0.01,
        "pollsLost": 0,
        "wakeSeconds": 0.5,
        "stages": dict.fromkeys(page.STAGES, 1.0),
    }


def figures() -> dict:
    pollers = {"kentongan": poller(50), "snmpExporter": poller(500), "gufo": poller(90), "pysnmp": poller(9000)}
    ratios = {"snmpExporter": 10.0, "gufo": 1.8, "pysnmp": 180.0}
    return {
        "wholePath": {
            "fullSpeed": pollers | {"ratios": ratios},
            "paced": pollers | {"ratios": ratios, "kentonganByWake": [poller(50)]},
        }
    }


def test_a_target_is_met_or_missed_by_its_figure():
    met = {target.key: target.met for target in page.targets(figures())}
    assert met == {
        "fullSpeed.snmpExporter": True,
        "paced.snmpExporter": True,
        "fullSpeed.pysnmp": False,
        "paced.pysnmp": False,
    }


def test_the_speed_of_telling_is_a_target_with_its_table():
    told = {"cuts": 50, "p50Seconds": 3.6, "p95Seconds": 4.2, "maxSeconds": 5.5, "named": 50, "moreNotices": 0}
    told["darkMost"] = 6
    part = {"icmpSeconds": 1, "settleSeconds": 2, "kentongan": told, "patient": told, "alertmanager": told}
    (target,) = page.targets({"outage": part})
    assert (target.met, target.measured) == (True, "4.2 s")
    (target,) = page.targets({"outage": part | {"kentongan": told | {"p95Seconds": 5.1}}})
    assert not target.met
    assert sum("**4.2**" in line for line in page.of_cuts(part)) == 3


def test_waves_count_only_when_every_site_and_every_host_is_done():
    one = {"done": 100, "seconds": 40.0, "cpuSeconds": 60.0, "gearCpuSeconds": 30.0, "ansibleCore": "2.14"}
    part = {"sites": 100, "pops": 20, "sideBySide": 16, "times": 6.0, "kentongan": one, "ansible": one | {"done": 120}}
    (target,) = page.targets({"waves": part})
    assert (target.met, target.measured) == (True, "6 times")
    for spoilt in ({"times": 4.9}, {"kentongan": one | {"done": 99}}, {"ansible": one | {"done": 119}}):
        (target,) = page.targets({"waves": part | spoilt})
        assert not target.met


def test_the_country_in_the_dark_is_small_but_whole():
    """Each part runs, at a fraction of its size, and what it says makes targets and a table."""
    rootcause = part("rootcause", "--villages", "700", "--dark", "100", "--events", "10")
    restart = part("restart", "--villages", "700", "--dark", "100", "--events", "3")
    degraded = part("degraded", "--devices", "50")
    assert (restart["dark"], rootcause["apart"]["explanations"] > 50) == (100, True)
    assert restart["explanations"] > 0
    assert restart["openAfter"] > restart["explanations"]
    keys = {target.key for target in page.targets({"rootcause": rootcause, "restart": restart})}
    assert keys == {"rootcause.seconds", "rootcause.event", "restart.decided", "restart.memory"}
    lines = "\n".join(page.of_storms(rootcause, restart, degraded))
    assert all(words in lines for words in page.STORMS.values())


def test_the_picture_is_well_formed_and_names_every_poller():
    drawn = ElementTree.fromstring(picture.drawn(figures()))  # noqa: S314
    words = " ".join(text.text or "" for text in drawn.iter() if text.text)
    assert all(name in words for name in picture.NAMES.values())
