"""What comes next in a change of a site, what an interruption does to it, and in which order it is taken back."""

from dataclasses import replace
from datetime import UTC, datetime

from domain.changes import (
    Job,
    JobState,
    StepKind,
    StepState,
    approve,
    begin,
    fail,
    finish,
    is_approved,
    new_job,
    next_step,
    resumed,
    revoke,
    undo,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def job_until(kind: StepKind, device: str = "") -> Job:
    """Everything before this step is done; it is next."""
    job = new_job("1", "ds", ("pop", "router"), "siti", NOW)
    while (step := next_step(job)) is not None and (step.kind, step.device) != (kind, device):
        job = finish(begin(job, step, NOW), step, NOW)
    assert step is not None
    return job


def course(job: Job) -> list[str]:
    """The names of the steps from here to the end."""
    names = []
    while (step := next_step(job)) is not None:
        names.append(step.name)
        job = finish(begin(job, step, NOW), step, NOW)
    assert job.is_over
    return names


def states(job: Job, device: str) -> dict[StepKind, StepState]:
    return {step.kind: step.state for step in job.steps if step.device == device}


def test_a_device_is_armed_before_it_is_told_and_each_is_ended_before_the_next() -> None:
    of_device = ["arm", "push", "confirm", "disarm", "save", "backup"]
    assert course(new_job("1", "ds", ("pop", "router"), "siti", NOW)) == [
        "allocate", "render", "read", "approve",
        *(f"{kind} pop" for kind in of_device), *(f"{kind} router" for kind in of_device),
        "verify", "register", "stage", "accept",
    ]  # fmt: skip


def test_what_failed_and_undoes_nothing_is_next_again() -> None:
    job = job_until(StepKind.READ)
    step = next_step(job)
    assert step is not None
    job = fail(begin(job, step, NOW), step, NOW, "silent", undoes=False)
    again = next_step(job)
    assert again is not None
    assert (job.state, job.why, again.kind, again.tries) == (JobState.OPEN, "silent", StepKind.READ, 1)
    job = finish(begin(job, again, NOW), again, NOW)
    assert job.why == ""


def test_a_device_that_was_armed_when_we_died_is_armed_and_told_anew() -> None:
    """It may have come back by itself meanwhile."""
    job = resumed(job_until(StepKind.DISARM, "router"), NOW)
    assert states(job, "router")[StepKind.ARM] is StepState.WAITING
    assert states(job, "router")[StepKind.PUSH] is StepState.WAITING
    assert states(job, "pop")[StepKind.ARM] is StepState.DONE, "it was disarmed: nothing can come back there"
    step = next_step(job)
    assert step is not None
    assert step.name == "arm router"


def test_nothing_is_told_anew_to_who_was_disarmed() -> None:
    job = job_until(StepKind.SAVE, "router")
    assert resumed(job, NOW) == job


def test_it_is_taken_back_the_last_first_and_addresses_after_all_devices() -> None:
    job = undo(job_until(StepKind.STAGE), NOW)
    assert course(job) == ["unregister", "revert router", "revert pop", "release"]
    assert undo(job, NOW) == job
    early = undo(job_until(StepKind.ARM, "pop"), NOW)
    assert course(early) == ["release"]
    nothing = undo(new_job("1", "ds", ("pop",), "siti", NOW), NOW)
    assert nothing.state is JobState.UNDONE


def test_a_failure_that_undoes_takes_back_what_was_told_alone() -> None:
    job = job_until(StepKind.PUSH, "pop")
    step = next_step(job)
    assert step is not None
    job = fail(begin(job, step, NOW), step, NOW, "cut off", undoes=True)
    assert (job.state, job.why) == (JobState.UNDOING, "cut off")
    assert course(job) == ["revert pop", "release"]


def test_a_failed_way_back_is_gone_again_and_never_undone_itself() -> None:
    job = undo(job_until(StepKind.CONFIRM, "router"), NOW)
    step = next_step(job)
    assert step is not None
    job = fail(begin(job, step, NOW), step, NOW, "unreachable", undoes=True)
    assert job.state is JobState.UNDOING
    assert course(job) == ["revert router", "revert pop", "release"]


def test_two_people_have_to_agree_and_one_may_take_it_back() -> None:
    job = replace(job_until(StepKind.ARM, "pop"), needed=2)
    job = approve(approve(job, "siti", NOW), "siti", NOW)
    assert not is_approved(job), "one person twice is one person"
    job = approve(job, "budi", NOW)
    assert is_approved(job)
    job = revoke(job, "budi", NOW)
    step = next_step(job)
    assert step is not None
    assert step.kind is StepKind.APPROVE, "no device is told before they agree again"
    assert is_approved(replace(job, reason="flood")), "an emergency asks nobody"


def test_a_job_that_is_over_has_nothing_next_and_no_agreement_to_take_back() -> None:
    job = job_until(StepKind.ACCEPT)
    step = next_step(job)
    assert step is not None
    job = finish(begin(job, step, NOW), step, NOW)
    assert job.state is JobState.DONE
    assert next_step(job) is None
    assert next_step(revoke(job, "siti", NOW)) is None
