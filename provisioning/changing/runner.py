"""Carries a job through its steps. What is done is kept before the next begins; a killed one goes on where it was."""

from collections.abc import Callable, Mapping
from datetime import datetime

from domain.changes import UNDOING, Job, JobStore, Step, StepKind, begin, fail, finish, next_step, resumed
from domain.shell import ShellError
from provisioning.changing.errors import ChangeError
from provisioning.errors import ProvisioningError

Carry = Callable[[Job, Step], str]
"""Does one step; what it found or did, in words. Raises ChangeError."""


class SiteChange:
    """One instance a call. reached: called at each moment at which the power may fail, with its name, for tests."""

    def __init__(
        self,
        store: JobStore,
        steps: Mapping[StepKind, Carry],
        utc: Callable[[], datetime],
        shown: Callable[[Job, Step], None] = lambda _job, _step: None,
        reached: Callable[[str], None] = lambda _moment: None,
    ) -> None:
        self._store = store
        self._steps = steps
        self._utc = utc
        self._shown = shown
        self._reached = reached

    def run(self, job: Job, before: StepKind | None = None) -> Job:
        """Until it is over or waits, or a step of the kind `before` is next. What went wrong stands in the job; only
        accidents of our own are raised."""
        job = self._store.put(resumed(job, self._utc()))
        ended = ""
        while (step := next_step(job)) is not None and step.kind is not before:
            # And in it how the step before this one ended. Approvals and their revocation come from other processes.
            job = self._store.put(begin(job, step, self._utc()))
            self._reached_if(ended)
            self._shown(job, _now(job, step))
            self._reached(f"{step.name}: begun")
            failed, undoes = None, False
            try:
                evidence = self._steps[step.kind](job, step)
            except (ChangeError, ShellError, ProvisioningError) as error:
                failed, undoes = error, getattr(error, "undoes", False)
            if failed is None:
                self._reached(f"{step.name}: acted")
                job = finish(job, step, self._utc(), evidence)
            else:
                job = fail(job, step, self._utc(), str(failed), undoes=undoes)
            self._shown(job, _now(job, step))
            ended = step.name
            if failed is not None and (not undoes or step.kind in UNDOING):
                break
        job = self._store.put(job)
        self._reached_if(ended)
        return job

    def _reached_if(self, ended: str) -> None:
        if ended:
            self._reached(f"{ended}: kept")


def _now(job: Job, step: Step) -> Step:
    return job.step(step.kind, step.device) or step
