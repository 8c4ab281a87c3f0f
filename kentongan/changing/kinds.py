"""What differs between kinds of changes: what is planned for them, and their own steps."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, assert_never

from domain.changes import Job, JobKind, Step, StepKind
from domain.intent import SitePlan
from kentongan.changing.ending import EndSteps, plan_of_ending
from kentongan.changing.replacing import plan_of_replacement
from kentongan.changing.swapping import SwapSteps
from provisioning.changing import Carry

if TYPE_CHECKING:
    from kentongan.changing.changes import SiteChanges


def plan_of(changes: "SiteChanges", job: Job) -> SitePlan:
    """configurations: of the devices that this change tells something, and of no other."""
    match job.kind:
        case JobKind.BUILD:
            now = changes.installation.clock.now().utc
            return changes.planner().plan(job.site, now, profile=job.profile, like=job.like)
        case JobKind.REPLACE | JobKind.SWAPPED:
            return plan_of_replacement(changes, job)
        case JobKind.SUSPEND | JobKind.RESUME | JobKind.DECOMMISSION:
            return plan_of_ending(changes, job)
        case _:
            assert_never(job.kind)


def own_steps(changes: "SiteChanges", job: Job) -> Mapping[StepKind, Carry]:
    """Those that a building has not, or has otherwise."""
    match job.kind:
        case JobKind.BUILD:
            return {}
        case JobKind.REPLACE | JobKind.SWAPPED:
            swap = SwapSteps(changes, job)
            return {
                StepKind.MEET: swap.meet,
                StepKind.VERIFY: swap.verify,
                StepKind.SWAP: swap.swap,
                StepKind.RESTORE: swap.restore,
            }
        case JobKind.SUSPEND | JobKind.RESUME | JobKind.DECOMMISSION:
            end = EndSteps(changes, job)

            def read(job: Job, step: Step) -> str:
                kept = end.back_up(job)
                return "; ".join(filter(None, (kept, changes.devices(job).read(job, step))))

            return {
                StepKind.READ: read,
                StepKind.STAGE: end.stage,
                StepKind.RETIRE: end.retire,
                StepKind.FREE: end.free,
                StepKind.RESTORE: end.restore,
            }
        case _:
            assert_never(job.kind)
