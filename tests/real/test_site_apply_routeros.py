"""`kentongan site apply` against simulated RouterOS over real SSH: built, verified, taken back; locked out, healed."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from domain.secrets import Secret, SshLogin
from lab.cli import SimulatedDevice, running_cli
from tests.real.planned_office import FIRST_PASSWORD, SITE, Office, Place, set_up

pytestmark = [pytest.mark.real, pytest.mark.timeout(60)]


class Bench:
    """The office, its router and its PoP's."""

    def __init__(self, office: Office, pop: SimulatedDevice, router: SimulatedDevice) -> None:
        self.office = office
        self.pop = pop
        self.router = router

    def exports(self) -> tuple[str, str]:
        return told(self.pop), told(self.router)


def told(device: SimulatedDevice) -> str:
    """Without the hour at its head."""
    return re.sub(r"^# .* by RouterOS", "# by RouterOS", device.configuration(), flags=re.MULTILINE)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Bench]:
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)
    pop = SimulatedDevice.routeros("7.16", hostname="pop", serial="POP0001", boot_seconds=0.3)
    router = SimulatedDevice.routeros("7.16", hostname="baru", serial="HE108PZ0LAB", boot_seconds=0.3)
    first = SshLogin("first", "admin", Secret(FIRST_PASSWORD))
    with ExitStack() as stack:
        at_pop = stack.enter_context(running_cli(pop, user="admin", password=FIRST_PASSWORD, host="127.0.0.2"))
        at = stack.enter_context(running_cli(router, user="admin", password=FIRST_PASSWORD, host="127.0.0.3"))
        office = Office(tmp_path, capsys)
        set_up(
            office,
            "mikrotik-routeros",
            Place(at_pop.host, at_pop.port, first),
            Place(at.host, at.port, first, "HE108PZ0LAB"),
        )
        yield Bench(office, pop, router)


def test_an_office_is_built_verified_and_taken_back(bench: Bench) -> None:
    before = bench.exports()
    status, out, err = bench.office.call("site", "apply", SITE)
    assert status == 0, out + err
