"""The course of changes beside building: their order, and what taking them back begins and ends with."""

from datetime import UTC, datetime

import pytest

from domain.changes import Job, JobKind, JobState, StepKind, begin, fail, finish, new_job, next_step, undo

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OF_DEVICE = ("arm", "push", "confirm", "disarm", "save", "backup")


def until(job: Job, kind: StepKind) -> Job:
    """Everything before this step is done, and it is begun."""
    while (step := next_step(job)) is not None and step.kind is not kind:
        job = finish(begin(job, step, NOW), step, NOW)
    assert step is not None
    return begin(job, step, NOW)


def course(job: Job) -> list[str]:
    names = []
    while (step := next_step(job)) is not None:
        names.append(step.name)
        job = finish(begin(job, step, NOW), step, NOW)
    assert job.is_over
    return names


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        (JobKind.REPLACE, ["meet", "render", "read", "approve"], ["verify", "swap"]),
        (JobKind.SUSPEND, ["render", "read", "approve"], ["stage"]),
        (JobKind.RESUME, ["render", "read", "approve"], ["stage"]),
        (JobKind.DECOMMISSION, ["render", "read", "approve"], ["retire", "free"]),
    ],
)
def test_nothing_is_written_down_before_the_devices_are_told(
    kind: JobKind, before: list[str], after: list[str]
) -> None:
    told = [f"{each} olt" for each in OF_DEVICE]
    assert course(new_job("1", "ds", ("olt",), "siti", NOW, kind)) == [*before, *told, *after]


def test_what_is_exchanged_already_is_only_written_down() -> None:
    assert course(new_job("1", "ds", (), "siti", NOW, JobKind.SWAPPED)) == ["swap"]


@pytest.mark.parametrize("kind", [JobKind.REPLACE, JobKind.DECOMMISSION])
def test_devices_come_back_before_what_was_written_down(kind: JobKind) -> None:
    """The keys by which devices are known are among it: with the old ones nobody reached the new unit."""
    job = new_job("1", "ds", ("olt", "rtr"), "siti", NOW, kind)
    last = next(step.kind for step in reversed(job.steps))
    assert course(undo(until(job, last), NOW)) == ["revert rtr", "revert olt", "restore"]


def test_a_failed_push_brings_the_old_unit_back() -> None:
    job = until(new_job("1", "ds", ("olt", "rtr"), "siti", NOW, JobKind.REPLACE), StepKind.PUSH)
    step = next_step(job)
    assert step is not None
    job = fail(job, step, NOW, "refused", undoes=True)
    assert job.state is JobState.UNDOING
    assert course(job) == ["revert olt", "restore"]


def test_what_has_not_begun_leaves_nothing_to_bring_back() -> None:
    job = undo(new_job("1", "ds", ("olt",), "siti", NOW, JobKind.DECOMMISSION), NOW)
    assert job.state is JobState.UNDONE
    assert next_step(job) is None


def test_a_site_that_was_only_looked_at_has_nothing_to_restore() -> None:
    job = undo(until(new_job("1", "ds", ("pop",), "siti", NOW, JobKind.SUSPEND), StepKind.READ), NOW)
    assert job.state is JobState.UNDONE
