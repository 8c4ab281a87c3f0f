"""What is kept of a change while it runs and afterwards. Nothing in it is a secret."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.intent import Change


class JobKind(StrEnum):
    """What is done to the site."""

    BUILD = "build"
    REPLACE = "replace"  # one device by another unit, which is told what the old one was
    SWAPPED = "swapped"  # the same where it is done already: only written down
    SUSPEND = "suspend"
    RESUME = "resume"
    DECOMMISSION = "decommission"


class JobState(StrEnum):
    OPEN = "open"  # under way, or waiting for something: the next `apply` goes on
    UNDOING = "undoing"
    DONE = "done"
    UNDONE = "undone"


class StepState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"  # begun; whether it took effect is found out by doing it again
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"


class StepKind(StrEnum):
    """In the order in which they come; those of a device once for each device. The last four only undo."""

    MEET = "meet"
    ALLOCATE = "allocate"
    RENDER = "render"
    READ = "read"
    APPROVE = "approve"
    ARM = "arm"
    PUSH = "push"
    CONFIRM = "confirm"
    DISARM = "disarm"
    SAVE = "save"
    BACKUP = "backup"
    VERIFY = "verify"
    REGISTER = "register"
    STAGE = "stage"
    ACCEPT = "accept"
    SWAP = "swap"
    RETIRE = "retire"
    FREE = "free"
    UNREGISTER = "unregister"
    REVERT = "revert"
    RELEASE = "release"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class Step:
    """device: '' for a step of the whole site. evidence: what it found or did, or why it failed."""

    kind: StepKind
    device: str = ""
    state: StepState = StepState.WAITING
    tries: int = 0
    evidence: str = ""
    began_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def name(self) -> str:
        return f"{self.kind.value} {self.device}".rstrip()


@dataclass(frozen=True, slots=True)
class Job:
    """One change of one site. fingerprint: of everything that will be told to devices; what is approved.

    approvers: who agreed, in their order. needed: how many have to. reason: why it is an emergency ('': it is none);
    then nobody else is asked. profile, like: what the site was planned with. why: what it waits for, or why it was
    undone. order: what a person asked for beside the site, in words of its kind; it never changes.
    """

    id: str
    site: str
    actor: str
    made_at: datetime
    steps: tuple[Step, ...]
    state: JobState = JobState.OPEN
    fingerprint: str = ""
    approvers: tuple[str, ...] = ()
    needed: int = 1
    reason: str = ""
    profile: str = ""
    like: str = ""
    why: str = ""
    changed_at: datetime | None = None
    kind: JobKind = JobKind.BUILD
    order: Mapping[str, str] = field(default_factory=dict)

    @property
    def devices(self) -> tuple[str, ...]:
        """Those that are told something, in their order."""
        return tuple(dict.fromkeys(step.device for step in self.steps if step.device))

    @property
    def is_over(self) -> bool:
        return self.state in (JobState.DONE, JobState.UNDONE)

    def step(self, kind: StepKind, device: str = "") -> Step | None:
        return next((each for each in self.steps if each.kind is kind and each.device == device), None)


@dataclass(frozen=True, slots=True)
class DeviceChange:
    """What one job knows of one device. before: its configuration as it was read before anything was told, secrets
    masked. sent: every change that was ever sent, kept before it is sent, in its order. login: the credential that it
    was logged in to with before.
    """

    job: str
    device: str
    before: str = ""
    sent: tuple[Change, ...] = ()
    armed_at: datetime | None = None
    login: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who works on a site now. machine, process: where, so that a dead one can be told from a living one."""

    site: str
    who: str
    since: datetime
    machine: str
    process: str


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    UNCHECKED = "not-checked"


@dataclass(frozen=True, slots=True)
class Checked:
    """One check and what it found. evidence: figures by name, plain JSON values. why: of what did not pass."""

    name: str
    outcome: Outcome
    device: str = ""
    why: str = ""
    evidence: dict[str, object] = field(default_factory=dict)
