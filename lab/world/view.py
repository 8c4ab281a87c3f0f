"""One device at one instant, as its agent sees it. Made per request; octets are counted only when asked for."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Octets = Callable[[int, float], tuple[list[int], list[int]]]

_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class OnuState:
    """What an OLT knows of one ONU: whether it works, why it went last (ZTE's number), when it came and went."""

    working: bool
    last_down_cause: int
    online_at: float
    offline_at: float


class View:
    """Times in seconds since 1970 UTC; `local_seconds` are those of the kabupaten's clock.

    `oper` and `changed_at` stand per interface of the device, in the order of its ports; `strand_up` for the whole
    world, by strand.
    """

    __slots__ = (
        "_count",
        "_octets",
        "booted_at",
        "changed_at",
        "local_seconds",
        "node",
        "now",
        "onus",
        "oper",
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
        self._count = count
        self._octets: tuple[list[int], list[int]] | None = None

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
