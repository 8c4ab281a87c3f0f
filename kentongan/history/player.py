"""Plays months of a simulated world to the parts of the running service, on a fast clock.

Who would say again what he said is not asked: a poll of a device that nothing has touched changes nothing. Whoever a
change touches is asked in his own rhythm until the service believes what is so. Each day has its marks: what people
import, the morning, two full polls, the evening; once it is over it is closed.
"""

import gc
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alerts.dispatch.messages import Fate
from alerts.store.outbox import SqlOutbox
from collectors.http import shipped_phrases
from domain.incidents import Incident
from domain.network import SiteKind
from domain.polling import PingRound
from domain.time import Moment
from kentongan.history.clock import FastClock
from kentongan.history.gear import Gear, on_paper
from kentongan.history.hearts import Hearts
from kentongan.history.office import Office
from kentongan.history.people import People
from kentongan.history.rounds import PaperRounds
from kentongan.history.sight import WorldSight
from kentongan.history.visits import PaperVisits
from kentongan.run.keeping import Decided
from kentongan.run.service import Service
from kentongan.run.watching import Watching
from lab.kabupaten.troubles import Calendar
from lab.services.course import AppCourse
from lab.world.events import Events
from lab.world.model import World

WAKE_SECONDS: Final = 5.0
AGAIN_SECONDS: Final = 1.0
STRIDE_SECONDS: Final = 12 * 3600.0
SEEN_SECONDS: Final = 4 * 3600.0
POLLS_AFTER: Final = 2.2
"""So many polls of a device that a change has touched."""

LIGHT_DAYS: Final = 7
DIMMED_SECONDS: Final = 31 * 86_400.0
CLOSED_ON: Final = 3
"""A month is closed on this day of the next one."""

ROUND_TRIP_SECONDS: Final = 0.006
WINDOW: Final = 500
DAY: Final = timedelta(days=1)
_NOBODY: Final = np.zeros(0, np.int64)


class Player:
    """`begin`, then `play` up to a time; `played` is called at the end of each day. incidents: as they were last."""

    def __init__(
        self,
        service: Service,
        clock: FastClock,
        world: World,
        events: Events,
        calendar: Calendar,
        office: Office,
        people: People,
        apps: AppCourse,
        played: Callable[[date], None] = lambda day: None,
    ) -> None:
        self.service, self.clock, self.events, self.apps = service, clock, events, apps
        self._calendar, self._office, self._people, self._played = calendar, office, people, played
        self.gear = Gear(world, service.fleet)
        self.sight = WorldSight(world, service)
        self.hearts = Hearts(service, clock, self.sight, calendar.seed)
        self.incidents: dict[str, Incident] = {}
        self.turns = 0
        self._watching = Watching(service.installation.watches, 2 * STRIDE_SECONDS)
        self._seen_at = 0.0
        self._asks, self._polls = _NOBODY, _NOBODY
        self._next_ping, self._next_poll = np.zeros(0), np.zeros(0)
        self._hot_until = np.zeros(0)
        self._month = self._closed_in = date.min
        self._villages, self._light = _NOBODY, _NOBODY
        self._marks: list[tuple[float, int, Callable[[date], Awaitable[None]], date]] = []
        self._outbox = SqlOutbox(service.installation.database.engine)
        service.asking.client = on_paper(service.asking.client, world, clock)
        service.inquirer.every_seconds = 0.0
        self._hosts: dict[str, str] = {}  # application → the device that it runs on
        warn_days = service.installation.loaded.settings.services.warn_days
        visits = PaperVisits(apps, shipped_phrases(), warn_days, self._is_reached)
        self.rounds = service.services.rounds = PaperRounds(visits, service.services.take, clock)
        service.tick.use = service.coverage.meter

    @property
    def now(self) -> Moment:
        return self.clock.now()

    async def begin(self) -> None:
        """Where the clock stands: what is known is read, what is open goes on, everybody is asked."""
        today = self._today()
        self._office.import_news(today)
        await self.service.resume()
        await self._know()
        await self._meet()
        gc.collect()
        gc.freeze()  # a collection at each new inventory is to look at what is new
        self._plan_day(today)
        self._heat(np.arange(self.service.fleet.size), 400.0)

    async def _know(self) -> None:
        inventory = self.service.installation.inventory.read(stages=False)
        self._people.know(inventory)
        self._hosts = {each.code: each.host for each in inventory.services if each.host}
        await self.hearts.know(inventory)
        villages = {site.slug for site in inventory.sites if site.kind in (SiteKind.DESA, SiteKind.KELURAHAN)}
        names = (device.name for device in inventory.devices if device.site in villages)
        fleet = self.service.fleet
        self._villages = np.array(sorted(fleet.index(name) for name in names if name in fleet), np.int64)

    async def play(self, until: float) -> None:
        """until: unix seconds. After it everything decided is kept."""
        while self.clock.unix_seconds < until:
            self.clock.move_to(min(self._next(), until))
            await self._turn()

    async def end(self) -> None:
        """Everything that waits is kept."""
        self._deliver()
        self._watching.stop(self.now)
        self.service.degraded.keep()
        self.service.spending.account()
        await self.service.plans.written()

    # -- when -------------------------------------------------------------------------------------------------------

    def _next(self) -> float:
        now = self.clock.unix_seconds
        if len(self._asks) or len(self._polls):
            return now + AGAIN_SECONDS
        steady = self.now.steady_seconds
        waits = [STRIDE_SECONDS, max(self.service.outage.wakes_at - steady, AGAIN_SECONDS)]
        waits += [self.events.next_at - now, self._people.next_at - now, self.apps.next_at - now]
        waits += [self.rounds.due_at - steady, self.hearts.next_at - now]
        world = self.sight.world.next_event
        if world is not None:
            waits.append(world - now)
        if self._marks:
            waits.append(self._marks[0][0] - now)
        mistaken, hot = self.sight.mistaken(), self._hot(steady)
        due = [self._next_ping[mistaken], self._next_poll[hot]]
        waits += [max(float(each.min()) - steady, WAKE_SECONDS) for each in due if len(each)]
        return now + max(min(waits), 0.001)

    def _hot(self, steady: float) -> NDArray[np.int64]:
        """Who is asked: touched lately, or believed to be otherwise than he is."""
        size = self.service.fleet.size
        if len(self._hot_until) < size:
            self._grow(size)
        hot = self._hot_until > steady
        hot[self.sight.mistaken()] = True
        return np.flatnonzero(hot)

    # -- one turn ---------------------------------------------------------------------------------------------------

    async def _turn(self) -> None:
        self.turns += 1
        world = self.sight.world.next_event
        changes = min(self.events.next_at, world if world is not None else float("inf"))
        self.hearts.beat(self.now, last=changes <= self.clock.unix_seconds)
        if self.events.do(self.clock.unix_seconds):
            touched = self.sight.look(self.clock.unix_seconds)
            self._heat(touched)
            names = {self.service.fleet.name(device) for device in touched.tolist()}
            self.rounds.touch(code for code, host in self._hosts.items() if host in names)
        self.rounds.touch(self.apps.do(self.clock.unix_seconds))
        await self._keep_marks()
        now = self.now
        self.rounds.turn(now)
        acted = self._people.act(now)
        hot = self._hot(now.steady_seconds)
        pings = self._due(self.sight.mistaken(), self._next_ping, self._ping_every, now)
        polls = self._due(hot, self._next_poll, self._poll_every, now)
        self._ping(np.union1d(self._asks, pings), now)
        self._poll(np.union1d(self._polls, polls), now)
        step, decided = self.service.tick.decide(now)
        self._asks, self._polls = self._pinged(step.asks), self._planned(step.polls)
        self._keep(decided)
        await self._inquire()
        if acted or now.unix_seconds - self._seen_at >= SEEN_SECONDS:
            self._seen_at = now.unix_seconds
            self._watching.beat(now)

    def _due(
        self, hot: NDArray[np.int64], due_at: NDArray[np.float64], every: NDArray[np.float64], now: Moment
    ) -> NDArray[np.int64]:
        due = hot[due_at[hot] <= now.steady_seconds]
        due_at[due] = now.steady_seconds + every[due]
        return due

    def _ping(self, devices: NDArray[np.int64], now: Moment) -> None:
        if len(devices):
            rtt = np.where(self.sight.lit[devices], ROUND_TRIP_SECONDS, np.nan)
            self.service.pipeline.handle_pings(PingRound(devices, now.unix_seconds, rtt, now.steady_seconds), now)

    def _poll(self, devices: NDArray[np.int64], now: Moment) -> None:
        if len(devices):
            sweep = self.gear.sweep(devices, now.steady_seconds, now.unix_seconds)
            self.service.tick.take_sweep(sweep, now)

    async def _inquire(self) -> None:
        inquired = self.service.outage.inquired()
        for fault in inquired:
            self.service.inquirer.ask(fault.members)
        if inquired:
            await self.service.inquirer.answered()

    def _keep(self, decided: tuple[Decided, ...]) -> None:
        if not decided:
            return
        self.service.keeper(decided)
        found = [incident for each in decided for incident in each.incidents]
        self.incidents |= {incident.id: incident for incident in found}
        self._people.see(found, self.now)

    # -- who is asked when ------------------------------------------------------------------------------------------

    def _heat(self, devices: NDArray[np.int64], for_seconds: float = 0.0) -> None:
        """Poll these in their rhythm for a while, from anywhere within their interval on; ping who is mistaken."""
        size = self.service.fleet.size
        if len(self._hot_until) < size:
            self._grow(size)
        if not len(devices):
            return
        steady = self.now.steady_seconds
        phase = self.sight.phase
        waiting = devices[self._next_ping[devices] <= steady]
        self._next_ping[waiting] = steady + phase[waiting] * self._ping_every[waiting]
        cold = devices[self._hot_until[devices] <= steady]
        self._next_poll[cold] = steady + phase[cold] * self._poll_every[cold]
        every = np.where(np.isfinite(self._poll_every[devices]), self._poll_every[devices], 60.0)
        self._hot_until[devices] = steady + np.maximum(POLLS_AFTER * every, for_seconds)

    def _grow(self, size: int) -> None:
        before = len(self._hot_until)
        self.sight.know()
        self._ping_every, self._poll_every = self.sight.ping_every, self.sight.poll_every
        steady = self.now.steady_seconds
        for name in ("_next_ping", "_next_poll"):
            grown = np.full(size, steady)
            grown[:before] = getattr(self, name)
            setattr(self, name, grown)
        hot = np.zeros(size)
        hot[:before] = self._hot_until
        self._hot_until = hot

    def _pinged(self, devices: NDArray[np.int64]) -> NDArray[np.int64]:
        return devices[np.isfinite(self._ping_every[devices])] if len(devices) else _NOBODY

    def _planned(self, devices: NDArray[np.int64]) -> NDArray[np.int64]:
        return devices[np.isfinite(self._poll_every[devices])] if len(devices) else _NOBODY

    async def _meet(self) -> None:
        """Whoever is new is asked what he is."""
        service = self.service
        new = [member for member in service.roster.members() if member.endpoint is not None]
        new = [member for member in new if service.fleet.plan(service.fleet.index(member.device.name)) is None]
        for member in new:
            service.discoverer.want(member)
        await service.discoverer.settled()
        service.plans.accept(service.tick.take_found(self.now), self.now)
        await service.plans.written()
        self._hot_until = self._hot_until[: len(self.sight.ping_every)]
        self.sight.know()
        self._ping_every, self._poll_every = self.sight.ping_every, self.sight.poll_every
        if len(self._hot_until) < service.fleet.size:
            self._grow(service.fleet.size)
        fades = service.degraded.watch.fades
        self._light = np.flatnonzero(fades.strip.count[: service.fleet.size]).astype(np.int64)

    # -- the marks of a day -----------------------------------------------------------------------------------------

    def _plan_day(self, day: date) -> None:
        if day.replace(day=1) != self._month:
            self._month = day.replace(day=1)
            month = [each for each in self._calendar.month(self._month) if each.at > self.clock.unix_seconds]
            self.events.add(month)
            for work in month:
                if work.planned:
                    self._office.announce(work)
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.service.zone)
        marks = (
            (7.05, self._morning),
            (8.0, self._mail),
            (10.0, self._poll_all),
            (15.0, self._poll_light),
            (20.0, self._poll_villages_and_light),
            (23.9, self._evening),
            (24.1, self._close_day),
        )
        now = self.clock.unix_seconds
        for number, (hour, do) in enumerate(marks):
            at = midnight.timestamp() + hour * 3600.0
            if at > now:
                self._marks.append((at, number, do, day))
        self._marks.sort(key=lambda mark: mark[:2])

    async def _keep_marks(self) -> None:
        while self._marks and self._marks[0][0] <= self.clock.unix_seconds:
            _at, _number, do, day = self._marks.pop(0)
            await do(day)

    async def _morning(self, _day: date) -> None:
        self.rounds.touch(self.apps.spoilt)  # a certificate comes nearer to its end
        await self.service.rounds.turn()

    def _is_reached(self, code: str) -> bool:
        """An application whose host answers."""
        host = self._hosts.get(code, "")
        wiring = self.sight.world.wiring
        return host not in wiring.by_name or self.sight.world.answers(wiring.by_name[host])

    async def _mail(self, day: date) -> None:
        """What has come in is imported, and taken over as it always is."""
        if not self._office.import_news(day):
            return
        service = self.service
        before = set(range(service.fleet.size))
        await service.reload()
        await self._know()
        await self._meet()
        fresh = np.array(sorted(set(range(service.fleet.size)) - before), np.int64)
        self._heat(fresh, 400.0)

    async def _poll_all(self, _day: date) -> None:
        self._poll_lit(np.arange(len(self._poll_every)))

    async def _poll_light(self, day: date) -> None:
        """A median of the day wants readings of three of its hours."""
        self._poll_lit(self._watched_light(day))

    async def _poll_villages_and_light(self, day: date) -> None:
        self._poll_lit(np.union1d(self._villages, self._watched_light(day)))

    def _watched_light(self, day: date) -> NDArray[np.int64]:
        """Whose light fades, or did lately, is read each day, everybody's now and then."""
        if day.toordinal() % LIGHT_DAYS == 0:
            return self._light
        moved = self.events.dimmed_since(self.clock.unix_seconds - DIMMED_SECONDS)
        links = [each for each in self._office.whole.links if moved.intersection((each.name, *each.segments))]
        fleet, ends = self.service.fleet, {name for each in links for name in (each.a_device, each.z_device)}
        return np.array(sorted(fleet.index(name) for name in ends if name in fleet), np.int64)

    def _poll_lit(self, devices: NDArray[np.int64]) -> None:
        planned = devices[np.isfinite(self._poll_every[devices])]
        self._poll(planned[self.sight.lit[planned]], self.now)

    async def _evening(self, day: date) -> None:
        coverage = self.service.coverage
        coverage.record(day, coverage.uses(day))
        self._deliver()

    async def _close_day(self, day: date) -> None:
        coverage, today = self.service.coverage, self._today()
        coverage.record(today, coverage.uses(today))
        self.service.degraded.keep()
        self.service.degraded.close_days(self.now)
        self.service.spending.account()
        if today.day >= CLOSED_ON and self._closed_in != today.replace(day=1):  # later, where a life stood in between
            self._closed_in = today.replace(day=1)
            self._office.close_month_before(today)
        await self.service.maintenance.reload(self.now)
        self._plan_day(day + DAY)
        self._played(day)

    def _deliver(self) -> None:
        """What waits in the outbox reaches everybody at once: their telephones are simulated too."""
        now = self.now.utc
        while waiting := tuple(self._outbox.waiting(WINDOW)):
            for each in waiting:
                self._outbox.end(each.number, Fate.DELIVERED, each.tried + 1, "", max(each.message.at, now - DAY))

    def _today(self) -> date:
        return datetime.fromtimestamp(self.clock.unix_seconds, self.service.zone).date()
