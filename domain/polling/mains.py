"""Which of the things a device is polled for tell whether its site has mains: a UPS on its battery, a dead supply.

Some tell it for good (a UPS), others only when they change: a router's second supply that was never cabled reads as
off for ever. What an outage makes of it is decided elsewhere.
"""

from dataclasses import dataclass
from math import inf

Range = tuple[float, float]
"""Least and most of a reading, both included."""


@dataclass(frozen=True, slots=True)
class MainsSign:
    """column: its place in the device's plan. instance: the sensor's name. by_change: only a change tells.

    Readings are those of the sensor's class after conversion (volts, seconds, the vendor's number of a state).
    """

    column: int
    instance: str
    lost: Range = (inf, -inf)
    present: Range = (inf, -inf)
    by_change: bool = False

    def says(self, reading: float) -> bool | None:
        """True for mains, False for none, None for a reading (or NaN) that tells nothing."""
        if self.present[0] <= reading <= self.present[1]:
            return True
        return False if self.lost[0] <= reading <= self.lost[1] else None
