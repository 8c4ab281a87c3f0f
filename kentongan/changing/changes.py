"""Changes of sites wired: a job made or taken up again, its steps bound to stores, shells, vault and backups."""

import hashlib
import secrets as randomness
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from collectors.profiles import Profiles, shipped_profiles
from domain.changes import Checked, Job, JobKind, JobState, Step, StepKind, approve, is_approved, new_job, revoke, undo
from domain.documents import DocumentWriter
from domain.intent import SitePlan
from domain.language import _, n_
from domain.shell import Transcript
from kentongan.backups import ConfigBackups
from kentongan.changing.document_process import DocumentProcess
from kentongan.changing.kinds import own_steps, plan_of
from kentongan.changing.locks import DEVICE, JobHolds, NamedLocks
from kentongan.changing.parties import parties_of
from kentongan.changing.ports import lives
from kentongan.changing.register import check_stage
from kentongan.changing.steps import SiteSteps
from kentongan.errors import UsageError
from kentongan.installation import Installation
from kentongan.planning.planner import SitePlanner
from kentongan.planning.sources import credentials_of, site_planner
from provisioning.backup import Subject
from provisioning.changing import (
    Carry,
    ChangedSinceError,
    DeviceSteps,
    Party,
    SiteChange,
    UnapprovedError,
)
from provisioning.changing.devices import Tools
from provisioning.platforms.pushing import Mark, Situation
from provisioning.store.changes import SqlJobStore

Shown = Callable[[Job, Step], None]


class SiteChanges:
    """Everything around the jobs of one installation. contacts: device → address of its first contact; remembered with
    the job. locks: shared by those that change sites side by side in one process. writer: of acceptance sheets.
    profiles: what devices are asked by; reading them takes a while, so they are read when the first is asked, and once.
    """

    def __init__(
        self,
        installation: Installation,
        heartbeat_url: str,
        *,
        contacts: Mapping[str, str] | None = None,
        shown: Shown = lambda _job, _step: None,
        reached: Callable[[str], None] = lambda _moment: None,
        pause: Callable[[float], None] = time.sleep,
        locks: NamedLocks | None = None,
        writer: DocumentWriter | None = None,
        profiles: Callable[[], Profiles] | None = None,
    ) -> None:
        self.installation = installation
        self._heartbeat_url = heartbeat_url
        self._contacts = dict(contacts or {})
        self._shown = shown
        self._reached = reached
        self._pause = pause
        self.settings = installation.loaded.settings
        clock = installation.clock
        self.store = SqlJobStore(installation.database.engine, lambda: clock.now().unix_seconds, lives)
        self._holding = JobHolds(self.store, installation.actor, self._utc, locks or NamedLocks())
        self.config = ConfigBackups(installation)
        self.profiles = profiles or cache(lambda: shipped_profiles(installation.loaded.profiles))
        self._documents = DocumentProcess()
        self.writer: DocumentWriter = writer or self._documents
        self.checked: tuple[Checked, ...] = ()
        self._plan: SitePlan | None = None
        self._parties: dict[str, Party] = {}
        self._told: DeviceSteps | None = None

    # -- orders of people --------------------------------------------------------------------------------------------

    def apply(
        self, site: str, *, profile: str = "", like: str = "", reason: str = "", before: StepKind | None = None
    ) -> Job:
        """A new job, or the open one taken up again. before: it waits when a step of this kind is next. Raises
        HeldError, ProvisioningError, UsageError for a site that is suspended or retired, before anything is begun."""
        with self._holding.of([site]):
            job = self.open_job(site)
            if job is None or job.kind is JobKind.BUILD:
                check_stage(self.installation.inventory.read(), site)
            if job is None:
                job = self._new(site, profile, like, reason)
            elif reason and not job.reason:
                job = replace(job, reason=reason)
                self.store.put(job)
            if reason:
                self.installation.record("emergency change", site, job=job.id, reason=reason)
            return self._run(job, before)

    def begin(
        self,
        site: str,
        kind: JobKind,
        told: tuple[str, ...],
        order: Mapping[str, str],
        kept: Mapping[str, Any],
        profile: str = "",
    ) -> Job:
        """A change of another kind than building, carried out. kept: what it has to remember. Raises UsageError where
        another one is open."""
        with self._holding.of([site]):
            other = self.open_job(site)
            if other is not None:
                raise UsageError(
                    _(
                        "A change of {site} is open ({kind}, {job}). Go on with it: kentongan site apply {site}; or "
                        "take it back: kentongan site rollback {site}"
                    ).format(site=site, kind=other.kind.value, job=other.id)
                )
            made = new_job(_new_id(), site, told, self.installation.actor, self._utc(), kind, order)
            job = replace(made, needed=self.settings.changes.approvals, profile=profile)
            self.store.put(job, kept)
            self.installation.record("site change begun", site, job=job.id, kind=kind.value, **order)
            return self._run(job)

    def rollback(self, site: str) -> Job:
        """The last job of the site is undone, whole. Raises UsageError where there is none."""
        with self._holding.of([site]):
            job = next(iter(self.store.jobs(site)), None)
            if job is None or job.state.value == "undone":
                raise UsageError(_("Nothing of {site} was applied, or it is undone already.").format(site=site))
            job = undo(job, self._utc())
            self.store.put(job)
            self.installation.record("site rollback begun", site, job=job.id)
            return self._run(job)

    def approve(self, site: str) -> Job:
        return self._agree(site, approve, "change approved")

    def revoke(self, site: str) -> Job:
        return self._agree(site, revoke, "approval revoked")

    def planned(self, site: str, profile: str = "", like: str = "") -> tuple[SitePlan, Mapping[str, Party]]:
        """As a dry run. Raises ProvisioningError for a device that cannot be told anything."""
        plan = self.planner().plan(site, self._utc(), profile=profile, like=like)
        return plan, self.parties_of(plan)

    def last_read(self, device: str) -> str:
        """A device's configuration as the last backup kept it; '' where there is none."""
        return self.config.repository.latest(device) or ""

    def situation(self, party: Party, job: str = "dry-run", before: str = "") -> Situation:
        mark = Mark(job, self.settings.changes.revert_seconds)
        return Situation(mark, party.configuration, before=before, now=before, shared=party.shared)

    # -- jobs --------------------------------------------------------------------------------------------------------

    def open_job(self, site: str) -> Job | None:
        return next((job for job in self.store.jobs(site) if not job.is_over), None)

    def _new(self, site: str, profile: str, like: str, reason: str) -> Job:
        last = next(iter(self.store.jobs(site)), None)
        if last is not None and last.state is JobState.UNDONE:  # its devices stand where they stood
            self._contacts = {**self.store.contacts(last.id), **self._contacts}
        plan, parties = self.planned(site, profile, like)
        made = new_job(_new_id(), site, tuple(parties), self.installation.actor, self._utc())
        job = replace(
            made,
            needed=self.settings.changes.approvals,
            reason=reason,
            profile=profile or plan.intent.profile,
            like=like,
            fingerprint=fingerprint_of(plan),
        )
        self.store.put(job)
        self.installation.record("site change begun", site, job=job.id, fingerprint=job.fingerprint)
        return job

    def _run(self, job: Job, before: StepKind | None = None) -> Job:
        self.forget_plan()
        given = {device: self._contacts[device] for device in job.devices if device in self._contacts}
        if given:
            self.store.keep_contacts(job.id, given)
        change = SiteChange(self.store, self._steps(job), self._utc, self._shown, self._reached)
        try:
            with self._holding.of(DEVICE + device for device in self._shared(job)):
                job = change.run(job, before)
        finally:
            self.forget_plan()
            self._documents.close()
        if job.is_over:
            self.installation.record(f"site change {job.state.value}", job.site, job=job.id, why=job.why)
        return job

    def _shared(self, job: Job) -> list[str]:
        """Devices elsewhere: another change there, before this one is over, could not be taken back apart from it."""
        elsewhere = {each.name for each in self.installation.inventory.read().devices if each.site != job.site}
        return [device for device in job.devices if device in elsewhere]

    def _agree(self, site: str, act: Callable[[Job, str, datetime], Job], action: str) -> Job:
        job = self.open_job(site)
        if job is None:
            raise UsageError(_("No change of {site} waits. See: kentongan site jobs").format(site=site))
        job = act(job, self.installation.actor, self._utc())
        self.store.agree(job.id, job.approvers, job.fingerprint)
        self.installation.record(action, site, job=job.id, fingerprint=job.fingerprint)
        return job

    # -- steps -------------------------------------------------------------------------------------------------------

    def _steps(self, job: Job) -> Mapping[StepKind, Carry]:
        site = SiteSteps(self, job)
        steps: dict[StepKind, Carry] = {
            StepKind.ALLOCATE: site.allocate,
            StepKind.RENDER: self._render,
            StepKind.READ: lambda job, step: self.devices(job).read(job, step),
            StepKind.APPROVE: self._ask,
            StepKind.ARM: self._arm,
            StepKind.PUSH: lambda job, step: self.devices(job).push(job, step),
            StepKind.CONFIRM: lambda job, step: self.devices(job).confirm(job, step),
            StepKind.DISARM: lambda job, step: self.devices(job).disarm(job, step),
            StepKind.SAVE: lambda job, step: self.devices(job).save(job, step),
            StepKind.BACKUP: site.backup,
            StepKind.VERIFY: site.verify,
            StepKind.REGISTER: site.register,
            StepKind.STAGE: site.stage,
            StepKind.ACCEPT: site.accept,
            StepKind.UNREGISTER: site.unregister,
            StepKind.REVERT: lambda job, step: self.devices(job).revert(job, step),
            StepKind.RELEASE: site.release,
        }
        return {**steps, **own_steps(self, job)}

    def _render(self, job: Job, _step: Step) -> str:
        """What is approved is this and no other: if it differs from before, agreement begins anew."""
        plan, found = self.plan_of(job), fingerprint_of(self.plan_of(job))
        if found != job.fingerprint:
            self.store.agree(job.id, (), found)
        count = len(plan.configurations)
        return n_("{count} configuration, {mark}", "{count} configurations, {mark}", count).format(
            count=count, mark=found[:12]
        )

    def _ask(self, job: Job, _step: Step) -> str:
        if job.needed == 1 and not job.reason:
            job = approve(job, self.installation.actor, self._utc())
            self.store.agree(job.id, job.approvers, job.fingerprint)
            self.installation.record("change approved", job.site, job=job.id, fingerprint=job.fingerprint)
        if not is_approved(job):
            raise UnapprovedError(
                _("{missing} more must agree. Each says: kentongan site approve {site}").format(
                    missing=job.needed - len(set(job.approvers)), site=job.site
                )
            )
        return _("emergency: {reason}").format(reason=job.reason) if job.reason else ", ".join(job.approvers)

    def _arm(self, job: Job, step: Step) -> str:
        if not is_approved(self.store.get(job.id) or job):  # as it stands now: others may have taken theirs back
            raise UnapprovedError(
                _("An approval was taken back. {device} and those after it were told nothing.").format(
                    device=step.device
                )
            )
        if fingerprint_of(self.plan_of(job)) != job.fingerprint:
            raise ChangedSinceError(
                _(
                    "What {site} is to be was changed since it was approved (variables, templates or inventory). Put "
                    "it back as it was, or: kentongan site rollback {site}"
                ).format(site=job.site)
            )
        return self.devices(job).arm(job, step)

    def plan_of(self, job: Job) -> SitePlan:
        """Of this run: nothing is planned twice while it goes on."""
        if self._plan is None:
            self._plan = plan_of(self, job)
        return self._plan

    def parties(self, job: Job) -> Mapping[str, Party]:
        if not self._parties:
            self._contacts = {**self.store.contacts(job.id), **self._contacts}
            if job.order.get("contact"):
                self._contacts.setdefault(job.order["device"], job.order["contact"])

            def remembered(device: str) -> str:
                ordered = job.order.get("login", "") if device == job.order.get("device") else ""
                return self.store.device(job.id, device).login or ordered

            self._parties = self.parties_of(self.plan_of(job), remembered)
        return self._parties

    def forget_plan(self) -> None:
        """And end what is still said to a device: both belong to one run."""
        if self._told is not None:
            self._told.close()
        self._plan, self._parties, self._told = None, {}, None

    def devices(self, job: Job) -> DeviceSteps:
        if self._told is None:
            self._told = self._steps_of_devices(job)
        return self._told

    def _steps_of_devices(self, job: Job) -> DeviceSteps:
        parties = self.parties(job)
        credentials = credentials_of(self.installation)
        tools = Tools(
            self.config.shells,
            self.store,
            SiteSteps(self, job).secrets(credentials),
            self._cleaned,
            self._transcribe,
            self._utc,
            self._pause,
            self.settings.changes.revert_seconds,
        )
        return DeviceSteps(parties, tools)

    def planner(self, **instead: Any) -> SitePlanner:
        """instead: inventory, folder or facts, in place of what the installation has."""
        return site_planner(self.installation, self._heartbeat_url, **instead)

    def parties_of(self, plan: SitePlan, remembered: Callable[[str], str] = lambda _device: "") -> dict[str, Party]:
        return parties_of(plan, self.installation, self.config, self._contacts, remembered)

    def _cleaned(self, party: Party, written: str) -> str:
        return self.config.backups.cleaned(Subject("", party.platform, party.first), written)

    def _transcribe(self, job: Job, step: Step, transcript: Transcript) -> None:
        said = [[each.sent, each.received] for each in transcript.exchanges]
        self.installation.record(f"device told: {step.kind.value}", transcript.device, job=job.id, said=said)

    def _utc(self) -> datetime:
        return self.installation.clock.now().utc


def fingerprint_of(plan: SitePlan) -> str:
    """Of all that would be told: equal plans have equal ones."""
    parts = sorted(f"{each.device} {each.fingerprint}" for each in plan.configurations)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _new_id() -> str:
    """Short, and good for a file name on any device."""
    return randomness.token_hex(3)
