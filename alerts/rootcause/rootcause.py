"""The dark set of a network and what explains it, kept up event by event.

    cause = RootCause(NetworkGraph.of(inventory))
    cause.change([3, 4], Light.DARK)                 # numbers of devices in the graph; LIT, DARK or UNSEEN
    cause.observe_ports({"fo-plered": Port.DOWN})    # ifOperStatus at an end that answers, as long as it is fresh
    cause.observe_beats({"rtr-x": Beat.GOES_ON})     # sites that push a heartbeat
    cause.believe({Cause(CauseKind.FEEDER, "P-3"): 3.0}, standing=...)   # evidence; lost redundancies told before
    cause.explanations()                             # one per independent fault, largest first
    cause.lost_redundancy()

What it says is a function of the sets as they are now: order and number of the events before make no difference. Only
the zones that an event can touch are thought of again.
"""

from collections.abc import Collection, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from alerts.rootcause.affected import Affected
from alerts.rootcause.clusters import Clusters
from alerts.rootcause.explain import Explanation, Outlook
from alerts.rootcause.graph import NetworkGraph
from alerts.rootcause.lights import Beat, Light, Lights, Port
from alerts.rootcause.redundancy import LostRedundancy
from domain.incidents import Cause, CauseKind

_MANY = 200
"""Changes at once beyond which everything is thought of anew: then that is cheaper."""


class RootCause:
    """One poller's view. A name that the graph does not know is passed over everywhere."""

    def __init__(self, graph: NetworkGraph) -> None:
        self.graph = graph
        self._lights = Lights(graph)
        self._clusters = Clusters(self._lights)
        self._touched = Affected(self._lights)

    def change(self, nodes: NDArray[np.int64] | Collection[int], light: Light) -> None:
        """nodes: numbers of devices (`graph.index`)."""
        moved = [int(node) for node in nodes if self._lights.of[int(node)] != light]
        if len(moved) > _MANY or self._touched.everything:
            self._touched.everything = True
            self._lights.put_all(np.array(moved, np.int64), light)
            return
        for node in moved:
            before = self._lights.of[node]
            if before == Light.LIT:
                self._lights.put(node, Light.UNSEEN)
            self._touched.by_node(node, relit=Light.LIT in (before, light))
            self._lights.put(node, light)

    def observe_ports(self, ports: Mapping[str, Port]) -> None:
        """What is known of these links from now on; others stay as they are. UNKNOWN forgets."""
        for name, port in ports.items():
            link = self.graph.link_index.get(name)
            if link is None or self._lights.port.get(link, Port.UNKNOWN) is port:
                continue
            if port is Port.UNKNOWN:
                del self._lights.port[link]
            else:
                self._lights.port[link] = port
            self._touched.by_link(link)

    def port(self, link: str) -> Port:
        """What is known of a link."""
        return self._lights.port.get(self.graph.link_index.get(link, -1), Port.UNKNOWN)

    def observe_beats(self, beats: Mapping[str, Beat]) -> None:
        """What is known of these devices' heartbeats from now on; others stay as they are. NONE forgets."""
        for name, beat in beats.items():
            node = self.graph.index.get(name)
            if node is None or self._lights.beat.get(node, Beat.NONE) is beat:
                continue
            if beat is Beat.NONE:
                del self._lights.beat[node]
            else:
                self._lights.beat[node] = beat
            self._touched.by_beat(node)

    def believe(self, prior: Mapping[Cause, float], standing: Iterable[Cause] = ()) -> None:
        """All that is believed beside the pattern, in place of what was believed before.

        prior: units of e in a cause's favour (3 is strong, negative speaks against it). standing: causes of lost
        redundancies that were told; the fault that completes the outage is then named as its cause.
        """
        told = Outlook(
            {number: value for cause, value in prior.items() for number in self._numbers(cause)},
            frozenset(number for cause in standing for number in self._numbers(cause)),
        )
        before = self._clusters.outlook
        differ = {each for each in {*told.prior, *before.prior} if told.prior.get(each) != before.prior.get(each)}
        self._clusters.outlook = told
        self._touched.beliefs |= differ | (told.standing ^ before.standing)

    def _numbers(self, cause: Cause) -> tuple[int, ...]:
        """A dead concentrator is told as a loss of management, and thought of as a device."""
        kinds = (CauseKind.MANAGEMENT, CauseKind.DEVICE) if cause.kind is CauseKind.MANAGEMENT else (cause.kind,)
        found = (self.graph.causes.find(Cause(kind, cause.name)) for kind in kinds)
        return tuple(number for number in found if number is not None)

    def explanations(self) -> tuple[Explanation, ...]:
        """Largest first, then by cause."""
        self._settle()
        return self._clusters.explanations()

    def lost_redundancy(self) -> tuple[LostRedundancy, ...]:
        self._settle()
        return self._clusters.lost()

    def _settle(self) -> None:
        if self._touched.everything:
            self._clusters.think_anew()
        elif self._touched:
            self._clusters.think_again(self._touched)
        else:
            return
        self._touched.clear()
