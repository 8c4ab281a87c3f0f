"""A history goes on live: what went on goes on, what is cut is told, and killed at any moment it starts again.

Two kecamatan with all their offices, in a network namespace of their own. Their history ended a while ago.
"""

import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kentongan.cli.lab import SOCKET
from kentongan.history.making import Wanted
from kentongan.installation import Installation
from lab.kabupaten.story import Story
from lab.kabupaten.unfolding import CURVE_YEAR
from lab.world.control import Control
from tests.real.terminal import Terminal, can_make_namespaces, own_namespace, until
from tests.scenarios.test_history import CODE, SEED, ZONE, make, opened, regions

ROOT = Path(__file__).resolve().parents[2]
LASTS, AGO = timedelta(hours=3), timedelta(minutes=40)
"""How long the history is, and how long ago it ended: that is played before it lives."""

PORT = 10161
OLT_LINK = "fo-olt-"

pytestmark = [
    pytest.mark.real,
    pytest.mark.timeout(240),
    pytest.mark.skipif(not can_make_namespaces(), reason="a network namespace of its own takes root"),
]


@dataclass(frozen=True)
class Town:
    terminal: Terminal
    folder: Path
    installation: Installation
    ended: datetime

    def start(self) -> Any:
        program = (sys.executable, "-m", "tests.real.living_town")
        return self.terminal.start(str(self.folder), str(PORT), program=program)

    @property
    def lab(self) -> Control:
        return Control(self.folder / SOCKET)

    def open_causes(self) -> dict[str, str]:
        """What is open, by the name of its cause."""
        return {each.cause.name: each.id for each in self.installation.incidents.open()}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("living")
    ended = datetime.now(ZONE) - AGO
    began = (ended - LASTS).timestamp()
    (folder / "town").mkdir()
    Story(CODE, SEED, ended.year - CURVE_YEAR, began, began).write(folder / "town")
    make(folder / "town", Wanted(CODE, regions(), SEED, 0, ended, PORT))
    with own_namespace(f"kl{os.getpid()}") as namespace, opened(folder / "town") as installation:
        yield Town(Terminal(folder, namespace, {"PYTHONPATH": str(ROOT)}), folder / "town", installation, ended)


def test_it_goes_on_and_starts_again_after_a_kill(town: Town) -> None:
    before = town.open_causes()
    assert before, "a history that ends in peace shows nothing"
    with town.start() as running:
        running.wait_started()
        status = town.lab.status()
        assert status["cut"] or status["dimmed"], "what went on goes on"
        assert before.items() <= town.open_causes().items()
        link = next(each for each in links(status["links"]) if each.startswith(OLT_LINK))
        town.lab.cut(link)
        assert until(lambda: link in town.open_causes(), 60, 0.5), running.errors
        running.interrupt(signal.SIGKILL)
    with town.start() as running:
        running.wait_started()
        assert link not in links(town.lab.status()["cut"])
        assert running.end() == 0
    assert town.installation.acts.verify().is_whole
    assert town.installation.watches.between(town.ended, datetime.now(ZONE))[-1][0] > town.ended.timestamp()


def links(value: object) -> list[str]:
    assert isinstance(value, list)
    return value
