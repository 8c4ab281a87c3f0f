"""Who is fetched by the service, when, and how many at a time; the devices are a script."""

import asyncio
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from collectors.store.change_log import SqlChangeLog
from collectors.store.ssh_access import SshAccess
from collectors.syslog import LogEntry, LogKind
from domain.network import Check, Device, DeviceStatus, Role
from domain.secrets import Secret, SnmpCommunity, SnmpVersion, SshLogin
from domain.time import Moment
from kentongan.backups import plan_subjects
from kentongan.cli.context import Invocation
from kentongan.installation import Installation
from kentongan.run.backups import BackupDesk
from kentongan.settings import Settings
from provisioning.backup import BackupState, Fate, Outcome, Subject, ToldDevices, Why

LOGIN = SshLogin("ssh-baca", "noc", Secret("x"))
OTHER = SshLogin("ssh-lama", "noc", Secret("y"))
SNMP = SnmpCommunity("desa", SnmpVersion.V2C, Secret("public"))
CREDENTIALS = {each.name: each for each in (LOGIN, OTHER, SNMP)}


def device(name: str, platform: str = "cisco-ios", **more: Any) -> Device:
    given = {"site": "pop-a", "role": Role.ROUTER, "platform": platform, "address": "10.0.0.1", **more}
    return Device(name, **given)


def planned(*devices: Device, common: str = "", access: dict[str, SshAccess] | None = None) -> Any:
    settings = Settings.model_validate({"ssh": {"credential": common}})
    return plan_subjects(devices, {"found": "huawei-vrp"}, CREDENTIALS, access or {}, settings)


def test_a_device_takes_its_own_login_before_the_common_one() -> None:
    plan = planned(
        device("own"),
        device("by-file", credential="ssh-lama", check=Check.SSH),
        device("common", credential="desa"),
        common="ssh-baca",
        access={"own": SshAccess("ssh-lama", legacy=True)},
    )
    assert {name: each.target.login.name for name, each in plan.subjects.items()} == {
        "own": "ssh-lama",
        "by-file": "ssh-lama",
        "common": "ssh-baca",
    }
    assert [name for name, each in plan.subjects.items() if each.target.legacy] == ["own"]


def test_who_is_left_out_and_who_lacks_a_login() -> None:
    plan = planned(
        device("found", platform=""),
        device("unknown", platform=""),
        device("camera", platform="generic"),
        device("shelf", status=DeviceStatus.SPARE),
        device("nowhere", address=""),
        device("bare"),
        access={"found": SshAccess("ssh-baca")},
    )
    assert list(plan.subjects) == ["found"]
    assert plan.subjects["found"].platform.name == "huawei-vrp"
    assert plan.lacking == ("bare",)


class Stage:
    """A service as far as the desk sees it, on an installation of its own."""

    def __init__(self, installation: Installation, names: list[str]) -> None:
        self.now = Moment(1000.0, 1_795_000_000.0)
        self.trusted = True
        self.installation = installation
        self.clock = SimpleNamespace(now=lambda: self.now)
        members = {
            name: SimpleNamespace(device=device(name), poll_class=SimpleNamespace(month_megabytes=1.0))
            for name in names
        }
        self.roster = _Roster(members)
        self.members = SimpleNamespace(platform_of=lambda _name: "cisco-ios")
        self.jobs = SimpleNamespace(is_clock_trusted=lambda _now: self.trusted)
        self.fleet = SimpleNamespace(index=names.index)
        self.spent: list[tuple[int, int]] = []
        self.allowance = SimpleNamespace(used=np.zeros(len(names)), spend=self._spend)

    def _spend(self, devices: Any, octets: int) -> None:
        self.spent.append((int(devices[0]), octets))


class _Roster(dict[str, Any]):
    def members(self) -> list[Any]:
        return list(self.values())


class Script:
    """In the place of `Backups`: notes who is taken, and how many at once."""

    def __init__(self, desk: BackupDesk, fate: Fate = Fate.FIRST) -> None:
        self.desk, self.fate = desk, fate
        self.taken: list[str] = []
        self.whys: list[Why] = []
        self.at_once = self.most = 0
        self._lock = threading.Lock()
        self.gate = threading.Event()
        self.gate.set()

    def take(self, subject: Subject, why: Why) -> Outcome:
        with self._lock:
            self.taken.append(subject.device)
            self.whys.append(why)
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        self.gate.wait(5)
        at = self.desk._service.clock.now().unix_seconds
        cause = "unreachable" if self.fate is Fate.FAILED else ""
        good = 0.0 if cause else at
        self.desk._config.states.put(BackupState(subject.device, good_at=good, tried_at=at, cause=cause))
        with self._lock:
            self.at_once -= 1
        return Outcome(subject.device, self.fate, cause=cause, octets=500)


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KENTONGAN_SSH__CREDENTIAL", "ssh-baca")
    monkeypatch.setenv("KENTONGAN_BACKUP__WORKERS", "2")
    with Installation(Invocation().load(), "test").prepare() as installation:
        installation.vault.put(LOGIN)
        yield installation


async def at_rest(desk: BackupDesk) -> None:
    while desk._under_way:
        await asyncio.gather(*desk._under_way.values())


def desk_of(stage: Stage, settle_seconds: float = 0.0, fate: Fate = Fate.FIRST) -> tuple[BackupDesk, Script]:
    told = ToldDevices(quiet_seconds=60, longest_seconds=600, gap_seconds=600)
    desk = BackupDesk(stage, settle_seconds, told)  # type: ignore[arg-type]
    script = Script(desk, fate)
    desk._config.backups = script  # type: ignore[assignment]
    return desk, script


def test_everybody_once_and_never_more_than_the_workers(installation: Installation) -> None:
    stage = Stage(installation, [f"r{number}" for number in range(7)])
    desk, script = desk_of(stage)

    async def night() -> None:
        script.gate.clear()  # the first is not done before the second has begun, however busy the machine is
        await desk.look()
        assert len(desk._under_way) == 2
        async with asyncio.timeout(30):
            while script.at_once < 2:
                await asyncio.sleep(0.001)
        script.gate.set()
        await at_rest(desk)
        await desk.look()
        await at_rest(desk)
        await desk.stop()

    asyncio.run(night())
    assert sorted(script.taken) == [f"r{number}" for number in range(7)]
    assert script.most == 2
    assert sorted(stage.spent) == [(number, 500) for number in range(7)]


def test_a_machine_that_just_woke_or_has_a_wrong_clock_waits(installation: Installation) -> None:
    stage = Stage(installation, ["r1"])
    desk, script = desk_of(stage, settle_seconds=300)

    async def morning() -> None:
        await desk.look()
        stage.now = Moment(1301.0, stage.now.unix_seconds + 301)
        stage.trusted = False
        await desk.look()
        assert script.taken == []
        stage.trusted = True
        await desk.look()
        await at_rest(desk)
        await desk.stop()

    asyncio.run(morning())
    assert script.taken == ["r1"]


def test_what_failed_is_not_tried_again_at_once_even_if_nobody_can_write(installation: Installation) -> None:
    stage = Stage(installation, ["r1"])
    desk, script = desk_of(stage, fate=Fate.FAILED)
    put = desk._config.states.put
    desk._config.states.put = lambda _state: None  # type: ignore[method-assign]

    async def hours() -> None:
        for _minute in range(3):
            await desk.look()
            await at_rest(desk)
        assert script.taken == ["r1"]
        desk._config.states.put = put  # type: ignore[method-assign]
        stage.now = Moment(stage.now.steady_seconds + 3700, stage.now.unix_seconds + 3700)
        await desk.look()
        await at_rest(desk)
        await desk.stop()

    asyncio.run(hours())
    assert script.taken == ["r1", "r1"]


def test_a_device_over_its_allowance_is_left_alone(installation: Installation) -> None:
    stage = Stage(installation, ["r1", "r2"])
    stage.allowance.used[0] = 2e6
    desk, script = desk_of(stage)

    async def look() -> None:
        await desk.look()
        await at_rest(desk)
        await desk.stop()

    asyncio.run(look())
    assert script.taken == ["r2"]


def test_stopping_waits_for_what_is_being_written(installation: Installation) -> None:
    stage = Stage(installation, [f"r{number}" for number in range(5)])
    desk, script = desk_of(stage)
    script.gate.clear()

    async def stop() -> None:
        await desk.look()
        await asyncio.sleep(0)
        threading.Timer(0.1, script.gate.set).start()
        await desk.stop()

    asyncio.run(stop())
    assert len(script.taken) <= 2
    assert script.at_once == 0


def test_its_figures(installation: Installation) -> None:
    stage = Stage(installation, ["r1", "r2", "r3"])
    desk, _script = desk_of(stage)
    now = stage.now.unix_seconds
    desk._config.states.put(BackupState("r1", good_at=now - 60, tried_at=now - 60))
    desk._config.states.put(BackupState("r2", good_at=now - 9e5, tried_at=now - 60, cause="login-refused"))
    desk._config.states.put(BackupState("r3", tried_at=now - 60, cause="host-key-changed"))
    desk._config.states.put(BackupState("gone", tried_at=now - 60, cause="timed-out"))
    lent: dict[str, Any] = {}
    desk.lend(SimpleNamespace(read=lambda metric, numbers: lent.update({metric.name: numbers})))  # type: ignore[arg-type]

    async def look() -> None:
        await desk.look()
        await at_rest(desk)
        await desk.stop()

    desk._began = 1e9  # nobody is fetched
    asyncio.run(look())
    assert lent["kentongan_config_backup_age_seconds"]() == {("r1",): 60.0, ("r2",): 9e5}
    assert lent["kentongan_config_backups"]() == {("fresh",): 1, ("stale",): 1, ("never",): 1}
    assert lent["kentongan_config_backup_failures"]() == {("login-refused",): 1, ("host-key-changed",): 1}
    assert "gone" not in desk._config.states.read()


def test_a_device_that_told_of_a_change_is_read_soon_and_the_commit_says_who(installation: Installation) -> None:
    stage = Stage(installation, ["r1", "locked", "spent"])
    desk, script = desk_of(stage)
    now = stage.now.unix_seconds
    for name, cause in (("r1", ""), ("locked", "login-refused"), ("spent", "")):
        desk._config.states.put(BackupState(name, good_at=now - 60, tried_at=now - 60, cause=cause))
    stage.allowance.used[2] = 2e6
    entry = LogEntry("r1", now + 1, LogKind.CHANGED, "admin", "10.0.0.9", "filter rule changed")
    SqlChangeLog(installation.database.engine).put([entry])

    async def afternoon() -> None:
        await desk.look()
        for name in stage.roster:
            desk.note_change(name)
        await desk.look()
        assert script.taken == []  # somebody may still be typing
        stage.now = Moment(stage.now.steady_seconds + 61, now + 61)
        await desk.look()
        await at_rest(desk)
        desk.note_change("r1")
        stage.now = Moment(stage.now.steady_seconds + 300, now + 361)
        await desk.look()
        await at_rest(desk)
        assert script.taken == ["r1"]  # not twice in ten minutes
        stage.now = Moment(stage.now.steady_seconds + 400, now + 761)
        await desk.look()
        await at_rest(desk)
        await desk.stop()

    asyncio.run(afternoon())
    assert script.taken == ["r1", "r1"]
    told = "fetched because it was changed; the device told: admin from 10.0.0.9: filter rule changed"
    assert script.whys == [Why(told, "admin"), Why("fetched because it was changed")]
