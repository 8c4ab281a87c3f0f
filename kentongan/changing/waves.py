"""Waves wired: sites changed side by side in threads, each kept before and after; taken up again."""

import contextvars
import secrets as randomness
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import datetime
from functools import cache

from collectors.profiles import shipped_profiles
from domain.changes import Checked, Job, JobState, Outcome, Step, Wave, WaveSite, WaveSiteState, WaveState
from domain.changes.waves import begun, ended, judged, new_wave, next_sites, resumed
from domain.language import _
from domain.shell import ShellError
from kentongan.changing.changes import SiteChanges
from kentongan.changing.holding import WAVE, Holding, Turns
from kentongan.changing.ports import lives
from kentongan.changing.press import DocumentPress
from kentongan.changing.remembered import remembering
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
        self.installation = remembering(installation)
        self._url = heartbeat_url
        self._contacts = dict(contacts or {})
        self._shown = shown
        self._shown_step = shown_step
        self._reached = reached
        clock = installation.clock
        self.store = SqlWaveStore(installation.database.engine)
        self._jobs = SqlJobStore(installation.database.engine, lambda: clock.now().unix_seconds, lives)
        self._turns = Turns()
        self._profiles = cache(lambda: shipped_profiles(installation.loaded.profiles))
        self._holding = Holding(self._jobs, installation.actor, self._utc, self._turns)

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
        with self._holding.of([WAVE + wave.id]), DocumentPress() as writer:
            wave = self._carried(wave, writer)
        detail = {"failed": [each.site for each in wave.failed], "untouched": list(wave.untouched), "why": wave.why}
        self.installation.record(f"wave {wave.state.value}", wave.id, **detail)
        return wave

    def _carried(self, wave: Wave, writer: DocumentPress) -> Wave:
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

    def _change(self, wave: Wave, site: WaveSite, writer: DocumentPress) -> WaveSite:
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
                    turns=self._turns,
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
        newest = next(iter(self._jobs.jobs(site.site)), None)
        return newest if newest and site.began_at and newest.made_at >= site.began_at else None

    def _utc(self) -> datetime:
        return self.installation.clock.now().utc


def _count(checks: tuple[Checked, ...], outcome: Outcome) -> int:
    return sum(each.outcome is outcome for each in checks)
