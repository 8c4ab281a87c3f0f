"""One step of the engine: what was heard goes in, states, incidents and wishes come out. Pure.

The board tells states, root cause explains who is dark, the desk waits until that stands and makes incidents of it.
What watchers of other things found wrong (a hot room, a dead application) comes in as faults of their own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from alerts.desk import Decision, Desk, Fault, Scene
from alerts.desk.explained_faults import PORT_PATIENCE, REDUNDANCY_LOST, fault_of, fault_of_lost, still_lost
from alerts.desk.faults import BY_SIGHT, Key, key_of
from alerts.doubt import MOST_ROOTS, beside, near
from alerts.outward import Outward
from alerts.rootcause.explain import Explanation
from alerts.rootcause.graph import NetworkGraph
from alerts.rootcause.lights import Beat, Light, Port
from alerts.rootcause.redundancy import LostRedundancy
from alerts.rootcause.rootcause import RootCause
from alerts.states import BoardView, StateBoard, Step
from domain.incidents import Cause, CauseKind, Condition
from domain.network import Inventory, Topology
from domain.polling import Fleet
from domain.polling.distinct import distinct
from domain.states import State, StateChange
from domain.time import Moment

BLIND = Fault(
    Condition.BLIND,
    Cause(CauseKind.POLLER, ""),
    "blind",
    frozenset({"kentongan"}),
    settle_seconds=0.0,
)
_LIGHTS = {-1: Light.DARK, 0: Light.UNSEEN, 1: Light.LIT}
_DARK = frozenset({State.DOWN, State.UNREACHABLE})
_NOTHING = Decision()
_SELDOM_SECONDS = 30.0
"""Who is asked more seldom is asked at once when something near him has fallen or come back."""


@dataclass(slots=True)
class Engine:
    """Holds the board, the root cause and the desk of one poller. In every step `look`, then `decide`, then `tell`.

    The asks of a look also name devices whose neighbours fell or came back.
    """

    board: StateBoard
    fleet: Fleet
    view: BoardView
    desk: Desk
    topology: Topology = field(default_factory=Topology)
    cause: RootCause = field(default_factory=lambda: RootCause(NetworkGraph.of(Inventory())))
    _prior: Mapping[Cause, float] = field(default_factory=dict)
    _believed: dict[int, tuple[Explanation | LostRedundancy, Key, Fault]] = field(default_factory=dict)
    _watched: Mapping[Key, Fault] = field(default_factory=dict)
    _doubted: dict[int, float] = field(
        default_factory=dict
    )  # by node, since when; not heard of since its neighbour fell
    _fresh: list[Explanation] = field(default_factory=list)  # thought of in this step
    _asks: set[int] = field(default_factory=set)
    _outward: Outward = field(init=False)
    _unsaid: bool = True
    _wake_at: float = -np.inf
    _blind: bool = False
    _turned: set[str] | None = None  # since the desk was asked last; None: anybody may have
    _members: int = -1  # of the board, then

    def __post_init__(self) -> None:
        self._outward = Outward(self.board, self.fleet)

    @property
    def wakes_at(self) -> float:
        """Steady seconds at which it wants to decide even if nothing happens; -inf: at once."""
        return self._wake_at

    def know(self, inventory: Inventory, topology: Topology) -> None:
        """A new inventory: what is open is judged anew by it."""
        self.topology = topology
        self.cause = RootCause(NetworkGraph.of(inventory))
        self._doubted.clear()
        self._light_all()
        self._believed.clear()
        self._outward.begin_anew()
        self._turned = None
        self._wake_at = -np.inf

    def restore(self) -> None:
        """The board has taken over what was kept before a restart: nobody turned, yet somebody is lit and dark now."""
        self._light_all()
        self._turned = None
        self._wake_at = -np.inf

    def observe_ports(self, ports: Mapping[str, Port]) -> None:
        """By link: what a port of it says, at an end that answers."""
        risen = [name for name, port in ports.items() if port is Port.UP and self.cause.port(name) is not Port.UP]
        self._asks.update(device for device in self._ends(risen) if self.board.light_of(device) < 0)
        self.cause.observe_ports(ports)
        self._wake_at = -np.inf

    def observe_beats(self, beats: Mapping[str, Beat]) -> None:
        """By device: whether the heartbeat of its site goes on."""
        self.cause.observe_beats(beats)
        self._wake_at = -np.inf

    def believe(self, prior: Mapping[Cause, float]) -> None:
        """What the evidence says for and against causes; see RootCause.believe."""
        self._prior = prior
        self._wake_at = -np.inf

    def wake(self) -> None:
        """Evidence has come in: the desk looks again in the next step."""
        self._wake_at = -np.inf

    def look(self, now: Moment, *, blind: bool = False) -> Step:
        """What the states say now. `decide` afterwards, when what the turned devices' ports say has been handed in.

        blind: we are cut off ourselves (`collectors.ownpath`): nobody's silence counts, everybody is unknown.
        """
        step = self.board.conclude(self.topology, blind)
        if len(step.turned):
            turned = step.turned.tolist()
            self.view.note(turned, now)
            self._turn(turned)
            self._ask_who_may_be_back(turned)
            if self._turned is not None:
                self._turned.update(map(self.fleet.name, turned))
            self._wake_at = -np.inf
        self._hear_the_doubted()
        return self._with_asks(step)

    def decide(self, now: Moment, watched: Mapping[Key, Fault], *, blind: bool = False) -> Decision:
        """Empty in nearly every step. watched: every fault that watchers see now, by its key; the same object as long
        as none has changed.
        """
        if blind == self._blind and watched is self._watched and now.steady_seconds < self._wake_at:
            return _NOTHING
        same = blind == self._blind and watched is self._watched and self._wake_at > -np.inf
        self._blind, self._watched, self._unsaid = blind, watched, True
        turned = self._turned if self._members == self.board.members_revision else None
        self._turned, self._members = set(), self.board.members_revision
        decision = self.desk.step(Scene(now, self._faults(), blind, same, turned), self.view)
        self._wake_at = decision.wake_at
        if not blind:
            self._doubt_those_before(self._fresh, now)
            if decision.inquiries:
                self._doubt(decision.inquiries, now)
        self._fresh = []
        return decision

    def tell(self, now: Moment) -> tuple[StateChange, ...]:
        """States as they are shown from now on: of the dark by what explains them, which `decide` has asked about."""
        if (self._unsaid or self._outward.waits) and not self._blind:
            patience = self.desk.rules.settle_seconds
            self._outward.say(self.cause.graph, self.cause.explanations(), self._doubted, now, patience)
            self._unsaid = False
        return self.board.tell(now, self.topology)

    def _turn(self, devices: list[int]) -> None:
        turned: dict[Light, list[int]] = {}
        for device in devices:
            node = self.cause.graph.index.get(self.fleet.name(device))
            if node is not None:
                self._doubted.pop(node, None)
                turned.setdefault(_LIGHTS[self.board.light_of(device)], []).append(node)
        for light, nodes in turned.items():
            self.cause.change(nodes, light)

    # -- who is asked again -----------------------------------------------------------------------------------------

    def _doubt(self, faults: Iterable[Fault], now: Moment) -> None:
        """What was lit before a fault began, and has not been heard of since, refutes nothing until it is asked."""
        graph = self.cause.graph
        for fault in faults:
            if fault.condition not in BY_SIGHT:
                continue
            names = [name for name in sorted(fault.roots or fault.members) if name in graph.index]
            fell = max((self.view.since(name).steady_seconds for name in names), default=np.inf)
            self._ask_again(near(graph, [graph.index[name] for name in names]), fell, now)

    def _doubt_those_before(self, explanations: Iterable[Explanation], now: Moment) -> None:
        """Whoever stands beside one that has just fallen may be falling as well."""
        graph = self.cause.graph
        for explanation in explanations:
            for name in explanation.roots[:MOST_ROOTS]:
                device = self._device(graph.index[name])
                if device >= 0 and self.board.shows(device) not in _DARK:
                    self._ask_again(beside(graph, graph.index[name]), self.view.since(name).steady_seconds, now)

    def _ask_again(self, nodes: Iterable[int], fell: float, now: Moment) -> None:
        """Those of the nodes that are lit, and were last heard of before somebody fell."""
        for node in sorted(set(nodes) - self._doubted.keys()):
            device = self._device(node)
            if device >= 0 and self.board.light_of(device) > 0 and self.board.answered_at(device) < fell:
                self._doubted[node] = now.steady_seconds
                self._asks.add(device)
                self.cause.change([node], Light.UNSEEN)
                self._wake_at = -np.inf

    def _hear_the_doubted(self) -> None:
        heard = [node for node, at in self._doubted.items() if self.board.answered_at(self._device(node)) > at]
        if heard:
            for node in heard:
                del self._doubted[node]
            self.cause.change(heard, Light.LIT)
            self._wake_at = -np.inf

    def _ask_who_may_be_back(self, turned: Iterable[int]) -> None:
        """Who is asked seldom, and dark near one that is lit again."""
        graph = self.cause.graph
        lit = [graph.index.get(self.fleet.name(device), -1) for device in turned if self.board.light_of(device) > 0]
        for node in near(graph, [node for node in lit if node >= 0]):
            device = self._device(node)
            if (
                device >= 0
                and self.board.light_of(device) < 0
                and self.board.interval_seconds(device) > _SELDOM_SECONDS
            ):
                self._asks.add(device)

    def _ends(self, links: Iterable[str]) -> set[int]:
        """Devices at the ends of these links."""
        graph = self.cause.graph
        known = [graph.link_index[name] for name in links if name in graph.link_index]
        edges = [edge for link in known for edge in graph.edges_of_link[link]]
        nodes = {int(node) for edge in edges for node in (graph.edge_a[edge], graph.edge_b[edge]) if node < graph.size}
        return {device for node in nodes if (device := self._device(node)) >= 0}

    def _device(self, node: int) -> int:
        """Of a node of the graph; -1 for one that nobody watches."""
        name = self.cause.graph.names[node]
        return self.fleet.index(name) if name in self.fleet else -1

    def _with_asks(self, step: Step) -> Step:
        if not self._asks:
            return step
        pinged = np.array([device for device in self._asks if self.board.is_pinged(device)], np.int64)
        others = np.array([device for device in self._asks if not self.board.is_pinged(device)], np.int64)
        self._asks.clear()
        return replace(step, asks=distinct(step.asks, pinged), polls=distinct(step.polls, others))

    # -- what is believed -------------------------------------------------------------------------------------------

    def _light_all(self) -> None:
        self._turn([self.fleet.index(name) for name in self.cause.graph.index if name in self.fleet])

    def _faults(self) -> dict[Key, Fault]:
        """Everything believed wrong now: the dark, what lost its spare way, blindness, and what watchers see."""
        if self._blind:
            return {BLIND.key: BLIND}
        told = {key_of(each): each for each in self.desk.open if each.reason == REDUNDANCY_LOST}
        self.cause.believe(self._prior, [incident.cause for incident in told.values()])
        # a port that is down while nobody stands on one way is the beginning or the end of an outage, nothing by itself
        lost = (each for each in self.cause.lost_redundancy() if each.stands_alone)
        explanations: tuple[Explanation | LostRedundancy, ...] = (*self.cause.explanations(), *lost)
        kept = {}
        for each in explanations:
            known = self._believed.get(id(each))
            if known is None:
                fault = self._fault_of(each)
                known = each, fault.key, fault  # the explanation is held too, so that its id stays its own
                if isinstance(each, Explanation):
                    self._fresh.append(each)
            kept[id(each)] = known
        self._believed = kept
        faults = {key: fault for _each, key, fault in kept.values()}
        for key, incident in told.items():
            # the first cut of a ring is not mended because the second one made everything behind it dark
            if key not in faults and not self._is_mended(incident.cause):
                faults[key] = still_lost(incident.cause)
        faults.update(self._watched)
        return faults

    def _fault_of(self, each: Explanation | LostRedundancy) -> Fault:
        settle = self.desk.rules.settle_seconds
        if not isinstance(each, Explanation):
            return fault_of_lost(each, PORT_PATIENCE * settle)
        devices = [self.fleet.index(name) for name in each.roots if name in self.fleet]
        slowest = max((self.board.interval_seconds(device) for device in devices), default=0.0)
        return fault_of(each, slowest if slowest > settle else None)

    def _is_mended(self, cause: Cause) -> bool:
        """A redundancy that was lost is back when both ends of all its links are seen, and no port is down."""
        graph = self.cause.graph
        number = graph.causes.find(cause)
        links = graph.causes.links[number] if number is not None else ()
        ends = {
            int(end)
            for link in links
            for edge in graph.edges_of_link[link]
            for end in (graph.edge_a[edge], graph.edge_b[edge])
        }
        if any(self.view.dark(graph.names[end]) for end in ends):
            return False
        return not any(self.cause.port(graph.links[link]) is Port.DOWN for link in links)
