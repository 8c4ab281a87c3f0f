"""A site suspended, resumed or taken down: what devices elsewhere are told, what the inventory says after, and back.

The site's own devices are told nothing: with its port at the PoP switched off they serve nobody.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from alerts.maintenance import Scope, ScopeKind, Window, WorkKind
from alerts.store.maintenance import SqlMaintenance
from collectors.store.heartbeat_tokens import KeptToken, SqlTokenStore
from domain.audit import AuditEntry
from domain.changes import Job, JobKind, JobState, Step
from domain.coverage.stages import CONNECTS
from domain.intent import Configuration, Section, SiteIntent, SitePlan
from domain.language import _, n_
from domain.network import Device, DeviceStatus, Inventory, Prefix, Record, Site, Stage
from kentongan.addresses import address_plan, trusted_now
from kentongan.changing.intent import intended_folder, keep_intent, take_back_intent
from kentongan.changing.isolating import ISOLATED, close_incidents
from kentongan.changing.replacing import profile_told
from kentongan.changing.swap import as_plain, of_plain
from kentongan.errors import UsageError
from kentongan.planning.devices import ALIVE
from kentongan.planning.sources import provisioning_folder
from provisioning.addresses.errors import NothingAllocatedError
from provisioning.backup import Fate, Why
from provisioning.profiles import site_profiles
from provisioning.profiles.assembling import label_of, requests_of

if TYPE_CHECKING:
    from kentongan.changing.changes import SiteChanges

STANDING: Final = (Stage.BUILT, Stage.ACTIVE, Stage.HANDED_OVER)
FROM: Final[Mapping[JobKind, tuple[Stage, ...]]] = {
    JobKind.SUSPEND: STANDING,
    JobKind.RESUME: (Stage.SUSPENDED,),
    JobKind.DECOMMISSION: (*STANDING, Stage.SUSPENDED),
}


@dataclass(frozen=True, slots=True)
class Ending:
    """What is ordered and what it means. told: devices elsewhere, in their order. kept: what the job has to remember.
    kept_devices: the site's own, which change their status when it is taken down.
    """

    kind: JobKind
    site: Site
    plan: SitePlan
    told: tuple[str, ...]
    order: Mapping[str, str]
    kept: Mapping[str, Any]
    profile: str = ""
    own: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def prepare(
    changes: "SiteChanges", kind: JobKind, slug: str, reason: str, fate: DeviceStatus = DeviceStatus.SPARE
) -> Ending:
    """Raises UsageError for a site that is not in a stage for it, ProvisioningError for what its plan lacks."""
    inventory = changes.installation.inventory.read()
    site = inventory.site_by_slug.get(slug)
    if site is None:
        raise UsageError(_("There is no site {site}. Its slug stands in sites.csv.").format(site=slug))
    if site.stage not in FROM[kind]:
        raise UsageError(
            _("{site} is {stage}; it must be {stages} for this.").format(
                site=slug, stage=site.stage.value, stages=_(" or ").join(each.value for each in FROM[kind])
            )
        )
    profile = profile_told(changes, slug)
    kept: dict[str, Any] = {
        "stage": site.stage.value,
        "after": _after(changes, kind, slug).value,
    }
    order = {"reason": reason, "fate": fate.value}
    own = tuple(each.name for each in inventory.devices if each.site == slug and each.status in ALIVE)
    if not profile:
        note = _("{site} was not planned with Kentongan: no device is told anything. Switch it off by hand.")
        bare = SitePlan(_bare(site))
        return Ending(kind, site, bare, (), order, kept, own=own, notes=(note.format(site=slug),))
    plan = _planned(changes, kind, site, Stage(kept["after"]), profile)
    told = tuple(each.device for each in plan.configurations)
    notes = () if told else (_("Nothing in its profile has to be told to a device elsewhere."),)
    return Ending(kind, site, plan, told, order, kept, profile, own, notes)


def plan_of_ending(changes: "SiteChanges", job: Job) -> SitePlan:
    """The same at any time while the job runs and afterwards."""
    kept = changes.store.kept(job.id)
    site = changes.installation.inventory.read().site_by_slug[job.site]
    if not job.profile:
        return SitePlan(_bare(site))
    site = replace(site, stage=Stage(kept["stage"]))
    plan = _planned(changes, job.kind, site, Stage(kept["after"]), job.profile)
    return replace(plan, configurations=tuple(each for each in plan.configurations if each.device in job.devices))


def _bare(site: Site) -> SiteIntent:
    return SiteIntent(site.slug, label_of(site.name), site.kind, "", site.region_code)


def _after(changes: "SiteChanges", kind: JobKind, slug: str) -> Stage:
    if kind is JobKind.SUSPEND:
        return Stage.SUSPENDED
    if kind is JobKind.DECOMMISSION:
        return Stage.RETIRED
    suspended = suspension(changes, slug)
    before = Stage(changes.store.kept(suspended.id)["stage"]) if suspended else Stage.ACTIVE
    return before if before in CONNECTS else Stage.ACTIVE


def suspension(changes: "SiteChanges", slug: str) -> Job | None:
    """The change by which the site was suspended last."""
    done = (each for each in changes.store.jobs(slug) if each.kind is JobKind.SUSPEND and each.state is JobState.DONE)
    return next(done, None)


def _planned(changes: "SiteChanges", kind: JobKind, site: Site, after: Stage, profile: str) -> SitePlan:
    """What devices elsewhere are to be, and must not be any more. Of those, which do not change are left out."""
    was = _plan_at(changes, site, site.stage, profile)
    elsewhere = {each.name for each in was.intent.devices if each.elsewhere}
    before = {each.device: each for each in was.configurations if each.device in elsewhere}
    if kind is JobKind.DECOMMISSION:
        return replace(was, configurations=tuple(emptied(each) for each in before.values()))
    wanted = _plan_at(changes, site, after, profile)
    changed = tuple(
        _instead(each, before[each.device])
        for each in wanted.configurations
        if each.device in before and each.fingerprint != before[each.device].fingerprint
    )
    return replace(wanted, configurations=changed)


def _instead(wanted: Configuration, was: Configuration) -> Configuration:
    """What the one has and the other has not is to go; a file of which nothing is wanted is emptied."""
    files = tuple(each for each in emptied(was).sections if each.target not in wanted.targets)
    return replace(wanted, sections=(*wanted.sections, *files), gone=was.sections)


def emptied(configuration: Configuration) -> Configuration:
    """Nothing of the site: its files without a line, and its lines gone."""
    files = tuple(Section(each.part, (), each.target) for each in configuration.sections if each.target)
    return replace(configuration, sections=files, gone=configuration.sections)


def _plan_at(changes: "SiteChanges", site: Site, stage: Stage, profile: str) -> SitePlan:
    inventory = changes.installation.inventory.read()
    sites = tuple(replace(site, stage=stage) if each.slug == site.slug else each for each in inventory.sites)
    devices = tuple(_alive(each, site.slug) for each in inventory.devices)
    planner = changes.planner(inventory=replace(inventory, sites=sites, devices=devices))
    return planner.plan(site.slug, changes.installation.clock.now().utc, profile=profile)


def _alive(device: Device, slug: str) -> Device:
    """Its devices are retired already when a change is taken back: the plan is that of before."""
    taken_down = device.site == slug and device.status in (DeviceStatus.SPARE, DeviceStatus.RETIRED) and device.address
    return replace(device, status=DeviceStatus.IN_USE) if taken_down else device


class EndSteps:
    """Of one job."""

    def __init__(self, changes: "SiteChanges", job: Job) -> None:
        self._changes = changes
        self._installation = changes.installation
        self._windows = SqlMaintenance(changes.installation.database.engine)
        self._addresses = address_plan(changes.installation)
        clock = changes.installation.clock
        self._tokens = SqlTokenStore(changes.installation.database.engine, lambda: clock.now().unix_seconds)

    def back_up(self, job: Job) -> str:
        """What stands now of the site's own devices and of those elsewhere, before anything is switched off."""
        names = self._names(job)
        subjects = self._changes.config.plan().subjects
        why = Why(f"site {job.kind.value} {job.site} ({job.id})", job.actor)
        taken = [self._changes.config.backups.take(subjects[name], why) for name in names if name in subjects]
        failed = [each for each in taken if each.fate is Fate.FAILED]
        said = n_("{count} backup", "{count} backups", len(taken) - len(failed)).format(count=len(taken) - len(failed))
        return "; ".join((said, *(each.message for each in failed)))

    def stage(self, job: Job, _step: Step) -> str:
        """Suspended it is quiet: nobody is told and nobody is charged. Resumed it counts again."""
        kept = self._changes.store.kept(job.id)
        after, closed = Stage(kept["after"]), ""
        if job.kind is JobKind.SUSPEND:
            self._windows.save(self._quiet(job))
            closed = close_incidents(self._installation, job)  # before the engine ends them without a word
        self._write_stage(job.site, after, self._installation.today())
        if job.kind is not JobKind.SUSPEND:
            suspended = suspension(self._changes, job.site)
            self._end_window(f"m-{suspended.id}" if suspended else "")
        self._keep_intent(job)
        self._installation.record(
            f"site {job.kind.value}", job.site, job=job.id, reason=job.order["reason"], stage=after.value
        )
        return "; ".join(filter(None, (f"{kept['stage']} → {after.value}", closed)))

    def retire(self, job: Job, _step: Step) -> str:
        """Nothing is deleted but the rows of prefixes, which would keep the addresses from ever being free again, and
        the site's heartbeat tokens; both stand in this job and in the journal. All in one transaction."""
        inventory = self._installation.inventory.read()
        fate = DeviceStatus(job.order["fate"])
        own = [each for each in inventory.devices if each.site == job.site and each.status in ALIVE]
        prefixes = [each for each in inventory.prefixes if each.site == job.site]
        tokens = [[each.hash, each.made_at.isoformat()] for each in self._tokens.kept() if each.site == job.site]
        kept = {"devices": [as_plain(each) for each in own], "prefixes": [asdict(each) for each in prefixes]}
        self._changes.store.keep(job.id, **kept, tokens=tokens)
        held = self._changes.store.kept(job.id)
        names = [each["name"] for each in held["devices"]]
        detail = {
            "job": job.id,
            "reason": job.order["reason"],
            "devices": names,
            "prefixes": [each["prefix"] for each in held["prefixes"]],
            "heartbeatTokens": len(held["tokens"]),
        }
        site = replace(inventory.site_by_slug[job.site], stage=Stage.RETIRED, stage_date=self._installation.today())
        with self._installation.database.transaction() as connection:
            self._installation.inventory.write_in(connection, [*(replace(each, status=fate) for each in own), site])
            self._installation.inventory.remove_in(connection, prefixes)
            self._tokens.revoke_in(connection, job.site)
            entry = AuditEntry(
                self._installation.clock.now(), self._installation.actor, "site decommissioned", job.site, detail
            )
            self._installation.journal.record_in(connection, entry)
        suspended = suspension(self._changes, job.site)
        self._end_window(f"m-{suspended.id}" if suspended else "")
        self._keep_intent(job)
        return _("{devices}: {fate}; {site} is retired.").format(
            devices=", ".join(names) or "-", fate=fate.value, site=job.site
        )

    def free(self, job: Job, _step: Step) -> str:
        try:
            released = self._addresses.release(job.site, trusted_now(self._installation))
        except NothingAllocatedError:
            return _("It had no addresses of the address plan.")
        ends = max((each.until for each in released if each.until), default=None)
        taken = ", ".join(each.text for each in released)
        if ends is None:
            return _("free again: {taken}").format(taken=taken)
        return _("in quarantine until {day:%Y-%m-%d}: {taken}").format(day=ends, taken=taken)

    def restore(self, job: Job, _step: Step) -> str:
        kept = self._changes.store.kept(job.id)
        if "devices" in kept:
            rows: list[Record] = [
                *(of_plain(each) for each in kept["devices"]),
                *(Prefix(**each) for each in kept["prefixes"]),
            ]
            tokens = [KeptToken(job.site, hash_, datetime.fromisoformat(at)) for hash_, at in kept.get("tokens", ())]
            with self._installation.database.transaction() as connection:
                self._installation.inventory.write_in(connection, rows)
                self._tokens.restore_in(connection, tokens)
            self._take_addresses_again(job)
        self._write_stage(job.site, Stage(kept["stage"]), None)  # its history says since when
        if job.kind is JobKind.SUSPEND:
            self._end_window(f"m-{job.id}")
        else:
            suspended = suspension(self._changes, job.site)
            if suspended and Stage(kept["stage"]) is Stage.SUSPENDED:
                self._windows.save(self._quiet(suspended))
        take_back_intent(intended_folder(self._installation.loaded.folder), job)
        self._installation.record(f"site {job.kind.value} taken back", job.site, job=job.id, stage=kept["stage"])
        return _("{site} is {stage} again.").format(site=job.site, stage=kept["stage"])

    # -- parts of them -----------------------------------------------------------------------------------------------

    def _names(self, job: Job) -> list[str]:
        inventory: Inventory = self._installation.inventory.read()
        return [*job.devices, *(each.name for each in inventory.used_at_site.get(job.site, ()))]

    def _write_stage(self, slug: str, stage: Stage, on: date | None) -> None:
        site = self._installation.inventory.read().site_by_slug[slug]
        if site.stage is not stage:
            self._installation.inventory.write([replace(site, stage=stage, stage_date=on)])

    def _take_addresses_again(self, job: Job) -> None:
        """The very ones: nobody else was given them while they were in quarantine."""
        if job.profile:
            site = self._installation.inventory.read().site_by_slug[job.site]
            folder = provisioning_folder(self._installation.loaded.folder)
            profile = site_profiles(folder.profiles).get(job.profile)
            self._addresses.allocate(
                requests_of(profile, job.site, site.region_code or ""), trusted_now(self._installation)
            )

    def _quiet(self, job: Job) -> Window:
        """Open-ended work of our own: what is dark there is told to nobody and charged to nobody."""
        zone = self._installation.loaded.settings.language.timezone
        scopes = (Scope(ScopeKind.SITE, job.site),)
        reason = f"{ISOLATED}: {job.order['reason']}"
        return Window(
            f"m-{job.id}", WorkKind.OWN, scopes, job.made_at, None, "", zone, reason, "", job.actor, job.made_at
        )

    def _end_window(self, id_: str) -> None:
        window = self._windows.get(id_) if id_ else None
        if window is not None and window.ended_at is None:
            now = self._installation.clock.now().utc
            self._windows.save(replace(window, ended_at=now, ended_by=self._installation.actor))

    def _keep_intent(self, job: Job) -> None:
        """Also that nothing of the site is to be there any more."""
        folder = intended_folder(self._installation.loaded.folder)
        parties = self._changes.parties(job).values() if job.devices else ()
        keep_intent(folder, job, parties)
