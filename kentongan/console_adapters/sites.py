"""Changes of sites for the console: what was done, dry runs, and orders that a process of their own carries out."""

import copy
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from sqlalchemy import select

from console.ports.sites import ConflictError, Order, OrderKind, RefusedError, Said, Sites, Task
from domain.changes import Job, JobKind, JobState, Wave
from domain.language import _
from exporters.documents import PdfWriter
from kentongan.changing.changes import SiteChanges, fingerprint_of
from kentongan.changing.ports import lives
from kentongan.changing.sheet import checks_kept, sheet_for
from kentongan.changing.waves import SiteWaves
from kentongan.cli.heartbeat import address
from kentongan.console_adapters.site_plans import InstallationPlans
from kentongan.console_adapters.tasks import TaskRecord, Tasks, UnderWayError, our_program, process_starter
from kentongan.errors import KentonganError, UsageError
from kentongan.installation import Installation
from kentongan.planning.sources import site_planner
from kentongan.store.faults import DatabaseError
from provisioning.errors import ProvisioningError
from provisioning.store.change_tables import change_job
from provisioning.store.changes import SqlJobStore
from provisioning.store.waves import SqlWaveStore

WAVE: Final = "wave"
"""The subject of all orders about waves: one at a time is begun from the console."""
MOST_ENTRIES: Final = 20_000
TOLD: Final = "device told: "


def sites_of(installation: Installation) -> Sites:
    tasks = tasks_of(installation)
    book = DatabaseBook(installation, tasks)
    return Sites(book, InstallationPlans(installation), TaskOrders(installation, tasks))


def tasks_of(installation: Installation) -> Tasks:
    file = installation.loaded.file
    environment = {"KENTONGAN_CONFIG": str(file.resolve())} if file else {}
    return Tasks(
        installation.loaded.folder, lambda: installation.clock.now().utc, process_starter(our_program(), environment)
    )


def in_the_name_of(who: str, installation: Installation) -> Installation:
    """The same stores and the same database; what is done by it is done by that person."""
    acting = copy.copy(installation)
    acting.actor = who
    return acting


class DatabaseBook:
    """Implements console.ports.sites.SiteBook."""

    def __init__(self, installation: Installation, tasks: Tasks) -> None:
        self._installation = installation
        self._tasks = tasks
        self._jobs = SqlJobStore(installation.database.engine, lambda: installation.clock.now().unix_seconds, lives)
        self._waves = SqlWaveStore(installation.database.engine)
        self._reader = installation.database.engine.execution_options(reading=True)
        self._newest: tuple[object, Mapping[str, Job]] = (None, {})

    def newest(self) -> Mapping[str, Job]:
        """Steps are read again when a job differs: each change of a step is one of its job."""
        column = change_job.c
        told = select(column.id, column.state, column.changed_at, column.approvers, column.fingerprint)
        with self._reader.connect() as connection:
            key = connection.execute(told.order_by(column.id)).all()
        known, newest = self._newest
        if key == known:
            return newest
        found: dict[str, Job] = {}
        for job in self._jobs.jobs():
            found.setdefault(job.site, job)
        self._newest = key, found
        return found

    def jobs(self, slug: str) -> Sequence[Job]:
        return self._jobs.jobs(slug)

    def tasks(self) -> Mapping[str, Task]:
        return {
            subject.removeprefix("site "): _task(record, lives=lives)
            for subject, (record, lives) in self._tasks.all().items()
            if subject == WAVE or subject.startswith("site ")
        }

    def transcript(self, job: Job) -> Sequence[Said]:
        """From the journal, where every conversation with a device stands."""
        entries = self._installation.journal.read(job.made_at.timestamp(), MOST_ENTRIES)
        return [
            Said(
                entry.at.utc,
                entry.subject,
                entry.action.removeprefix(TOLD),
                tuple((str(sent), str(received)) for sent, received in _pairs(entry.detail.get("said"))),
            )
            for entry in entries
            if entry.action.startswith(TOLD) and entry.detail.get("job") == job.id
        ]

    def waves(self) -> Sequence[Wave]:
        return self._waves.waves()

    def sheet(self, slug: str, who: str) -> bytes:
        installation = self._installation
        built = (each for each in self._jobs.jobs(slug) if each.kind is JobKind.BUILD)
        job = next((each for each in built if each.state in (JobState.OPEN, JobState.DONE)), None)
        try:
            planner = site_planner(installation, address(installation.loaded.settings))
            now = installation.clock.now().utc
            plan = planner.plan(slug, now, profile=job.profile if job else "", like=job.like if job else "")
            made = sheet_for(installation, plan.intent, job, checks_kept(installation.loaded.folder, job))
            octets = PdfWriter().acceptance_sheet(made)
        except DatabaseError:
            raise
        except (KentonganError, ProvisioningError) as error:
            raise RefusedError(str(error)) from error
        installation.record_as(who, "acceptance sheet written", slug, job=made.job, by="console")
        return octets


class TaskOrders:
    """Implements console.ports.sites.SiteOrders."""

    def __init__(self, installation: Installation, tasks: Tasks) -> None:
        self._installation = installation
        self._tasks = tasks
        self._agreeing = threading.Lock()

    def begin(self, order: Order) -> None:
        is_wave = order.kind in (OrderKind.WAVE, OrderKind.RESUME_WAVE)
        subject = WAVE if is_wave else f"site {order.subject}"
        self._check(order)
        at = self._installation.clock.now().utc
        words = {
            **order.words,
            "mark": order.mark,
            "given_at": at.isoformat(),
            ("wave" if is_wave else "site"): order.subject,
        }
        by = {"by": "api", "token": order.token} if order.token else {"by": "console"}
        action = f"site ordered: {order.kind.value}"
        # first: what cannot be written down is not begun
        self._installation.record_as(order.who, action, order.subject, **by)
        try:
            self._tasks.begin(TaskRecord(subject, order.kind.value, order.who, at, words))
        except UnderWayError as error:
            self._installation.record_as(order.who, f"{action} refused", order.subject, **by)
            raise _conflict(error) from error
        except OSError as error:
            with suppress(DatabaseError):
                self._installation.record_as(order.who, f"{action} refused", order.subject, why=str(error), **by)
            raise

    def _check(self, order: Order) -> None:
        """That nothing else is open for the site, and that what was seen is what there is."""
        if order.kind in (OrderKind.WAVE, OrderKind.RESUME_WAVE):
            return
        store = SqlJobStore(self._installation.database.engine, lambda: 0.0, lives)
        newest = next(iter(store.jobs(order.subject)), None)
        is_open = newest is not None and not newest.is_over
        if order.kind is OrderKind.ROLLBACK:
            fits = newest is not None and newest.id == order.mark
        elif order.words.get("job"):
            fits = is_open and newest is not None and newest.id == order.words["job"]
        else:
            fits = not is_open
        if not fits:
            raise ConflictError(_("Another change of this site was begun or ended meanwhile. Look at it first."))

    def agree(self, slug: str, job: str, mark: str, who: str, *, token: str = "", revoke: bool = False) -> Job:
        changes = SiteChanges(in_the_name_of(who, self._installation), address(self._installation.loaded.settings))
        with self._agreeing:
            held = changes.open_job(slug)
            if held is None or held.id != job:
                raise ConflictError(_("This change does not wait any more. Look at the site again."))
            if held.fingerprint != mark:
                raise ConflictError(_("The plan was changed after you saw it. Look at it again, then say yes or no."))
            if revoke:
                return changes.revoke(slug)
            self._check_agrees(changes, held, who)
            for _turn in range(3):
                agreed = changes.approve(slug)
                kept = changes.store.get(agreed.id)
                if kept is not None and who in kept.approvers:
                    return kept
                if kept is None or kept.fingerprint != mark:
                    break
        raise ConflictError(_("The plan was changed after you saw it. Look at it again, then say yes or no."))

    def _check_agrees(self, changes: SiteChanges, job: Job, who: str) -> None:
        if job.actor == who:
            raise RefusedError(_("You began this change. Somebody else has to agree to it."))
        if job.kind is not JobKind.BUILD:
            return
        try:
            changed = changes.planned(job.site, job.profile, job.like)[0]
        except DatabaseError:
            raise
        except (ProvisioningError, KentonganError) as error:
            raise RefusedError(str(error)) from error
        if fingerprint_of(changed) != job.fingerprint:
            raise ConflictError(
                _(
                    "What {site} is to be was changed since this plan was made. Whoever applies it goes on first."
                ).format(site=job.site)
            )

    def agree_wave(
        self, wave: str, plans: Mapping[str, str], who: str, *, token: str = "", revoke: bool = False
    ) -> Sequence[Job]:
        waves = SiteWaves(in_the_name_of(who, self._installation), address(self._installation.loaded.settings))
        changes = SiteChanges(waves.installation, address(self._installation.loaded.settings))
        with self._agreeing:
            try:
                held, jobs = waves.plans(wave)
                self._check_seen(jobs, plans)
                if not revoke and who in (held.actor, *(job.actor for job in jobs)):
                    raise RefusedError(_("You began this change. Somebody else has to agree to it."))
                for job in () if revoke else jobs:
                    self._check_agrees(changes, job, who)
                for _turn in range(3):
                    waves.agree(wave, revoke=revoke)
                    kept = waves.plans(wave)[1]
                    self._check_seen(kept, plans)
                    if all((who in job.approvers) is not revoke for job in kept):
                        return kept
            except UsageError as error:
                raise RefusedError(str(error)) from error
        raise ConflictError(_("Somebody else agreed at the same moment. Look at the wave again."))

    def _check_seen(self, jobs: Sequence[Job], plans: Mapping[str, str]) -> None:
        """Raises ConflictError, naming the sites of which something else was seen."""
        there = {job.site: job.fingerprint for job in jobs}
        others = sorted(site for site in {*there, *plans} if there.get(site) != plans.get(site))
        if others:
            raise ConflictError(
                _("These plans are not those that you saw: {sites}. Look at the wave again.").format(
                    sites=", ".join(others[:10])
                )
            )

    def stop(self, wave: str, who: str, *, token: str = "") -> None:
        if wave != self._moving() or not self._tasks.interrupt(WAVE):
            raise RefusedError(
                _("No wave that was begun here is under way. One of the command line is stopped there with Ctrl-C.")
            )
        by = {"by": "api", "token": token} if token else {"by": "console"}
        self._installation.record_as(who, "wave ordered to stop", wave, **by)

    def _moving(self) -> str:
        """The wave that is being carried out by an order of ours; '' for none, or one that has no number yet."""
        record, lives = self._tasks.all().get(WAVE, (None, False))
        if record is None or not lives:
            return ""
        if number := record.words.get("wave"):
            return str(number)
        newest = next(iter(SqlWaveStore(self._installation.database.engine).waves()), None)
        is_its = newest is not None and newest.made_at >= record.at and newest.actor == record.who
        return newest.id if newest is not None and is_its else ""


def _task(record: TaskRecord, *, lives: bool) -> Task:
    """One that died without saying so has ended when it began: nobody knows when."""
    ended, trouble = record.ended_at, record.trouble
    if ended is None and not lives:
        ended, trouble = record.at, _("It was interrupted. Go on with it: it takes up where it was.")
    subject = str(record.words.get("site") or record.words.get("wave") or record.subject)
    return Task(subject, record.kind, record.who, record.at, ended, trouble)


def _conflict(error: UnderWayError) -> ConflictError:
    held = error.task
    if held is None:
        return ConflictError(_("Somebody is working on this already. Look at it again in a moment."))
    return ConflictError(
        _("{who} has been working on this since {at:%Y-%m-%d %H:%M} UTC ({what}). Nothing was done.").format(
            who=held.who, at=held.at, what=held.kind
        )
    )


def _pairs(said: object) -> Sequence[tuple[object, object]]:
    return [(each[0], each[1]) for each in said if len(each) == 2] if isinstance(said, list) else []
