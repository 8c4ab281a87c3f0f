"""The first contact of a Debian router, run on one: uplink, address, one user who may run one program; nothing left."""

import os
from pathlib import Path

import pytest

from domain.secrets import Secret
from lab.real.requirements import program
from provisioning.bootstrap import first_contact, script_of
from provisioning.platforms.pushing.linux import PROGRAM
from provisioning.rendering import fill
from tests.conftest import missing
from tests.real.debian_router import FRR, NEEDED, DebianRouter
from tests.real.site_apply_ground import ip, new_key, spaces
from tests.site_office import NOW, SLUG, make_office

pytestmark = [pytest.mark.real, pytest.mark.timeout(60)]
PASSWORD = Secret("kata 'sandi' $1")


def test_a_technician_runs_the_script_twice(tmp_path: Path) -> None:
    if absent := [name for name in NEEDED if not Path(program(name)).exists()]:
        missing(f"{', '.join(absent)} (apt: see tests/apt-packages.txt)")
    if not (FRR / "zebra").exists() or os.geteuid() != 0:
        missing("FRR (apt: frr) and root")
    plan = make_office(tmp_path / "office", router="frr", pop="frr").planner().plan(SLUG, NOW, profile="desa-fibre")
    router = next(each for each in plan.intent.devices if each.key == "router")
    script = fill(script_of(first_contact(plan.intent, router)), lambda _hole: PASSWORD).reveal()
    _private, public = new_key(tmp_path, "key")
    with spaces("fc", ("rtr",)) as (_ours, at_router):
        ip("-n", at_router, "link", "add", "eth0", "type", "bridge")
        host = DebianRouter("debian", at_router, tmp_path / "rtr", public)
        host.start()
        try:
            (host.folder / "root/first.sh").write_text(script)
            for _turn in range(2):
                said = host.run("sh", "-c", "cd; sh first.sh")
                assert said.splitlines().count("kentongan: done") == 6, said
            assert "10.32.16.2/30" in host.run("ip", "-br", "addr")
            running = host.run("vtysh", "-c", "show running-config")
            assert "ip route 0.0.0.0/0 10.32.16.1" in running
            assert " ip address 10.32.0.0/32" in running
            assert "ip route 0.0.0.0/0 10.32.16.1" in (host.folder / "etc/frr/frr.conf").read_text()
            allowed = host.run("sudo", "-n", "-l", "-U", "diskominfo")
            assert allowed.count("NOPASSWD") == 1
            assert f"(root) NOPASSWD: {PROGRAM}" in allowed
            read = host.run("setpriv", "--reuid", "diskominfo", "--clear-groups", "sudo", "-n", PROGRAM, "read")
            assert read.endswith("# kentongan: whole\n")
            assert "sudo: " in host.run("setpriv", "--reuid", "diskominfo", "--clear-groups", "sudo", "-n", "id")
            left = host.run("ps", "axww") + host.run("find", "/root", "/run", "/var/lib", "-name", "*kentongan-*")
            assert "kentongan" not in left, left
        finally:
            host.stop()
