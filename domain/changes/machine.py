"""The course of a job, as pure functions: what is next, and what has to be undone once something went wrong.

A step is kept as running before it acts and as done after; so whoever finds a running one does it again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from domain.changes.records import Job, JobKind, JobState, Step, StepKind, StepState

OF_DEVICES: Final = (
    StepKind.ARM,
    StepKind.PUSH,
    StepKind.CONFIRM,
    StepKind.DISARM,
    StepKind.SAVE,
    StepKind.BACKUP,
)
BEFORE: Final = (StepKind.ALLOCATE, StepKind.RENDER, StepKind.READ, StepKind.APPROVE)
AFTER: Final = (StepKind.VERIFY, StepKind.REGISTER, StepKind.STAGE, StepKind.ACCEPT)
LOOKED: Final = (StepKind.RENDER, StepKind.READ, StepKind.APPROVE)
COURSES: Final[Mapping[JobKind, tuple[tuple[StepKind, ...], tuple[StepKind, ...]]]] = MappingProxyType(
    {
        JobKind.BUILD: (BEFORE, AFTER),
        JobKind.REPLACE: ((StepKind.MEET, *LOOKED), (StepKind.VERIFY, StepKind.SWAP)),
        JobKind.SWAPPED: ((), (StepKind.SWAP,)),
        JobKind.SUSPEND: (LOOKED, (StepKind.STAGE,)),
        JobKind.RESUME: (LOOKED, (StepKind.STAGE,)),
        JobKind.DECOMMISSION: (LOOKED, (StepKind.RETIRE, StepKind.FREE)),
    }
)
"""What comes before the devices are told, and after."""
UNDOING: Final = frozenset({StepKind.UNREGISTER, StepKind.REVERT, StepKind.RELEASE, StepKind.RESTORE})
_RESTORED: Final = frozenset({StepKind.MEET, StepKind.SWAP, StepKind.STAGE, StepKind.RETIRE, StepKind.FREE})


def new_job(
    id_: str,
    site: str,
    devices: Sequence[str],
    actor: str,
    now: datetime,
    kind: JobKind = JobKind.BUILD,
    order: Mapping[str, str] = MappingProxyType({}),
) -> Job:
    """devices: those that will be told something, in the order in which they are."""
    before, after = COURSES[kind]
    steps = (
        *(Step(each) for each in before),
        *(Step(each, device) for device in devices for each in OF_DEVICES),
        *(Step(each) for each in after),
    )
    return Job(id_, site, actor, now, steps, kind=kind, order=dict(order))


def next_step(job: Job) -> Step | None:
    """None: the job is over."""
    if job.is_over:
        return None
    wanted = [step for step in job.steps if (step.kind in UNDOING) is (job.state is JobState.UNDOING)]
    return next((step for step in wanted if step.state not in (StepState.DONE, StepState.UNDONE)), None)


def begin(job: Job, step: Step, now: datetime) -> Job:
    running = replace(step, state=StepState.RUNNING, tries=step.tries + 1, began_at=now, ended_at=None)
    return _with(job, running, now)


def finish(job: Job, step: Step, now: datetime, evidence: str = "") -> Job:
    """The last step of all ends the job."""
    job = _with(job, _ended(job, step, StepState.DONE, now, evidence), now)
    if step.kind is StepKind.REVERT:
        job = _undone(job, (each for each in job.steps if each.device == step.device), now)
    if next_step(job) is not None:
        return replace(job, why="" if job.state is JobState.OPEN else job.why)
    if job.state is JobState.UNDOING:
        return replace(_undone(job, job.steps, now), state=JobState.UNDONE)
    return replace(job, state=JobState.DONE, why="")


def fail(job: Job, step: Step, now: datetime, why: str, *, undoes: bool) -> Job:
    """undoes: nothing may stay as it is. Otherwise the job waits, and the step is done again by the next `apply`."""
    job = replace(_with(job, _ended(job, step, StepState.FAILED, now, why), now), why=why)
    return undo(job, now) if undoes and job.state is JobState.OPEN else job


def undo(job: Job, now: datetime) -> Job:
    """Everything that was begun, the last first. A job that was undone stays so."""
    if job.state in (JobState.UNDOING, JobState.UNDONE):
        return job
    begun = [step for step in job.steps if step.tries]
    told = dict.fromkeys(step.device for step in reversed(begun) if step.kind is StepKind.ARM)
    steps = [Step(StepKind.REVERT, device) for device in told]
    if job.kind is not JobKind.BUILD:
        # Last: the keys by which the devices are known are among what comes back.
        if any(step.kind in _RESTORED for step in begun):
            steps.append(Step(StepKind.RESTORE))
    elif any(step.kind in (StepKind.REGISTER, StepKind.STAGE) for step in begun):
        steps.insert(0, Step(StepKind.UNREGISTER))
    if any(step.kind is StepKind.ALLOCATE for step in begun):
        steps.append(Step(StepKind.RELEASE))
    state = JobState.UNDOING if steps else JobState.UNDONE
    return replace(job, steps=(*job.steps, *steps), state=state, changed_at=now)


def is_approved(job: Job) -> bool:
    """Whoever applies has agreed by it; an emergency asks nobody."""
    return bool(job.reason) or len(set(job.approvers)) >= job.needed


def approve(job: Job, who: str, now: datetime) -> Job:
    return job if who in job.approvers else replace(job, approvers=(*job.approvers, who), changed_at=now)


def revoke(job: Job, who: str, now: datetime) -> Job:
    """The step is asked again unless a device was told something already; no further device is told anything."""
    job = replace(job, approvers=tuple(each for each in job.approvers if each != who), changed_at=now)
    step = job.step(StepKind.APPROVE)
    if is_approved(job) or step is None or job.state is not JobState.OPEN:
        return job
    return _with(job, replace(step, state=StepState.WAITING), now)


def _with(job: Job, step: Step, now: datetime) -> Job:
    steps = tuple(step if (each.kind, each.device) == (step.kind, step.device) else each for each in job.steps)
    return replace(job, steps=steps, changed_at=now)


def _ended(job: Job, step: Step, state: StepState, now: datetime, evidence: str) -> Step:
    held = job.step(step.kind, step.device) or step
    return replace(held, state=state, ended_at=now, evidence=evidence)


def _undone(job: Job, steps: Iterable[Step], now: datetime) -> Job:
    for step in steps:
        if step.kind not in UNDOING and step.tries:
            job = _with(job, replace(step, state=StepState.UNDONE), now)
    return job


def resumed(job: Job, now: datetime) -> Job:
    """Taken up again, perhaps after days: a device that was armed and not disarmed may have reverted by itself. Where
    one had been changed by others before it was armed, all that were told nothing are read anew."""
    read = job.step(StepKind.READ)
    armed_in_vain = any(step.kind is StepKind.ARM and step.state is StepState.FAILED for step in job.steps)
    if read is not None and armed_in_vain and job.state is JobState.OPEN:
        job = _with(job, replace(read, state=StepState.WAITING), now)
    for device in job.devices if job.state is JobState.OPEN else ():
        armed, disarmed = job.step(StepKind.ARM, device), job.step(StepKind.DISARM, device)
        if armed is None or disarmed is None or armed.state is StepState.WAITING:
            continue
        if disarmed.state is not StepState.DONE:
            for kind in (StepKind.ARM, StepKind.PUSH, StepKind.CONFIRM, StepKind.DISARM):
                step = job.step(kind, device)
                if step is not None:
                    job = _with(job, replace(step, state=StepState.WAITING), now)
    return job
