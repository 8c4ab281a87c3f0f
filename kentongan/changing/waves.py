"""Waves wired: sites changed side by side in threads, each kept before and after; taken up again."""

import contextvars
import secrets as randomness
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import datetime
from functools import cache

from collectors.profiles import shipped_profiles
from domain.changes import (
    Checked,
    Job,
    JobState,
    Outcome,
    Step,
    StepKind,
    Wave,
    WaveSite,
    WaveSiteState,
    WaveState,
    is_approved,
)
from domain.changes.waves import (
    begun,
    ended,
    judged,
    new_wave,
    next_sites,
    open_plans,
    own_job,
    planned,
    resumed,
    stopped,
)
from domain.language import _, n_
from domain.shell import ShellError
from kentongan.changing.caches import CachedInstallation
from kentongan.changing.changes import SiteChanges
from kentongan.changing.document_process import DocumentProcess
from kentongan.changing.locks import WAVE, JobHolds, NamedLocks
from kentongan.changing.ports import lives
from kentongan.changing.sheet import checks_kept
from kentongan.errors import KentonganError, UsageError
from kentongan.installation import Installation
from provisioning.errors import ProvisioningError
from provisioning.store.changes import SqlJobStore
from provisioning.store.waves import SqlWaveStore

ShownStep = Callable[[Job, Step], None]


class SiteWaves:
    """Waves of one installation. contacts: device → address of its first contact. shown: each time something changed.
    shown_step: called from the threads of the sites. reached: for tests, as of SiteChange; after the site's slug."""

    def __init__(
        self,
        installation: Installation,
        heartbeat_url: str,
        *,
        contacts: Mapping[str, str] | None = None,
        shown: Callable[[Wave], None] = lambda _wave: None,
        shown_step: ShownStep = lambda _job, _step: None,
        reached: Callable[[str], None] = lambda _moment: None,
    ) -> None:
        self.installation = CachedInstallation(installation)
        self._url = heartbeat_url
        self._contacts = dict(contacts or {})
        self._shown = shown
        self._shown_step = shown_step
        self._reached = reached
        clock = installation.clock
        self.store = SqlWaveStore(installation.database.engine)
        self._jobs = SqlJobStore(installation.database.engine, lambda: clock.now().unix_seconds, lives)
        self._locks = NamedLocks()
        self._profiles = cache(lambda: shipped_profiles(installation.loaded.profiles))
        self._holding = JobHolds(self._jobs, installation.actor, self._utc, self._locks)

    def begin(
        self,
        sites: Iterable[str],
        *,
        canary: int,
        batch: int,
        stop_percent: float,
        profile: str = "",
        like: str = "",
        reason: str = "",
    ) -> Wave:
        """Every site is known before the first is begun. Raises UsageError; then nothing is."""
        made = new_wave(randomness.token_hex(3), sites, self.installation.actor, self._utc())
        self._check([each.site for each in made.sites])
        wave = replace(
            made,
            canary=min(canary, len(made.sites)),
            batch=batch,
            stop_percent=stop_percent,
            profile=profile,
            like=like,
            reason=reason,
        )
        self.store.put(wave)
        self.installation.record("wave begun", wave.id, sites=len(wave.sites), canary=canary, batch=batch)
        return self._run(wave)

    def resume(self, id_: str = "") -> Wave:
        """Without a number: the last one, if anything of it is left to do. Raises UsageError."""
        found = self.store.get(id_) if id_ else next(iter(self.store.waves()), None)
        if found is None or (found.state is WaveState.DONE and not found.failed):
            raise UsageError(_("No wave waits to be resumed. See: kentongan site waves"))
        with self._holding.of([WAVE + found.id]):
            wave = resumed(found, self._utc())
            self.store.put(wave)
        self.installation.record("wave resumed", wave.id, left=len(wave.sites) - wave.ended)
        return self._run(wave)

    def _check(self, sites: list[str]) -> None:
        known = self.installation.inventory.read().site_by_slug
        missing = [site for site in sites if site not in known]
        if missing or not sites:
            raise UsageError(
                _("There is no site {site}. Its slug stands in sites.csv.").format(site=", ".join(missing[:10]))
                if missing
                else _("The file names no site. Write one slug a line, or a column `slug`.")
            )

    def _run(self, wave: Wave) -> Wave:
        with self._holding.of([WAVE + wave.id]), DocumentProcess() as writer:
            if self.installation.loaded.settings.changes.approvals > 1 and not wave.reason:
                wave = self._planned(wave)
            wave = self._carried(wave, writer)
        detail = {"failed": [each.site for each in wave.failed], "untouched": list(wave.untouched), "why": wave.why}
        self.installation.record(f"wave {wave.state.value}", wave.id, **detail)
        return wave

    # -- agreed on by others -----------------------------------------------------------------------------------------

    def agree(self, id_: str = "", *, revoke: bool = False) -> tuple[Wave, tuple[Job, ...]]:
        """One act for the plans of all its sites that are not done; each stands in the journal with its mark, and all
        of them with the wave. Without a number: the last one. Raises UsageError."""
        wave, jobs = self.plans(id_)
        changes = SiteChanges(self.installation, self._url)
        agreed = tuple(changes.revoke(job.site) if revoke else changes.approve(job.site) for job in jobs)
        action = "wave approval revoked" if revoke else "wave approved"
        self.installation.record(action, wave.id, plans={job.site: job.fingerprint for job in agreed})
        return wave, agreed

    def plans(self, id_: str = "") -> tuple[Wave, tuple[Job, ...]]:
        """Of all its sites that are not done: what is agreed to. Without a number: of the last one. Raises UsageError:
        nothing waits, or one has no plan yet."""
        wave = self.store.get(id_) if id_ else next(iter(self.store.waves()), None)
        if wave is None or wave.state is WaveState.DONE:
            raise UsageError(_("There is no such wave, or it is over. See: kentongan site waves"))
        newest = {each.site: job for each in wave.sites for job in self._jobs.jobs(each.site)[:1]}
        jobs = open_plans(wave, newest)
        planned_sites = {job.site for job in jobs}
        lacking = [each.site for each in wave.sites if not each.has_ended and each.site not in planned_sites]
        if lacking or not jobs:
            raise UsageError(
                _("There is no plan yet of: {sites}. Make them: kentongan site apply --resume {wave}").format(
                    sites=", ".join(lacking[:10]) or "-", wave=wave.id
                )
            )
        return wave, jobs

    def _planned(self, wave: Wave) -> Wave:
        """Every site has a plan to agree to before the first is told anything; until all are agreed to, it stops."""
        waits = 0
        for site in wave.sites:
            try:
                job = None if site.has_ended else self._plan(wave, site)
            except (KentonganError, ProvisioningError) as error:
                why = _("{site} cannot be planned: {why}").format(site=site.site, why=error)
                return self._kept(stopped(wave, why, self._utc()))
            if job is not None:
                wave = planned(wave, site, job.id, job.made_at)
                waits += not is_approved(job)
        if waits:
            why = n_(
                "{count} site waits for others to agree: kentongan site approve --wave {wave}",
                "{count} sites wait for others to agree: kentongan site approve --wave {wave}",
                waits,
            ).format(count=waits, wave=wave.id)
            wave = stopped(wave, why, self._utc())
        return self._kept(wave)

    def _plan(self, wave: Wave, site: WaveSite) -> Job | None:
        """The change of the site as far as it goes without telling anybody anything; None: it came to its end."""
        changes = SiteChanges(
            self.installation, self._url, contacts=self._contacts, shown=self._shown_step, locks=self._locks
        )
        job = self._begun_before(site) or changes.open_job(site.site)
        if job is not None and job.is_over:
            return None
        if job is None or job.step(StepKind.READ) == Step(StepKind.READ):
            job = changes.apply(site.site, profile=wave.profile, like=wave.like, before=StepKind.READ)
            if job.is_over or job.why:
                raise UsageError(job.why)
        return job

    # -- carried out -------------------------------------------------------------------------------------------------

    def _carried(self, wave: Wave, writer: DocumentProcess) -> Wave:
        """As soon as one has ended the next begins. Interrupted, those that were begun come to their end first."""
        running: dict[Future[WaveSite], str] = {}
        with ThreadPoolExecutor(wave.batch, "wave") as pool:
            while True:
                if fresh := next_sites(wave, running.values()):
                    wave = self._kept(begun(wave, fresh, self._utc()))
                for slug in fresh:
                    # Each thread speaks the language of whoever called.
                    here = contextvars.copy_context()
                    running[pool.submit(here.run, self._change, wave, wave.site(slug), writer)] = slug
                if not running:
                    return self._kept(judged(wave, self._utc()))
                over, _waiting = wait(running, return_when=FIRST_COMPLETED)
                for each in over:
                    del running[each]
                    wave = ended(wave, each.result(), self._utc())
                    wave = self._kept(judged(wave, self._utc(), running.values()))

    def _kept(self, wave: Wave) -> Wave:
        self.store.put(wave)
        self._shown(wave)
        return wave

    def _change(self, wave: Wave, site: WaveSite, writer: DocumentProcess) -> WaveSite:
        """In a thread of its own. What it could not do stands in what it returns."""
        job = self._begun_before(site)
        try:
            if job is None or not job.is_over:
                changes = SiteChanges(
                    self.installation,
                    self._url,
                    contacts=self._contacts,
                    shown=self._shown_step,
                    reached=lambda moment: self._reached(f"{site.site} {moment}"),
                    locks=self._locks,
                    writer=writer,
                    profiles=self._profiles,
                )
                job = changes.apply(site.site, profile=wave.profile, like=wave.like, reason=wave.reason)
        except (KentonganError, ProvisioningError, ShellError) as error:
            return replace(site, state=WaveSiteState.FAILED, why=str(error))
        checks = checks_kept(self.installation.loaded.folder, job)
        return replace(
            site,
            state=WaveSiteState.DONE if job.state is JobState.DONE else WaveSiteState.FAILED,
            job=job.id,
            passed=_count(checks, Outcome.PASSED),
            unchecked=_count(checks, Outcome.UNCHECKED),
            why=job.why,
        )

    def _begun_before(self, site: WaveSite) -> Job | None:
        """The change that this wave had begun when it was interrupted, also if that had come to its end."""
        return own_job(site, next(iter(self._jobs.jobs(site.site)), None))

    def _utc(self) -> datetime:
        return self.installation.clock.now().utc


def _count(checks: tuple[Checked, ...], outcome: Outcome) -> int:
    return sum(each.outcome is outcome for each in checks)
