"""Everything that watches for what still works but not well, behind one door.

Polls, echoes and heartbeats come in; faults for the desk come out. Holds no clock and writes nothing: what must outlive
a restart is handed out (`usual`, `quota_uses`, `close_day`) and taken back (`expect`, `restore`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, timedelta, tzinfo
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alerts.degraded.baselines import Usual
from alerts.degraded.cells import Cells, Layouts
from alerts.degraded.complaints import SOURCE, Complaint, ComplaintBook, Who
from alerts.degraded.lans import LanWatch
from alerts.degraded.measures import Measure
from alerts.degraded.paths import PathWatch
from alerts.degraded.pools import PoolWatch
from alerts.degraded.quota import QuotaUse, QuotaWatch
from alerts.degraded.rulebook import Rulebook
from alerts.degraded.sensors import WATCHER as SENSOR
from alerts.degraded.sensors import Carries, SensorWatch
from alerts.degraded.states import StateWatch
from alerts.degraded.subjects import Subjects
from alerts.degraded.thresholds import Threshold
from alerts.degraded.trend import KEPT_DAYS, LOOK_BACK_DAYS, TrendStore, TrendWatch
from alerts.desk.faults import Fault, Key
from alerts.evidence.fades import DayMedian, FadeBook
from alerts.evidence.mains import MainsBook, Signs, no_signs
from alerts.states.board import StateBoard
from domain.incidents import Condition, Evidence, Incident
from domain.lan import LanReading
from domain.network import Inventory
from domain.polling import Fleet, PingRound, Sweep
from domain.polling.counters import CounterAdvance
from domain.services.evidence import ServiceEvidence
from domain.time import Moment

LOOK_SECONDS: Final = 10.0
REVIEW_SECONDS: Final = 60.0
POOL_TOLD_SECONDS: Final = 7200.0
"""So long a site's own word of its pool counts before what its router says."""


@dataclass(slots=True)
class _Due:
    every: float
    at: float = float("-inf")

    def now(self, steady: float) -> bool:
        if steady < self.at:
            return False
        self.at = steady + self.every
        return True


class DegradedWatch:
    """Make it with the fleet, before anything is polled; `know` an inventory, then `note`.

    carries: octets a second that ports carry now (`PortSpeeds.bytes_per_second`); without it the plans' word counts.
    zone: the kabupaten's, for months and their quotas. fades and mains are for the witnesses of outages too.
    """

    def __init__(
        self,
        fleet: Fleet,
        board: StateBoard,
        thresholds: Iterable[Threshold],
        *,
        zone: tzinfo = UTC,
        carries: Carries | None = None,
    ) -> None:
        self._fleet, self._board = fleet, board
        self._book = ComplaintBook()
        rules = Rulebook(thresholds)
        self._sensors = SensorWatch(fleet, rules, self._book, carries)
        self._paths = PathWatch(fleet, rules, self._book)
        self._quotas = QuotaWatch(fleet, rules, self._book, zone)
        self._trends = TrendWatch(rules, self._book)
        self._pools = PoolWatch(rules, self._book)
        self._lans = LanWatch(rules, self._book)
        self._pool_told: dict[str, float] = {}
        self._states = StateWatch(fleet, board, self._book, self._paths.is_usual)
        self.fades = FadeBook(fleet)
        self.mains = MainsBook(fleet)
        self._layouts = Layouts()
        self._look, self._review = _Due(LOOK_SECONDS), _Due(REVIEW_SECONDS)

    def know(self, inventory: Inventory, signs: Signs = no_signs) -> None:
        """A new inventory, after the fleet was brought in step with it. signs: of the mains, by device."""
        subjects = Subjects.of(inventory)
        self.mains.signs = signs
        for watch in (self._sensors, self._paths, self._quotas, self._trends, self._pools, self._lans, self._states):
            watch.know(subjects)
        self._layouts.begin_anew()
        self._look.at = self._review.at = float("-inf")

    def restore(self, open_: Iterable[Incident]) -> None:
        """Take over what was complained of before a restart: it stands until fresh readings clear it."""
        for incident in open_:
            for evidence in incident.verdict.evidence if incident.condition is Condition.DEGRADED else ():
                who = _who(incident, evidence)
                if who is not None:
                    members = frozenset(member.name for member in incident.members)
                    self._book.say(
                        who,
                        Complaint(
                            incident.cause,
                            incident.reason,
                            members,
                            evidence,
                            incident.urgency,
                            detail=incident.detail,
                        ),
                    )

    def note_sweep(self, sweep: Sweep, readings: NDArray[np.float64], advance: CounterAdvance) -> None:
        """A sweep with its readings (NaN for none) and what its counters did."""
        if not len(sweep):
            return
        cells = Cells.of(self._fleet, sweep, readings, advance)
        for device in self._layouts.new(cells):
            plan = self._fleet.plan(device)
            if plan is not None:
                name = self._fleet.name(device)
                self._sensors.lay_out(device, name, plan)
                self._quotas.lay_out(device, name, plan)
                self.mains.lay_out(device, name, plan)
        self._sensors.note(cells)
        self._quotas.note(cells)
        at, place = cells.on(self.fades.strip)
        self.fades.note(sweep, at, place, cells.value[at])
        at, place = cells.on(self.mains.strip)
        self.mains.note(sweep, at, place, cells.value[at])

    def note_pings(self, pings: PingRound, now: Moment) -> None:
        """A round of echoes, after the board has taken it in."""
        at = now.steady_seconds if np.isnan(pings.sent_steady) else pings.sent_steady
        self._paths.note(pings, self._board.light, at)

    def note_beat(self, said: ServiceEvidence) -> None:
        """What a site's heartbeat says; one that is missing changes nothing."""
        if said.fresh:
            self._pools.note(said.site, said.pool_used)
            if said.pool_used is not None:
                self._pool_told[said.site] = said.at.steady_seconds

    def note_lan(self, device: str, site: str, reading: LanReading, now: Moment) -> bool:
        """What a router says of the networks behind it. True: it should be asked again soon, to confirm something."""
        told = now.steady_seconds - self._pool_told.get(site, float("-inf")) < POOL_TOLD_SECONDS
        return self._lans.note(device, reading, pool_is_told=told)

    def forget_lan(self, device: str) -> None:
        """Nobody asks this router any more."""
        self._lans.forget(device)

    def forget_beats(self, site: str) -> None:
        """Its heartbeat is not taken any more: what it said last is not known any longer."""
        self._pools.forget(site)
        self._pool_told.pop(site, None)

    def faults(self, now: Moment) -> Mapping[Key, Fault]:
        """All that is not well now. The same object as long as nothing has changed."""
        if self._look.now(now.steady_seconds):
            self._states.look(self._board.light)
        if self._review.now(now.steady_seconds):
            self._quotas.review(now.utc)
        return self._book.faults()

    def stands(self, key: Key) -> bool:
        return self._book.stands(key)

    def evidence(self, key: Key) -> tuple[Evidence, ...]:
        """What was found of a fault, also after it has gone. With `stands` what `Witnesses.complaints` asks for."""
        return self._book.evidence(key)

    def metrics(self) -> Mapping[str, int]:
        """How many faults stand, by reason."""
        return self._book.counts()

    def close_day(self, day: date, store: TrendStore) -> None:
        """Keep the medians of the day that has ended, and look where every light is heading.

        Reads and writes the store. Who must not wait for it calls `medians`, the store and `take_trends` apart.
        """
        store.keep(self.medians(day))
        self.take_trends(store.since(day - timedelta(days=LOOK_BACK_DAYS)), day)
        store.prune(day - timedelta(days=KEPT_DAYS))

    def medians(self, day: date) -> tuple[DayMedian, ...]:
        """Of the light that came in since the last call; begins a new day."""
        return self.fades.close_day(day)

    def take_trends(self, history: tuple[DayMedian, ...], today: date) -> None:
        """history: of the last LOOK_BACK_DAYS, by device, sensor and day; at the start and after each day."""
        self._trends.take(history, today)

    def usual(self) -> tuple[Usual, ...]:
        """What loss and round trip are usual, to be kept now and then."""
        return self._paths.usual()

    def expect(self, usual: tuple[Usual, ...]) -> None:
        """What was kept, before the first round of echoes; devices without it warm up for 100 attempts."""
        self._paths.expect(usual)

    def quota_uses(self) -> tuple[QuotaUse, ...]:
        """Octets of this month by link, to be kept now and then."""
        return self._quotas.uses()

    def restore_quota(self, uses: Iterable[QuotaUse], now: Moment) -> None:
        """After `know`, before the first sweep."""
        self._quotas.restore(uses, now.utc)


def _who(incident: Incident, evidence: Evidence) -> Who | None:
    """Which watcher said this, of what; None for what no watcher here said."""
    source, reason, sensor = evidence.values.get(SOURCE, ""), incident.reason, evidence.values.get("sensor", "")
    match source:
        case Measure.LOSS.value | Measure.LATENCY.value:
            return source, evidence.subject, reason, ""
        case Measure.DBM_TREND.value:
            return source, evidence.values.get("device", evidence.subject), reason, sensor
        case Measure.QUOTA.value | Measure.QUOTA_FORECAST.value:
            return source, incident.cause.name, reason, ""
        case Measure.DHCP_POOL.value | Measure.DHCP_ROGUE.value | Measure.ADDRESS_DUPLICATE.value:
            return source, incident.cause.name, reason, evidence.values.get("device", "")
        case _:
            return (source, evidence.subject, reason, sensor) if source == SENSOR else None
