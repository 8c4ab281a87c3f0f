"""Applications and cameras of the running service: asked in their turn, judged together with the network they stand on.

What is found becomes faults for the outage desk. A service whose own host or site is dark is not judged.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Protocol

import structlog

from alerts.desk.faults import Key
from alerts.services import ServiceSubjects, ServiceWatch
from collectors.services import Checkers, ServiceRounds
from domain.incidents import Incident
from domain.network import Inventory
from domain.secrets import Credential
from domain.services import HttpCheck, ServiceOutcome, ServicePlan, ServiceState, plan_of
from domain.time import Clock, Moment
from kentongan.run.checking import Logins
from kentongan.run.streams import Streams
from kentongan.settings import ServicesSettings

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 1.0
DOUBT_SECONDS: Final = 300.0
"""A host that misses now may be falling: for so long its services are not judged."""

DEEPEST: Final = 32


class Ways(Protocol):
    """What is seen of a device now."""

    def dark(self, name: str) -> bool: ...

    def lit(self, name: str) -> bool: ...

    def missing_seconds(self, name: str, now: Moment) -> float:
        """Since its first miss that goes on; inf if it answers."""
        ...


class ServiceDesk:
    """`know` an inventory, `start`, `turn` in each tick, `stop`. checkers: made when there is something to check."""

    def __init__(
        self,
        settings: ServicesSettings,
        make_checkers: Callable[[Logins], Checkers],
        ways: Ways,
        streams: Streams,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._make_checkers = make_checkers
        self._ways = ways
        self._streams = streams
        self._clock = clock
        self._logins = Logins()
        self._checkers: Checkers | None = None
        self._open: frozenset[Key] = frozenset()
        self._blind = False
        self._look_at = float("-inf")
        self.watch = ServiceWatch(settings.misses)
        self.plan = ServicePlan()
        self.rounds = ServiceRounds(self._ask, self.take, clock, at_once=settings.at_once)
        self.last: dict[str, ServiceOutcome] = {}
        self.certificates: dict[str, float] = {}  # code → unix seconds at which the first one ends

    def know(self, inventory: Inventory, credentials: Mapping[str, Credential]) -> None:
        """Raises SettingsError for a file of the settings that cannot be used, once there is something to check."""
        self._logins.know(credentials)
        plan = plan_of(inventory, self._settings.rtsp_port)
        if plan.checks and self._checkers is None:
            self._checkers = self._make_checkers(self._logins)
        if plan.refused != self.plan.refused:
            for code, why in (plan.refused or {}).items():
                log.warning("service_not_checkable", service=code, why=why)
        codes = {each.check.code for each in plan.checks}
        self.plan = plan
        self._streams.know(inventory)
        self.watch.know(ServiceSubjects.of(inventory), codes)
        self.last = {code: outcome for code, outcome in self.last.items() if code in codes}
        self.certificates = {code: at for code, at in self.certificates.items() if code in codes}
        if self._checkers is not None:
            self._checkers.http.forget(frozenset(e.check for e in plan.checks if isinstance(e.check, HttpCheck)))
        self.rounds.replace(plan.checks)

    def restore(self, open_: Iterable[Incident]) -> None:
        """After `know`: what was told before a restart."""
        self.watch.restore(open_)

    async def start(self) -> None:
        await self.rounds.start()

    async def stop(self) -> None:
        await self.rounds.stop()

    def take(self, outcome: ServiceOutcome) -> bool:
        """An outcome of the rounds; whether it should be asked again soon."""
        now = self._clock.now()
        self.last[outcome.code] = outcome
        if outcome.certificates:
            self.certificates[outcome.code] = min(each.not_after for each in outcome.certificates).timestamp()
        doubtful = not self._blind and self._streams.take(outcome)
        return doubtful | self.watch.take(outcome, now, lambda code: self.is_cut_off(code, now), blind=self._blind)

    def turn(self, now: Moment, open_: Callable[[], Iterable[Key]], *, blind: bool) -> None:
        """Once a tick. open_: keys of the incidents that are open; asked now and then."""
        self._blind = blind
        if now.steady_seconds < self._look_at:
            return
        self._look_at = now.steady_seconds + LOOK_SECONDS
        if blind:
            return
        self._open = frozenset(open_())
        again = self.watch.look(lambda code: self.is_cut_off(code, now), self._open.__contains__)
        if again:
            self.rounds.ask_soon(again)

    def decided(self, code: str) -> ServiceState | None:
        """None: not checked yet, or found bad once."""
        return self.watch.board.get(code)

    def is_cut_off(self, code: str, now: Moment) -> bool:
        """Whether the device or site it runs on is dark, or may be falling."""
        subjects = self.watch.subjects
        subject = subjects.get(code)
        if subject is None:
            return False
        if subject.host:
            return self._is_out(subject.host, now, DEEPEST)
        here = subjects.at_site.get(subject.site, ())
        names = [device.name for device in here]
        return any(map(self._ways.dark, names)) and not any(map(self._ways.lit, names))

    def _is_out(self, name: str, now: Moment, left: int) -> bool:
        """Of a device that nobody asks: whether all that it hangs on is out."""
        if self._ways.dark(name):
            return True
        if self._ways.lit(name):
            return self._ways.missing_seconds(name, now) < DOUBT_SECONDS
        device = self.watch.subjects.devices.get(name)
        uplinks = device.uplink if device else ()
        return bool(uplinks) and left > 0 and all(self._is_out(each, now, left - 1) for each in uplinks)

    async def _ask(self, check: object, now: Moment) -> ServiceOutcome:
        assert self._checkers is not None
        return await self._checkers.ask(check, now)  # type: ignore[arg-type]
