"""The running service on a fake clock: polls a drill's world in its rhythm and lets the real desk decide and tell.

What reaches the desk is what a poller observes: echoes, polls with uptimes, ports, light and UPS, what an OLT says when
it is asked. What leaves is what a webhook would get. Time in which nothing can change is gone through in long strides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import nan
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from alerts.desk import DeskRules, obey
from alerts.detect import InterfaceWatch
from alerts.dispatch.directory import Directory
from alerts.dispatch.dispatcher import Dispatcher
from alerts.dispatch.memory import Memory
from alerts.dispatch.routing import Routing
from alerts.dispatch.timing import Timing
from alerts.dispatch.writing import Addresses, Writer
from alerts.states import StateBoard
from alerts.texts import Wording
from domain.incidents import Act, Incident
from domain.incidents.codec import from_plain, to_plain
from domain.language import active_language
from domain.network import Device, DeviceStatus, Inventory, PollClassName, Role, Topology
from domain.polling import DEFAULT_CLASSES, DownCause, Fleet, OnuReading, PingRound, PollClass
from domain.services import SiteTokens, read_heartbeat
from domain.states import DeviceState
from domain.time import Moment
from kentongan.drill.network import Network
from kentongan.drill.simulated_answers import SimulatedAnswers
from kentongan.drill.truth import Truth, View
from kentongan.drill.world import World
from kentongan.run.beats import Beats
from kentongan.run.keeping import Decided
from kentongan.run.outage import OutageDesk
from kentongan.run.watched import Watched
from kentongan.settings import HeartbeatSettings

BEGAN: Final = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # a Monday, 09.00 WIB
WAKE_SECONDS, STRIDE_SECONDS, AGAIN_SECONDS = 5.0, 600.0, 1.0
CALM_SECONDS = 150.0  # after an order: by then every port has been polled twice
BLIND_AFTER_SECONDS = 5.0
OLT_SECONDS = 5.0
PUSH_SECONDS: Final = 60.0
CHANNEL: Final = "webhook:drill"
ZONE: Final = ZoneInfo("Asia/Jakarta")
_NOBODY: Final = np.zeros(0, np.int64)


class _NoTokens:
    """Implements TokenStore: in a drill the sites that push are named."""

    def read(self) -> SiteTokens:
        return SiteTokens()

    def put(self, site: str, token_hash: str) -> None: ...

    def remove(self, token_hash: str) -> None: ...


def make_writer() -> Writer:
    """In the language that is active now."""
    return Writer(Wording(active_language(), ZONE), Addresses())


@dataclass(frozen=True, slots=True)
class Told:
    """One webhook. at: seconds since the stage began."""

    at: float
    body: Mapping[str, Any]


class Stage:
    """`run_to` moves the clock. world: orders go there, at `unix`. told: every webhook in order.

    clock_offset: how far the machine's wall clock is off; set it to make it jump.
    """

    def __init__(
        self,
        network: Network,
        world: World,
        *,
        classes: Mapping[PollClassName, PollClass] = DEFAULT_CLASSES,
        rules: DeskRules | None = None,
        seed: int = 0,
        writer: Writer | None = None,
        wake_seconds: float = WAKE_SECONDS,
    ) -> None:
        """wake_seconds: of the poller, while things move. writer: one for many stages; to make one costs as much as to
        drill a fault."""
        self.network, self.world = network, world
        self._wake_seconds = wake_seconds
        self.at = 0.0
        self.clock_offset = 0.0
        self.told: list[Told] = []
        self.incidents: dict[str, Incident] = {}
        self._steady = 1000.0
        self._classes, self._rules = classes, rules or DeskRules()
        self._writer = writer or make_writer()
        self._memories: dict[tuple[str, str], Memory] = {}
        self._states: dict[str, DeviceState] = {}
        self._dice = np.random.default_rng(seed)
        self._pushed: dict[str, Mapping[str, str]] = {}
        self._looks: list[tuple[float, frozenset[str]]] = []  # when an OLT answers, and about whom
        self._agreed: View | None = None
        self._lit: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._was_calm = True
        self._next_push = 0.0
        self._asks, self._polls = _NOBODY, _NOBODY
        used = [device for device in network.inventory.devices if device.status is DeviceStatus.IN_USE]
        self._devices = list({device.name: device for device in used}.values())
        self._onus = {device.site: device for device in self._devices if device.role is Role.ONU and device.olt}
        self._start()

    @classmethod
    def of(cls, network: Network, seed: int = 0, *, began: float = BEGAN.timestamp(), **more: Any) -> "Stage":
        return cls(network, World(Truth(network.inventory), began), seed=seed, **more)

    # -- the clock --------------------------------------------------------------------------------------------------

    @property
    def unix(self) -> float:
        """The true time."""
        return self.world.began + self.at

    @property
    def now(self) -> Moment:
        """What the machine believes."""
        return Moment(self._steady, self.unix + self.clock_offset)

    def run_to(self, at: float) -> None:
        """at: seconds since the stage began; earlier than now changes nothing."""
        while self.at < at:
            self._move(min(at, self._next()) - self.at)
            self._turn()

    def _move(self, seconds: float) -> None:
        self.at += seconds
        self._steady += seconds

    def _next(self) -> float:
        """When something may happen next: somebody is asked, the desk has waited long enough, or nothing for long."""
        if len(self._asks) or len(self._polls):
            return self.at + AGAIN_SECONDS
        waits = [STRIDE_SECONDS, max(self._outage.engine.wakes_at - self._steady, AGAIN_SECONDS)]
        waits.append(max(self.world.changes_at(self.unix) - self.unix, AGAIN_SECONDS))
        waits += [max(self._next_push - self._steady, AGAIN_SECONDS)] if self._pushed else []
        waits += [max(at - self.at, AGAIN_SECONDS) for at, _members in self._looks]
        if not self._has_settled():
            waits.append(self._wake_seconds)
        elif len(wrong := self._mistaken()):
            asked = min(self._next_ping[wrong].min(), self._next_poll[wrong].min())
            waits.append(max(float(asked) - self._steady, AGAIN_SECONDS))
        return self.at + min(waits)

    def _has_settled(self) -> bool:
        """Since the last order everybody who is asked often has been asked as often as it takes."""
        return self.unix - self.world.changed_at(self.unix) >= CALM_SECONDS

    def _mistaken(self) -> NDArray[np.int64]:
        """Devices that are believed to be otherwise than they are; the others would say again what they said."""
        view = self.world.view(self.unix)
        if self._agreed is not view:
            self._lit = np.array([self._fleet.name(index) in view.reached for index in self._all.tolist()], np.bool_)
            self._agreed = view
        blind = self.world.broken.own_path
        wrong = self._board.light[self._all] != (0 if blind else np.where(self._lit, 1, -1))
        return np.flatnonzero(wrong)

    # -- one turn ---------------------------------------------------------------------------------------------------

    def _turn(self) -> None:
        now, view = self.now, self.world.view(self.unix)
        asks, polls = self._asks, self._polls
        if self._has_settled() and not len(self._mistaken()) and not len(asks) and not len(polls):
            self._was_calm = True
        else:
            if self._was_calm:
                self._spread_out()
                self._was_calm = False
            asks = np.union1d(asks, self._due(self._next_ping, self._ping_every))
            polls = np.union1d(polls, self._due(self._next_poll, self._poll_every))
        if len(asks):
            self._ping(asks, view, now)
        if len(polls):
            self._poll(polls, view, now)
        self._look_at_olts(view)
        self._push(view)
        blind = self.world.broken.own_path and self._steady - self._board.last_answer >= BLIND_AFTER_SECONDS
        self._beats.turn(now, blind=blind)
        self._outage.watched = self._watched.faults(now)
        step, decided = self._outage.turn(now, blind=blind)
        self._asks, self._polls = step.asks, step.polls
        for fault in self._outage.inquired():
            self._looks.append((self.at + OLT_SECONDS, fault.members))
        self._keep(decided)

    def _due(self, due_at: NDArray[np.float64], every: NDArray[np.float64]) -> NDArray[np.int64]:
        due = np.flatnonzero(due_at <= self._steady)
        due_at[due] += every[due] * np.ceil((self._steady - due_at[due]) / every[due] + 1e-9)
        return due

    def _ping(self, devices: NDArray[np.int64], view: View, now: Moment) -> None:
        rtt = [0.01 if self._fleet.name(device) in view.reached else nan for device in devices.tolist()]
        self._board.observe_pings(PingRound(devices, now.unix_seconds, np.array(rtt), now.steady_seconds), now)

    def _poll(self, devices: NDArray[np.int64], view: View, now: Moment) -> None:
        sweep, readings = self._gear.sweep(self._fleet, devices, view, now.steady_seconds, now.unix_seconds)
        self._board.observe_sweep(sweep, now)
        self._outage.note(sweep, readings, self._interfaces.changes(sweep))

    def _look_at_olts(self, view: View) -> None:
        due = [members for at, members in self._looks if at <= self.at]
        self._looks = [(at, members) for at, members in self._looks if at > self.at]
        said: dict[str, OnuReading] = {}
        for members in due:
            for name in sorted(members):
                device = self.world.truth.devices.get(name)
                onu = self._onus.get(device.site) if device else None
                if onu is not None and onu.olt in view.reached:
                    said[name] = self._onu_reading(onu, view)
        if said:
            self._outage.witnesses.note_onus(said, self.now.utc)
            self._outage.engine.wake()

    def _onu_reading(self, onu: Device, view: View) -> OnuReading:
        if onu.name in view.reached:
            return OnuReading(onu.olt_port, onu.onu_id, True)
        cause = DownCause.FIBRE if onu.name in view.powered else DownCause.POWER
        return OnuReading(onu.olt_port, onu.onu_id, False, cause)

    # -- what is kept -----------------------------------------------------------------------------------------------

    def _keep(self, decided: tuple[Decided, ...]) -> None:
        for each in decided:
            for incident in each.incidents:
                self.incidents[incident.id] = incident
            for memory in each.memories:
                self._memories[memory.kind, memory.key] = memory
            for change in each.changes:
                self._states[change.name] = DeviceState(change.name, change.to, change.reason, change.at)
            for message in each.messages:
                body = message.payload.get("body")
                if message.channel == CHANNEL and isinstance(body, Mapping):
                    self.told.append(Told(self.at, body))

    @property
    def open(self) -> tuple[Incident, ...]:
        return self._outage.desk.open

    def state(self, device: str) -> str:
        """As it is shown: `up`, `down`, `unreachable`…"""
        return self._board.state(self._fleet.index(device)).state.value

    def order(self, act: Act) -> None:
        """What a person does. Raises OrderRefusedError."""
        self._outage.keep(obey(self._outage.desk, act, self.now).decision, self.now)
        self._turn()

    def heartbeat(self, site: str, fields: Mapping[str, str] | None) -> None:
        """What a site pushes each minute from now on, as long as its line is up; None: nothing any more."""
        if fields is None:
            self._pushed.pop(site, None)
        else:
            self._pushed[site] = fields
            self._expect_beats()

    def restart(self, off_seconds: float = 0.0, clock_at: float | None = None) -> None:
        """The machine loses its power and is back after so long; it knows what was kept, nothing else.

        clock_at: unix seconds that its clock shows then; None: the right time.
        """
        self.at += off_seconds
        self.clock_offset = 0.0 if clock_at is None else clock_at - self.unix
        self._steady = 10.0  # the monotonic clock begins anew with the boot
        self._start()
        self._board.restore(self._states.values())
        open_ = [from_plain(Incident, to_plain(each)) for each in self.incidents.values() if each.is_open]
        memories = [each for each in self._memories.values() if each.document]
        self._outage.restore(open_, memories, self.incidents, self.now)
        self._beats.restore(self._outage.desk.open, self.now)

    # -- heartbeats -------------------------------------------------------------------------------------------------

    def _expect_beats(self) -> None:
        self._beats.tokens = SiteTokens({site: site for site in self._pushed})
        self._beats.know(self.network.inventory, self.now)

    def _push(self, view: View) -> None:
        """Over the site's own line: a heartbeat needs no tunnel."""
        if self._steady < self._next_push or not self._pushed:
            return
        self._next_push = self._steady + PUSH_SECONDS
        at_site = {device.site: device.name for device in self._devices if device.role in (Role.ROUTER, Role.MODEM)}
        for site, fields in self._pushed.items():
            if at_site.get(site) in view.served and not self.world.broken.own_path:
                self._beats.take(read_heartbeat(site, fields, self.now))

    def _start(self) -> None:
        inventory: Inventory = self.network.inventory
        self._fleet = Fleet()
        self._board = StateBoard(self._fleet)
        self._interfaces = InterfaceWatch(self._fleet)
        directory = Directory(inventory, self.network.region_names)
        dispatcher = Dispatcher(Routing(()), directory, self._writer, Timing(zone=ZONE), (CHANNEL,))
        self._outage = OutageDesk(self._fleet, self._board, self._interfaces, self._rules, dispatcher)
        self._gear = SimulatedAnswers(
            self.world.truth,
            lambda name: self.world.booted_at(name) + self.clock_offset,
            lambda name: self.world.on_battery_seconds(name, self.unix),
        )
        polled = [device for device in self._devices if device.name in self.world.truth.watched]
        self._ping_every, self._poll_every = np.full(len(polled), np.inf), np.full(len(polled), np.inf)
        for device in polled:
            index = self._fleet.put(device.name, self._gear.plan(device))
            poll_class = self._classes[device.poll_class]
            self._board.put(index, device.check, poll_class, self.now)
            self._ping_every[index] = poll_class.icmp_seconds if device.check.by_icmp else np.inf
            self._poll_every[index] = poll_class.snmp_seconds if device.check.by_snmp else np.inf
        self._all = np.arange(len(polled))
        self._agreed = None
        self._asks = self._all[np.isfinite(self._ping_every)]
        self._polls = self._all[np.isfinite(self._poll_every)]
        self._looks = []
        self._was_calm = True
        self._spread_out()
        topology = Topology.without_circles(self._devices)
        self._outage.know(inventory, topology, self.network.region_names, Routing(()))
        self._beats = Beats(HeartbeatSettings(), _NoTokens(), self._fleet, self._board, self._outage)
        self._watched = Watched(self._beats.internet)
        self._outage.witnesses.complaints = self._watched
        self._next_push = self._steady
        self._expect_beats()

    def _spread_out(self) -> None:
        """Everybody's next turn, anywhere within his interval."""
        self._next_ping = self._first(self._ping_every)
        self._next_poll = self._first(self._poll_every)

    def _first(self, every: NDArray[np.float64]) -> NDArray[np.float64]:
        asked = np.isfinite(every)
        share = self._dice.random(len(every))
        return np.where(asked, self._steady + share * np.where(asked, every, 0.0), np.inf)
