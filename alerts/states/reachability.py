"""Which of the devices that are down are only dark: every way to them leads through something that is down.

Who is the root of an incident is decided elsewhere; this names what stands before a dark device, nothing more. The
answer depends on who is down now, never on the order in which they fell. In columns: a storm is no slower than a calm.
"""

import numpy as np
from numpy.typing import NDArray

from domain.network import Topology
from domain.polling import Fleet

NOBODY = -1


class Reachability:
    """The ways of one topology over one fleet; made anew when either changes.

    watched: by device of the fleet, whether anybody checks it. A device nobody checks, in the fleet or not, counts as
    dark when all its uplinks are.
    """

    def __init__(self, topology: Topology, fleet: Fleet, watched: NDArray[np.bool_]) -> None:
        self.names = tuple(topology.uplinks)
        number = {name: node for node, name in enumerate(self.names)}
        self._device = np.array([fleet.index(name) if name in fleet else NOBODY for name in self.names], np.int64)
        self._present = self._device != NOBODY
        self._watched = self._present & watched[self._device]
        ups = [[number[up] for up in topology.uplinks[name]] for name in self.names]
        self._with_uplinks = np.array([node for node, up in enumerate(ups) if up], np.int64)
        linked = [up for up in ups if up]
        self._targets = np.array([node for up in linked for node in up], np.int64)
        self._starts = np.cumsum([0] + [len(up) for up in linked[:-1]])
        self._first = np.array([up[0] if up else node for node, up in enumerate(ups)], np.int64)
        self._last = np.array([up[-1] if up else node for node, up in enumerate(ups)], np.int64)

    def roots(self, down: NDArray[np.bool_]) -> NDArray[np.int64]:
        """down: by device, answers nobody. Returns (devices, 2): for a dark device what is down and nearest to the
        centre on the way through its first and through its last uplink, as places in `names`; else NOBODY."""
        found = np.full((len(down), 2), NOBODY, np.int64)
        if len(self._with_uplinks) == 0 or not down.any():
            return found
        fallen = self._watched & down[self._device]
        dark, cut = fallen, self._cut_off(fallen)
        while True:
            wider = fallen | (~self._watched & cut)
            if np.array_equal(wider, dark):
                break
            dark, cut = wider, self._cut_off(wider)
        shown = fallen & cut
        on_the_way = dark & cut
        for side, uplink in enumerate((self._first, self._last)):
            found[self._device[shown], side] = _ends(np.where(on_the_way, uplink, np.arange(len(uplink))))[shown]
        return found

    def _cut_off(self, dark: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Nodes that have uplinks, all of them dark."""
        cut = np.zeros(len(dark), np.bool_)
        cut[self._with_uplinks] = np.logical_and.reduceat(dark[self._targets], self._starts)
        return cut


def _ends(step: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each node ends when every node leads to another one or, at an end, to itself."""
    while not np.array_equal(farther := step[step], step):
        step = farther
    return step
