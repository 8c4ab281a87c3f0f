"""What happens now and then beside polling: a changed inventory is taken over, the cost is saved, old rows go.

And whether the clock is believed by which all of that is dated.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import structlog

from alerts.store.outbox import SqlOutbox
from collectors.store.change_log import SqlChangeLog
from domain.time import Moment
from kentongan.installation import Installation
from kentongan.run.cadences import Cadences, Job
from kentongan.run.watching import Watching
from kentongan.store.faults import DatabaseError

log = structlog.get_logger(__name__)

REVISION_SECONDS = 2
ACCOUNT_SECONDS = 60
WATCH_SECONDS = 15
MAINTENANCE_SECONDS = 5
DEGRADED_SECONDS = 900
TELLING_SECONDS = 60
PRUNE_SECONDS = 6 * 3600
COMMANDS_KEPT = timedelta(days=30)
DRIFT_SECONDS = 1800.0
STRETCH = timedelta(days=366)


class Jobs:
    """`start` in the running loop."""

    def __init__(
        self,
        installation: Installation,
        reload: Callable[[], Awaitable[None]],
        account: Callable[[], None],
        look_at_maintenance: Callable[[], Awaitable[None]],
        keep_degraded: Callable[[], Awaitable[None]],
        telling_round: Callable[[], Awaitable[None]],
    ) -> None:
        self._installation = installation
        self._reload = reload
        self._account = account
        self._look_at_maintenance = look_at_maintenance
        self._keep_degraded = keep_degraded
        self._telling_round = telling_round
        self._watching: Watching | None = None
        self._started = installation.clock.now()
        self._cadences = Cadences()

    def start(self) -> None:
        self._watching = Watching(self._installation.watches)
        for name, job, seconds in (
            ("reload", self._reload, REVISION_SECONDS),
            ("account", self._accounting, ACCOUNT_SECONDS),
            ("maintenance", self._look_at_maintenance, MAINTENANCE_SECONDS),
            ("degraded", self._keep_degraded, DEGRADED_SECONDS),
            ("telling", self._telling_round, TELLING_SECONDS),
            ("watch", self._watch, WATCH_SECONDS),
            ("prune", self._prune, PRUNE_SECONDS),
        ):
            self._cadences.add(name, job, seconds)
        self._cadences.start()

    def add(self, name: str, job: Job, seconds: float) -> None:
        """One more cadence; the first time at once."""
        self._cadences.add(name, job, seconds, at_once=True)

    def stop(self) -> None:
        self._cadences.stop()
        if self._watching is not None:
            with suppress(DatabaseError):  # the last word of an orderly end; without it a minute counts as unseen
                self._watching.stop(self._installation.clock.now())
            self._watching = None

    def is_clock_trusted(self, now: Moment) -> bool:
        """Not if it jumped by more than half an hour since the start, or stands before this program was written."""
        if now.utc <= self._installation.clock.not_before:
            return False
        if self._started.utc <= self._installation.clock.not_before:
            self._started = now  # it woke in the past and has been mended
        since_start = now.steady_seconds - self._started.steady_seconds
        return abs(now.unix_seconds - self._started.unix_seconds - since_start) < DRIFT_SECONDS

    async def _accounting(self) -> None:
        self._account()

    async def _watch(self) -> None:
        now = self._installation.clock.now()
        if self._watching is not None and self.is_clock_trusted(now):
            await asyncio.to_thread(self._watching.beat, now)

    async def _prune(self) -> None:
        await asyncio.to_thread(self.prune)

    def prune(self) -> None:
        """Remove what is older than [retention] says. Samples are Prometheus's own to remove.

        A clock that is not trusted, or stands a year after everything we know, must not remove history.
        """
        settings = self._installation.loaded.settings
        keep = settings.retention
        moment = self._installation.clock.now()
        now = moment.utc
        newest = self._installation.states.changes(datetime(1970, 1, 1, tzinfo=UTC), 1)
        if not self.is_clock_trusted(moment) or not newest or now - newest[0].at > STRETCH:
            log.warning("retention_waits", clock=now.isoformat())
            return
        events = self._installation.states.prune(now - timedelta(days=keep.events_days))
        audit = self._installation.journal.prune((now - timedelta(days=keep.audit_days)).timestamp())
        commands = self._installation.commands.prune((now - COMMANDS_KEPT).timestamp())
        outbox = SqlOutbox(self._installation.database.engine)
        messages = outbox.prune(now - timedelta(days=keep.messages_days))
        changes = SqlChangeLog(self._installation.database.engine)
        told = changes.prune((now - timedelta(days=settings.syslog.keep_days)).timestamp())
        if events or audit or commands or messages or told:
            log.info("old_rows_removed", events=events, audit=audit, commands=commands, messages=messages, told=told)
