"""The lab's applications and cameras as a process: all well, spoilt by order, mended, gone at the end."""

import asyncio
import csv
import json
import socket
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.http import HttpChecker, Trust, shipped_phrases
from collectors.rtsp import Login, RtspChecker
from collectors.services import Checkers
from domain.network import Check, Inventory, lies_in
from domain.secrets import Secret
from domain.services import PlannedCheck, ServiceOutcome, ServiceWord, plan_of
from inventory.regions import shipped_regions
from kentongan.clock import SystemClock
from lab.errors import WorldNotRunningError, WorldRefusedError
from lab.kabupaten import generate
from lab.services import Fault
from lab.services.desk import ServicesControl
from lab.services.plan import CAMERA_PASSWORD, CAMERA_USER

pytestmark = pytest.mark.real
WEB_PORT, RTSP_PORT = 23_100, 23_400
PURWAKARTA = [region for region in shipped_regions() if lies_in(region.code, "32.14")]


@pytest.fixture(scope="module")
def inventory() -> Inventory:
    return generate("32.14", PURWAKARTA, web_port=WEB_PORT, camera_check=Check.RTSP)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, object]]:
    """What it says when it stands."""
    folder = tmp_path_factory.mktemp("services")
    with (folder / "regions.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["code", "name"])
        rows.writerows((region.code, region.name) for region in PURWAKARTA)
    command = [sys.executable, "-m", "lab.services", "--kabupaten", "32.14", "--regions", str(folder / "regions.csv")]
    options = {"folder": folder / "ca", "control": folder / "s.sock", "web-port": WEB_PORT, "rtsp-port": RTSP_PORT}
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    process = subprocess.Popen([*command, *words], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield json.loads(process.stdout.readline())
    process.terminate()
    assert process.wait(10) == 0
    assert not (folder / "s.sock").exists()


def ask(services: dict[str, object], planned: list[PlannedCheck]) -> list[ServiceOutcome]:
    login = Login(CAMERA_USER, Secret(CAMERA_PASSWORD))

    async def all_of_them() -> list[ServiceOutcome]:
        http = HttpChecker(shipped_phrases(), Trust([Path(str(services["ca"]))]))
        checkers, slots = Checkers(http, RtspChecker(lambda _name: login)), asyncio.Semaphore(24)

        async def one(each: PlannedCheck) -> ServiceOutcome:
            async with slots:
                return await checkers.ask(each.check, SystemClock().now())

        return await asyncio.gather(*map(one, planned))

    return asyncio.run(all_of_them())


def test_115_applications_and_76_cameras_are_well(services: dict[str, object], inventory: Inventory) -> None:
    assert (services["apps"], services["cameras"]) == (115, 76)
    plan = plan_of(inventory, RTSP_PORT)
    assert not plan.refused
    outcomes = ask(services, list(plan.checks))
    assert Counter(outcome.kind.value for outcome in outcomes) == {"http": 115, "rtsp": 76}
    assert [outcome for outcome in outcomes if outcome.findings] == []
    assert any(len(outcome.hops) > 1 for outcome in outcomes)
    schemes = Counter(hop.url.partition(":")[0] for outcome in outcomes for hop in outcome.hops[:1])
    assert schemes["https"] > schemes["http"] > 0


def test_faults_are_ordered_and_mended(services: dict[str, object], inventory: Inventory) -> None:
    path = Path(str(services["control"]))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    control = ServicesControl(path)
    camera = next(device.name for device in inventory.devices if device.name.startswith("cam-01-"))
    planned = [each for each in plan_of(inventory, RTSP_PORT).checks if each.check.code in ("portal", camera)]
    control.spoil("portal", Fault.DEFACED)
    control.spoil(camera, Fault.LOCKED)
    assert control.status()["faults"] == {"portal": "defaced", camera: "locked"}
    assert [outcome.word for outcome in ask(services, planned)] == [ServiceWord.UNAUTHORISED, ServiceWord.DEFACED]
    assert control.mend()["mended"] == ["portal", camera]
    assert [outcome.word for outcome in ask(services, planned)] == [ServiceWord.OK, ServiceWord.OK]


def test_what_makes_no_sense_is_refused_in_words(services: dict[str, object]) -> None:
    control = ServicesControl(Path(str(services["control"])))
    for name, fault in (("tidak-ada", Fault.ERROR), ("portal", Fault.FROZEN)):
        with pytest.raises(WorldRefusedError, match=name):
            control.spoil(name, fault)
    with socket.socket(socket.AF_UNIX) as rude:
        rude.connect(str(services["control"]))
        for line in (b"{\n", b"[]\n", b'{"order": "spoil", "name": "portal", "fault": "x"}\n'):
            rude.sendall(line)
            assert json.loads(rude.recv(4_096))["ok"] is False
    assert control.status()["faults"] == {}


def test_nobody_listens(tmp_path: Path) -> None:
    with pytest.raises(WorldNotRunningError, match="kentongan demo"):
        ServicesControl(tmp_path / "none.sock").status()
