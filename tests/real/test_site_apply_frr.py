"""`kentongan site apply` on Debian routers with FRR and sshd in namespaces: the tutorial as it stands; locked out.

The PoP's router is told as a user who may run one program as root; the new one is found with root's key alone.
"""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.network import DeviceStatus, Stage
from kentongan.installation import Installation
from kentongan.settings import load_settings
from lab.real.namespaces import inside
from lab.real.requirements import program
from lab.real.waiting import wait_until
from provisioning.platforms.pushing.linux import PROGRAM
from provisioning.platforms.pushing.linux import program as text_of_program
from tests.command_line import Call, calling
from tests.conftest import missing
from tests.real.debian_router import FRR, NEEDED, DebianRouter
from tests.real.site_apply_ground import ip, new_key, spaces, wire

pytestmark = [pytest.mark.real, pytest.mark.timeout(240)]
PAGE = Path(__file__).parents[2] / "docs" / "tutorial" / "first-new-desa.md"
FILES = re.compile(r"^<!-- file: (\S+) -->\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMANDS = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
SITE, ROUTER = "desa-baru", "rtr-desa-baru"
REVERT_SECONDS = 10
OFTEN = {"KENTONGAN_POLLING__FIBRE__SNMP_SECONDS": "3", "KENTONGAN_POLLING__FIBRE__ICMP_SECONDS": "1"}


class Bench:
    def __init__(self, call: Call, folder: Path, pop: DebianRouter, router: DebianRouter, ours: str) -> None:
        self._call = call
        self.folder = folder
        self.pop = pop
        self.router = router
        self.ours = ours
        blocks = COMMANDS.findall(PAGE.read_text(encoding="utf-8"))
        self.commands = [line for block in blocks for line in block.splitlines()]

    def call(self, line: str) -> str:
        """A command of the page, which has to go well; what it says."""
        typed = re.sub(r"\$\(cat (\S+)\)", lambda found: (self.folder / found[1]).read_text().strip(), line)
        with inside(self.ours):
            status, out, err = self._call(*shlex.split(typed)[1:])
        assert status == 0, f"{line}\n{out}{err}"
        return out

    def follow(self, until: str) -> str:
        """The page's commands up to one that begins so, it included; what that one says."""
        said = ""
        while not said:
            line = self.commands.pop(0)
            told = self.call(line)
            said = (told or "-") if line.startswith(until) else ""
        return said

    def open(self) -> Installation:
        return Installation(load_settings(None), "siti").open()

    def polled(self) -> str:
        """The new router's state, once `kentongan run` has asked it."""
        words = [sys.executable, "-m", "kentongan", "run", "--no-live"]
        running = subprocess.Popen(
            ["ip", "netns", "exec", self.ours, *words],
            env={**os.environ, **OFTEN},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until(lambda: self._state() not in ("", "unknown"), 90, "the new router was polled")
            return self._state()
        finally:
            running.terminate()
            running.wait(30)

    def _state(self) -> str:
        with self.open() as installation:
            return next((each.state.value for each in installation.states.read() if each.name == ROUTER), "")


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Bench]:
    if absent := [name for name in NEEDED if not Path(program(name)).exists()]:
        missing(f"{', '.join(absent)} (apt: see tests/apt-packages.txt)")
    if not (FRR / "zebra").exists() or os.geteuid() != 0:
        missing("FRR (apt: frr) and root")
    for folder in (tmp_path, *list(tmp_path.parents)[:2]):
        os.chmod(folder, 0o755)  # noqa: S103 - users of the hosts pass through
    private, public = new_key(tmp_path, "noc")
    monkeypatch.chdir(tmp_path)
    for name, value in (
        ("LANGUAGE", "en"),
        ("KENTONGAN_PASSWORD", "sandi 'kemudian' $1"),
        ("KENTONGAN_PRIVATE_KEY", private),
        ("KENTONGAN_AUTH_PASSWORD", "sandi-auth"),
        ("KENTONGAN_PRIV_PASSWORD", "sandi-priv"),
    ):
        monkeypatch.setenv(name, value)
    for path, text in FILES.findall(PAGE.read_text(encoding="utf-8")):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
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
            yield Bench(calling(capsys), tmp_path, pop, router, ours)
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
    keys = "~teknisi/.ssh"
    host.run("sh", "-c", f"mkdir {keys}; echo '{public}' > {keys}/authorized_keys; chown -R teknisi {keys}")


def test_the_tutorial_builds_a_desa_and_takes_it_back_byte_for_byte(bench: Bench) -> None:
    before = bench.pop.configuration(), bench.router.configuration()
    plan = json.loads(bench.follow("kentongan site plan desa-baru --json"))
    assert {each["label"]: each["value"] for each in plan["allocations"]}["lan"] == "10.33.0.0/24"
    assert (bench.pop.configuration(), bench.router.configuration()) == before
    assert "/etc/frr/frr.conf" in bench.follow("kentongan site apply")
    bench.follow("kentongan site apply")
    assert "ip route 10.33.0.0/24 10.32.1.2" in bench.pop.configuration()
    assert "10.32.1.1/30" in bench.pop.run("ip", "-br", "addr")
    assert "hostname rtr-desa-baru" in bench.router.configuration()
    assert "10.32.1.2/30" in bench.router.run("ip", "-br", "addr")
    assert bench.router.run("sudo", "-n", "-l", "-U", "noc").strip().endswith(f"(root) NOPASSWD: {PROGRAM}")
    # Nothing is left that would bring the old back, and no secret but where it is used.
    for host in (bench.pop, bench.router):
        assert "kentongan-revert" not in host.run("sh", "-c", "ps axww; ls /etc/cron.d")
        assert host.run("sh", "-c", "ls -d ~/.kent* /home/*/.kent* /run/kent* 2>/dev/null") == ""
    with bench.open() as installation:
        inventory = installation.inventory.read()
        device = next(each for each in inventory.devices if each.name == ROUTER)
        assert (device.status, device.address) == (DeviceStatus.IN_USE, "10.32.0.1")
        assert inventory.site_by_slug[SITE].stage is Stage.BUILT
    bench.follow("kentongan site jobs")
    assert "hostname rtr-desa-baru" in bench.follow("kentongan config show")
    rows = [line.split("\t") for line in bench.follow("kentongan site verify").splitlines()]
    assert [row[2] for row in rows if row[1] == ROUTER] == ["passed"] * 4, rows
    assert "built" in bench.follow("kentongan coverage village")
    bench.follow("kentongan site sheet")
    assert (bench.folder / "desa-baru.pdf").read_bytes().startswith(b"%PDF")
    assert bench.polled() == "up"
    bench.follow("kentongan site rollback")
    assert bench.commands == []
    assert (bench.pop.configuration(), bench.router.configuration()) == before


def test_locked_out_and_alone_it_comes_back_by_itself(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may manage leaves us out; then the program is killed and both links are cut."""
    before = bench.router.configuration()
    bench.follow("kentongan site set desa-baru")
    bench.call("kentongan site set --kabupaten management_networks=10.9.0.0/24")
    monkeypatch.setenv("KENTONGAN_CHANGES__REVERT_SECONDS", str(REVERT_SECONDS))
    (line,) = [each for each in bench.commands if each.startswith("kentongan site apply") and "--dry" not in each]
    words = ["ip", "netns", "exec", bench.ours, sys.executable, "-m", *shlex.split(line)]
    applying = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    jobs = bench.router.folder / "var/lib/kentongan"
    try:
        wait_until(lambda: any(jobs.glob("*/pushed")), 90, "the router was told")
    finally:
        applying.send_signal(signal.SIGKILL)
        applying.wait(10)
    ip("-n", bench.ours, "link", "set", "v1", "down")
    ip("-n", bench.ours, "link", "set", "v2", "down")
    wait_until(lambda: any(jobs.glob("*/restored")), 60, "it came back by itself")
    assert bench.router.configuration() == before
    (job,) = jobs.iterdir()
    waited = (job / "restoring").stat().st_mtime - (job / "revert.pid").stat().st_mtime
    assert REVERT_SECONDS - 1 < waited < REVERT_SECONDS + 20
