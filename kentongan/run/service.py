"""The service: assembles the rooms, starts what runs beside the tick, and stops it all in order."""

import asyncio
import contextlib
import math
import os
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import structlog
from numpy.typing import NDArray

from alerts.degraded import DegradedWatch, load_thresholds
from alerts.detect import InterfaceWatch
from alerts.dispatch.messages import Channel
from alerts.states import StateBoard
from alerts.store.maintenance import SqlMaintenance
from collectors.allowance import Allowance
from collectors.datagrams import Datagrams
from collectors.decode import Decoder
from collectors.ownpath import OwnPath
from collectors.profiles import shipped_profiles
from collectors.schedule import Schedule
from collectors.snmp.engines import EngineBook
from collectors.snmp.keys import KeyRing
from collectors.snmp.single_poller import SinglePoller
from collectors.snmp.sweep import Sweeper
from collectors.store.heartbeat_tokens import SqlTokenStore
from domain.polling import Endpoint, Fleet, OnuReading, PlanBook
from domain.polling.counters import CounterBook
from domain.time import Moment
from exporters.catalogue import own
from exporters.exposition import Renderer
from exporters.own_health import OwnHealth
from kentongan import __version__
from kentongan.installation import Installation
from kentongan.pipeline import Pipeline
from kentongan.run.asking import Asking
from kentongan.run.backups import BackupDesk
from kentongan.run.beats import Beats
from kentongan.run.checking import make_checkers
from kentongan.run.coverage import CoverageDesk
from kentongan.run.degraded import Degraded
from kentongan.run.discovering import Discoverer
from kentongan.run.displaced import DisplacedFile
from kentongan.run.echoes import Echoes
from kentongan.run.exporting import exporter_of
from kentongan.run.figures import lend_figures
from kentongan.run.health import lend_health
from kentongan.run.inbound import Inbound
from kentongan.run.jobs import Jobs
from kentongan.run.keeping import Decided, Keeper
from kentongan.run.lans import LanDesk
from kentongan.run.ledger import Ledger
from kentongan.run.maintenance import Maintenance
from kentongan.run.members import Members
from kentongan.run.memory import give_back_memory, keep_large_apart
from kentongan.run.month import MonthFigures
from kentongan.run.onu_inquiry import Inquirer
from kentongan.run.orders import Orders
from kentongan.run.outage import OutageDesk
from kentongan.run.plans import Plans
from kentongan.run.recorder import Recorder
from kentongan.run.roster import Roster
from kentongan.run.rounds import Rounds
from kentongan.run.services import ServiceDesk
from kentongan.run.shapes import ShapeWatch
from kentongan.run.single_polling import SinglePolling
from kentongan.run.spending import Spending
from kentongan.run.streams import Streams
from kentongan.run.syslog import LOOK_SECONDS, SyslogDesk
from kentongan.run.takeover import Takeover
from kentongan.run.tally import Tally
from kentongan.run.telling import Telling, make_dispatcher, restore_outages
from kentongan.run.tick import Tick
from kentongan.run.units import unit_watch
from kentongan.run.watched import Watched

log = structlog.get_logger(__name__)

FIRST_WITHIN_SECONDS = 60.0  # after a start even a slow device is asked once within this
SINGLES_AT_ONCE = 256
NO_CHANNELS: Final[Mapping[str, Channel]] = MappingProxyType({})


class Service:
    """`start`, then it runs by itself until `stop`. `tally` says what it has done."""

    def __init__(
        self, installation: Installation, machines: Sequence[str] = (), channels: Mapping[str, Channel] = NO_CHANNELS
    ) -> None:
        """machines: channels beside those of the settings that hear every notice: `webhook:http://…`. channels: ways
        out, by scheme, where the settings name none.
        """
        self.installation = installation
        settings = installation.loaded.settings
        self._settings = settings
        self.clock = installation.clock
        self.zone = ZoneInfo(settings.language.timezone)
        self.tally = Tally()
        self.fleet = Fleet()
        self.roster = Roster(settings.polling.classes())
        self.book = PlanBook()
        self.profiles = shipped_profiles(installation.loaded.profiles)
        engines, keys = EngineBook(), KeyRing()
        self.polls, self.looks = Schedule(FIRST_WITHIN_SECONDS), Schedule()
        self.board = StateBoard(self.fleet)
        self.renderer = Renderer(self.fleet)
        self.ledger = Ledger(self.fleet)
        self.allowance = Allowance()
        self.sweeper = Sweeper(
            self.fleet,
            Datagrams(),
            seed=int.from_bytes(os.urandom(4)),
            engines=engines,
            keys=keys,
        )
        self.echoes = Echoes()
        single = SinglePoller(self.fleet, self._endpoint, self.clock, engines=engines, keys=keys)
        self.singles = SinglePolling(single.poll, SINGLES_AT_ONCE)
        self._health = OwnHealth(__version__)
        self.telling = Telling(installation, channels)
        self.keeper = Keeper(installation, self.telling.sender.wake)
        self.recorder: Recorder[Decided] = Recorder(
            self.keeper, observe_seconds=self._health.histogram(own.DATABASE_WRITE).observe
        )
        self.members = Members(
            self.fleet,
            self.sweeper,
            self.echoes,
            self.polls,
            self.looks,
            self.board,
            self.renderer,
            self.ledger,
            self.allowance,
        )
        self.asking = Asking(self.roster, self.profiles, engines, keys, self.members.platform_of)
        self.discoverer = Discoverer(self.asking.discover, settings.polling.discoveries, self._steady)
        self.units = unit_watch(installation, self.zone)
        self.plans = Plans(self.roster, self.members, self.profiles, self.book, installation.plans, self.units)
        self.pipeline = Pipeline(
            self.fleet,
            CounterBook(self.fleet),
            Decoder(self.fleet),
            self.renderer,
            self.board,
            self.ledger,
            self.allowance,
            ShapeWatch(self.fleet),
            InterfaceWatch(self.fleet),
            self.tally,
        )
        self.own_path = OwnPath()
        self.outage = OutageDesk(
            self.fleet,
            self.board,
            self.pipeline.interfaces,
            settings.alerts.rules(),
            make_dispatcher(installation, machines),
        )
        self.services = ServiceDesk(
            settings.services,
            lambda logins: make_checkers(installation.loaded, logins),
            self.outage,
            Streams(self.fleet, self.board, settings.services.misses),
            self.clock,
        )
        watch = DegradedWatch(
            self.fleet,
            self.board,
            load_thresholds(installation.loaded.thresholds),
            zone=self.zone,
            carries=self.pipeline.counters.speeds.bytes_per_second,
        )
        self.degraded = Degraded(installation, watch, self.fleet, self.profiles, self.members.platform_of, self.zone)
        self.beats = Beats(
            settings.heartbeat,
            SqlTokenStore(installation.database.engine, lambda: self.clock.now().unix_seconds),
            self.fleet,
            self.board,
            self.outage,
            [watch.note_beat],
            [watch.forget_beats],
        )
        self.watched = Watched(self.services.watch, watch, self.beats.internet)
        witnesses = self.outage.witnesses
        witnesses.fades, witnesses.mains, witnesses.complaints = watch.fades, watch.mains, self.watched
        self.maintenance = Maintenance(SqlMaintenance(installation.database.engine))
        assessment = self.outage.assessment
        assessment.muted, assessment.planned = self.maintenance.muted, self.maintenance.planned
        assessment.announced = self.maintenance.said
        self.orders = Orders(installation, self.outage)
        self.inbound = Inbound(installation, self.outage, self.orders)
        self.rounds = Rounds(installation, self.outage, self.telling, self.inbound, self._is_clock_trusted)
        self.inquirer = Inquirer(self.asking.look_at_onus, self._note_onus, self.outage.answers, self._steady)
        self.tick = Tick(
            self.fleet,
            self.roster,
            self.members,
            self.polls,
            self.looks,
            self.sweeper,
            self.singles,
            self.echoes,
            self.discoverer,
            self.own_path,
            self.pipeline,
            self.outage,
            self.watched,
            self.services,
            self.beats,
            watch,
        )
        self.spending = Spending(self)
        self.jobs = Jobs(
            installation,
            self.reload,
            self.spending.account,
            self._look_at_maintenance,
            self._keep_degraded,
            self.rounds.turn,
        )
        self.backups = BackupDesk(self)
        self.lans = LanDesk(self)
        self.syslog = SyslogDesk(installation, self.members.platform_of, self.backups.note_change)
        self.figures = MonthFigures(self)
        self.coverage = CoverageDesk(self)
        self.takeover = Takeover(self)
        self._displaced = DisplacedFile(self.pipeline.counters.displaced, installation.loaded.folder)
        self.exporter = exporter_of(self, self._health)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Everything is read, every socket open and the first tick on its way when this returns."""
        self.sweeper.start()
        self.echoes.start()
        await self.resume()
        lend_health(self._health, self)
        lend_figures(self._health, self)
        await self.exporter.start()
        self.tally.metrics_url = f"{self.exporter.url}/metrics"
        self.recorder.start()
        await self.telling.start()
        await self.inbound.start()
        await self.syslog.start()
        await self.services.start()
        self.jobs.start()
        self.backups.start()
        self.lans.start()
        self.jobs.add("syslog", self.syslog.look, LOOK_SECONDS)
        self.figures.start()
        self.coverage.start(self._health)
        self._tasks = [
            asyncio.create_task(self._tick_on(), name="tick"),
            asyncio.create_task(self.orders.run(), name="orders"),
            asyncio.create_task(self._health.watch_loop(), name="loop lag"),
        ]
        log.info("started", devices=len(self.roster), metrics=self.tally.metrics_url, inbound=self.inbound.url)

    async def resume(self) -> None:
        """Everything is read, and what was open before a restart goes on. Opens no socket."""
        self._displaced.read()
        self.members.know_traffic(self.spending.read())
        keep_large_apart()
        self.takeover.apply(self.takeover.read())
        give_back_memory()
        self.board.restore(self.installation.states.read())
        restore_outages(self.outage, self.installation, self.clock.now())
        self.services.restore(self.outage.desk.open)
        await self.beats.refresh(self.clock.now())
        self.beats.restore(self.outage.desk.open, self.clock.now())
        self.degraded.restore(self.outage.desk.open, self.clock.now())
        await self._look_at_maintenance()
        self.installation.commands.abandon(self.clock.now().unix_seconds)

    async def stop(self) -> None:
        """Ends in the reverse order; what was decided is written before the database closes."""
        self.jobs.stop()
        await self.syslog.stop()
        await self.lans.stop()
        await self.backups.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.inquirer.stop()
        await self.services.stop()
        await self.discoverer.stop()
        await self.plans.stop()
        await self.singles.stop()
        await self.exporter.stop()
        await self.inbound.stop()
        self.recorder.stop()
        await self.telling.stop()
        with contextlib.suppress(OSError):
            self.spending.account()
        await self._displaced.keep()
        self.sweeper.stop()
        self.echoes.stop()
        self.count_late()
        log.info("stopped", polls=self.tally.polls, changes=self.tally.changes_total)

    def raise_if_broken(self) -> None:
        """A tick that ended by an error ends the service with it: better restarted than half alive."""
        for task in self._tasks:
            if task.done() and not task.cancelled():
                task.result()

    async def reload(self) -> None:
        """Keep displaced counters; read tokens and the inventory, if they have changed. Comes every other second."""
        await self._displaced.keep()
        await self.beats.refresh(self.clock.now())
        await self.takeover.renew()

    def states(self) -> NDArray[np.uint8]:
        """Codes of the states, a device of the roster each."""
        devices = [self.fleet.index(member.device.name) for member in self.roster.members()]
        return self.board.codes[devices] if devices else np.zeros(0, np.uint8)

    async def _tick_on(self) -> None:
        """Turns lie on a grid: a sleep after each would put every poll off by what the turns before it took."""
        pause, loop = self._settings.polling.wake_seconds, asyncio.get_running_loop()
        next_at = loop.time()
        while True:
            turn = self.tick.turn(self.clock.now())
            self.recorder.put(turn.decided)
            self.tally.note_changes(turn.changes)
            self.plans.accept(turn.found, self.clock.now())
            for fault in self.outage.inquired():
                self.inquirer.ask(fault.members)
            behind = loop.time() - next_at
            next_at += pause * math.ceil(behind / pause + 0.5)  # and half a pause at least is for the others
            await asyncio.sleep(next_at - loop.time())

    def _note_onus(self, said: Mapping[str, OnuReading]) -> None:
        self.outage.witnesses.note_onus(said, self.clock.now().utc)
        self.outage.engine.wake()

    async def _look_at_maintenance(self) -> None:
        if await self.maintenance.reload(self.clock.now()):
            self.outage.engine.wake()

    async def _keep_degraded(self) -> None:
        await asyncio.to_thread(self.degraded.keep)
        self.degraded.close_days(self.clock.now())

    def _endpoint(self, device: int) -> Endpoint:
        endpoint = self.roster[self.fleet.name(device)].endpoint
        assert endpoint is not None
        return endpoint

    def count_late(self) -> None:
        """Into the tally."""
        self.tally.polls_late, self.tally.polls_skipped = self.polls.late, self.polls.skipped

    def _is_clock_trusted(self, now: Moment) -> bool:
        return self.jobs.is_clock_trusted(now)

    def _steady(self) -> float:
        return self.clock.now().steady_seconds
