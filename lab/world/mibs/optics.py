"""One end of a fibre: its light in and out, with a slow drift, and darkness when the other end is gone."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from lab.world.view import View

Maker = Callable[[View], bytes]

DARK_DBM = -40.0
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Optic:
    """`strand` is the fibre it looks into. Levels in dBm; `drift` in dB over 90 days, repeated."""

    strand: int
    rx: float
    tx: float
    drift: float
    warm: float
    phase: float

    @classmethod
    def of(cls, name: str, strand: int, rx: tuple[float, float] = (-14.0, -5.0)) -> "Optic":
        rng = random.Random(f"optic:{name}")
        ageing = rng.uniform(1.5, 4.5) if rng.random() < 0.06 else rng.uniform(0.0, 0.4)
        return cls(strand, rng.uniform(*rx), rng.uniform(-3.0, 1.5), ageing, rng.uniform(34, 46), rng.random())

    def lit(self, view: View) -> bool:
        return bool(view.strand_up[self.strand])

    def rx_dbm(self, view: View) -> float:
        """No light reads as -40 dBm."""
        if not self.lit(view):
            return DARK_DBM
        aged = (view.now / (90 * _DAY) + self.phase) % 1.0
        return (
            self.rx
            - view.dimmed_db(self.strand)
            - self.drift * aged
            + 0.12 * view.daylight
            + 0.05 * view.sway(620, self.phase)
        )

    def tx_dbm(self, view: View) -> float:
        return self.tx + 0.05 * view.sway(3_000, self.phase)

    def celsius(self, view: View) -> float:
        return self.warm + 4 * view.daylight
