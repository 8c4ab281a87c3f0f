"""Words for changes of sites: kinds, steps and their states, and where a site stands between plan and service."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from console.ports.sites import Task
from domain.changes import Job, JobKind, JobState, Step, StepKind, StepState, WaveSiteState, WaveState, is_approved
from domain.language import _, n_
from domain.network import Stage
from domain.states import State


class Standing(StrEnum):
    """Where a site is, seen from whoever changes it."""

    PLANNED = "planned"
    AGREEING = "agreeing"  # its plan waits for somebody's yes
    AGREED = "agreed"  # whoever was needed said yes, and nobody has gone on with it
    WORKING = "working"
    STOPPED = "stopped"  # a change waits for a person
    UNDOING = "undoing"
    UNDONE = "undone"
    STANDS = "stands"  # built, active or handed over
    SUSPENDED = "suspended"
    RETIRED = "retired"


SHAPES: Final[Mapping[Standing, State | str]] = {
    Standing.PLANNED: State.UNKNOWN,
    Standing.AGREEING: State.DEGRADED,
    Standing.AGREED: State.DEGRADED,
    Standing.WORKING: "maintenance",
    Standing.STOPPED: State.DEGRADED,
    Standing.UNDOING: "maintenance",
    Standing.UNDONE: State.UNREACHABLE,
    Standing.STANDS: State.UP,
    Standing.SUSPENDED: "maintenance",
    Standing.RETIRED: State.UNREACHABLE,
}
"""Nobody is dark by a plan, so none of them is the filled square."""
FIRST: Final = (Standing.STOPPED, Standing.AGREEING, Standing.AGREED, Standing.WORKING, Standing.UNDOING)
ORDER: Final = {each: place for place, each in enumerate((*FIRST, *(x for x in Standing if x not in FIRST)))}
BEFORE: Final = (Stage.PLANNED, Stage.FUNDED)


@dataclass(frozen=True, slots=True)
class Stood:
    """standing with its word and its reason. step, steps: how far a change has come, 0 where none is under way."""

    standing: Standing
    shape: str
    word: str
    why: str = ""
    step: int = 0
    steps: int = 0


def stood(stage: Stage, job: Job | None, task: Task | None) -> Stood:
    standing = _standing(stage, job, task)
    step = steps = 0
    why = ""
    if job is not None and standing in FIRST:
        steps = len(job.steps)
        step = sum(each.state in (StepState.DONE, StepState.UNDONE) for each in job.steps) + 1
        why = job.why.partition("\n")[0]
    if standing is Standing.AGREEING and job is not None:
        count = job.needed - len(set(job.approvers))
        why = n_("{count} more has to agree.", "{count} more have to agree.", count).format(count=count)
    if standing is Standing.AGREED:
        why = _("Everybody who was needed has agreed. Go on with it.")
    if standing in (Standing.STOPPED, Standing.PLANNED, Standing.UNDONE) and task and task.trouble:
        why = why or task.trouble.partition("\n")[0]
    if standing is Standing.UNDONE and job is not None:
        why = why or job.why.partition("\n")[0]
    word = standing_word(standing, stage)
    if standing in (Standing.WORKING, Standing.UNDOING) and steps:
        word = f"{word}, {min(step, steps)}/{steps}"
    return Stood(standing, str(SHAPES[standing]), word, why, min(step, steps), steps)


def _standing(stage: Stage, job: Job | None, task: Task | None) -> Standing:
    is_under_way = task is not None and task.is_under_way
    if job is not None and not job.is_over:
        if job.state is JobState.UNDOING:
            return Standing.UNDOING if is_under_way else Standing.STOPPED
        if is_under_way:
            return Standing.WORKING
        if not _was_asked(job):
            return Standing.STOPPED
        return Standing.AGREED if is_approved(job) else Standing.AGREEING
    if is_under_way:
        return Standing.WORKING
    if stage is Stage.SUSPENDED:
        return Standing.SUSPENDED
    if stage is Stage.RETIRED:
        return Standing.RETIRED
    if stage in BEFORE:
        is_undone = job is not None and job.state is JobState.UNDONE
        return Standing.UNDONE if is_undone else Standing.PLANNED
    return Standing.STANDS


def waits_for_a_yes(job: Job) -> bool:
    return _was_asked(job) and not is_approved(job)


def _was_asked(job: Job) -> bool:
    """Its plan was laid before people, and nothing was done since."""
    step = job.step(StepKind.APPROVE)
    is_asked = step is not None and step.state in (StepState.FAILED, StepState.WAITING) and step.tries > 0
    return is_asked and job.state is JobState.OPEN


def standing_word(standing: Standing, stage: Stage | None = None) -> str:
    words = {
        Standing.PLANNED: _("Planned"),
        Standing.AGREEING: _("Waits for a yes"),
        Standing.AGREED: _("Agreed, not begun"),
        Standing.WORKING: _("Under way"),
        Standing.STOPPED: _("Stopped, waits for you"),
        Standing.UNDOING: _("Being taken back"),
        Standing.UNDONE: _("Taken back"),
        Standing.STANDS: _("Stands"),
        Standing.SUSPENDED: _("Suspended"),
        Standing.RETIRED: _("Retired"),
    }
    return stage_word(stage) if standing is Standing.STANDS and stage is not None else words[standing]


def stage_word(stage: Stage) -> str:
    return {
        Stage.PLANNED: _("Planned"),
        Stage.FUNDED: _("Funded"),
        Stage.BUILT: _("Built"),
        Stage.ACTIVE: _("Active"),
        Stage.HANDED_OVER: _("Handed over"),
        Stage.SUSPENDED: _("Suspended"),
        Stage.RETIRED: _("Retired"),
    }[stage]


def kind_word(kind: JobKind) -> str:
    return {
        JobKind.BUILD: _("Build"),
        JobKind.REPLACE: _("Replace a device"),
        JobKind.SWAPPED: _("A device was exchanged"),
        JobKind.SUSPEND: _("Suspend"),
        JobKind.RESUME: _("Resume"),
        JobKind.DECOMMISSION: _("Take down"),
    }[kind]


def job_word(state: JobState) -> str:
    return {
        JobState.OPEN: _("open"),
        JobState.UNDOING: _("being taken back"),
        JobState.DONE: _("done"),
        JobState.UNDONE: _("taken back"),
    }[state]


def step_word(step: Step) -> str:
    words = {
        StepKind.MEET: _("Meet the new unit"),
        StepKind.ALLOCATE: _("Take addresses"),
        StepKind.RENDER: _("Write configurations"),
        StepKind.READ: _("Read devices as they are"),
        StepKind.APPROVE: _("Ask for agreement"),
        StepKind.ARM: _("Make it come back by itself"),
        StepKind.PUSH: _("Tell it"),
        StepKind.CONFIRM: _("Log in anew and look"),
        StepKind.DISARM: _("Let it stay so"),
        StepKind.SAVE: _("Keep it over a restart"),
        StepKind.BACKUP: _("Back up its configuration"),
        StepKind.VERIFY: _("Check the site"),
        StepKind.REGISTER: _("Put it into the inventory"),
        StepKind.STAGE: _("Set the stage"),
        StepKind.ACCEPT: _("Write the acceptance sheet"),
        StepKind.SWAP: _("Write the exchange down"),
        StepKind.RETIRE: _("Retire its devices"),
        StepKind.FREE: _("Give up its addresses"),
        StepKind.UNREGISTER: _("Take it out of the inventory"),
        StepKind.REVERT: _("Bring it back to before"),
        StepKind.RELEASE: _("Give addresses back"),
        StepKind.RESTORE: _("Bring the inventory back"),
    }
    return words[step.kind]


def step_state_word(state: StepState) -> str:
    return {
        StepState.WAITING: _("waits"),
        StepState.RUNNING: _("under way"),
        StepState.DONE: _("done"),
        StepState.FAILED: _("failed"),
        StepState.UNDONE: _("taken back"),
    }[state]


def wave_word(state: WaveState) -> str:
    return {WaveState.OPEN: _("under way"), WaveState.STOPPED: _("stopped"), WaveState.DONE: _("over")}[state]


def wave_site_word(state: WaveSiteState) -> str:
    return {
        WaveSiteState.WAITING: _("untouched"),
        WaveSiteState.RUNNING: _("under way"),
        WaveSiteState.DONE: _("done"),
        WaveSiteState.FAILED: _("failed"),
    }[state]
