"""Many sites changed in waves, as pure functions: who is next, when it is over, when the rest is left alone.

The first sites are canaries: the others begin when each of these is done and a check of it has passed. Begins nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.changes.records import Job
from domain.language import _, n_


class WaveState(StrEnum):
    OPEN = "open"  # under way, or its process died: `--resume` goes on
    STOPPED = "stopped"  # the rest is left alone until somebody says `--resume`
    DONE = "done"  # nobody is left to begin with; some may have failed


class WaveSiteState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"  # its change was taken back or waits for something


@dataclass(frozen=True, slots=True)
class WaveSite:
    """job: the change of the site. passed, unchecked: how many of its checks. why: of what failed."""

    site: str
    state: WaveSiteState = WaveSiteState.WAITING
    job: str = ""
    passed: int = 0
    unchecked: int = 0
    why: str = ""
    began_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def has_ended(self) -> bool:
        return self.state in (WaveSiteState.DONE, WaveSiteState.FAILED)


@dataclass(frozen=True, slots=True)
class Wave:
    """sites: in the order of the file. canary: how many of the first are asked alone. batch: how many at a time.
    stop_percent: of those that were begun; 0 stops at the first that fails. profile, like, reason: as of `Job`.
    """

    id: str
    actor: str
    made_at: datetime
    sites: tuple[WaveSite, ...]
    canary: int = 1
    batch: int = 8
    stop_percent: float = 10.0
    profile: str = ""
    like: str = ""
    reason: str = ""
    state: WaveState = WaveState.OPEN
    why: str = ""
    changed_at: datetime | None = None

    @property
    def canaries(self) -> tuple[WaveSite, ...]:
        return self.sites[: self.canary]

    @property
    def untouched(self) -> tuple[str, ...]:
        return tuple(each.site for each in self.sites if each.state is WaveSiteState.WAITING)

    @property
    def failed(self) -> tuple[WaveSite, ...]:
        return tuple(each for each in self.sites if each.state is WaveSiteState.FAILED)

    @property
    def ended(self) -> int:
        return sum(each.has_ended for each in self.sites)

    def site(self, slug: str) -> WaveSite:
        return next(each for each in self.sites if each.site == slug)


class WaveStore(Protocol):
    """Waves over restarts. What `put` took is on the disk when it returns."""

    def get(self, id_: str) -> Wave | None: ...

    def waves(self) -> tuple[Wave, ...]:
        """Newest first."""
        ...

    def put(self, wave: Wave) -> None: ...


def new_wave(id_: str, sites: Iterable[str], actor: str, now: datetime) -> Wave:
    """A site that is named twice is in it once."""
    return Wave(id_, actor, now, tuple(WaveSite(site) for site in dict.fromkeys(sites)))


def next_sites(wave: Wave, under_way: Collection[str] = ()) -> tuple[str, ...]:
    """Those to be begun now beside those that are under way; those that were interrupted among them. Empty, and nobody
    is under way: the wave is over.
    """
    if wave.state is not WaveState.OPEN:
        return ()
    left = [each.site for each in wave.canaries if not each.has_ended]
    left = left or [each.site for each in wave.sites if not each.has_ended]
    return tuple(site for site in left if site not in under_way)[: max(wave.batch - len(under_way), 0)]


def own_job(site: WaveSite, newest: Job | None) -> Job | None:
    """The change that its wave had begun when it was interrupted, also if that had come to its end. newest: of the
    site."""
    return newest if newest and site.began_at and newest.made_at >= site.began_at else None


def open_plans(wave: Wave, newest: Mapping[str, Job]) -> tuple[Job, ...]:
    """Changes of its sites that others can agree to, or have agreed to, and that have not come to their end. newest:
    the last change of every site that had one."""
    found = (own_job(each, newest.get(each.site)) for each in wave.sites)
    return tuple(job for job in found if job is not None and not job.is_over)


def begun(wave: Wave, sites: Sequence[str], now: datetime) -> Wave:
    """One that was interrupted keeps its hour, by which the change that it had begun is found again."""
    fresh = [
        replace(each, state=WaveSiteState.RUNNING, began_at=each.began_at or now, ended_at=None)
        for each in wave.sites
        if each.site in sites
    ]
    return _with(wave, fresh, now)


def planned(wave: Wave, site: WaveSite, job: str, now: datetime) -> Wave:
    """It has a change that others can agree to; nobody was told anything."""
    return _with(wave, [replace(site, job=job, began_at=site.began_at or now)], now)


def stopped(wave: Wave, why: str, now: datetime) -> Wave:
    return replace(wave, state=WaveState.STOPPED, why=why, changed_at=now)


def ended(wave: Wave, site: WaveSite, now: datetime) -> Wave:
    return _with(wave, [replace(site, ended_at=now)], now)


def judged(wave: Wave, now: datetime, under_way: Collection[str] = ()) -> Wave:
    """After a site ended: goes on, is over, or stops with its cause. What is under way comes to its end in any case, so
    that nothing is stopped when nobody is left to begin with."""
    left = [each.site for each in wave.sites if not each.has_ended]
    if wave.state is WaveState.OPEN and not left:
        return replace(wave, state=WaveState.DONE, why="", changed_at=now)
    if wave.state is WaveState.DONE or set(left) <= set(under_way):
        return wave
    why = _of_canaries(wave) or _of_rate(wave)
    return stopped(wave, why, now) if why else wave


def resumed(wave: Wave, now: datetime) -> Wave:
    """Somebody has looked: what failed is tried again, and canaries that are done have done their part."""
    again = [WaveSite(each.site) for each in wave.failed]
    canary = 0 if all(each.state is WaveSiteState.DONE for each in wave.canaries) else wave.canary
    return _with(replace(wave, state=WaveState.OPEN, why="", canary=canary), again, now)


def _of_canaries(wave: Wave) -> str:
    for each in wave.canaries:
        if each.state is WaveSiteState.FAILED:
            return _("The canary {site} failed.").format(site=each.site)
        if each.state is WaveSiteState.DONE and not each.passed:
            return _(
                "No check of the canary {site} has passed, so nobody knows whether it works. Look at it, then resume."
            ).format(site=each.site)
    return ""


def _of_rate(wave: Wave) -> str:
    failed = len(wave.failed)
    of = sum(each.state is not WaveSiteState.WAITING for each in wave.sites)  # whoever is under way may yet be good
    if not failed or 100 * failed < wave.stop_percent * of:
        return ""
    return n_(
        "{count} of {of} sites failed; {limit:g} % stop the wave.",
        "{count} of {of} sites failed; {limit:g} % stop the wave.",
        of,
    ).format(count=failed, of=of, limit=wave.stop_percent)


def _with(wave: Wave, sites: Iterable[WaveSite], now: datetime) -> Wave:
    fresh = {each.site: each for each in sites}
    return replace(wave, sites=tuple(fresh.get(each.site, each) for each in wave.sites), changed_at=now)
