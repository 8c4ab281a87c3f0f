"""A site being built or changed on its devices: the job, its steps, what comes next and what has to be undone."""

from domain.changes.machine import approve, begin, fail, finish, is_approved, new_job, next_step, resumed, revoke, undo
from domain.changes.ports import JobStore, Ping, PingAnswer, Probe
from domain.changes.records import Checked, DeviceChange, Holder, Job, JobState, Outcome, Step, StepKind, StepState

__all__ = [
    "Checked",
    "DeviceChange",
    "Holder",
    "Job",
    "JobState",
    "JobStore",
    "Outcome",
    "Ping",
    "PingAnswer",
    "Probe",
    "Step",
    "StepKind",
    "StepState",
    "approve",
    "begin",
    "fail",
    "finish",
    "is_approved",
    "new_job",
    "next_step",
    "resumed",
    "revoke",
    "undo",
]
