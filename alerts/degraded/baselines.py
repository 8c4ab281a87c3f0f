"""What loss and round trip are usual for each device: a slow, robust memory of them, and how it is now. In columns.

A round trip is remembered as its logarithm by Huber's estimate: what lies far off moves the memory no further than what
lies a little off. A device that is lit only counts; misses before a fall are no loss. Judges nothing.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.polling import PingRound
from domain.polling.strips import with_room

WARM: Final = 100
"""Attempts before anything is said of a device: half an hour at one in 20 s."""

SLOW: Final = 1 / 4000
"""Share of the usual that one attempt moves: a day at one in 20 s, two weeks at one in 300 s."""

FAST_LOSS: Final = 1 / 60
FAST_TRIP: Final = 1 / 12
APART_SECONDS: Final = 5.0
"""Attempts closer to each other count once: asking again quickly is no second witness."""

_NARROWEST: Final = 0.05  # in ln: a round trip that has never strayed may stray by 5 %
_REACH: Final = 3.0  # spreads; what is farther off counts as so far
_MOST_PENDING: Final = 60

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Usual:
    """What is kept of one device over a restart. trip_ln, spread_ln: of the round trip in seconds. loss: 0 to 1."""

    device: str
    attempts: int
    trip_ln: float
    spread_ln: float
    loss: float


class Baselines:
    """29 octets a device."""

    def __init__(self) -> None:
        self.attempts: NDArray[np.uint32] = np.zeros(0, np.uint32)
        self.trip: Floats = np.zeros(0, np.float32)  # ln of seconds, usual
        self.spread: Floats = np.zeros(0, np.float32)
        self.loss: Floats = np.zeros(0, np.float32)  # usual share
        self.trip_now: Floats = np.zeros(0, np.float32)
        self.loss_now: Floats = np.zeros(0, np.float32)
        self._counted_at: Floats = np.zeros(0, np.float32)
        self._pending: NDArray[np.uint8] = np.zeros(0, np.uint8)
        self._epoch = float("nan")

    def note(self, pings: PingRound, light: NDArray[np.int8], now: float) -> NDArray[np.int64]:
        """light: by device, 1 for lit. now: steady seconds. Returns the devices of which something was learnt."""
        self._make_room(len(light))
        if np.isnan(self._epoch):
            self._epoch = now - 2 * APART_SECONDS
        at = np.float32(now - self._epoch)
        lit = light[pings.device] > 0
        self._pending[pings.device[~lit]] = 0
        counted = lit & (at - self._counted_at[pings.device] >= APART_SECONDS)
        device, trip = pings.device[counted], pings.rtt_seconds[counted]
        self._counted_at[device] = at
        lost = np.isnan(trip)
        missed = device[lost]
        self._pending[missed] = np.minimum(self._pending[missed] + np.uint8(1), np.uint8(_MOST_PENDING))
        device, trip = device[~lost], trip[~lost]
        if len(device):
            self._learn_loss(device)
            self._learn_trip(device, trip)
        return device

    def forget(self, device: int) -> None:
        """Its index is another device's now."""
        if device < len(self.attempts):
            for field in self._columns():
                field[device] = 0

    def believe(self, device: int, usual: Usual) -> None:
        """Take over what was kept; how it is now begins at what is usual."""
        self._make_room(device + 1)
        self.attempts[device] = usual.attempts
        self.trip[device] = self.trip_now[device] = usual.trip_ln
        self.spread[device] = usual.spread_ln
        self.loss[device] = self.loss_now[device] = usual.loss

    def usual(self, device: int, name: str) -> Usual | None:
        """None for one that is not warm yet."""
        if device >= len(self.attempts) or self.attempts[device] < WARM:
            return None
        return Usual(
            name,
            int(self.attempts[device]),
            float(self.trip[device]),
            float(self.spread[device]),
            float(self.loss[device]),
        )

    def _learn_loss(self, device: NDArray[np.int64]) -> None:
        missed = self._pending[device].astype(np.float32)
        self._pending[device] = 0
        kept = np.float32(1 - FAST_LOSS)
        now = (1 - (1 - self.loss_now[device]) * kept**missed) * kept
        self.loss_now[device] = now
        usual = self.loss[device]
        step = np.maximum(SLOW, 1 / (1 + self.attempts[device].astype(np.float32)))
        self.loss[device] = usual + step * (np.minimum(now, usual + 0.1) - usual)

    def _learn_trip(self, device: NDArray[np.int64], trip: NDArray[np.float64]) -> None:
        x = np.log(np.maximum(trip, 1e-6)).astype(np.float32)
        attempts = self.attempts[device]
        first = attempts == 0
        usual = np.where(first, x, self.trip[device])
        spread = np.where(first, np.float32(np.log(1.5)), self.spread[device])
        reach = _REACH * np.maximum(spread, _NARROWEST)
        off = np.clip(x - usual, -reach, reach)
        step = np.maximum(SLOW, 1 / (2 + attempts.astype(np.float32)))
        self.trip[device] = usual + step * off
        self.spread[device] = spread + step * (np.abs(off) - spread)
        now = np.where(first, x, self.trip_now[device])
        # a lone outlier moves it by a little, a lasting change all the way
        widest = np.maximum(reach, np.float32(1.0))
        self.trip_now[device] = now + FAST_TRIP * np.clip(x - now, -widest, widest)
        self.attempts[device] = attempts + 1

    def _columns(self) -> tuple[NDArray[np.generic], ...]:
        return (
            self.attempts,
            self.trip,
            self.spread,
            self.loss,
            self.trip_now,
            self.loss_now,
            self._counted_at,
            self._pending,
        )

    def _make_room(self, size: int) -> None:
        if len(self.attempts) >= size:
            return
        self.attempts, self._pending = with_room(self.attempts, size), with_room(self._pending, size)
        self.trip, self.spread = with_room(self.trip, size), with_room(self.spread, size)
        self.loss, self.loss_now = with_room(self.loss, size), with_room(self.loss_now, size)
        self.trip_now, self._counted_at = with_room(self.trip_now, size), with_room(self._counted_at, size)
