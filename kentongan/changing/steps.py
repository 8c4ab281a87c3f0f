"""The steps of a job that concern the whole site: addresses, checks, inventory, stage, acceptance, and back."""

import secrets as randomness
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from collectors.store.heartbeat_tokens import SqlTokenStore
from collectors.store.ssh_access import SshAccess
from domain.addressing import Allocation
from domain.changes import Checked, Job, JobKind, Outcome, Step, StepKind, finish
from domain.intent import SecretHole
from domain.language import _, n_
from domain.network import Stage
from domain.secrets import Credential, Secret, SshLogin
from domain.services import hash_of, make_token
from domain.services.tokens import TOKEN_OCTETS
from domain.shell import BrokenOffError, TimedOutError
from kentongan.addresses import address_plan, trusted_now
from kentongan.changing.intent import intended_folder, keep_intent, take_back_intent
from kentongan.changing.register import built, registered, unregistered
from kentongan.changing.sheet import write_pdf, write_sheet
from kentongan.changing.verify import verify_site
from kentongan.planning.heartbeat import credential_of
from kentongan.planning.sources import find_secret, provisioning_folder
from provisioning.backup import Fate, Subject, Why
from provisioning.changing import ChangeError
from provisioning.errors import ProvisioningError
from provisioning.profiles import site_profiles
from provisioning.profiles.assembling import requests_of

if TYPE_CHECKING:
    from kentongan.changing.changes import SiteChanges

ARROW = " → "
ENDED = (BrokenOffError.cause, TimedOutError.cause)  # of a conversation: a new one may do better
_ORDER = {JobKind.BUILD: "apply"}


class SiteSteps:
    """Of one job."""

    def __init__(self, changes: "SiteChanges", job: Job) -> None:
        self._changes = changes
        self._site = job.site
        self._installation = changes.installation
        self._addresses = address_plan(self._installation)

    # -- addresses ---------------------------------------------------------------------------------------------------

    def allocate(self, job: Job, _step: Step) -> str:
        given = self._given(job)
        self._changes.forget_plan()
        return ", ".join(f"{each.label} {each.text}" for each in given)

    def _given(self, job: Job) -> tuple[Allocation, ...]:
        site = self._installation.inventory.read().site_by_slug[job.site]
        folder = provisioning_folder(self._installation.loaded.folder)
        profile = site_profiles(folder.profiles).get(job.profile)
        requests = requests_of(profile, job.site, site.region_code or "")
        return self._addresses.allocate(requests, trusted_now(self._installation))

    def release(self, job: Job, _step: Step) -> str:
        """Free at once if no device was ever told of them. What the site had before this job it keeps."""
        told = any(self._changes.store.device(job.id, device).sent for device in job.devices)
        labels = [
            each.label
            for each in self._addresses.allocations(job.site)
            if each.made_at >= job.made_at and each.until is None
        ]
        if not labels:
            return _("It took nothing.")
        released = self._addresses.release(
            job.site,
            trusted_now(self._installation),
            labels=sorted(set(labels)),
            quarantine_days=None if told else 0,
        )
        ends = max((each.until for each in released if each.until), default=None)
        taken = ", ".join(each.text for each in released)
        if ends is None:
            return _("free again: {taken}").format(taken=taken)
        return _("in quarantine until {day:%Y-%m-%d}: {taken}").format(day=ends, taken=taken)

    # -- secrets -----------------------------------------------------------------------------------------------------

    def secrets(self, credentials: Mapping[str, Credential]) -> Callable[[SecretHole], Secret | None]:
        """The vault's, and the site's heartbeat token, which is made when it is first told to a device."""
        made: dict[str, Secret] = {}

        def find(site_credential: str, hole: SecretHole) -> Secret | None:
            if hole.credential == site_credential and hole.field == "token":
                if site_credential not in made:
                    made[site_credential] = self._new_token(site_credential.removeprefix("heartbeat-"))
                return made[site_credential]
            return find_secret(credentials, hole)

        return partial(find, credential_of(self._site))

    def _new_token(self, site: str) -> Secret:
        token = make_token(randomness.token_bytes(TOKEN_OCTETS))
        clock = self._installation.clock
        SqlTokenStore(self._installation.database.engine, lambda: clock.now().unix_seconds).put(site, hash_of(token))
        self._installation.record("heartbeat token made", site, hash=hash_of(token)[:12])
        return token

    # -- kept, watched, accepted -------------------------------------------------------------------------------------

    def backup(self, job: Job, step: Step) -> str:
        party = self._changes.parties(job)[step.device]
        inventory = self._installation.inventory.read()
        site = next((each.site for each in inventory.devices if each.name == step.device), job.site)
        subject = Subject(site, party.platform, party.then)
        why = Why(f"site {_ORDER.get(job.kind, job.kind.value)} {job.site} ({job.id})", job.actor)
        take = partial(
            self._changes.config.backups.take,
            subject,
            why,
            # Another unit, or a site that goes: what is shorter now is so because it was told so.
            accept_smaller=job.kind is not JobKind.BUILD,
        )
        lent = self._changes.devices(job).lent(step.device)
        outcome = take(shell=lent)
        if lent is not None and outcome.cause in ENDED:
            outcome = take()
        if outcome.fate is Fate.FAILED:
            raise ChangeError(outcome.message)
        return f"{outcome.fate.value} {outcome.revision[:10]}"

    def verify(self, job: Job, _step: Step) -> str:
        """Raises ChangeError: the devices are as they should be, but the site does not work as it should."""
        found = self._changes.checked = verify_site(self._changes, job)
        wrong = [each for each in found if each.outcome is Outcome.FAILED]
        if wrong:
            raise ChangeError(
                _("Not as it should be: {list}. Mend it and apply again, or: kentongan site rollback {site}").format(
                    list="; ".join(f"{each.device} {each.name}: {each.why}" for each in wrong), site=job.site
                )
            )
        return summary(found)

    def register(self, job: Job, _step: Step) -> str:
        intent = self._changes.plan_of(job).intent
        records = registered(intent, self._installation.inventory.read())
        self._installation.inventory.write(records)
        for party in self._changes.parties(job).values():
            self.keep_login(party.device, party.then.login, party.shared)
        self._installation.record("site registered", job.site, job=job.id, records=len(records))
        return n_("{count} row in the inventory", "{count} rows in the inventory", len(records)).format(
            count=len(records)
        )

    def keep_login(self, device: str, login: SshLogin, shared: bool) -> None:
        """The login that the baseline made is the one that backups use from now on."""
        access = self._changes.config.access
        stored = self._installation.vault.get(login.name)
        if not shared and isinstance(stored, SshLogin) and stored.user == login.user:
            held = access.read().get(device, SshAccess())
            access.put(device, SshAccess(login.name, held.legacy))

    def _forget_login(self, job: Job, device: str, shared: bool) -> None:
        first = self._changes.store.device(job.id, device).login
        if not shared and first:
            access = self._changes.config.access
            access.put(device, SshAccess(first, access.read().get(device, SshAccess()).legacy))

    def stage(self, job: Job, step: Step) -> str:
        site = self._installation.inventory.read().site_by_slug[job.site]
        after = built(site, self._changes.installation.clock.now().utc.date())
        if after == site:
            return step.evidence if ARROW in step.evidence else site.stage.value
        self._installation.inventory.write([after])
        self._installation.record("site stage changed", job.site, job=job.id, stage=after.stage.value)
        return f"{site.stage.value}{ARROW}{after.stage.value}"

    def accept(self, job: Job, step: Step) -> str:
        """The sheet shows the job as it is when this last step is done."""
        changes = self._changes
        found = changes.checked = changes.checked or verify_site(changes, job)
        path = write_sheet(changes, job, found)
        keep_intent(intended_folder(self._installation.loaded.folder), job, changes.parties(job).values())
        over = finish(job, step, self._installation.clock.now().utc)
        return f"{path}; {write_pdf(changes.writer, changes, over, found, path.with_suffix('.pdf'))}"

    def unregister(self, job: Job, _step: Step) -> str:
        take_back_intent(intended_folder(self._installation.loaded.folder), job)
        done = job.step(StepKind.STAGE)
        before = done.evidence.partition(ARROW)[0] if done and ARROW in done.evidence else ""
        inventory = self._installation.inventory
        try:
            intent = self._changes.plan_of(job).intent
        except ProvisioningError as error:
            raise ChangeError(str(error)) from error
        back, gone = unregistered(intent, inventory.read(), Stage(before) if before else None)
        inventory.write(back)
        inventory.remove(gone)
        for party in self._changes.parties(job).values():
            self._forget_login(job, party.device, party.shared)
        self._installation.record("site unregistered", job.site, job=job.id)
        return _("Its devices are planned again and not watched.")


def summary(found: tuple[Checked, ...]) -> str:
    counts = {outcome: sum(each.outcome is outcome for each in found) for outcome in Outcome}
    return _("{passed} passed, {failed} failed, {unchecked} not checked").format(
        passed=counts[Outcome.PASSED], failed=counts[Outcome.FAILED], unchecked=counts[Outcome.UNCHECKED]
    )
