"""`kentongan site apply` on Debian routers with FRR and sshd in namespaces: built, polled, taken back; locked out.

The PoP's router is told as a user who may run one program as root; the new one is found with root's key alone.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.network import DeviceStatus, Stage
from domain.secrets import Secret, SshLogin
from lab.real.namespaces import inside
from lab.real.requirements import program
from lab.real.waiting import wait_until
from provisioning.platforms.pushing.linux import PROGRAM
from provisioning.platforms.pushing.linux import program as text_of_program
from tests.conftest import missing
from tests.real.debian_router import FRR, NEEDED, DebianRouter
from tests.real.planned_office import ROUTER, SITE, Office, Place, set_up
from tests.real.site_apply_ground import ip, new_key, spaces, wire

pytestmark = [pytest.mark.real, pytest.mark.timeout(120)]
AT = ("--at", f"{ROUTER}=10.255.2.2")
REVERT_SECONDS = 25


class Bench:
    def __init__(self, office: Office, pop: DebianRouter, router: DebianRouter, ours: str) -> None:
        self.office = office
        self.pop = pop
        self.router = router
        self.ours = ours

    def call(self, *words: str) -> tuple[int, str, str]:
        with inside(self.ours):
            return self.office.call(*words)

    def configurations(self) -> tuple[str, str]:
        return self.pop.configuration(), self.router.configuration()


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Bench]:
    if absent := [name for name in NEEDED if not Path(program(name)).exists()]:
        missing(f"{', '.join(absent)} (apt: see tests/apt-packages.txt)")
    if not (FRR / "zebra").exists() or os.geteuid() != 0:
        missing("FRR (apt: frr) and root")
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)
    for folder in (tmp_path, *list(tmp_path.parents)[:2]):
        os.chmod(folder, 0o755)  # noqa: S103 - users of the hosts pass through
    private, public = new_key(tmp_path, "key")
    with spaces("sa", ("pop", "rtr")) as (ours, at_pop, at_router):
        wire((at_pop, "eth1"), (at_router, "eth0"))
        ip("-n", at_pop, "link", "set", "eth1", "up")
        ip("-n", at_router, "link", "add", "eth1", "type", "bridge")
        ip("-n", ours, "route", "add", "10.32.0.0/15", "via", "10.255.1.2")
        pop = DebianRouter("pop", at_pop, tmp_path / "pop", public, forwards=True)
        router = DebianRouter("baru", at_router, tmp_path / "baru", public)
        try:
            for host in (pop, router):
                host.start()
            let_in(pop, public)
            office = Office(tmp_path, capsys)
            set_up(
                office,
                "frr",
                Place("10.255.1.2", 22, SshLogin("pop", "teknisi", private_key=Secret(private))),
                Place("", 22, SshLogin("first", "root", private_key=Secret(private))),
                later=SshLogin("office-ssh", "noc", Secret("sandi kemudian"), private_key=Secret(private)),
                settings=f"revert_seconds = {REVERT_SECONDS}",
                checks="reachable, snmp, path-mtu, no-default-credentials",
                at_pop={"downlink_interface": "eth1"},
                networks=("10.255.0.0/16",),
                keys=(public,),
            )
            yield Bench(office, pop, router, ours)
        finally:
            for host in (pop, router):
                host.stop()


def let_in(host: DebianRouter, public: str) -> None:
    """As the how-to page has it: a user who may run the one program as root."""
    (host.folder / "usr/local/sbin/kentongan-apply").write_text(text_of_program())
    os.chmod(host.folder / "usr/local/sbin/kentongan-apply", 0o755)  # noqa: S103
    (host.folder / "etc/sudoers.d/kentongan").write_text(f"teknisi ALL=(root) NOPASSWD: {PROGRAM}\n")
    os.chmod(host.folder / "etc/sudoers.d/kentongan", 0o440)
    assert host.run("useradd", "--create-home", "--password", "*", "--shell", "/bin/sh", "teknisi") == ""
    keys = "/home/teknisi/.ssh"  # of the host, not of this machine
    host.run("sh", "-c", f"mkdir {keys}; echo '{public}' > {keys}/authorized_keys; chown -R teknisi {keys}")


def test_an_office_is_built_polled_and_taken_back_byte_for_byte(bench: Bench) -> None:
    before = bench.configurations()
    status, out, err = bench.call("site", "plan", SITE, "--json")
    assert status == 0, err
    assert {each["label"]: each["value"] for each in json.loads(out)["allocations"]}["lan"] == "10.33.0.0/24"
    status, out, err = bench.call("site", "apply", SITE, *AT)
    assert status == 0, out + err
    assert "ip route 10.33.0.0/24 10.32.1.2" in bench.pop.configuration()
    assert "10.32.1.1/30" in bench.pop.run("ip", "-br", "addr")
    assert "hostname rtr-dinkes" in bench.router.configuration()
    assert "10.32.1.2/30" in bench.router.run("ip", "-br", "addr")
    assert bench.router.run("sudo", "-n", "-l", "-U", "noc").strip().endswith(f"(root) NOPASSWD: {PROGRAM}")
    # Nothing is left that would bring the old back, and no secret but where it is used.
    for host in (bench.pop, bench.router):
        assert "kentongan-revert" not in host.run("sh", "-c", "ps ax; ls /etc/cron.d")
        assert host.run("sh", "-c", "ls -d /root/.kent* /home/*/.kent* /run/kent* 2>/dev/null") == ""
    with bench.office.open() as installation:
        inventory = installation.inventory.read()
        device = next(each for each in inventory.devices if each.name == ROUTER)
        assert (device.status, device.address) == (DeviceStatus.IN_USE, "10.32.0.1")
        assert inventory.site_by_slug[SITE].stage is Stage.BUILT
    assert "hostname rtr-dinkes" in bench.call("config", "show", ROUTER)[1]
    sheet = json.loads(next((bench.office.folder / "var" / "acceptance").glob("*.json")).read_text())
    assert {each["name"]: each["outcome"] for each in sheet["checks"]} == dict.fromkeys(
        ("reachable", "snmp", "path-mtu", "no-default-credentials"), "passed"
    )
    status, out, err = bench.call("site", "rollback", SITE, *AT)
    assert status == 0, out + err
    assert bench.configurations() == before


def test_locked_out_and_alone_it_comes_back_by_itself(bench: Bench) -> None:
    """Who may manage leaves us out; then the program is killed and the link cut."""
    before = bench.router.configuration()
    bench.call("site", "set", "--kabupaten", "management_networks=10.9.0.0/24")
    words = [sys.executable, "-m", "kentongan", "site", "apply", SITE, *AT]
    applying = subprocess.Popen(["ip", "netns", "exec", bench.ours, *words], stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: "hostname rtr-dinkes" in bench.router.configuration(), 60, "the router was told")
    finally:
        applying.send_signal(signal.SIGKILL)
        applying.wait(10)
    ip("-n", bench.ours, "link", "set", "v1", "down")
    ip("-n", bench.ours, "link", "set", "v2", "down")
    began = time.monotonic()
    assert "10.9.0.0/24" in bench.router.configuration()
    wait_until(lambda: bench.router.configuration() == before, REVERT_SECONDS + 15, "the old configuration was back")
    assert time.monotonic() - began < REVERT_SECONDS + 5
