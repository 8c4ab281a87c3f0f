"""One fetch: what is kept, what is refused, and what the state says afterwards. The device is a script."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.secrets import Secret, SshLogin
from domain.shell import (
    Command,
    LoginRefusedError,
    Reading,
    Reply,
    ShellTarget,
    Transcript,
    TruncatedError,
)
from provisioning.backup import Backups, BackupState, ConfigRepository, Fate, Outcome, Subject, Why
from provisioning.backup.fetch import line_counts
from provisioning.platforms import PLATFORMS

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
LONG = "hostname r1\n" + "".join(f"interface Gi0/{port}\n description port {port}\n" for port in range(20)) + "end\n"


class Script:
    """Shells and shell at once: answers with the texts of `says`, one after the other, the last one for ever."""

    def __init__(self, *says: str | Exception) -> None:
        self.says = list(says)
        self.opened = self.closed = 0
        self.octets = 77

    def open(self, target: ShellTarget) -> "Script":
        self.opened += 1
        if isinstance(self.says[0], LoginRefusedError):
            raise self.says[0]
        return self

    def run(self, command: Command) -> Reply:
        return Reply("  version: 7.14.3 (stable)\n", 0.1)

    def read(self, reading: Reading) -> str:
        said = self.says.pop(0) if len(self.says) > 1 else self.says[0]
        if isinstance(said, Exception):
            raise said
        return said

    def transcript(self) -> Transcript:
        return Transcript("r1")

    def close(self) -> None:
        self.closed += 1


class States:
    def __init__(self) -> None:
        self.held: dict[str, BackupState] = {}

    def read(self) -> Mapping[str, BackupState]:
        return self.held

    def get(self, device: str) -> BackupState | None:
        return self.held.get(device)

    def put(self, state: BackupState) -> None:
        self.held[state.device] = state

    def forget(self, devices: Iterable[str]) -> None:
        for device in devices:
            self.held.pop(device, None)


class Room:
    """Everything around a fetch, in a folder of its own."""

    def __init__(self, folder: Path, platform: str = "cisco-ios") -> None:
        self.repository = ConfigRepository(folder / "configs.git")
        self.states = States()
        self.platform = PLATFORMS[platform]

    def take(self, script: Script, *, accept_smaller: bool = False) -> Outcome:
        stored = (Secret("R4hasia!besar"),)
        backups = Backups(
            script, self.repository, self.states, lambda _device, _secret: "5ea1", lambda: stored, lambda: NOW
        )
        login = SshLogin("ssh", "noc", Secret("x"))
        subject = Subject("pop-a", self.platform, ShellTarget("r1", "10.0.0.1", login, self.platform.dialect))
        return backups.take(subject, Why("test"), accept_smaller=accept_smaller)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_first_unchanged_changed(room: Room) -> None:
    script = Script(LONG)
    assert room.take(script).fate is Fate.FIRST
    noise = "! Last configuration change at 09:14:02 WIB Sat Nov 21 2026 by budi\n" + LONG
    assert room.take(Script(noise)).fate is Fate.UNCHANGED
    outcome = room.take(Script(noise.replace("port 3", "port three")))
    assert (outcome.fate, outcome.added, outcome.removed, outcome.octets) == (Fate.CHANGED, 1, 1, 77)
    assert [each.who for each in room.repository.history("r1")] == ["budi", ""]
    assert script.opened == script.closed == 1
    state = room.states.held["r1"]
    assert (state.platform, state.good_at, state.cause, state.lines) == ("cisco-ios", NOW.timestamp(), "", 42)


def test_no_secret_reaches_the_repository(room: Room) -> None:
    room.take(Script(LONG.replace("end\n", "snmp-server community rahasia RO\nbanner R4hasia!besar\nend\n")))
    text = room.repository.latest("r1")
    assert text is not None
    assert "snmp-server community ***5ea1*** RO" in text
    packed = b"".join(path.read_bytes() for path in room.repository.folder.rglob("*") if path.is_file())
    assert "rahasia" not in text
    assert "R4hasia" not in text
    assert b"rahasia" not in packed


def test_one_that_is_much_smaller_is_refused_and_the_old_one_kept(room: Room) -> None:
    room.take(Script(LONG))
    short = "hostname r1\nend\n"
    outcome = room.take(Script(short))
    assert (outcome.fate, outcome.cause) == (Fate.FAILED, "shrunk")
    assert "--accept-smaller" in outcome.message
    assert room.repository.latest("r1") == LONG
    assert room.take(Script(short), accept_smaller=True).fate is Fate.CHANGED


def test_a_failure_keeps_what_was_good_and_counts(room: Room) -> None:
    room.take(Script(LONG))
    for _twice in range(2):
        outcome = room.take(Script(TruncatedError("r1", "r1: not whole")))
    assert (outcome.fate, outcome.cause, outcome.octets) == (Fate.FAILED, "truncated", 77)
    state = room.states.held["r1"]
    assert (state.failures, state.cause, state.good_at, bool(state.revision)) == (2, "truncated", NOW.timestamp(), True)
    room.take(Script(LONG))
    assert (room.states.held["r1"].failures, room.states.held["r1"].message) == (0, "")


def test_what_a_failure_quotes_of_a_configuration_is_masked(room: Room) -> None:
    quoted = "username noc privilege 15 secret 5 $1$mERr$hx5rVt7rPN"
    outcome = room.take(Script(TruncatedError("r1", f"r1 ends in '{quoted}'.", quoted)))
    assert outcome.message == "r1 ends in 'username noc privilege 15 secret 5 ***5ea1***'."


def test_a_refused_login_is_tried_once(room: Room) -> None:
    script = Script(LoginRefusedError("r1", "r1 refuses user noc"))
    assert room.take(script).cause == "login-refused"
    assert script.opened == 1


def test_without_an_end_mark_a_shorter_text_is_read_twice(tmp_path: Path) -> None:
    room = Room(tmp_path, "mikrotik-routeros")
    export = "# 2026-11-21 23:04:11 by RouterOS 7.14.3\n" + "".join(
        f"/ip address add address=10.0.{each}.1/24 interface=ether{each}\n" for each in range(20)
    )
    shorter = "\n".join(export.splitlines()[:18]) + "\n"
    even_shorter = "\n".join(export.splitlines()[:16]) + "\n"
    room.take(Script(export))
    assert room.take(Script(shorter, even_shorter)).cause == "truncated"
    assert room.take(Script(shorter, shorter)).fate is Fate.CHANGED


def test_line_counts() -> None:
    assert line_counts("a\nb\nc\n", "a\nx\nc\nd\n") == (2, 1)
    assert line_counts("", "a\n") == (1, 0)
