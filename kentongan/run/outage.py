"""The outage desk of the running service: engine, witnesses and telling, wired to each other and to the polls."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from numpy import float64
from numpy.typing import NDArray

from alerts.desk import Decision, Desk, DeskRules, Fault
from alerts.desk.faults import Key, key_of
from alerts.desk.isolated import isolated_in
from alerts.detect import InterfaceChange, InterfaceWatch
from alerts.dispatch.directory import Directory
from alerts.dispatch.dispatcher import Dispatcher
from alerts.dispatch.memory import Memory
from alerts.dispatch.routing import Routing
from alerts.engine import Engine
from alerts.evidence.assessment import Assessment
from alerts.evidence.ports import LinkPorts
from alerts.evidence.readings import ReadingBook
from alerts.evidence.uptimes import UptimeBook
from alerts.evidence.witnesses import Witnesses
from alerts.states import BoardView, StateBoard, Step
from domain.incidents import Incident
from domain.network import Inventory, Topology
from domain.polling import Fleet, Sweep
from domain.time import Moment
from kentongan.run.keeping import Answer, Decided

MOST_INQUIRIES = 1000


class OutageDesk:
    """Take polls in with `note`, then `turn`; what people order comes in by `keep`.

    inquiries: faults that came up, for whoever can ask an OLT; `inquired` empties it. watched: what other watchers
    find wrong; replace the mapping when it changes.
    """

    def __init__(
        self, fleet: Fleet, board: StateBoard, interfaces: InterfaceWatch, rules: DeskRules, dispatcher: Dispatcher
    ) -> None:
        self._fleet, self._board = fleet, board
        self._interfaces = interfaces
        self._sight = BoardView(board, fleet)
        self._ports = LinkPorts(fleet, interfaces, self._sight)
        self._readings, self._uptimes = ReadingBook(fleet), UptimeBook(fleet)
        self.witnesses = Witnesses(self._sight, self._ports, self._uptimes, self._readings)
        self.assessment = Assessment(self.witnesses)
        self.desk = Desk(rules, self.assessment)
        self.engine = Engine(board, fleet, self._sight, self.desk)
        self.dispatcher = dispatcher
        self.watched: Mapping[Key, Fault] = {}
        self._inquiries: list[Fault] = []
        self._kept: list[Decided] = []
        self._tell_at = float("-inf")

    def know(self, inventory: Inventory, polled: Topology, region_names: Mapping[str, str], routing: Routing) -> None:
        """A new inventory. polled: the ways between the devices that are polled."""
        self.assessment.know(inventory, region_names)
        self.desk.isolate(isolated_in(inventory))
        self.engine.know(inventory, polled)
        self.dispatcher.take_over(routing, Directory(inventory, region_names))
        self._look_at_ports((), [device.name for device in inventory.devices])

    def restore(
        self, open_: Iterable[Incident], memories: Iterable[Memory], told: Mapping[str, Incident], now: Moment
    ) -> None:
        """After the board has been restored. told: incidents by id that telling remembers, also such as are over."""
        self.engine.restore()
        self.desk.restore(open_, now)
        self.dispatcher.restore(memories, told.get, now)

    def note(self, sweep: Sweep, readings: NDArray[float64], interfaces: Iterable[InterfaceChange]) -> None:
        """A sweep that went through the pipeline, with its readings."""
        self._readings.note(sweep, readings)
        self._uptimes.note_sweep(sweep)
        met = [self._fleet.name(device) for device in self._interfaces.met.tolist()]
        changes = tuple(interfaces)
        read_anew = self._ports.note(sweep)
        if changes or met or read_anew:
            self._look_at_ports(changes, [*met, *read_anew])

    def turn(self, now: Moment, *, blind: bool) -> tuple[Step, tuple[Decided, ...]]:
        """One step of everything. What is decided belongs into one transaction, in this order."""
        step = self.engine.look(now, blind=blind)
        turned = [self._fleet.name(device) for device in step.turned.tolist()]
        if turned:
            self._uptimes.fell(name for name in turned if self._sight.dark(name))
            self._look_at_ports((), turned)
        decision = self.engine.decide(now, self.watched, blind=blind)
        self._inquiries = [*self._inquiries, *decision.inquiries][-MOST_INQUIRIES:]
        if decision or now.steady_seconds >= self._tell_at:
            self.keep(decision, now)
        kept, self._kept = self._kept, []
        changes = self.engine.tell(now)
        if changes:
            kept.insert(0, Decided(changes=changes))
        return replace(step, changes=changes), tuple(kept)

    def keep(
        self,
        decision: Decision,
        now: Moment,
        answers: tuple[Answer, ...] = (),
        kept: tuple[Callable[[], None], ...] = (),
    ) -> None:
        """Let a decision be told, and hold it for the transaction of the next turn; answers, kept: see `Decided`."""
        told = self.dispatcher.step(decision.notices, decision.acts, decision.incidents, now)
        self._tell_at = told.wake_at
        decided = Decided(
            incidents=decision.incidents,
            acts=(*decision.acts, *told.acts),
            messages=told.messages,
            memories=told.memories,
            answers=answers,
            kept=kept,
        )
        if decided:
            self._kept.append(decided)

    @property
    def wakes_at(self) -> float:
        """Steady seconds at which a turn may decide or tell something even if nothing happens."""
        return min(self.engine.wakes_at, self._tell_at)

    def open_keys(self) -> tuple[Key, ...]:
        """Of the incidents that are open."""
        return tuple(key_of(incident) for incident in self.desk.open)

    def dark(self, name: str) -> bool:
        return self._sight.dark(name)

    def lit(self, name: str) -> bool:
        return self._sight.lit(name)

    def since(self, name: str) -> Moment:
        """Its first miss, for a device that is dark."""
        return self._sight.since(name)

    def missing_seconds(self, name: str, now: Moment) -> float:
        """Since a device's first miss that goes on; inf if it answers, or is not polled."""
        if name not in self._fleet:
            return float("inf")
        since = self._board.silent_since(self._fleet.index(name))
        return now.steady_seconds - since if since < float("inf") else since

    def answers(self, device: str) -> bool:
        return self._sight.lit(device)

    def inquired(self) -> tuple[Fault, ...]:
        inquiries, self._inquiries = tuple(self._inquiries), []
        return inquiries

    def _look_at_ports(self, changes: tuple[InterfaceChange, ...], devices: Iterable[str]) -> None:
        ports = self._ports.look(changes, devices)
        if ports:
            self.engine.observe_ports(ports)
