"""Configurations of every simulated command line: kept whole, unchanged the second time, refused when they are not."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from collectors.ssh import DeviceLocks, SshShells
from collectors.store.host_keys import SqlHostKeys
from domain.secrets import Secret, SshLogin
from domain.shell import ShellLimits, ShellTarget
from kentongan.database import Database
from lab.cli import Faults, SimulatedDevice, running_cli
from provisioning.backup import Backups, ConfigRepository, Fate, Outcome, Subject, Why
from provisioning.platforms import PLATFORMS
from provisioning.store.backups import SqlBackupStates

pytestmark = pytest.mark.real

PASSWORD = "Rahasia!2026"
MAKERS: dict[str, Callable[..., SimulatedDevice]] = {
    "mikrotik-routeros": SimulatedDevice.routeros,
    "cisco-ios": SimulatedDevice.ios,
    "huawei-vrp": SimulatedDevice.vrp,
    "zte-olt": SimulatedDevice.zte_olt,
    "huawei-olt": SimulatedDevice.huawei_olt,
}
MARKED = [name for name, platform in PLATFORMS.items() if name in MAKERS and platform.reading("").end]


@dataclass
class Office:
    """A database, a repository, and whatever device stands at the other end."""

    database: Database
    folder: Path
    stack: ExitStack

    @property
    def repository(self) -> ConfigRepository:
        return ConfigRepository(self.folder / "configs.git")

    def start(self, platform: str, **traits: object) -> "tuple[SimulatedDevice, Subject]":
        old = bool(traits.pop("old", False))
        device = MAKERS[platform](**traits)
        address = self.stack.enter_context(running_cli(device, password=PASSWORD, old=old))
        login = SshLogin("ssh-lab", address.user, Secret(PASSWORD))
        target = ShellTarget(
            "dev-a", address.host, login, PLATFORMS[platform].dialect, address.port, limits=ShellLimits(10, 30, 1)
        )
        return device, Subject("pop-a", PLATFORMS[platform], target)

    def take(self, subject: Subject) -> Outcome:
        engine = self.database.engine
        keys = SqlHostKeys(engine, lambda: 0.0, actor="test")
        shells = SshShells(keys, DeviceLocks(self.folder / "ssh"))
        backups = Backups(
            shells,
            self.repository,
            SqlBackupStates(engine),
            lambda _device, _secret: "5ea1",
            lambda: (Secret(PASSWORD),),
            lambda: datetime.now(UTC),
        )
        return backups.take(subject, Why("test"))


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    path = tmp_path / "kentongan.db"
    path.write_bytes(sqlite_template.read_bytes())
    with ExitStack() as stack:
        yield Office(stack.enter_context(Database(f"sqlite:///{path}")), tmp_path, stack)


@pytest.mark.parametrize("platform", MAKERS)
def test_kept_once_and_without_secrets(office: Office, platform: str) -> None:
    device, subject = office.start(platform)
    first = office.take(subject)
    assert (first.fate, first.message) == (Fate.FIRST, "")
    text = office.repository.latest("dev-a")
    assert text is not None
    assert len(text.splitlines()) >= 5
    assert PASSWORD not in text
    device.order(pages=True)  # and paging cannot be switched off
    assert office.take(subject).fate is Fate.UNCHANGED
    assert len(office.repository.history("dev-a")) == 1


def test_routeros_6_hides_its_secrets_when_it_is_told_to(office: Office) -> None:
    device, subject = office.start("mikrotik-routeros", version="6.49.10")
    assert office.take(subject).fate is Fate.FIRST
    assert any("hide-sensitive" in line for _at, _user, line in device.journal.lines)


@pytest.mark.parametrize("platform", MARKED)
def test_cut_short_it_is_refused_and_the_old_one_stays(office: Office, platform: str) -> None:
    device, subject = office.start(platform)
    office.take(subject)
    before = office.repository.latest("dev-a")
    assert before is not None
    device.order(truncates_output_lines=len(before.splitlines()) - 3)
    outcome = office.take(subject)
    assert (outcome.fate, outcome.cause) == (Fate.FAILED, "truncated")
    assert office.repository.latest("dev-a") == before
    device.faults = Faults()
    assert office.take(subject).fate is Fate.UNCHANGED


def test_a_new_box_at_that_address_is_not_spoken_to(office: Office) -> None:
    device, subject = office.start("cisco-ios")
    office.take(subject)
    told = len(device.journal.lines)
    device.change_host_key()
    assert office.take(subject).cause == "host-key-changed"
    assert len(device.journal.lines) == told


def test_a_reboot_in_the_middle(office: Office) -> None:
    device, subject = office.start("huawei-vrp", boot_seconds=0.5)
    device.order(reboots_at="display current")
    assert office.take(subject).cause in ("broken-off", "timed-out", "unreachable")
    device.faults = Faults()


def test_village_gear_with_old_algorithms(office: Office) -> None:
    _device, subject = office.start("cisco-ios", old=True)
    refused = office.take(subject)
    assert (refused.cause, "--legacy" in refused.message) == ("algorithms", True)
    allowed = replace(subject, target=replace(subject.target, legacy=True))
    assert office.take(allowed).fate is Fate.FIRST
