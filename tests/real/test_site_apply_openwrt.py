"""`kentongan site apply` on a simulated OpenWrt over real SSH: built, taken back, locked out; its plug pulled."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.secrets import Secret, SshLogin
from lab.cli import SimulatedDevice, running_cli
from lab.real.namespaces import inside
from lab.real.requirements import program
from lab.real.waiting import wait_until
from tests.conftest import missing
from tests.real.openwrt_router import NEEDED, OpenWrtRouter
from tests.real.planned_office import FIRST_PASSWORD, SITE, Office, Place, set_up
from tests.real.site_apply_ground import spaces

pytestmark = [pytest.mark.real, pytest.mark.timeout(120)]


class Bench:
    def __init__(self, office: Office, router: OpenWrtRouter, ours: str) -> None:
        self.office = office
        self.router = router
        self.ours = ours

    def call(self, *words: str) -> tuple[int, str, str]:
        with inside(self.ours):
            return self.office.call(*words)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Bench]:
    if absent := [name for name in NEEDED if not Path(program(name)).exists()]:
        missing(f"{', '.join(absent)} (apt: see tests/apt-packages.txt)")
    if os.geteuid() != 0:
        missing("root")
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)
    pop = SimulatedDevice.routeros("7.16", hostname="pop", serial="POP0001", boot_seconds=0.3)
    pop.advance(600)  # what is scheduled for its start has run
    with spaces("ow", ("rtr",)) as (ours, at_router):
        (tmp_path / "rtr").mkdir()
        router = OpenWrtRouter("rtr", at_router, tmp_path / "rtr")
        try:
            router.start()
            with inside(ours):
                serving = running_cli(pop, user="admin", password=FIRST_PASSWORD, host="127.0.0.2")
                at_pop = serving.__enter__()
            try:
                office = Office(tmp_path, capsys)
                set_up(
                    office,
                    "openwrt",
                    Place(at_pop.host, at_pop.port, SshLogin("pop", "admin", Secret(FIRST_PASSWORD))),
                    Place("10.255.1.2", 22, SshLogin("first", "root", Secret(""))),
                    later=SshLogin("office-ssh", "root", Secret("sandi 'kemudian' $1")),
                    settings="revert_seconds = 120",
                    networks=("10.255.0.0/16", "192.168.88.0/24"),
                    pop_platform="mikrotik-routeros",
                )
                yield Bench(office, router, ours)
            finally:
                serving.__exit__(None, None, None)
        finally:
            router.stop()


def test_an_office_is_built_and_taken_back_byte_for_byte(bench: Bench) -> None:
    """But what somebody has not committed is not committed for him."""
    before = bench.router.configuration()
    bench.router.inside("uci set system.@system[0].log_size=128")
    status, out, err = bench.call("site", "apply", SITE)
    assert status == 1
    assert "not committed" in out + err
    assert out.startswith("dinkes: taken back"), out
    assert bench.router.inside("uci changes").strip() == "system.@system[0].log_size='128'"
    assert "log_size '64'" in (bench.router.folder / "etc/config/system").read_text()
    bench.router.inside("uci revert system")
    status, out, err = bench.call("site", "apply", SITE)
    assert status == 0, out + err
    told = bench.router.inside("uci export; hostname; ls /etc/rc.d; cat /etc/shadow")
    assert "option hostname 'rtr-dinkes'" in told
    assert "list src_ip '10.255.0.0/16'\n\tlist src_ip '192.168.88.0/24'" in told
    assert "S99kentongan-snmpd" in told
    assert "kentongan-revert" not in told
    assert "root::" not in told
    sheet = json.loads(next((bench.office.folder / "var" / "acceptance").glob("*.json")).read_text())
    assert {each["outcome"] for each in sheet["checks"]} == {"passed"}
    status, out, err = bench.call("site", "rollback", SITE)
    assert status == 0, out + err
    assert bench.router.configuration() == before


def test_locked_out_it_comes_back_by_itself(bench: Bench) -> None:
    before = bench.router.configuration()
    (bench.office.folder / "kentongan.toml").write_text("[changes]\nrevert_seconds = 8\n")
    bench.call("site", "set", "--kabupaten", "management_networks=10.9.0.0/24,192.168.88.0/24")
    status, out, err = bench.call("site", "apply", SITE)
    assert status == 1
    assert out.startswith("dinkes: taken back"), out + err
    # The login is refused until it is back, or waits that long and finds the old configuration.
    assert "is not reached any more since" in out or "is not what it was told to be" in out, out + err
    assert bench.router.configuration() == before


def test_without_power_in_the_middle_it_boots_as_it_was(bench: Bench) -> None:
    """The program is killed and the plug is pulled: no timer is left, only what the flash holds."""
    before = bench.router.configuration()
    bench.call("site", "set", "--kabupaten", "management_networks=10.9.0.0/24,192.168.88.0/24")
    words = [sys.executable, "-c", "import sys; from kentongan.__main__ import main; main(sys.argv[1:])"]
    config = bench.router.folder / "etc/config/system"
    with inside(bench.ours):
        applying = subprocess.Popen([*words, "site", "apply", SITE], stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: "rtr-dinkes" in config.read_text(), 60, "the router was told")
    finally:
        applying.send_signal(signal.SIGKILL)
        applying.wait(10)
    bench.router.stop()
    assert "rtr-dinkes" in config.read_text()
    bench.router.start()
    assert bench.router.configuration() == before
