"""`kentongan config` and `kentongan device` against a real router: OpenSSH and FRR in a namespace of the lab.

The router's own sshd stands on a port of its own, so that its host key can be changed.
"""

import contextlib
import io
import json
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kentongan.__main__ import main
from lab.real import RealLab, inside
from tests.real.terminal import Terminal, until

pytestmark = [pytest.mark.real, pytest.mark.timeout(120)]

PORT = 2222
SECRET = "rahasia1"


@dataclass
class Router:
    """r1 of the lab, its sshd and its vtysh."""

    lab: RealLab
    folder: Path
    process: "subprocess.Popen[bytes] | None" = None

    def vtysh(self, *commands: str) -> str:
        words = [word for command in commands for word in ("-c", command)]
        return self.lab.run_in("r1", [str(self.folder / "bin" / "vtysh"), *words]).stdout

    def start(self) -> None:
        key = self.folder / "host_key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        config = self.folder / "sshd_config"
        config.write_text(
            f"Port {PORT}\nHostKey {key}\nPidFile none\nUsePAM no\nStrictModes no\nPasswordAuthentication no\n"
            f"PermitRootLogin prohibit-password\nAuthorizedKeysFile {self.lab.client_key}.pub\n"
            f"SetEnv PATH={self.folder}/bin:/usr/bin:/bin:/usr/sbin:/sbin\n"
        )
        sshd = shutil.which("sshd", path="/usr/sbin:/usr/bin") or "sshd"
        words = ["ip", "netns", "exec", self.lab.namespace("r1"), sshd, "-D", "-e", "-f", str(config)]
        with (self.folder / "sshd.log").open("wb") as log:
            self.process = subprocess.Popen(words, stdout=log, stderr=log)
        assert until(lambda: b"listening" in (self.folder / "sshd.log").read_bytes(), 10)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)

    def change_host_key(self) -> None:
        self.stop()
        for name in ("host_key", "host_key.pub"):
            (self.folder / name).unlink()
        self.start()


@pytest.fixture(scope="module")
def router(real_lab: RealLab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Router]:
    folder = tmp_path_factory.mktemp("router")
    place = real_lab.client_key.parent / "r1" / "frr"
    vtysh = folder / "bin" / "vtysh"
    vtysh.parent.mkdir()
    vtysh.write_text(f'#!/bin/sh\nexec /usr/bin/vtysh --vty_socket {place} --config_dir {place} "$@"\n')
    vtysh.chmod(0o755)
    router = Router(real_lab, folder)
    router.start()
    try:
        yield router
    finally:
        router.stop()


@dataclass
class Desk:
    """Commands in this process, in the collector's namespace: a program started for each would cost a minute."""

    folder: Path
    namespace: str

    def kentongan(self, *words: str, status: int = 0) -> str:
        out, err = io.StringIO(), io.StringIO()
        ended: object = 0
        with (
            inside(self.namespace),
            contextlib.chdir(self.folder),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            try:
                main(list(words))
            except SystemExit as end:
                ended = end.code
        assert ended == status, f"{words}: {ended}\n{out.getvalue()}{err.getvalue()}"
        return out.getvalue() if status == 0 else out.getvalue() + err.getvalue()

    def json(self, *words: str, status: int = 0) -> Any:
        return json.loads(self.kentongan(*words, "--json", status=status))


@pytest.fixture(scope="module")
def terminal(router: Router, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("office")
    terminal = Desk(folder, router.lab.collector)
    (folder / "sites.csv").write_text("slug,name,kind,region_code\npop-a,PoP A,pop,32.14.01\n")
    (folder / "devices.csv").write_text(
        "name,site,role,platform,address,check,ssh_port,credential\n"
        f"rtr-a,pop-a,router,frr,{router.lab.addresses['r1']},ssh,{PORT},ssh-lab\n"
        f"sw-b,pop-a,switch,cisco-ios,{router.lab.addresses['r2']},icmp,{PORT},\n"
    )
    terminal.kentongan("init", "--kabupaten", "32.14")
    terminal.kentongan("import", "sites.csv", "devices.csv")
    key = router.lab.client_key.read_text()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANGUAGE", "en")
        patch.setenv("KENTONGAN_PRIVATE_KEY", key)
        terminal.kentongan("credential", "add", "ssh-lab", "--ssh", "--user", "root")
        yield terminal


def test_from_the_first_fetch_to_the_way_back(router: Router, terminal: Desk) -> None:
    before = router.vtysh("show running-config")
    first = terminal.json("config", "backup", "rtr-a")[0]
    assert (first["fate"], first["cause"]) == ("first", None)
    kept = terminal.kentongan("config", "show", "rtr-a")
    assert "hostname r1\n" in kept
    assert "router ospf\n" in kept
    assert terminal.json("config", "backup", "--all")[0]["fate"] == "unchanged"

    router.vtysh(
        "configure terminal",
        "ip prefix-list desa seq 5 permit 10.77.0.0/16",
        "interface e1",
        f"ip ospf authentication-key {SECRET}",
        "description baru",
    )
    try:
        changed = terminal.json("config", "backup", "rtr-a")[0]
        assert (changed["fate"], changed["removed"]) == ("changed", 0)
        diff = terminal.json("config", "diff", "rtr-a")["lines"]
        assert "+ip prefix-list desa seq 5 permit 10.77.0.0/16" in diff
        assert any(line.startswith("+ ip ospf authentication-key ***") for line in diff)
        history = terminal.json("config", "history", "rtr-a")
        assert history[0]["added"] == changed["added"] > 2
        assert history[0]["who"]
        plan = terminal.json("config", "restore-plan", "rtr-a")["steps"]
        said = [step["text"].strip() for step in plan if step["kind"] in ("enter", "remove", "add", "secret")]
        lines = [re.sub(r"\*{3}\w+\*{3}", SECRET, line) for line in said]
        assert "no ip prefix-list desa seq 5 permit 10.77.0.0/16" in lines
        router.vtysh(*lines[lines.index("configure terminal") :])
    finally:
        router.vtysh("configure terminal", "no ip prefix-list desa seq 5 permit 10.77.0.0/16")
    assert router.vtysh("show running-config") == before
    assert terminal.json("config", "backup", "rtr-a")[0]["removed"] == changed["added"]
    assert terminal.kentongan("config", "show", "rtr-a") == kept
    assert terminal.kentongan("config", "show", "rtr-a", "--at", history[0]["revision"][:8]) != kept
    assert terminal.json("config", "drift", "rtr-a")[0]["state"] == "no-intent"
    where = terminal.folder / "var" / "configs.git"
    log = subprocess.run(["git", "-C", where, "log", "-p", "main"], capture_output=True, text=True, check=True).stdout
    assert SECRET not in log
    assert "-ip prefix-list desa seq 5 permit 10.77.0.0/16" in log


def test_a_changed_host_key_is_an_alarm_until_it_is_accepted(router: Router, terminal: Desk) -> None:
    terminal.kentongan("config", "backup", "rtr-a")
    router.change_host_key()
    refused = terminal.json("config", "backup", "rtr-a", status=1)[0]
    assert refused["cause"] == "host-key-changed"
    listed = terminal.json("device", "hostkey", "list", "--refused")
    assert [each["device"] for each in listed] == ["rtr-a"]
    for fingerprint in (listed[0]["fingerprint"], listed[0]["refused"]):
        assert fingerprint in refused["message"]
    assert "rtr-a" in terminal.kentongan("check", status=1)
    wrong = terminal.kentongan("device", "hostkey", "accept", "rtr-a", "--fingerprint", "SHA256:x", status=1)
    assert listed[0]["refused"] in wrong
    terminal.kentongan("device", "hostkey", "accept", "rtr-a", "--fingerprint", listed[0]["refused"])
    with sqlite3.connect(terminal.folder / "var" / "kentongan.db") as database:
        journal = database.execute("SELECT action, detail FROM audit WHERE subject = 'rtr-a' ORDER BY id").fetchall()
    assert [action for action, _detail in journal] == ["host key trusted at first use", "host key accepted"]
    assert listed[0]["refused"] in journal[1][1]
    assert terminal.json("config", "backup", "rtr-a")[0]["fate"] == "unchanged"
    assert terminal.json("config", "status")["devices"][0]["cause"] is None


def test_what_cannot_be_read_is_said_with_the_cure(terminal: Desk) -> None:
    assert "device access sw-b --credential" in terminal.kentongan("config", "backup", "sw-b", status=2)
    assert terminal.json("config", "status")["withoutLogin"] == ["sw-b"]
    assert "kentongan devices" in terminal.kentongan("config", "backup", "nobody", status=2)
    assert "--all" in terminal.kentongan("config", "backup", status=2)
    assert "config backup sw-b" in terminal.kentongan("config", "show", "sw-b", status=1)
    assert "no SSH login ssh-x" in terminal.kentongan("device", "access", "sw-b", "--credential", "ssh-x", status=2)
    terminal.kentongan("device", "access", "sw-b", "--credential", "ssh-lab", "--legacy")
    assert terminal.json("config", "status")["withoutLogin"] == []
    terminal.kentongan("device", "access", "sw-b", "--credential", "", "--no-legacy")


def test_the_service_tells_how_old_configurations_are(terminal: Desk) -> None:
    terminal.kentongan("config", "backup", "rtr-a")
    with Terminal(terminal.folder, terminal.namespace).start("run", KENTONGAN_LOG__FORMAT="json") as running:
        running.wait_started()

        def told() -> bool:
            with contextlib.suppress(KeyError):
                return running.scrape().value("kentongan_config_backups", state="fresh") == 1.0
            return False

        assert until(told, 30)
        assert running.scrape().value("kentongan_config_backup_age_seconds", device="rtr-a") < 60
        assert running.end() == 0, running.errors
