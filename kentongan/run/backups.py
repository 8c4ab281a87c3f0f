"""Fetches configurations while the service runs: whoever is due, a few at a time, in threads beside the event loop."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import structlog

from exporters.catalogue import own
from exporters.own_health import OwnHealth
from kentongan.backups import ConfigBackups, Planned
from provisioning.backup import BackupState, Fate, Outcome, Subject, ToldDevices, Why, is_due, is_stale
from provisioning.backup.due import PASSING

if TYPE_CHECKING:
    from kentongan.run.service import Service

log = structlog.get_logger(__name__)

LOOK_SECONDS = 60.0
SETTLE_SECONDS = 300.0  # a machine that just woke has better to do, and the network may be waking too
TURN_SECONDS = 5.0
AGAIN_SECONDS = 3000.0
DAILY = Why("fetched by the daily round")
SOON = Why("fetched because it was changed")
Numbers = Mapping[tuple[str, ...], float]


class BackupDesk:
    """`start` when the jobs run, `stop` before the database closes. `note_change`: a device told of one."""

    def __init__(
        self, service: "Service", settle_seconds: float = SETTLE_SECONDS, told: ToldDevices | None = None
    ) -> None:
        self._service = service
        self._told = told or ToldDevices()
        self._settle_seconds = settle_seconds
        self._config = ConfigBackups(service.installation)
        self._table = self._config.timetable
        self._workers = service.installation.loaded.settings.backup.workers
        self._pool = ThreadPoolExecutor(self._workers, "backup")
        self._planned = Planned()
        self._states: dict[str, BackupState] = {}
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._tried: dict[str, float] = {}
        self._began = service.clock.now().steady_seconds
        self._stopped = False

    def start(self) -> None:
        self._service.jobs.add("backup", self.look, LOOK_SECONDS)

    async def stop(self) -> None:
        """Conversations under way are cut; their devices are due again at the next start."""
        self._stopped = True
        self._pool.shutdown(wait=False, cancel_futures=True)
        for task in self._under_way.values():
            task.cancel()
        self._config.shells.cut()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)
        await asyncio.to_thread(self._pool.shutdown, True)

    def note_change(self, device: str) -> None:
        """It is fetched when nothing more is told for a while."""
        self._told.note(device, self._service.clock.now().steady_seconds)

    @property
    def subjects(self) -> Mapping[str, Subject]:
        """Who can be logged in to, as of the last look."""
        return self._planned.subjects

    async def look(self) -> None:
        """Take over who there is, and begin with those that are due and fit into the pool."""
        now = self._service.clock.now()
        if not await asyncio.to_thread(self._config.has_login):
            self._planned = Planned()
            return
        devices = [member.device for member in self._service.roster.members()]
        platforms = {device.name: self._service.members.platform_of(device.name) for device in devices}
        self._planned = await asyncio.to_thread(self._config.plan, devices, platforms, TURN_SECONDS)
        self._states = await asyncio.to_thread(self._config.states.read)
        await self._forget()
        if now.steady_seconds - self._began >= self._settle_seconds:
            for subject in self._due()[: self._workers - len(self._under_way)]:
                self._begin(subject)

    def _due(self) -> list[Subject]:
        now = self._service.clock.now()
        if self._stopped or not self._service.jobs.is_clock_trusted(now):
            return []
        told = [self._planned.subjects[name] for name in self._told.due(now.steady_seconds) if self._may_soon(name)]
        return told + [
            subject
            for name, subject in self._planned.subjects.items()
            if is_due(name, self._states.get(name), self._table, now.utc)
            and name not in self._under_way
            and subject not in told
            and not self._holds_back(name, now.steady_seconds)
        ]

    def _may_soon(self, name: str) -> bool:
        """A refused login is not tried again because something changed; nor is a line over its month's traffic used."""
        if name not in self._planned.subjects or name in self._under_way or self._is_spent(name):
            return False
        state = self._states.get(name)
        return state is None or not state.cause or state.cause in PASSING

    def _begin(self, subject: Subject) -> None:
        now = self._service.clock.now().steady_seconds
        why = SOON if subject.device in self._told.due(now) else DAILY
        self._tried[subject.device] = now
        self._told.begin(subject.device, now)
        task = asyncio.create_task(self._fetch(subject, why), name=f"backup {subject.device}")
        self._under_way[subject.device] = task

    def _take(self, subject: Subject, why: Why) -> Outcome:
        return self._config.backups.take(subject, self._config.why(subject.device, why))

    async def _fetch(self, subject: Subject, why: Why) -> None:
        """And then the next who is due, without waiting for the next look."""
        name = subject.device
        try:
            loop = asyncio.get_running_loop()
            outcome = await loop.run_in_executor(self._pool, self._take, subject, why)
            self._note(outcome)
            self._states = await asyncio.to_thread(self._config.states.read)
            for following in self._due()[:1]:
                self._begin(following)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.warning("config_backup_broken", device=name, error=str(error))
        finally:
            del self._under_way[name]

    def _note(self, outcome: Outcome) -> None:
        service = self._service
        if outcome.device in service.roster:
            service.allowance.spend(np.array([service.fleet.index(outcome.device)]), outcome.octets)
        before = self._states.get(outcome.device)
        match outcome.fate:
            case Fate.FAILED:
                if before is None or before.cause != outcome.cause:
                    log.warning(
                        "config_backup_failed", device=outcome.device, cause=outcome.cause, reason=outcome.message
                    )
            case Fate.FIRST | Fate.CHANGED:
                log.info(
                    "config_kept",
                    device=outcome.device,
                    revision=outcome.revision[:10],
                    added=outcome.added,
                    removed=outcome.removed,
                )
            case Fate.UNCHANGED:
                if before is not None and before.cause:
                    log.info("config_backup_recovered", device=outcome.device, after=before.cause)

    def _holds_back(self, name: str, steady_seconds: float) -> bool:
        """A device over its month's traffic is polled more rarely, and not read at all. Nobody is tried twice in a
        row, even when the database cannot remember that he was."""
        tried = self._tried.get(name)
        return (tried is not None and steady_seconds - tried < AGAIN_SECONDS) or self._is_spent(name)

    def _is_spent(self, name: str) -> bool:
        if name not in self._service.roster:
            return True
        limit = self._service.roster[name].poll_class.month_megabytes * 1e6
        return bool(limit) and bool(self._service.allowance.used[self._service.fleet.index(name)] >= limit)

    async def _forget(self) -> None:
        """Of a device that is gone nobody is to be alarmed; its configurations stay in git."""
        self._told.keep(member.device.name for member in self._service.roster.members())
        gone = [name for name in self._states if name not in self._service.roster]
        if gone:
            await asyncio.to_thread(self._config.states.forget, gone)
            for name in gone:
                del self._states[name]

    def lend(self, health: OwnHealth) -> None:
        """Our numbers to the metrics."""

        def ages() -> Numbers:
            now = self._service.clock.now().unix_seconds
            states = ((name, self._states.get(name)) for name in self._planned.subjects)
            return {(name,): max(now - state.good_at, 0.0) for name, state in states if state and state.good_at}

        def backups() -> Numbers:
            now = self._service.clock.now().utc
            counts = Counter({"fresh": 0, "stale": 0, "never": 0})
            for name in self._planned.subjects:
                state = self._states.get(name)
                stale = is_stale(state, self._table, now)
                counts["never" if state is None or not state.good_at else "stale" if stale else "fresh"] += 1
            return {(state,): count for state, count in counts.items()}

        def failures() -> Numbers:
            causes = (state.cause for name, state in self._states.items() if name in self._planned.subjects)
            return {(cause,): count for cause, count in Counter(cause for cause in causes if cause).items()}

        health.read(own.CONFIG_BACKUP_AGE, ages)
        health.read(own.CONFIG_BACKUPS, backups)
        health.read(own.CONFIG_BACKUP_FAILURES, failures)
