"""How the world is, by device of the fleet: who is lit, whom a change has touched, who is believed to be otherwise."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kentongan.run.service import Service
from lab.world.model import World
from lab.world.power import Supply

DEGRADED: Final = 3  # of StateBoard.codes


@dataclass(slots=True)
class WorldSight:
    """`know` after the fleet changed, `look` after the world did.

    lit, ping_every, poll_every (seconds, inf for never) and phase (0 to 1) are by device. dark: how it really was, by
    name: spans of unix seconds in which a device was dark, the last one open (inf).
    """

    world: World
    service: Service
    lit: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    ping_every: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    poll_every: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    phase: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    dark: dict[str, list[list[float]]] = field(default_factory=dict)
    _nodes: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    _devices: dict[int, int] = field(default_factory=dict)  # node → device
    _strands: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    _was_dark: frozenset[int] = frozenset()
    _supplies: Mapping[str, Supply] = field(default_factory=dict)

    def know(self) -> None:
        service, fleet = self.service, self.service.fleet
        size = fleet.size
        self._nodes = np.full(size, -1, np.int64)
        self.ping_every, self.poll_every = np.full(size, np.inf), np.full(size, np.inf)
        self.phase = np.zeros(size)
        for member in service.roster.members():
            name = member.device.name
            device = fleet.index(name)
            self._nodes[device] = self.world.wiring.by_name[name]
            self.phase[device] = zlib.crc32(name.encode()) / 2**32
            if member.pinged:
                self.ping_every[device] = member.poll_class.icmp_seconds
            if member.endpoint is not None and fleet.plan(device) is not None:
                self.poll_every[device] = member.poll_class.snmp_seconds
        self._devices = {int(node): device for device, node in enumerate(self._nodes.tolist()) if node >= 0}
        self._see()

    def look(self, now: float) -> NDArray[np.int64]:
        """Devices that are otherwise since the last look, or stand beside what is."""
        dark = self.world.dark
        strands = self.world.view(0, now).strand_up
        supplies = self.world.supplies(now)
        touched = set(dark ^ self._was_dark)
        if len(self._strands):
            for at in np.flatnonzero(strands != self._strands).tolist():
                strand = self.world.wiring.strands[at]
                touched |= {strand.a, strand.z}
        moved = {slug for slug, _supply in supplies.items() ^ self._supplies.items()}
        touched |= {node.index for node in self.world.wiring.nodes if node.site.slug in moved} if moved else set()
        self._note(dark, now)
        self._was_dark, self._strands, self._supplies = dark, strands.copy(), supplies
        self._see()
        return np.array(sorted(self._devices[node] for node in touched if node in self._devices), np.int64)

    def mistaken(self) -> NDArray[np.int64]:
        """Devices that are believed to be otherwise than they are."""
        board = self.service.board
        light = board.light[: len(self.lit)]
        asked = np.isfinite(self.ping_every) | np.isfinite(self.poll_every)
        wrong = asked & (light != np.where(self.lit, 1, -1))
        for device in np.flatnonzero(self.lit & (board.codes[: len(self.lit)] == DEGRADED)).tolist():
            wrong[device] |= board.shown_reason(device).startswith("loss")  # of the few echoes that it was asked for
        found: NDArray[np.int64] = np.flatnonzero(wrong)
        return found

    def _see(self) -> None:
        reached = np.ones(len(self.world.wiring.nodes), np.bool_)
        reached[list(self.world.dark)] = False
        self.lit = (self._nodes >= 0) & reached[self._nodes]

    def _note(self, dark: frozenset[int], now: float) -> None:
        nodes = self.world.wiring.nodes
        for node in dark - self._was_dark:
            self.dark.setdefault(nodes[node].device.name, []).append([now, float("inf")])
        for node in self._was_dark - dark:
            self.dark[nodes[node].device.name][-1][1] = now
