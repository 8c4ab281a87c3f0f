"""Simulated command lines over real SSH: netmiko and the ssh client log in; faults as a client sees them."""

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from netmiko import ConnectHandler
from netmiko.exceptions import NetmikoAuthenticationException, NetmikoBaseException
from paramiko.ssh_exception import SSHException

from kentongan.__main__ import main
from lab.cli import Address, Faults, Onu, SimulatedDevice, running_cli
from tests.conftest import missing

pytestmark = pytest.mark.real
PASSWORD = "rahasia-sekali"

Make = Callable[[], SimulatedDevice]
DEVICES: dict[str, tuple[Make, str, str]] = {
    "routeros6": (lambda: SimulatedDevice.routeros("6.49.10"), "/ip address print", "192.168.88.1/24"),
    "routeros7": (lambda: SimulatedDevice.routeros("7.16"), "/ip/address/print", "192.168.88.1/24"),
    "ios": (SimulatedDevice.ios, "show ip interface brief", "192.168.88.1"),
    "vrp": (SimulatedDevice.vrp, "display ip interface brief", "192.168.88.1/24"),
    "zte-olt": (
        lambda: SimulatedDevice.zte_olt(onus=(Onu("1/1/1", "ZTEGC0FFEE01"),)),
        "show gpon onu uncfg",
        "ZTEGC0FFEE01",
    ),
    "huawei-olt": (SimulatedDevice.huawei_olt, "display version", "MA5608T"),
}


def _connect(address: Address, **options: Any) -> Any:
    return ConnectHandler(
        device_type=address.netmiko,
        host=address.host,
        port=address.port,
        username=address.user,
        password=address.password,
        **options,
    )


@pytest.fixture
def router() -> Iterator[tuple[SimulatedDevice, Address]]:
    device = SimulatedDevice.routeros("7.16", boot_seconds=0.3)
    with running_cli(device, password=PASSWORD) as address:
        yield device, address


@pytest.mark.parametrize("name", DEVICES)
def test_netmiko_logs_in_and_runs_a_command(name: str) -> None:
    make, command, answer = DEVICES[name]
    with running_cli(make(), password=PASSWORD) as address, _connect(address) as connection:
        assert answer in connection.send_command(command)


def test_a_wrong_password_is_refused(router: tuple[SimulatedDevice, Address]) -> None:
    _device, address = router
    with pytest.raises(NetmikoAuthenticationException):
        ConnectHandler(
            device_type=address.netmiko, host=address.host, port=address.port, username="admin", password="x"
        )


def test_only_old_algorithms_are_enough_for_paramiko_below_5() -> None:
    with running_cli(SimulatedDevice.ios(), password=PASSWORD, old=True) as address:
        assert address.host_key.startswith("ssh-rsa ")
        with _connect(address) as connection:
            assert connection.remote_conn.transport.remote_cipher.endswith("-cbc")
            assert "Version 15.7" in connection.send_command("show version")


@pytest.fixture
def key(tmp_path: Path) -> tuple[Path, str]:
    path = tmp_path / "kunci"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    return path, path.with_suffix(".pub").read_text()


def test_the_ssh_client_logs_in_with_a_key_and_knows_the_host(tmp_path: Path, key: tuple[Path, str]) -> None:
    private, public = key
    device = SimulatedDevice.routeros("7.16")
    with running_cli(device, public_key=public) as address:
        known = tmp_path / "known_hosts"
        known.write_text(f"[{address.host}]:{address.port} {address.host_key}\n")
        ssh = ["ssh", "-F", "none", "-i", str(private), "-o", f"UserKnownHostsFile={known}", "-o", "BatchMode=yes"]
        ssh += ["-p", str(address.port), f"{address.user}@{address.host}"]
        done = subprocess.run([*ssh, "/system identity print"], capture_output=True, text=True, timeout=20)
        assert (done.returncode, done.stdout.strip()) == (0, "name: MikroTik"), done.stderr
        device.change_host_key()
        refused = subprocess.run([*ssh, "/system identity print"], capture_output=True, text=True, timeout=20)
        assert refused.returncode == 255
        assert "REMOTE HOST IDENTIFICATION HAS CHANGED" in refused.stderr


def test_a_script_comes_by_scp_and_is_imported(tmp_path: Path, key: tuple[Path, str]) -> None:
    private, public = key
    script = tmp_path / "situs.rsc"
    script.write_text("/interface bridge add name=lan-desa\n")
    with running_cli(SimulatedDevice.routeros("7.16"), password=PASSWORD, public_key=public) as address:
        options = [
            "-F",
            "none",
            "-i",
            str(private),
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
        ]
        target = f"{address.user}@{address.host}:situs.rsc"
        subprocess.run(["scp", "-q", *options, "-P", str(address.port), str(script), target], check=True, timeout=20)
        with _connect(address) as connection:
            assert "executed successfully" in connection.send_command("/import situs.rsc")
            assert "lan-desa" in connection.send_command("/interface bridge print")


def test_paging_and_slow_output_lose_nothing() -> None:
    device = SimulatedDevice.ios()
    with running_cli(device, password=PASSWORD) as address, _connect(address) as connection:
        whole = connection.send_command("show running-config")
        connection.send_command("terminal length 10")
        page = connection.send_command("show running-config", expect_string="--More--")
        assert page.count("\n") < 12
        connection.write_channel("q")
        connection.find_prompt()
        connection.send_command("terminal length 0")
        device.order(seconds_per_line=0.005)
        assert connection.send_command("show running-config") == whole


def test_output_cut_short_and_a_connection_that_breaks() -> None:
    device = SimulatedDevice.ios()
    with running_cli(device, password=PASSWORD) as address, _connect(address) as connection:
        device.faults = Faults(truncates_output_lines=5)
        assert "\nend" not in connection.send_command("show running-config")
        device.faults = Faults(drops_after_output_lines=8)
        with pytest.raises((NetmikoBaseException, OSError, SSHException)):
            connection.send_command("show running-config", read_timeout=1)


def test_it_asks_whether_we_are_sure(router: tuple[SimulatedDevice, Address]) -> None:
    device, address = router
    device.faults = Faults(asks="^/ip address remove")
    with _connect(address) as connection:
        said = connection.send_command("/ip address remove 0", expect_string=r"are you sure\? \[y/N\]")
        assert "are you sure" in said
        connection.write_channel("n")
        assert "192.168.88.1" in connection.send_command("/ip address print")


def test_a_push_that_cuts_our_way_in_hangs_and_refuses(router: tuple[SimulatedDevice, Address]) -> None:
    device, address = router
    connection = _connect(address)
    connection.write_channel("/ip address set 0 address=10.0.0.1/24\r\n")
    _until(lambda: not device.admits(established=True))
    _until(lambda: _refused(address))
    with pytest.raises(NetmikoBaseException):
        connection.read_until_prompt(read_timeout=0.5)
    with device.lock:
        device.model.configuration.items("/ip address")[0].given["address"] = "192.168.88.1/24"
    device.advance(0)
    assert "]" in connection.read_until_prompt(read_timeout=5)
    connection.disconnect()
    with _connect(address) as again:
        assert "192.168.88.1" in again.send_command("/ip address print")


def test_a_reboot_while_the_push_runs(router: tuple[SimulatedDevice, Address]) -> None:
    device, address = router
    device.faults = Faults(reboots_after_lines=3)
    connection = _connect(address)
    with pytest.raises((NetmikoBaseException, OSError, SSHException)):
        connection.send_config_set([f"/interface bridge add name=b{number}" for number in range(9)], read_timeout=1)
    assert device.reboots == 1
    _until(lambda: device.admits(established=False) and not _refused(address))
    with _connect(address) as again:
        assert 1 <= int(again.send_command("/interface bridge print count-only")) <= 4


def test_the_armed_restore_fires_by_the_clock_alone(router: tuple[SimulatedDevice, Address]) -> None:
    device, address = router
    with _connect(address) as connection:
        connection.send_command("/system backup save name=a dont-encrypt=yes")
        event = '/system backup load name=a password=\\"\\"'
        connection.send_command(f'/system scheduler add name=kembali interval=3s on-event="{event}"')
        connection.write_channel("/ip service set ssh disabled=yes\r\n")
        _until(lambda: device.reboots == 1)
    _until(lambda: not _refused(address))
    assert "/system scheduler" not in device.configuration()


def test_as_a_process_of_its_own() -> None:
    command = [sys.executable, "-m", "lab.cli", "ios", "--password", PASSWORD, "--speed", "60"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        address = Address(**json.loads(child.stdout.readline()))
        with _connect(address) as connection:
            assert "Cisco IOS" in connection.send_command("show version")
    finally:
        child.send_signal(signal.SIGTERM)
        assert child.wait(10) == 0


def test_a_person_asks_for_help_and_completes() -> None:
    with running_cli(SimulatedDevice.ios(), password=PASSWORD) as address, _connect(address) as connection:
        connection.write_channel("show ip ?")
        said = connection.read_until_pattern("Router#show ip ", read_timeout=5)
        assert "interface" in said
        connection.write_channel("int\tbr\t\n")
        assert "GigabitEthernet0/0" in connection.read_until_pattern(r"up\s+up", read_timeout=5)


def test_the_command_line_names_the_platforms(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["lab", "cli", "start", "junos"])
    assert ended.value.code == 2
    assert "routeros7" in capsys.readouterr().err


def _refused(address: Address) -> bool:
    try:
        socket.create_connection((address.host, address.port), timeout=2).close()
    except ConnectionRefusedError:
        return True
    return False


def _until(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)


@pytest.fixture(autouse=True)
def _ssh() -> None:
    if shutil.which("ssh") is None:
        missing("the OpenSSH client (apt: openssh-client)")
