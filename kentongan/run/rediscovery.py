"""Looks at devices that were interrupted: a table was lost on the way, so what was found is a part of the device.

Such a device is looked at again soon, half as often each time: one that never answers for a table is left in peace.
"""

from typing import Final

from domain.polling import Discovery, Plan

FIRST_SECONDS: Final = 60.0
LONGEST_SECONDS: Final = 3600.0


def takes_away(found: Discovery, plan: Plan, held: int) -> bool:
    """Whether less was found than is polled already (`held` columns) because answers were lost: that is no change."""
    return not found.whole and len(plan.columns) < held


class Interrupted:
    """By name; remembers only those whose last look was interrupted."""

    def __init__(self) -> None:
        self._wait: dict[str, float] = {}

    def again_after(self, device: str, *, whole: bool) -> float | None:
        """Seconds until the next look; None after one that was whole."""
        if whole:
            self._wait.pop(device, None)
            return None
        seconds = self._wait.get(device, FIRST_SECONDS)
        self._wait[device] = min(2 * seconds, LONGEST_SECONDS)
        return seconds
