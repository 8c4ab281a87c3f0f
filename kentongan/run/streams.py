"""Cameras that are known by their streams alone: whether one answers at all is their state, like a ping's."""

from collections.abc import Collection

from alerts.states import StateBoard
from alerts.states.reasons import Reason
from domain.network import Check, DeviceStatus, Inventory
from domain.polling import Fleet
from domain.services import ServiceOutcome


class Streams:
    """misses: outcomes in a row in which nobody answered until a camera is dark."""

    def __init__(self, fleet: Fleet, states: StateBoard, misses: int) -> None:
        self._fleet = fleet
        self._states = states
        self._misses = misses
        self._cameras: Collection[str] = frozenset()
        self._run: dict[str, tuple[int, float]] = {}  # how often in a row, and since when

    def know(self, inventory: Inventory) -> None:
        self._cameras = frozenset(
            each.name for each in inventory.devices if each.check is Check.RTSP and each.status is DeviceStatus.IN_USE
        )
        self._run = {name: run for name, run in self._run.items() if name in self._cameras}

    def take(self, outcome: ServiceOutcome) -> bool:
        """Whether it should be asked again soon: one miss is a chance."""
        name = outcome.code
        if name not in self._cameras or name not in self._fleet:
            return False
        device = self._fleet.index(name)
        if outcome.reached:
            self._run.pop(name, None)
            self._states.observe_telling(device, outcome.at.steady_seconds)
            return False
        count, since = self._run.get(name, (0, outcome.at.steady_seconds))
        self._run[name] = count + 1, since
        if count + 1 < self._misses:
            return True
        self._states.observe_not_telling(device, since, Reason.STREAM_SILENT)
        return False
