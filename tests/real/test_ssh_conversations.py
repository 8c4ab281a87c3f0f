"""Conversations by SSH with servers that behave as devices do on bad days. Nothing here leaves the loopback."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from collectors.ssh import DeviceLocks, SshShells
from domain.secrets import Secret, SshLogin
from domain.shell import (
    AlgorithmsError,
    BrokenOffError,
    BusyError,
    Command,
    Dialect,
    HostKey,
    HostKeyChangedError,
    HostKeyUnknownError,
    LoginRefusedError,
    Question,
    Reading,
    Shell,
    ShellLimits,
    ShellTarget,
    TimedOutError,
    TruncatedError,
    UnreachableError,
)
from provisioning.backup.fetch import read_configuration
from provisioning.platforms import PLATFORMS, clean
from tests.real.scripted_sshd import ScriptedDevice, running_device

pytestmark = pytest.mark.real

IOS = PLATFORMS["cisco-ios"]
CONFIG = "hostname sw1\n" + "".join(f"interface Gi0/{port}\n description port {port}\n" for port in range(60)) + "end\n"
SHOWN = {"show running-config": f"Building configuration...\n\n{CONFIG}"}


class Keys:
    def __init__(self, first_use: bool = True) -> None:
        self.held: dict[str, HostKey] = {}
        self.refused: list[str] = []
        self.first_use = first_use

    def known(self, device: str) -> HostKey | None:
        return self.held.get(device)

    def trust(self, device: str, key: HostKey) -> bool:
        if self.first_use:
            self.held[device] = key
        return self.first_use

    def refuse(self, device: str, offered: HostKey) -> None:
        self.refused.append(offered.fingerprint)


class Bench:
    """One device and what is needed to talk to it."""

    def __init__(self, device: ScriptedDevice, port: int, folder: Path) -> None:
        self.device = device
        self.port = port
        self.keys = Keys()
        self.folder = folder

    @property
    def shells(self) -> SshShells:
        return SshShells(self.keys, DeviceLocks(self.folder))

    def target(self, password: str = "", **changes: Any) -> ShellTarget:
        login = SshLogin("ssh-lab", "noc", Secret(password or self.device.password))
        given: dict[str, Any] = {"dialect": IOS.dialect, "port": self.port, "limits": ShellLimits(5, 20, 1)}
        return ShellTarget("sw1", "127.0.0.1", login, **{**given, **changes})

    @contextmanager
    def open(self, **changes: Any) -> Iterator[Shell]:
        with closing(self.shells.open(self.target(**changes))) as shell:
            yield shell


@pytest.fixture
def make_bench(tmp_path: Path) -> Iterator[Any]:
    with ExitStack() as stack:

        def make(**traits: Any) -> Bench:
            device = ScriptedDevice(**{"answers": dict(SHOWN), **traits})
            return Bench(device, stack.enter_context(running_device(device)), tmp_path / "turns")

        yield make


def test_a_configuration_comes_whole_through_a_pager_that_cannot_be_switched_off(make_bench: Any) -> None:
    bench = make_bench(page_lines=24)
    with bench.open() as shell:
        assert clean(IOS, read_configuration(shell, IOS)) == CONFIG
        assert shell.octets > len(CONFIG)
        assert "port 7" not in repr(shell.transcript())
    assert bench.device.logins == ["sandi-perangkat"]


@pytest.mark.parametrize(
    ("pager", "erase"),
    [
        ("  ---- More ----", "\x1b[16D" + " " * 16 + "\x1b[16D"),
        ("--More--", "\r        \r"),
        ("---- More ( Press 'Q' to break ) ----", "\x1b[37D" + " " * 37 + "\x1b[37D"),
    ],
)
def test_every_makers_pager(make_bench: Any, pager: str, erase: str) -> None:
    with make_bench(page_lines=10, pager=pager, erase=erase).open() as shell:
        assert clean(IOS, read_configuration(shell, IOS)) == CONFIG


def test_without_its_end_mark_it_is_refused(make_bench: Any) -> None:
    bench = make_bench(answers={"show running-config": CONFIG.replace("end\n", "")})
    with bench.open() as shell, pytest.raises(TruncatedError, match="end mark is missing"):
        read_configuration(shell, IOS)


def test_an_error_instead_of_a_configuration_is_refused(make_bench: Any) -> None:
    with make_bench(answers={}).open() as shell, pytest.raises(TruncatedError, match="Invalid input"):
        read_configuration(shell, IOS)


def test_slow_output_is_waited_for(make_bench: Any) -> None:
    bench = make_bench(answers={"show running-config": "hostname sw1\n" * 30 + "end\n"}, seconds_per_line=0.02)
    with bench.open() as shell:
        assert read_configuration(shell, IOS).count("hostname") == 30


def test_a_prompt_before_our_line_came_back_is_not_its_answer(make_bench: Any) -> None:
    """On a slow line the prompt of the line before comes late, and would be taken for a silent yes."""
    bench = make_bench(answers={"show clock": "11:00\n", "write": "[OK]\n"}, echoes_late="write")
    with bench.open() as shell:
        assert shell.run(Command("write")).text == "[OK]\n"
        assert shell.run(Command("show clock")).text == "11:00\n"


def test_output_that_never_ends_is_ended(make_bench: Any) -> None:
    bench = make_bench(seconds_per_line=0.3)
    began = time.monotonic()
    with bench.open() as shell, pytest.raises(TimedOutError, match="show running-config"):
        shell.read(Reading(("show running-config",), seconds=1))
    assert time.monotonic() - began < 8


def test_a_session_that_hangs_is_cut_at_its_hard_limit(make_bench: Any) -> None:
    bench = make_bench(hangs_at="show running-config")
    began = time.monotonic()
    limits = ShellLimits(5, 2, 1)
    with bench.open(limits=limits) as shell, pytest.raises(TimedOutError, match="sw1"):
        read_configuration(shell, IOS)
    assert time.monotonic() - began < 6
    with bench.open() as shell:  # the device's turn is free again
        assert shell.run(Command("")).text == "\n"


def test_a_device_that_never_prompts_is_given_up(make_bench: Any) -> None:
    began = time.monotonic()
    with pytest.raises(TimedOutError, match="prompt"), make_bench(prompt="").open(limits=ShellLimits(1, 1.5, 1)):
        pass
    assert time.monotonic() - began < 8


def test_a_connection_that_breaks_off_is_called_so(make_bench: Any) -> None:
    with make_bench(cuts_at="show running-config").open() as shell, pytest.raises(BrokenOffError):
        read_configuration(shell, IOS)


def test_a_wrong_password_is_tried_once_and_not_shown(make_bench: Any) -> None:
    bench = make_bench()
    with pytest.raises(LoginRefusedError) as caught, bench.open(password="salah-besar"):
        pass
    assert bench.device.logins == ["salah-besar"]
    assert "salah-besar" not in str(caught.value)
    assert "kentongan credential add ssh-lab" in str(caught.value)


def test_a_changed_host_key_is_refused_before_the_password(make_bench: Any) -> None:
    bench = make_bench()
    with bench.open():
        pass
    known = bench.keys.held["sw1"]
    other = make_bench()
    bench.port, before = other.port, bench.device.logins.copy()
    with pytest.raises(HostKeyChangedError) as caught, bench.open():
        pass
    assert (bench.device.logins, other.device.logins) == (before, [])
    text = str(caught.value)
    assert known.fingerprint in text
    assert bench.keys.refused == [caught.value.offered]
    assert caught.value.offered in text
    assert "kentongan device hostkey accept sw1" in text
    assert bench.keys.held["sw1"] == known


def test_a_first_meeting_may_be_forbidden(make_bench: Any) -> None:
    bench = make_bench()
    bench.keys.first_use = False
    with pytest.raises(HostKeyUnknownError, match="hostkey accept sw1"), bench.open():
        pass
    assert bench.device.logins == []


def test_old_algorithms_only_where_the_record_allows_them(make_bench: Any) -> None:
    old = {
        "kex_algs": ["diffie-hellman-group14-sha1"],
        "encryption_algs": ["aes128-cbc"],
        "mac_algs": ["hmac-sha1"],
        "signature_algs": ["ssh-rsa"],
    }
    bench = make_bench(key=asyncssh.generate_private_key("ssh-rsa"), algorithms=old)
    with pytest.raises(AlgorithmsError, match="device access sw1 --legacy"), bench.open():
        pass
    with bench.open(legacy=True) as shell:
        assert "hostname" in read_configuration(shell, IOS)
    assert bench.keys.held["sw1"].algorithm == "ssh-rsa"


def test_nobody_there_is_unreachable(make_bench: Any) -> None:
    bench = make_bench()
    with pytest.raises(UnreachableError, match="port 1:"), bench.open(port=1):
        pass


def test_a_listener_that_does_not_speak_is_given_up(make_bench: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        began = time.monotonic()
        with pytest.raises(UnreachableError), make_bench().open(port=port, limits=ShellLimits(0.5, 1, 1)):
            pass
    assert time.monotonic() - began < 4


def test_one_conversation_at_a_time_with_one_device(make_bench: Any) -> None:
    bench = make_bench()
    with bench.open(), pytest.raises(BusyError), bench.open(limits=ShellLimits(5, 20, 0.2)):
        pass

    talking: list[int] = []
    most: list[int] = []

    def read() -> None:
        with bench.open(limits=ShellLimits(5, 20, 15)) as shell:
            talking.append(1)
            most.append(len(talking))
            read_configuration(shell, IOS)
            talking.pop()

    readers = [threading.Thread(target=read) for _each in range(2)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(30)
    assert most == [1, 1]
    assert bench.device.lines.count("show running-config") == 2


def test_questions_are_answered_and_secrets_stay_out_of_the_transcript(make_bench: Any) -> None:
    bench = make_bench(answers={"enable secret kopi-darat": "sandi-perangkat diterima kopi-darat\n"})
    with bench.open() as shell:
        shell.run(Command("enable secret kopi-darat", secrets=(Secret("kopi-darat"),)))
        said = repr(shell.transcript())
    assert "enable secret ***" in said
    assert "diterima" in said
    assert "kopi-darat" not in said
    assert "sandi-perangkat" not in said


def test_the_privileged_mode_has_a_password_of_its_own(make_bench: Any) -> None:
    bench = make_bench(enable_password="sandi-enable")
    target = bench.target()
    allowed = replace(target, login=replace(target.login, enable=Secret("sandi-enable")))
    with closing(bench.shells.open(allowed)) as shell:
        assert clean(IOS, read_configuration(shell, IOS)) == CONFIG
        assert "sandi-enable" not in repr(shell.transcript())
    refused = replace(target, login=replace(target.login, enable=Secret("salah")))
    with pytest.raises(LoginRefusedError, match="privileged mode"):
        bench.shells.open(refused)


def test_an_unexpected_question_is_told_word_for_word(make_bench: Any) -> None:
    bench = make_bench(answers={"reload": "\n"}, page_lines=1, pager="Proceed with reload? [confirm] ", erase="\r\n")
    dialect = Dialect("cisco_ios")
    expected = pytest.raises(TimedOutError, match=r"Proceed with reload\? \[confirm\]")
    with bench.open(dialect=dialect) as shell, expected:
        shell.run(Command("reload", seconds=1))
    with bench.open(dialect=dialect) as shell:
        answered = Command("reload", answers=(Question(r"\[confirm\] ?$", ""),))
        assert "Proceed with reload" in shell.run(answered).text


def test_stopping_cuts_what_is_under_way(make_bench: Any) -> None:
    bench = make_bench(hangs_at="show running-config")
    shells = bench.shells
    shell = shells.open(bench.target())
    threading.Timer(0.5, shells.cut).start()
    began = time.monotonic()
    with closing(shell), pytest.raises(BrokenOffError):
        read_configuration(shell, IOS)
    assert time.monotonic() - began < 3
