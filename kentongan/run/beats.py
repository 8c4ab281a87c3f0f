"""Heartbeats in the running service: who sends, whose is missing, and what that says of states, causes and verdicts."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import structlog

from alerts.rootcause.lights import Beat
from alerts.services import InternetWatch
from alerts.states import StateBoard
from alerts.states.reasons import Reason
from collectors.heartbeat import HeartbeatCounts
from domain.incidents import Evidence, EvidenceKind, Incident
from domain.network import Check, Device, DeviceStatus, Inventory, Role
from domain.polling import Fleet
from domain.services import (
    Heartbeat,
    HeartbeatBoard,
    PulseChange,
    ServiceEvidence,
    SiteTokens,
    TokenStore,
    evidence_of,
)
from domain.time import Moment
from kentongan.run.outage import OutageDesk
from kentongan.settings import HeartbeatSettings

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 1.0
_SENDERS: Final = (Role.ROUTER, Role.FIREWALL, Role.MODEM)


class Beats:
    """`know` an inventory, `refresh` the tokens now and then, `take` what comes in, `turn` in each tick.

    hears: told of what every heartbeat says. forgets: told of a site whose word is not taken any more.
    """

    def __init__(
        self,
        settings: HeartbeatSettings,
        store: TokenStore,
        fleet: Fleet,
        states: StateBoard,
        outage: OutageDesk,
        hears: Iterable[Callable[[ServiceEvidence], None]] = (),
        forgets: Iterable[Callable[[str], None]] = (),
    ) -> None:
        self._settings = settings
        self._store = store
        self._fleet = fleet
        self._states = states
        self._outage = outage
        self._hears, self._forgets = tuple(hears), tuple(forgets)
        self._senders: Mapping[str, str] = {}  # site → the device that its word is about
        self._push: Mapping[str, tuple[str, ...]] = {}  # site → devices that are known by it alone
        self._said: dict[str, tuple[Beat, tuple[Evidence, ...]]] = {}
        self._look_at = float("-inf")
        self.tokens = SiteTokens()
        self.board = HeartbeatBoard(settings.missed_intervals)
        self.internet = InternetWatch()
        self.counts = HeartbeatCounts()

    def know(self, inventory: Inventory, now: Moment) -> None:
        """After the engine knows it."""
        used = [each for each in inventory.devices if each.status is DeviceStatus.IN_USE]
        self._senders = _senders(used)
        push: dict[str, tuple[str, ...]] = {}
        for each in used:
            if each.check is Check.PUSH:
                push[each.site] = (*push.get(each.site, ()), each.name)
        self._push = push
        self.internet.know(self._senders)
        self._expect(now)
        self._said = {site: said for site, said in self._said.items() if site in self._senders}
        self._outage.engine.observe_beats({self._senders[site]: beat for site, (beat, _of) in self._said.items()})

    def restore(self, open_: Iterable[Incident], now: Moment) -> None:
        """After `know` and after the states were restored: what was alive by its heartbeat must go on sending."""
        self.internet.restore(open_)
        alive = [
            site
            for site, names in self._push.items()
            if any(name in self._fleet and self._states.light_of(self._fleet.index(name)) > 0 for name in names)
        ]
        self.board.assume(alive, now)
        for site in self._senders.keys() - set(self.tokens):  # taken back while nobody ran
            self._forget(site)

    async def refresh(self, now: Moment) -> None:
        """New and revoked tokens."""
        tokens = await asyncio.to_thread(self._store.read)
        if tokens != self.tokens:
            self.tokens = tokens
            self._expect(now)

    def take(self, heartbeat: Heartbeat) -> None:
        """One that came in."""
        site, sender = heartbeat.site, self._senders.get(heartbeat.site)
        if sender is None:
            return
        change = self.board.hear(heartbeat)
        said = evidence_of(heartbeat)
        for hear in self._hears:
            hear(said)
        self.internet.note(said)
        for name in {sender, *self._push.get(site, ())}:
            if name in self._fleet:
                self._states.observe_telling(self._fleet.index(name), heartbeat.received.steady_seconds)
        if said.serves is not None and sender in self._fleet:
            self._states.observe_service(self._fleet.index(sender), serves=not self.internet.fails(site))
        self._say(site, Beat.GOES_ON, _of_beat(said))
        if change is not None:
            log.info("heartbeat_heard", site=site, before=change.before.value)

    def turn(self, now: Moment, *, blind: bool) -> None:
        """Once a tick. What nobody could hear counts against nobody."""
        if blind:
            self.board.deaf_until(now)
            return
        if now.steady_seconds < self._look_at:
            return
        self._look_at = now.steady_seconds + LOOK_SECONDS
        for change in self.board.missing(now):
            self._miss(change)
        for site, (beat, _said) in list(self._said.items()):
            if beat is Beat.GOES_ON and self._is_of_before(site):
                self._say(site, Beat.NONE, ())

    def ages(self, now: Moment) -> dict[str, float]:
        """Device → seconds since its site's last heartbeat."""
        found = {}
        for site, sender in self._senders.items():
            last = self.board.last(site)
            if last is not None:
                found[sender] = now.steady_seconds - last.received.steady_seconds
        return found

    def _miss(self, change: PulseChange) -> None:
        site, sender = change.site, self._senders.get(change.site)
        if sender is None:
            return
        interval = float(self._settings.interval_seconds)
        since = change.at.steady_seconds - interval * self._settings.missed_intervals
        if change.last is not None:
            since = change.last.received.steady_seconds + interval  # when the next one should have come
        log.warning("heartbeat_missing", site=site)
        for name in self._push.get(site, ()):
            if name in self._fleet:
                self._states.observe_not_telling(self._fleet.index(name), since, Reason.HEARTBEAT_SILENT)
        at = change.last.received.utc if change.last is not None else None
        self._say(site, Beat.STOPPED, (Evidence(EvidenceKind.HEARTBEAT_STOPPED, site, at),))

    def _say(self, site: str, beat: Beat, evidence: tuple[Evidence, ...]) -> None:
        """Only what is new: every heartbeat says nearly the same, and the desk writes what changes."""
        if self._said.get(site) == (beat, evidence):
            return
        self._said[site] = beat, evidence
        self._outage.witnesses.note_beat(site, evidence)
        self._outage.engine.observe_beats({self._senders[site]: beat})

    def _is_of_before(self, site: str) -> bool:
        """The last one came before its sender fell: it says nothing of the time since."""
        sender, last = self._senders[site], self.board.last(site)
        if last is None or not self._outage.dark(sender):
            return False
        return last.received.steady_seconds < self._outage.since(sender).steady_seconds

    def _expect(self, now: Moment) -> None:
        seconds = float(self._settings.interval_seconds)
        expected = {site: seconds for site in self.tokens if site in self._senders}
        self.board.expect(expected, now)
        for site in self._senders:
            if site in expected:
                self._listen(site, expected=True)
            else:
                self._forget(site)

    def _forget(self, site: str) -> None:
        """It has no token: what it said last is not known any more, by nobody."""
        if site in self._said:
            self._say(site, Beat.NONE, ())
            for forget in self._forgets:
                forget(site)
        self.internet.forget(site)
        self._listen(site, expected=False)

    def _listen(self, site: str, *, expected: bool) -> None:
        for name in {self._senders[site], *self._push.get(site, ())}:
            if name in self._fleet:
                self._states.observe_listening(self._fleet.index(name), expected=expected)


def _of_beat(said: ServiceEvidence) -> tuple[Evidence, ...]:
    """That it came proves the line to us; what it says proves the internet behind it, or that there is none."""
    if said.serves is False:
        return Evidence(EvidenceKind.INTERNET_FAILS, said.site), Evidence(EvidenceKind.WAN_UP, said.site)
    return (Evidence(EvidenceKind.HEARTBEAT_GOES_ON, said.site),)


def _senders(devices: Iterable[Device]) -> dict[str, str]:
    """For each site the device that pushes, else its router, else whatever else stands there."""
    best: dict[str, tuple[bool, int, str]] = {}
    for each in devices:
        rank = _SENDERS.index(each.role) if each.role in _SENDERS else len(_SENDERS)
        mine = (each.check is not Check.PUSH, rank, each.name)
        best[each.site] = min(best.get(each.site, mine), mine)
    return {site: name for site, (_push, _rank, name) in best.items()}
