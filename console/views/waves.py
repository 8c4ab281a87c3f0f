"""Waves of sites for people: how far each has come, what failed and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from console.ports.sites import Task
from console.views.changes import wave_site_word, wave_word
from console.views.sorting import Columns
from console.views.speech import moment, number
from domain.accounts import Account
from domain.changes import Job, Wave, WaveSiteState, WaveState, is_approved, open_plans

MOST_SITES: Final = 500
MOST_BATCH: Final = 64


@dataclass(frozen=True, slots=True)
class WavePlan:
    """What is to be agreed to at one site. mark: its fingerprint, cut. missing: how many more must agree."""

    site: str
    name: str
    job: str
    mark: str
    agreed: tuple[str, ...]
    missing: int


@dataclass(frozen=True, slots=True)
class WaveView:
    id: str
    state: str
    shape: str
    who: str
    at: str
    why: str
    sites: int
    done: int
    failed: int
    running: int
    canary: int
    batch: int
    stop_at: str
    percent: int
    rows: tuple[tuple[str, str, str, str, str], ...]
    is_moving: bool
    resumes: bool
    made_seconds: float
    plans: tuple[WavePlan, ...] = ()
    given: str = ""
    waits: int = 0

    @property
    def parts(self) -> tuple[str, ...]:
        """What can be looked for."""
        return self.id, self.state, self.who, self.why, *(part for row in self.rows for part in row[:2])

    def agreed_by(self, who: str) -> bool:
        """To all of it."""
        return bool(self.plans) and all(who in plan.agreed for plan in self.plans)


def wave_view(
    wave: Wave,
    task: Task | None,
    zone: tzinfo,
    now: datetime,
    names: Mapping[str, str],
    newest: Mapping[str, Job],
) -> WaveView:
    """names: site → what it is called, of those that are seen; others are left out of the rows. newest: the last change
    of every site that had one. given: all that is agreed to, as a form hands it back: see plans_given.
    """
    jobs = open_plans(wave, newest) if wave.state is not WaveState.DONE else ()
    plans = tuple(
        WavePlan(
            job.site,
            names[job.site],
            job.id,
            job.fingerprint[:12],
            job.approvers,
            0 if is_approved(job) else job.needed - len(set(job.approvers)),
        )
        for job in jobs
        if job.site in names
    )
    count = {state: sum(each.state is state for each in wave.sites) for state in WaveSiteState}
    is_ordered = task is not None and task.is_under_way
    is_moving = is_ordered and (wave.state is WaveState.OPEN or (task is not None and task.subject == wave.id))
    shapes = {WaveState.OPEN: "maintenance", WaveState.STOPPED: "degraded", WaveState.DONE: "up"}
    shape = "degraded" if wave.failed else shapes[wave.state]
    ended = count[WaveSiteState.DONE] + count[WaveSiteState.FAILED]
    return WaveView(
        wave.id,
        wave_word(wave.state),
        "maintenance" if is_moving else shape,
        wave.actor,
        moment(wave.made_at, zone, now.astimezone(zone).date()),
        wave.why,
        len(wave.sites),
        count[WaveSiteState.DONE],
        count[WaveSiteState.FAILED],
        count[WaveSiteState.RUNNING],
        wave.canary,
        wave.batch,
        number(wave.stop_percent),
        100 * ended // max(1, len(wave.sites)),
        tuple(
            (each.site, names[each.site], wave_site_word(each.state), _site_shape(each.state), each.why)
            for each in wave.sites
            if each.site in names
        ),
        is_moving,
        not is_moving and (wave.state is not WaveState.DONE or bool(wave.failed)),
        wave.made_at.timestamp(),
        plans,
        " ".join(f"{job.site}={job.fingerprint}" for job in jobs if job.site in names),
        sum(plan.missing > 0 for plan in plans),
    )


COLUMNS: Final[Columns[WaveView]] = {
    "state": lambda wave: wave.state,
    "wave": lambda wave: wave.id,
    "sites": lambda wave: wave.sites,
    "done": lambda wave: wave.done,
    "failed": lambda wave: wave.failed or None,
    "by": lambda wave: wave.who,
    "begun": lambda wave: wave.made_seconds,
}


def plans_given(text: str) -> dict[str, str]:
    """site → fingerprint, of what a page had shown."""
    return {site: mark for site, equals, mark in (part.partition("=") for part in text.split()) if equals}


def trouble_of(task: Task, account: Account) -> str:
    """Why the last order came to nothing; it may name sites that only who gave it, or sees everything, may see."""
    is_theirs = account.sees_everything or task.who == account.name
    return task.trouble if is_theirs and not task.is_under_way else ""


def _site_shape(state: WaveSiteState) -> str:
    return {
        WaveSiteState.WAITING: "unknown",
        WaveSiteState.RUNNING: "maintenance",
        WaveSiteState.DONE: "up",
        WaveSiteState.FAILED: "degraded",
    }[state]
