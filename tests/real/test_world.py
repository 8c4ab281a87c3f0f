"""The simulated world as a process of its own, read by net-snmp's tools and ping, in a network namespace of its own."""

import contextlib
import csv
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.network import Inventory, Medium, Region, Role, lies_in
from inventory.regions import shipped_regions
from lab.errors import WorldNotRunningError, WorldRefusedError
from lab.kabupaten import generate
from lab.world import Control
from lab.world.users import AUTH_PASSWORD, PRIV_PASSWORD

pytestmark = pytest.mark.real

PORT = 10161
SYS_NAME, SYS_UPTIME, IF_NAME = "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.31.1.1.1.1"
IF_OPER, IF_HC_IN, IF_HC_OUT = "1.3.6.1.2.1.2.2.1.8", "1.3.6.1.2.1.31.1.1.1.6", "1.3.6.1.2.1.31.1.1.1.10"
V3 = {
    "noAuthNoPriv": ("-u", "labnoauth", "-l", "noAuthNoPriv"),
    "authNoPriv": ("-u", "labauth", "-l", "authNoPriv", "-a", "SHA", "-A", AUTH_PASSWORD),
    "SHA/AES-128": (
        *("-u", "labsha", "-l", "authPriv", "-a", "SHA", "-A", AUTH_PASSWORD),
        *("-x", "AES", "-X", PRIV_PASSWORD),
    ),
    "SHA-256/AES-256": (
        *("-u", "labsha256", "-l", "authPriv", "-a", "SHA-256", "-A", AUTH_PASSWORD),
        *("-x", "AES-256", "-X", PRIV_PASSWORD),
    ),
}


@dataclass(frozen=True)
class Running:
    """One world: how to run commands beside it, its process, its inventory, its control."""

    namespace: str
    process: subprocess.Popen[str]
    ready: dict[str, object]
    inventory: Inventory
    control: Control

    def run(self, *argv: str) -> subprocess.CompletedProcess[str]:
        return in_namespace(self.namespace, *argv)

    def address(self, name: str) -> str:
        return next(device.address for device in self.inventory.devices if device.name == name)

    def get(self, name: str, *oids: str, access: Sequence[str] = ("-v2c", "-c", "public")) -> list[str]:
        """The values, or nothing when the device keeps silent."""
        done = self.run("snmpget", *access, "-t", "0.5", "-r", "1", "-Oqvt", f"{self.address(name)}:{PORT}", *oids)
        return [line.strip('"') for line in done.stdout.splitlines()] if done.returncode == 0 else []

    def walk(self, name: str, oid: str) -> list[tuple[str, str]]:
        options = ("-v2c", "-c", "public", "-Cr40", "-Oqnt")
        done = self.run("snmpbulkwalk", *options, f"{self.address(name)}:{PORT}", oid)
        return [tuple(line.split(" ", 1)) for line in done.stdout.splitlines() if is_row(line)]  # type: ignore[misc]

    def pings(self, name: str) -> bool:
        return self.run("ping", "-c", "1", "-W", "1", self.address(name)).returncode == 0

    def tables(self) -> list[str]:
        return re.findall(r"kentongan_world_\d+", self.run("nft", "list", "tables").stdout)


def in_namespace(namespace: str, *argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["ip", "netns", "exec", namespace, *argv], capture_output=True, text=True, timeout=30, check=False
    )


def is_row(line: str) -> bool:
    return line.startswith(".") and "No more variables left" not in line


def until(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture(scope="module")
def purwakarta() -> list[Region]:
    return [region for region in shipped_regions() if lies_in(region.code, "32.14")]


@pytest.fixture(scope="module")
def namespace() -> Iterator[str]:
    if os.geteuid() != 0:
        pytest.skip("the simulated world is tested in a network namespace of its own, which only root can make")
    name = f"kw{os.getpid()}"
    subprocess.run(["ip", "netns", "add", name], check=True)
    subprocess.run(["ip", "-n", name, "link", "set", "lo", "up"], check=True)
    yield name
    subprocess.run(["ip", "netns", "delete", name], check=True)


@contextlib.contextmanager
def start(
    namespace: str, purwakarta: list[Region], folder: Path, *more: str, before: Sequence[str] = ()
) -> Iterator[Running]:
    """A world of its own; killed at the end if it still runs."""
    regions, control = folder / "regions.csv", folder / "control.sock"
    with regions.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("code", "name"), *((region.code, region.name) for region in purwakarta)])
    command = [sys.executable, "-m", "lab.world", "--kabupaten", "32.14", "--port", str(PORT)]
    command += ["--regions", str(regions), "--control", str(control), *more]
    process = subprocess.Popen(
        ["ip", "netns", "exec", namespace, *before, *command],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            assert process.stderr is not None
            raise AssertionError(process.stderr.read())
        inventory = generate("32.14", purwakarta, snmp_port=PORT)
        yield Running(namespace, process, json.loads(line), inventory, Control(control))
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def standing(namespace: str, purwakarta: list[Region], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with start(namespace, purwakarta, tmp_path_factory.mktemp("world")) as running:
        yield running
        running.process.terminate()
        assert running.process.wait(10) == 0


@pytest.fixture
def world(standing: Running) -> Iterator[Running]:
    yield standing
    standing.control.restore("all")
    assert until(lambda: standing.control.status()["rebooting"] == [], 30)


def agents(world: Running) -> list[str]:
    return [device.name for device in world.inventory.devices if device.check.by_snmp]


def test_it_says_what_it_is_when_it_is_ready(world: Running) -> None:
    assert world.ready["ready"] is True
    assert world.ready["devices"] == len(world.inventory.devices)
    assert world.ready["agents"] == len(agents(world))
    assert (world.ready["port"], world.ready["pingDarkened"]) == (PORT, True)
    path = Path(str(world.ready["control"]))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_every_kind_of_device_tells_its_name_by_v2c(world: Running) -> None:
    seen = set()
    for device in world.inventory.devices:
        if device.check.by_snmp and device.model not in seen:
            seen.add(device.model)
            assert world.get(device.name, SYS_NAME) == [device.name]
    assert len(seen) >= 12


@pytest.mark.parametrize("level", V3)
def test_net_snmp_reads_by_v3(world: Running, level: str) -> None:
    for name in ("rtr-inti-1", agents(world)[5], agents(world)[-1]):
        assert world.get(name, SYS_NAME, access=("-v3", *V3[level])) == [name]


@pytest.mark.parametrize(
    ("access", "complaint"),
    [
        (("-u", "nobody", "-l", "noAuthNoPriv"), "Unknown user name"),
        (("-u", "labsha", "-l", "authNoPriv", "-a", "SHA", "-A", "wrong-password"), "Authentication failure"),
        (("-u", "labnoauth", "-l", "authNoPriv", "-a", "SHA", "-A", "whatever1"), "Unsupported security level"),
        ((*V3["SHA/AES-128"][:-1], "wrong-password"), "Decryption error"),
        (("-u", "labsha", "-l", "authNoPriv", "-a", "SHA", "-A", AUTH_PASSWORD), "authorizationError"),
    ],
)
def test_v3_refuses_as_real_agents_do(world: Running, access: tuple[str, ...], complaint: str) -> None:
    target = f"{world.address('rtr-inti-1')}:{PORT}"
    done = world.run("snmpget", "-v3", *access, "-t", "0.5", "-r", "0", target, SYS_NAME)
    assert complaint in done.stdout + done.stderr


def test_a_wrong_community_meets_silence(world: Running) -> None:
    assert world.get("rtr-inti-1", SYS_NAME, access=("-v2c", "-c", "secret")) == []


def test_a_walk_is_complete_and_increasing(world: Running) -> None:
    for name in ("rtr-inti-1", next(device.name for device in world.inventory.devices if device.role is Role.OLT)):
        rows = world.walk(name, ".1")
        oids = [tuple(int(arc) for arc in oid.strip(".").split(".")) for oid, _value in rows]
        assert oids == sorted(set(oids))
        done = world.run("snmpwalk", "-v2c", "-c", "public", "-Oqnt", f"{world.address(name)}:{PORT}", ".1")
        assert sum(is_row(line) for line in done.stdout.splitlines()) == len(rows) > 500


def test_counters_run_alike_at_both_ends(world: Running) -> None:
    link = next(one for one in world.inventory.links if one.name.startswith("fo-olt-"))

    def row(name: str, port: str) -> str:
        return next(oid.rpartition(".")[2] for oid, value in world.walk(name, IF_NAME) if value.strip('"') == port)

    a, z = row(link.a_device, link.a_interface), row(link.z_device, link.z_interface)
    reads = []
    for _turn in range(2):
        uptime, into = world.get(link.a_device, SYS_UPTIME, f"{IF_HC_IN}.{a}")
        far_uptime, out = world.get(link.z_device, SYS_UPTIME, f"{IF_HC_OUT}.{z}")
        reads.append((int(uptime), int(into), int(far_uptime), int(out)))
        time.sleep(1.0)
    near = (reads[1][1] - reads[0][1]) / (reads[1][0] - reads[0][0])
    far = (reads[1][3] - reads[0][3]) / (reads[1][2] - reads[0][2])
    assert near > 0
    assert near == pytest.approx(far, rel=0.03)


def test_a_cut_silences_snmp_and_ping_behind_it_and_nothing_else(world: Running) -> None:
    olt = next(device for device in world.inventory.devices if device.role is Role.OLT)
    behind = [olt.name, *(f"rtr-{device.site}" for device in world.inventory.devices if device.olt == olt.name)][:3]
    others = ["rtr-inti-1", olt.uplink[0], "srv-aplikasi-1"]
    assert all(world.pings(name) and world.get(name, SYS_NAME) for name in (*behind, *others))
    answer = world.control.cut(f"fo-{olt.name}")
    assert set(behind) <= set(answer["darkened"])  # type: ignore[call-overload]
    assert not any(world.pings(name) or world.get(name, SYS_NAME) for name in behind)
    assert all(world.pings(name) and world.get(name, SYS_NAME) == [name] for name in others)
    assert world.control.restore(f"fo-{olt.name}")["dark"] == {"devices": 0, "sites": 0, "villages": 0}
    assert all(world.pings(name) and world.get(name, SYS_NAME) for name in behind)


def test_a_cut_in_the_ring_is_down_at_both_ends_and_darkens_nobody(world: Running) -> None:
    link = next(
        one
        for one in world.inventory.links
        if one.medium is Medium.FIBRE and one.a_device.startswith("rtr-pop") and one.z_device.startswith("rtr-pop")
    )

    def statuses() -> list[str]:
        found = []
        for name, port in ((link.a_device, link.a_interface), (link.z_device, link.z_interface)):
            names = {value.strip('"'): oid.rpartition(".")[2] for oid, value in world.walk(name, IF_NAME)}
            found += world.get(name, f"{IF_OPER}.{names[port]}")
        return found

    assert statuses() == ["1", "1"]
    assert world.control.cut(link.name)["darkened"] == []
    assert statuses() == ["2", "2"]


def test_a_site_without_power_is_dark_and_comes_back_freshly_booted(world: Running) -> None:
    site = next(device.site for device in world.inventory.devices if device.role is Role.ONU)
    world.control.power_off(site)
    assert not world.pings(f"rtr-{site}")
    assert world.get(f"ap-{site}", SYS_NAME) == []
    world.control.power_on(site)
    [uptime] = world.get(f"rtr-{site}", SYS_UPTIME)
    assert int(uptime) < 3_000


def test_a_reboot_is_silent_for_a_while_and_resets(world: Running) -> None:
    name = "srv-aplikasi-2"
    [before, octets] = world.get(name, SYS_UPTIME, f"{IF_HC_OUT}.2")
    assert int(before) > 4_000_000
    assert world.control.reboot(name, seconds=3)["darkened"] == [name]
    assert not world.pings(name)
    assert until(lambda: world.pings(name), 20)
    [after, fresh] = world.get(name, SYS_UPTIME, f"{IF_HC_OUT}.2")
    assert int(after) < 1_500
    assert int(fresh) < int(octets)


def test_unknown_names_come_with_the_nearest(world: Running) -> None:
    olt = next(device.name for device in world.inventory.devices if device.role is Role.OLT)
    with pytest.raises(WorldRefusedError, match=f"fo-{olt}"):
        world.control.cut(f"fo-{olt}x")


def test_rude_callers_do_not_hold_it_up(world: Running) -> None:

    callers = []
    for noise in (b"", b"{", b"\xff" * 70_000, b"cut everything\n"):
        caller = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        caller.connect(str(world.ready["control"]))
        with contextlib.suppress(OSError):
            caller.sendall(noise)
        callers.append(caller)
    assert world.control.status()["ok"] is True
    for caller in callers:
        caller.close()
    assert world.get("rtr-inti-1", SYS_NAME) == ["rtr-inti-1"]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_its_table_goes_with_it(namespace: str, purwakarta: list[Region], tmp_path: Path, how: signal.Signals) -> None:
    with other_namespace(namespace) as own, start(own, purwakarta, tmp_path) as world:
        world.control.power_off("pusat-data")
        assert len(world.tables()) == 1
        world.process.send_signal(how)
        assert world.process.wait(10) == 0
        assert world.tables() == []
        assert world.pings("rtr-inti-1")
        with pytest.raises(WorldNotRunningError):
            world.control.status()


def test_what_a_killed_world_left_the_next_one_removes(
    namespace: str, purwakarta: list[Region], tmp_path: Path
) -> None:
    with other_namespace(namespace) as own:
        with start(own, purwakarta, tmp_path) as killed:
            killed.control.power_off("pusat-data")
            killed.process.kill()
            killed.process.wait(10)
            left = killed.tables()
            assert len(left) == 1
            assert not killed.pings("rtr-inti-1")
        with start(own, purwakarta, tmp_path) as world:
            assert len(world.tables()) == 1
            assert world.tables() != left
            assert world.pings("rtr-inti-1")


def test_without_privileges_only_snmp_falls_silent(namespace: str, purwakarta: list[Region], tmp_path: Path) -> None:
    drop = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
    with other_namespace(namespace) as own, start(own, purwakarta, tmp_path, before=drop) as world:
        assert world.ready["pingDarkened"] is False
        assert "CAP_NET_ADMIN" in str(world.ready["ping"])
        world.control.cut("utp-srv-aplikasi-1")
        assert world.get("srv-aplikasi-1", SYS_NAME) == []
        assert world.pings("srv-aplikasi-1")


def test_it_ends_with_its_parent(namespace: str, purwakarta: list[Region], tmp_path: Path) -> None:
    with other_namespace(namespace) as own:
        middle = (
            "import os, subprocess, sys; p = subprocess.Popen([*sys.argv[1:], '--parent', str(os.getpid())]); p.wait()"
        )
        with start(own, purwakarta, tmp_path, before=(sys.executable, "-c", middle)) as world:
            assert world.control.status()["ok"] is True
            world.process.kill()
            world.process.wait(10)
            assert until(lambda: world.tables() == [])


def test_a_second_world_on_the_same_port_is_refused(
    world: Running, purwakarta: list[Region], tmp_path: Path, namespace: str
) -> None:
    with pytest.raises(AssertionError, match="port 10161"), start(namespace, purwakarta, tmp_path):
        pass
    assert len(world.tables()) == 1


@contextlib.contextmanager
def other_namespace(namespace: str) -> Iterator[str]:
    """One more, for worlds that come and go; made and removed with the test."""
    name = f"{namespace}x"
    subprocess.run(["ip", "netns", "add", name], check=True)
    try:
        subprocess.run(["ip", "-n", name, "link", "set", "lo", "up"], check=True)
        yield name
    finally:
        subprocess.run(["ip", "netns", "delete", name], check=True)
