"""The lab of real daemons does what it promises, seen by net-snmp's own tools, ping and ssh."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.network import Topology
from domain.secrets import Credential
from lab.errors import LabError, UnknownNameError
from lab.real import RealLab, attach, down, in_namespace, inside, up
from lab.real.credentials import COMMUNITY, CREDENTIALS, snmpget_options
from lab.real.namespaces import existing, pids_in
from lab.real.processes import started_at
from lab.real.waiting import LabTimeoutError, wait_until

pytestmark = pytest.mark.real

SYS_NAME = "1.3.6.1.2.1.1.5.0"
SYS_UP_TIME = "1.3.6.1.2.1.1.3.0"
IF_NAME = "1.3.6.1.2.1.31.1.1.1.1"
IF_HC_OUT_OCTETS = "1.3.6.1.2.1.31.1.1.1.10"
IF_ADMIN_STATUS = "1.3.6.1.2.1.2.2.1.7"
IF_OPER_STATUS = "1.3.6.1.2.1.2.2.1.8"
LLDP_REM_SYS_NAME = "1.0.8802.1.1.2.1.4.1.1.9"
OSPF_NBR_STATE = "1.3.6.1.2.1.14.10.1.6"
OSPF_FULL = "8"
SNMPD_CACHE_SECONDS = 3.0


def ask(
    lab: RealLab, tool: str, address: str, oid: str, credential: Credential = COMMUNITY
) -> subprocess.CompletedProcess[str]:
    options = [*snmpget_options(credential), "-t", "1", "-r", "1", "-Oqvn", address, oid]
    return lab.run_in("nms", [tool, *options])


def get(lab: RealLab, host: str, oid: str, credential: Credential = COMMUNITY) -> str:
    return ask(lab, "snmpget", lab.addresses[host], oid, credential).stdout.strip()


def walk(lab: RealLab, host: str, oid: str) -> list[str]:
    lines = ask(lab, "snmpwalk", lab.addresses[host], oid).stdout.split("\n")
    return [line.strip().strip('"') for line in lines if line.strip()]


def status(lab: RealLab, host: str, interface: str, oid: str = IF_OPER_STATUS) -> str:
    return dict(zip(walk(lab, host, IF_NAME), walk(lab, host, oid), strict=True))[interface]


def pings(lab: RealLab, address: str) -> bool:
    return lab.run_in("nms", ["ping", "-c", "1", "-W", "1", address]).returncode == 0


@pytest.mark.parametrize("credential", CREDENTIALS, ids=lambda credential: credential.name)
def test_every_kind_of_credential_reads(real_lab: RealLab, credential: Credential) -> None:
    for host in real_lab.addresses:
        assert get(real_lab, host, SYS_NAME, credential) == f'"{host}.lab"'


def test_a_wrong_password_reads_nothing(real_lab: RealLab) -> None:
    options = ["-v3", "-l", "authNoPriv", "-u", "sha", "-a", "SHA", "-A", "not-the-password", "-t", "1", "-r", "0"]
    refused = real_lab.run_in("nms", ["snmpget", *options, real_lab.addresses["r1"], SYS_NAME])
    assert refused.returncode != 0
    assert "uthentication failure" in refused.stderr


def test_agents_answer_by_ipv6(real_lab: RealLab) -> None:
    address = f"udp6:[{real_lab.addresses_ipv6['s3']}]:161"
    assert ask(real_lab, "snmpget", address, SYS_NAME).stdout.strip() == '"s3.lab"'


def test_neighbours_are_seen_by_snmp(real_lab: RealLab) -> None:
    wait_until(
        lambda: sorted(walk(real_lab, "r1", LLDP_REM_SYS_NAME)) == ["r2.lab", "s1.lab", "s2.lab"],
        15,
        "r1 saw its three neighbours",
    )


def test_routers_become_ospf_neighbours(real_lab: RealLab) -> None:
    wait_until(lambda: walk(real_lab, "r2", OSPF_NBR_STATE) == [OSPF_FULL], 15, "r2 was full with r1")


def test_a_cut_darkens_both_ends_and_leaves_them_enabled(real_lab: RealLab) -> None:
    real_lab.cut("r1-s1")
    try:
        for host, interface in (("r1", "e2"), ("s1", "e1")):
            wait_until(
                lambda host=host, interface=interface: status(real_lab, host, interface) == "2",
                SNMPD_CACHE_SECONDS + 2,
                f"{interface} of {host} was down",
            )
            assert status(real_lab, host, interface, IF_ADMIN_STATUS) == "1"
        assert status(real_lab, "r1", "e3") == "1"
        assert pings(real_lab, real_lab.addresses["s1"]), "the management network is not cut"
    finally:
        real_lab.restore("r1-s1")
    wait_until(lambda: status(real_lab, "s1", "e1") == "1", SNMPD_CACHE_SECONDS + 2, "the link was up again")


def test_a_host_without_snmpd_still_answers_ping(real_lab: RealLab) -> None:
    before = int(get(real_lab, "s3", SYS_UP_TIME).replace(":", "").replace(".", ""))
    real_lab.kill_snmpd("s3")
    try:
        assert get(real_lab, "s3", SYS_NAME) == ""
        assert pings(real_lab, real_lab.addresses["s3"])
    finally:
        real_lab.start_snmpd("s3")
    assert get(real_lab, "s3", SYS_NAME) == '"s3.lab"'
    assert int(get(real_lab, "s3", SYS_UP_TIME).replace(":", "").replace(".", "")) < before


def test_a_dead_host_answers_nothing_and_darkens_its_links(real_lab: RealLab) -> None:
    real_lab.kill_host("s4")
    try:
        assert not pings(real_lab, real_lab.addresses["s4"])
        assert get(real_lab, "s4", SYS_NAME) == ""
        wait_until(lambda: status(real_lab, "s3", "e2") == "2", SNMPD_CACHE_SECONDS + 2, "s3 saw no light from s4")
        real_lab.cut("s3-s4")
        real_lab.restore("s3-s4")
        assert "NO-CARRIER" in real_lab.run_in("s3", ["ip", "link", "show", "e2"]).stdout, "mended, but s4 is dark"
    finally:
        real_lab.start_host("s4")
    assert pings(real_lab, real_lab.addresses["s4"])
    assert get(real_lab, "s4", SYS_NAME) == '"s4.lab"'
    wait_until(lambda: status(real_lab, "s3", "e2") == "1", SNMPD_CACHE_SECONDS + 2, "s3 saw light from s4")


def test_traffic_has_the_rate_that_was_ordered(real_lab: RealLab) -> None:
    def octets() -> tuple[float, int]:
        """snmpd reads the kernel again when its copy is three seconds old."""
        value = dict(zip(walk(real_lab, "r1", IF_NAME), walk(real_lab, "r1", IF_HC_OUT_OCTETS), strict=True))["e1"]
        return time.monotonic(), int(value)

    def fresh() -> tuple[float, int]:
        stale = octets()[1]
        found: list[tuple[float, int]] = []

        def changed() -> bool:
            found.append(octets())
            return found[-1][1] != stale

        wait_until(changed, SNMPD_CACHE_SECONDS + 2, "snmpd had read its counters again")
        return found[-1]

    real_lab.start_traffic("r1-r2", 500_000)
    try:
        fresh()
        (began, first), (ended, last) = fresh(), fresh()
    finally:
        real_lab.stop_traffic("r1-r2")
    assert (last - first) / (ended - began) == pytest.approx(500_000, rel=0.05)


def test_root_logs_in_by_the_labs_key(real_lab: RealLab) -> None:
    options = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "BatchMode=yes"]
    login = ["ssh", "-i", str(real_lab.client_key), *options, f"root@{real_lab.addresses['r2']}"]
    assert "e3" in real_lab.run_in("nms", [*login, "ip", "-brief", "link"]).stdout


def test_python_runs_and_sockets_open_inside(real_lab: RealLab) -> None:
    names = "import socket; print(*[name for _, name in socket.if_nameindex()])"
    argv = [*in_namespace(real_lab.collector), sys.executable, "-c", names]
    assert "mgmt0" in subprocess.run(argv, capture_output=True, text=True, check=True).stdout.split()
    with inside(real_lab.collector):
        outlet = socket.create_connection((real_lab.addresses["s1"], 22), timeout=2)
    with outlet:
        assert outlet.recv(4) == b"SSH-"
    assert "mgmt0" not in [name for _, name in socket.if_nameindex()]


def test_the_inventory_is_one_that_could_be_imported(real_lab: RealLab) -> None:
    inventory = real_lab.inventory()
    sites = {site.slug for site in inventory.sites}
    names = {device.name for device in inventory.devices}
    assert {device.address for device in inventory.devices} == set(real_lab.addresses.values())
    assert all(device.site in sites for device in inventory.devices)
    assert all({link.a_device, link.z_device} <= names for link in inventory.links)
    assert {device.credential for device in inventory.devices} == {credential.name for credential in CREDENTIALS}
    assert Topology.of(inventory.devices).behind("r2") == {"s3", "s4"}


def test_names_that_are_not_there_are_refused(real_lab: RealLab) -> None:
    with pytest.raises(UnknownNameError, match="r1-r2"):
        real_lab.cut("r1-r9")
    with pytest.raises(UnknownNameError, match="s4"):
        real_lab.kill_host("s9")


def test_down_leaves_nothing_behind(real_lab: RealLab) -> None:
    """A second lab beside the first, with a stranger in it."""
    with RealLab(3) as lab:
        assert lab.prefix != real_lab.prefix
        stranger = subprocess.Popen([*in_namespace(lab.collector), "sleep", "600"])
        wait_until(lambda: stranger.pid in pids_in(lab.collector), 5, "the stranger was inside")
        pids = {pid: started_at(pid) for name in existing() if name.startswith(lab.prefix) for pid in pids_in(name)}
        assert len(pids) >= 3 * 3 + 1
    stranger.wait(5)
    assert not [name for name in existing() if name.startswith(lab.prefix)]
    assert not lab.folder.exists()
    assert not [pid for pid, at in pids.items() if started_at(pid) == at]
    assert get(real_lab, "r1", SYS_NAME) == '"r1.lab"', "the first lab stands"


def test_a_failed_start_leaves_nothing_and_says_why(real_lab: RealLab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.real.programs.SNMP_PORT", 0)
    lab = RealLab(2)
    monkeypatch.setattr("lab.real.daemons.READY_SECONDS", 0.5)
    with pytest.raises(LabError, match=r"snmpd of r1"):
        lab.up()
    assert not [name for name in existing() if name.startswith(lab.prefix)]
    assert not lab.folder.exists()


def test_what_a_killed_owner_left_is_removed_by_the_next_lab(real_lab: RealLab) -> None:
    source = "import sys, time; from lab.real import RealLab; RealLab(2).up(); print('up', flush=True); time.sleep(600)"
    owner = subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE)
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"up\n"
    left = [name for name in existing() if f"kentongan-{owner.pid}." in name]
    os.kill(owner.pid, signal.SIGKILL)
    owner.wait()
    assert left
    with RealLab(2):
        assert not set(left) & set(existing())
    assert get(real_lab, "r1", SYS_NAME) == '"r1.lab"', "a living owner's lab is left alone"


@pytest.fixture
def standing(real_lab: RealLab, tmp_path: Path) -> Iterator[Path]:
    """A state folder whose lab is taken down whatever happens."""
    yield tmp_path
    down(tmp_path)


def test_a_standing_lab_outlives_the_process_that_built_it(standing: Path) -> None:
    source = f"from pathlib import Path; from lab.real import up; up(Path({str(standing)!r}), 2)"
    subprocess.run([sys.executable, "-c", source], check=True, timeout=30)
    lab = attach(standing)
    assert get(lab, "r2", SYS_NAME) == '"r2.lab"'
    with pytest.raises(LabError, match="kentongan lab real down"):
        up(standing, 2)
    assert down(standing) == {"removed": ["r1", "r2"]}
    assert not [name for name in existing() if name.startswith(lab.prefix)]
    assert down(standing) == {"removed": []}
    with pytest.raises(LabError, match="kentongan lab real up"):
        attach(standing)


def test_waiting_in_vain_names_what_was_waited_for() -> None:
    with pytest.raises(LabTimeoutError, match="in vain until pigs fly"):
        wait_until(lambda: False, 0.01, "pigs fly")
