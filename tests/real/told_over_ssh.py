"""A job of one device, from arming to saving or back, over real SSH to a simulated device whose clock is moved."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from collectors.ssh import DeviceLocks, SshShells
from domain.changes import DeviceChange, Holder, Job, Step, StepKind, new_job, undo
from domain.intent import Configuration, Platform, SecretHole, Section
from domain.secrets import Secret, SshLogin
from domain.shell import HostKey, ShellLimits, ShellTarget, Transcript
from lab.cli import Address, SimulatedDevice, running_cli
from provisioning.changing import DeviceSteps, Party, SiteChange
from provisioning.changing.devices import Tools
from provisioning.platforms import PLATFORMS, clean, mask
from provisioning.platforms.pushing import PUSHING, Pushing

NAME, PASSWORD, SECRET = "desa-baru", "Sandi-login-7", "SandiKabel42"
OF_DEVICE = (StepKind.ARM, StepKind.PUSH, StepKind.CONFIRM, StepKind.DISARM, StepKind.SAVE)


class Keys:
    """Everybody is met for the first time."""

    def __init__(self) -> None:
        self._held: dict[str, HostKey] = {}

    def known(self, device: str) -> HostKey | None:
        return self._held.get(device)

    def trust(self, device: str, key: HostKey) -> bool:
        self._held[device] = key
        return True

    def refuse(self, device: str, offered: HostKey) -> None:
        raise AssertionError(f"{device}: {offered.fingerprint}")


@dataclass
class Kept:
    """Implements JobStore, for one process."""

    held: dict[str, Job] = field(default_factory=dict)
    devices: dict[tuple[str, str], DeviceChange] = field(default_factory=dict)

    def get(self, id_: str) -> Job | None:
        return self.held.get(id_)

    def jobs(self, site: str = "") -> tuple[Job, ...]:
        return tuple(reversed(self.held.values()))

    def put(self, job: Job) -> Job:
        self.held[job.id] = job
        return job

    def device(self, job: str, device: str) -> DeviceChange:
        return self.devices.get((job, device), DeviceChange(job, device))

    def put_device(self, change: DeviceChange) -> None:
        self.devices[change.job, change.device] = change

    def hold(self, holder: Holder) -> Holder:
        return holder


class Told:
    """said: every line and answer, as the journal keeps them."""

    def __init__(
        self,
        device: SimulatedDevice,
        at: Address,
        wanted: Configuration,
        folder: Path,
        pushing: Pushing,
        *,
        shared: bool,
    ) -> None:
        self.device = device
        self.said: list[tuple[str, str]] = []
        self.store = Kept()
        self._platform = PLATFORMS[wanted.platform.value]
        login = SshLogin("ssh-lab", at.user, Secret(at.password))
        target = ShellTarget(NAME, at.host, login, self._platform.dialect, at.port, limits=ShellLimits(10, 60, 10))
        party = Party(self._platform, pushing, wanted, target, target, shared)
        tools = Tools(
            SshShells(Keys(), DeviceLocks(folder)), self.store, self._secret, self._cleaned, self._kept, self._utc,
            self._pause,
            revert_seconds=120, settle_seconds=4.0, grace_seconds=90.0,
        )  # fmt: skip
        self.steps = DeviceSteps({NAME: party}, tools)

    def apply(self) -> Job:
        return self._run(new_job("ab12cd", "desa", [NAME], "siti", self._utc()))

    def rollback(self) -> Job:
        (job,) = self.store.jobs()
        return self._run(undo(job, self._utc()))

    def read(self) -> str:
        return self.device.configuration()

    def _run(self, job: Job) -> Job:
        mine = {kind: getattr(self.steps, kind.value) for kind in (*OF_DEVICE, StepKind.READ, StepKind.REVERT)}
        steps = {kind: mine.get(kind, _nothing) for kind in StepKind}
        try:
            return SiteChange(self.store, steps, self._utc).run(job)
        finally:
            self.steps.close()

    def _secret(self, hole: SecretHole) -> Secret | None:
        return Secret(SECRET) if hole.credential == "lab" else None

    def _cleaned(self, _party: Party, written: str) -> str:
        return mask(self._platform, clean(self._platform, written), lambda secret: f"{len(secret)}")

    def _kept(self, _job: Job, _step: Step, transcript: Transcript) -> None:
        self.said += [(each.sent, each.received) for each in transcript.exchanges]

    def _utc(self) -> datetime:
        return datetime.fromtimestamp(self.device.clock.now(), UTC)

    def _pause(self, seconds: float) -> None:
        """On the device's clock; a moment of ours for what listens to it."""
        self.device.advance(seconds)
        time.sleep(0.02)


def _nothing(_job: Job, _step: Step) -> str:
    return ""


def intent(platform: Platform, text: str) -> Configuration:
    return Configuration(NAME, platform, 0, (Section("part", tuple(text.strip("\n").splitlines())),))


@contextmanager
def telling(
    device: SimulatedDevice,
    wanted: Configuration,
    folder: Path,
    pushing: Pushing | None = None,
    *,
    shared: bool = False,
) -> Iterator[Told]:
    with running_cli(device, password=PASSWORD) as at:
        yield Told(device, at, wanted, folder, pushing or PUSHING[wanted.platform], shared=shared)
