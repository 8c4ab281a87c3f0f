"""One step of the engine: what was heard goes in, states, incidents and wishes come out. Pure.

The board tells states, root cause explains who is dark, the desk waits until that stands and makes incidents of it.
What watchers of other things found wrong (a hot room, a dead application) comes in as faults of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from alerts.desk import Decision, Desk, Fault, Scene
from alerts.desk.blame import REDUNDANCY_LOST, fault_of, fault_of_lost, still_lost
from alerts.desk.faults import Key, key_of
from alerts.rootcause.explain import Explanation
from alerts.rootcause.graph import NetworkGraph
from alerts.rootcause.lights import Beat, Light, Port
from alerts.rootcause.redundancy import LostRedundancy
from alerts.rootcause.rootcause import RootCause
from alerts.states import BoardSight, StateBoard, Step
from domain.incidents import Cause, CauseKind, Condition
from domain.network import Inventory, Topology
from domain.polling import Fleet
from domain.time import Moment

BLIND = Fault(
    Condition.BLIND,
    Cause(CauseKind.POLLER, ""),
    "blind",
    frozenset({"kentongan"}),
    detail="own path",
    settle_seconds=0.0,
)
_LIGHTS = {-1: Light.DARK, 0: Light.UNSEEN, 1: Light.LIT}
_NOTHING = Decision()


@dataclass(frozen=True, slots=True)
class Outcome:
    """step: of the states. decision: of the desk; empty in nearly every step. ask: devices whose neighbours fell."""

    step: Step
    decision: Decision = _NOTHING


@dataclass(slots=True)
class Engine:
    """Holds the board, the root cause and the desk of one poller."""

    board: StateBoard
    fleet: Fleet
    sight: BoardSight
    desk: Desk
    topology: Topology = field(default_factory=Topology)
    cause: RootCause = field(default_factory=lambda: RootCause(NetworkGraph.of(Inventory())))
    _prior: Mapping[Cause, float] = field(default_factory=dict)
    _believed: dict[int, tuple[Explanation | LostRedundancy, Fault]] = field(default_factory=dict)
    _watched: Mapping[Key, Fault] = field(default_factory=dict)
    _wake_at: float = -np.inf
    _blind: bool = False

    def know(self, inventory: Inventory, topology: Topology) -> None:
        """A new inventory: what is open is judged anew by it."""
        self.topology = topology
        self.cause = RootCause(NetworkGraph.of(inventory))
        self._light_all()
        self._believed.clear()
        self._wake_at = -np.inf

    def observe_ports(self, ports: Mapping[str, Port]) -> None:
        """By link: what a port of it says, at an end that answers."""
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

    def step(self, now: Moment, watched: Mapping[Key, Fault], *, blind: bool = False) -> Outcome:
        """watched: every fault that watchers see now, by its key; the same object as long as none has changed.

        blind: we are cut off ourselves (`collectors.ownpath`): nobody's silence counts, everybody is unknown.
        """
        step = self.board.step(now, self.topology, blind)
        if len(step.turned):
            self.sight.note(step.turned.tolist(), now)
            self._turn(step.turned.tolist())
        quiet = not len(step.turned) and blind == self._blind and watched is self._watched
        if quiet and now.steady_seconds < self._wake_at:
            return Outcome(step)
        self._blind, self._watched = blind, watched
        decision = self.desk.step(Scene(now, self._faults(), blind), self.sight)
        self._wake_at = decision.wake_at
        return Outcome(step, decision)

    def _turn(self, devices: list[int]) -> None:
        turned: dict[Light, list[int]] = {}
        for device in devices:
            node = self.cause.graph.index.get(self.fleet.name(device))
            if node is not None:
                turned.setdefault(_LIGHTS[self.board.light_of(device)], []).append(node)
        for light, nodes in turned.items():
            self.cause.change(nodes, light)

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
            fault = known[1] if known else fault_of(each) if isinstance(each, Explanation) else fault_of_lost(each)
            kept[id(each)] = each, fault  # the explanation is held too, so that its id stays its own
        self._believed = kept
        faults = {fault.key: fault for _each, fault in kept.values()}
        for each, _fault in kept.values():
            for cause in each.together if isinstance(each, Explanation) else ():
                # the first cut of a ring is not mended because the second one made everything behind it dark
                standing = still_lost(cause)
                if standing.key in told:
                    faults[standing.key] = standing
        faults.update(self._watched)
        return faults
