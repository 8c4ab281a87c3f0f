"""The list of sites by how their change stands, and one site's changes whole: steps, plan, history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from typing import Final

from console.ports import Look
from console.ports.sites import Said, Task
from console.views.changes import (
    ORDER,
    SHAPES,
    Standing,
    Stood,
    job_word,
    kind_word,
    stage_word,
    standing_word,
    step_state_word,
    step_word,
    stood,
    waits_for_a_yes,
)
from console.views.places import kecamatan_of, place_name
from console.views.sheet import Leaf, holds, leaf_of
from console.views.sorting import Columns, in_order
from console.views.speech import lasting, moment, number
from domain.changes import Job, JobState, Step, StepKind, StepState
from domain.language import _
from domain.network import Site, Stage

LONGEST_FILTER = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; everything empty shows all."""

    text: str = ""
    standings: frozenset[Standing] = frozenset()
    kecamatan: str = ""
    page: int = 1
    sort: str = ""


@dataclass(frozen=True, slots=True)
class SiteRow:
    """since_seconds: the same as since, in unix seconds; None where it is blank."""

    slug: str
    place: str
    kecamatan: str
    kind: str
    stage: str
    stood: Stood
    change: str
    who: str
    since: str
    since_seconds: float | None


@dataclass(frozen=True, slots=True)
class SiteList:
    rows: Leaf[SiteRow]
    all: tuple[SiteRow, ...]
    counts: tuple[tuple[Standing, str, str, int], ...]
    kecamatan: tuple[str, ...]


def list_of(
    look: Look, jobs: Mapping[str, Job], tasks: Mapping[str, Task], wanted: Wanted, zone: tzinfo, *, knows: bool
) -> SiteList:
    """What waits for somebody first. knows: whether whoever looks may read why something came to nothing."""
    today = look.at.astimezone(zone).date()
    rows = [
        row_of(site, look, jobs.get(site.slug), tasks.get(site.slug), zone, today, knows=knows)
        for site in look.inventory.sites
    ]
    fitting = [
        row
        for row in rows
        if wanted.kecamatan in ("", row.kecamatan)
        and holds((row.slug, row.place, row.who), wanted.text[:LONGEST_FILTER])
    ]
    shown = [row for row in fitting if not wanted.standings or row.stood.standing in wanted.standings]
    shown.sort(key=lambda row: (ORDER[row.stood.standing], row.kecamatan, row.slug))
    shown = in_order(shown, COLUMNS, wanted.sort)
    counts = tuple(
        (each, str(SHAPES[each]), standing_word(each), sum(row.stood.standing is each for row in fitting))
        for each in ORDER
    )
    return SiteList(
        leaf_of(shown, wanted.page),
        tuple(shown),
        counts,
        tuple(sorted({row.kecamatan for row in rows if row.kecamatan})),
    )


COLUMNS: Final[Columns[SiteRow]] = {
    "state": lambda row: ORDER[row.stood.standing],
    "site": lambda row: row.place,
    "stage": lambda row: row.stage,
    "why": lambda row: row.stood.why,
    "change": lambda row: row.change,
    "by": lambda row: row.who,
    "since": lambda row: row.since_seconds,
}


def row_of(
    site: Site, look: Look, job: Job | None, task: Task | None, zone: tzinfo, today: date, *, knows: bool
) -> SiteRow:
    now = stood(site.stage, job, task)
    return SiteRow(
        site.slug,
        place_name(site, look.names),
        kecamatan_of(site.region_code, look.names),
        site.kind.value,
        stage_word(site.stage),
        now if knows else replace(now, why=""),
        kind_word(job.kind) if job else "",
        job.actor if job else "",
        moment(job.changed_at or job.made_at, zone, today) if job else "",
        (job.changed_at or job.made_at).timestamp() if job else None,
    )


# -- one site --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StepRow:
    state: StepState
    state_word: str
    word: str
    device: str
    tries: int
    at: str
    lasted: str
    evidence: str


@dataclass(frozen=True, slots=True)
class JobView:
    """mark: of what is agreed to. missing: how many have yet to agree. agrees: may be asked now. goes_on: can be gone
    on with. undoes: can be taken back."""

    id: str
    kind: str
    state: str
    who: str
    at: str
    why: str
    emergency: str
    mark: str
    approvers: tuple[str, ...]
    needed: int
    missing: int
    agrees: bool
    goes_on: bool
    undoes: bool
    steps: tuple[StepRow, ...]


@dataclass(frozen=True, slots=True)
class SitePage:
    """device: names of those that can be replaced. may_*: what its stage lets one order."""

    slug: str
    place: str
    stage: str
    stood: Stood
    task: str
    trouble: str
    job: JobView | None
    history: tuple[tuple[str, str, str, str, str], ...]
    devices: tuple[tuple[str, str, str, str], ...]
    is_planned: bool
    is_built: bool
    is_suspended: bool
    is_moving: bool


def page_of(site: Site, look: Look, jobs: Sequence[Job], task: Task | None, zone: tzinfo, *, knows: bool) -> SitePage:
    """knows: whether whoever looks may read what steps found."""
    today = look.at.astimezone(zone).date()
    newest = jobs[0] if jobs else None
    is_moving = task is not None and task.is_under_way
    built = (Stage.BUILT, Stage.ACTIVE, Stage.HANDED_OVER)
    now = stood(site.stage, newest, task)
    return SitePage(
        site.slug,
        place_name(site, look.names),
        stage_word(site.stage),
        now if knows else replace(now, why=""),
        _said_of(task, zone, today) if task and is_moving else "",
        task.trouble if task and knows and not is_moving else "",
        job_view(newest, zone, today, knows=knows, is_moving=is_moving) if newest else None,
        tuple(
            (job.id, kind_word(job.kind), job_word(job.state), moment(job.made_at, zone, today), job.actor)
            for job in jobs
        ),
        tuple(
            (each.name, each.role.value, each.model, each.serial if knows else "")
            for each in look.inventory.used_at_site.get(site.slug, ())
        ),
        site.stage in (Stage.PLANNED, Stage.FUNDED),
        site.stage in built,
        site.stage is Stage.SUSPENDED,
        is_moving,
    )


def job_view(job: Job, zone: tzinfo, today: date, *, knows: bool, is_moving: bool = False) -> JobView:
    waits = not job.is_over and not is_moving
    return JobView(
        job.id,
        kind_word(job.kind),
        job_word(job.state),
        job.actor,
        moment(job.made_at, zone, today),
        job.why if knows else "",
        job.reason if knows else "",
        job.fingerprint,
        job.approvers,
        job.needed,
        max(0, job.needed - len(set(job.approvers))),
        waits_for_a_yes(job),
        waits,
        (waits and job.state is JobState.OPEN) or (job.state is JobState.DONE and not is_moving),
        tuple(_step(step, zone, today, knows=knows) for step in job.steps),
    )


def _step(step: Step, zone: tzinfo, today: date, *, knows: bool) -> StepRow:
    lasted, at = "", step.ended_at or step.began_at
    if step.began_at and step.ended_at:
        seconds = (step.ended_at - step.began_at).total_seconds()
        short = _("{n} s").format(n=number(seconds, 1)) if seconds >= 0.05 else ""
        lasted = lasting(step.ended_at - step.began_at) if seconds >= 60 else short
    asks = step.kind is StepKind.APPROVE and step.state is StepState.FAILED
    evidence = "" if asks or not knows else step.evidence
    if step.kind is StepKind.ACCEPT and step.state is StepState.DONE:
        evidence = ""  # files of the server; the page leads to the sheet
    return StepRow(
        step.state,
        _("waits for a yes") if asks else step_state_word(step.state),
        step_word(step),
        step.device,
        step.tries,
        moment(at, zone, today) if at else "",
        lasted,
        evidence,
    )


def _said_of(task: Task, zone: tzinfo, today: date) -> str:
    return _("{who} gave the order at {at}.").format(who=task.who, at=moment(task.at, zone, today))


def said_rows(
    said: Sequence[Said], zone: tzinfo, today: date
) -> list[tuple[str, str, str, tuple[tuple[str, str], ...]]]:
    return [(moment(each.at, zone, today), each.device, each.step, each.lines) for each in said]
