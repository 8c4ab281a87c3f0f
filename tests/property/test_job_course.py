"""Any interleaving of crashes, failures and new tries ends with a site that is whole or as before; never in between."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from domain.changes import DeviceChange, Holder, Job, JobState, Step, StepKind, new_job, undo
from provisioning.changing import Carry, SiteChange
from provisioning.changing.errors import ChangeError, CutOffError

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DEVICES = ("pop", "router")


class Killed(BaseException):
    """As by kill -9: nobody cleans up."""


class Kept:
    """What survives."""

    def __init__(self) -> None:
        self.job: Job | None = None

    def get(self, id_: str) -> Job | None:
        return self.job

    def jobs(self, site: str = "") -> tuple[Job, ...]:
        return (self.job,) if self.job else ()

    def put(self, job: Job) -> Job:
        self.job = job
        return job

    def device(self, job: str, device: str) -> DeviceChange:
        return DeviceChange(job, device)

    def put_device(self, change: DeviceChange) -> None:
        """The devices of this world remember by themselves."""

    def hold(self, holder: Holder) -> Holder:
        return holder


@dataclass
class Network:
    """Devices: 'old' or 'new', armed or not; addresses taken; the inventory."""

    state: dict[str, str] = field(default_factory=lambda: dict.fromkeys(DEVICES, "old"))
    armed: set[str] = field(default_factory=set)
    taken: bool = False
    watched: bool = False

    def power_cut(self) -> None:
        """Whatever was armed comes back by itself while we are away."""
        for device in self.armed:
            self.state[device] = "old"
        self.armed.clear()

    def carry(self, wrong: Callable[[], str]) -> dict[StepKind, Carry]:
        def do(job: Job, step: Step) -> str:
            self._happen(step)
            what = wrong()
            if what == "waits" and step.kind is not StepKind.RELEASE:
                raise ChangeError("not now")
            if what == "fails" and step.kind in (StepKind.PUSH, StepKind.CONFIRM):
                raise CutOffError("cut off")
            return ""

        return dict.fromkeys(StepKind, do)

    def _happen(self, step: Step) -> None:
        match step.kind:
            case StepKind.ALLOCATE:
                self.taken = True
            case StepKind.ARM:
                self.armed.add(step.device)
            case StepKind.PUSH:
                assert step.device in self.armed, "told without a way back"
                self.state[step.device] = "new"
            case StepKind.CONFIRM:
                if self.state[step.device] != "new":
                    raise CutOffError("it came back by itself")
            case StepKind.DISARM:
                if self.state[step.device] != "new":
                    raise CutOffError("it came back by itself")
                self.armed.discard(step.device)
            case StepKind.REGISTER:
                self.watched = True
            case StepKind.UNREGISTER:
                self.watched = False
            case StepKind.REVERT:
                self.state[step.device] = "old"
                self.armed.discard(step.device)
            case StepKind.RELEASE:
                self.taken = False

    @property
    def is_whole(self) -> bool:
        return set(self.state.values()) == {"new"} and self.taken and self.watched and not self.armed

    @property
    def is_untouched(self) -> bool:
        return set(self.state.values()) == {"old"} and not (self.taken or self.watched or self.armed)


@given(st.lists(st.sampled_from(["", "", "", "dies", "waits", "fails", "away", "rollback"]), max_size=60))
def test_it_ends_whole_or_as_before(accidents: list[str]) -> None:
    kept, network = Kept(), Network()
    kept.put(new_job("1", "ds", DEVICES, "siti", NOW))
    script = iter(accidents)

    def reached(_moment: str) -> None:
        match next(script, ""):
            case "dies":
                raise Killed
            case "away":
                network.power_cut()
                raise Killed

    def wrong() -> str:
        return next(script, "")

    change = SiteChange(kept, network.carry(wrong), lambda: NOW, reached=reached)
    for _turn in range(len(accidents) + 3):
        assert kept.job is not None
        if kept.job.is_over:
            break
        if next(script, "") == "rollback":
            kept.put(undo(kept.job, NOW))
        try:
            change.run(kept.job)
        except Killed:
            continue
    job = kept.job
    assert job is not None
    assert job.is_over
    assert network.is_whole if job.state is JobState.DONE else network.is_untouched
    # What was built may be taken back at any later time.
    if job.state is JobState.DONE:
        kept.put(undo(job, NOW))
        assert kept.job is not None
        SiteChange(kept, network.carry(lambda: ""), lambda: NOW).run(kept.job)
        assert network.is_untouched
