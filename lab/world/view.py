"""One device at one instant, as its agent sees it. Made per request; octets are counted only when asked for."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lab.world.power import SitePower, Supply

Octets = Callable[[int, float], tuple[list[int], list[int]]]
Dimmed = Callable[[int, float], float]

_DAY = 86_400.0


class Loss(StrEnum):
    """Why an OLT lost an ONU; each vendor has a number of its own for it."""

    NO_LIGHT = "no-light"
    DYING_GASP = "dying-gasp"
    REBOOT = "reboot"
    FORGOTTEN = "forgotten"  # the OLT itself has booted since


@dataclass(frozen=True, slots=True)
class OnuState:
    """What an OLT knows of one ONU: whether it works, why it went last, when it came and went."""

    working: bool
    last_down_cause: Loss
    online_at: float
    offline_at: float


class View:
    """Times in seconds since 1970 UTC; `local_seconds` are those of the kabupaten's clock.

    `oper` and `changed_at` stand per interface of the device, in the order of its ports; `strand_up` for the whole
    world, by strand.
    """

    __slots__ = (
        "_count",
        "_dimmed",
        "_octets",
        "booted_at",
        "changed_at",
        "local_seconds",
        "node",
        "now",
        "onus",
        "oper",
        "power",
        "strand_up",
    )

    def __init__(
        self,
        node: int,
        now: float,
        local_seconds: float,
        booted_at: float,
        oper: Sequence[bool],
        changed_at: Sequence[float],
        strand_up: NDArray[np.bool_],
        onus: dict[int, OnuState],
        power: SitePower,
        dimmed: Dimmed,
        count: Octets,
    ) -> None:
        self.node = node
        self.now = now
        self.local_seconds = local_seconds
        self.booted_at = booted_at
        self.oper = oper
        self.changed_at = changed_at
        self.strand_up = strand_up
        self.onus = onus
        self.power = power
        self._dimmed = dimmed
        self._count = count
        self._octets: tuple[list[int], list[int]] | None = None

    @property
    def supply(self) -> Supply:
        """What feeds the site the device stands at."""
        return self.power.supply(self.now)

    def dimmed_db(self, strand: int) -> float:
        """How much less arrives over a strand than should."""
        return self._dimmed(strand, self.now)

    @property
    def uptime_seconds(self) -> float:
        return self.now - self.booted_at

    @property
    def ticks(self) -> int:
        """sysUpTime, not yet wrapped."""
        return int((self.now - self.booted_at) * 100)

    @property
    def octets(self) -> tuple[list[int], list[int]]:
        """Bytes in and out per interface since the device booted."""
        if self._octets is None:
            self._octets = self._count(self.node, self.now)
        return self._octets

    def sway(self, period_seconds: float, phase: float) -> float:
        """A slow wave in [-1, 1], for what breathes without a reason."""
        return math.sin(2 * math.pi * (self.local_seconds / period_seconds + phase))

    @property
    def daylight(self) -> float:
        """-1 at two at night, 1 at two in the afternoon."""
        return -math.cos(2 * math.pi * (self.local_seconds - 7200.0) / _DAY)
