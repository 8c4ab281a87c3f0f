"""How much each device is used: octets that went by, and clients that were connected, between two looks.

Counts alone: who the clients are is never known here. Octets are those that came in at any port, so a device that
passes traffic on counts it once on each side it came from.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.polling import Fleet, Plan, Sweep
from domain.polling.counters import CounterAdvance
from domain.polling.strips import with_room

RECEIVED: Final = frozenset({"ifHCInOctets", "ifInOctets"})
CLIENTS: Final = "sensor.clients"
OCTETS, LEASES, PPPOE, WIFI = 1, 2, 3, 4
_SORTS: Final = (LEASES, PPPOE, WIFI)


@dataclass(frozen=True, slots=True, eq=False)
class Used:
    """By device: octets since the last look, and the most clients at one time, -1 where nobody told."""

    octets: NDArray[np.int64]
    leases: NDArray[np.int32]
    pppoe: NDArray[np.int32]
    wifi: NDArray[np.int32]


class UsageMeter:
    """Make it with the fleet; `note_sweep` every sweep, `take` now and then."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._sort = fleet.table(_sorts, np.uint8)
        self._octets: NDArray[np.int64] = np.zeros(0, np.int64)
        self._most: dict[int, NDArray[np.int32]] = {sort: np.zeros(0, np.int32) for sort in _SORTS}  # and one more

    def note_sweep(self, sweep: Sweep, readings: NDArray[np.float64], advance: CounterAdvance) -> None:
        """readings: one for each cell, NaN for none."""
        self._octets = with_room(self._octets, self._fleet.size)
        sort = self._sort.values[self._fleet.columns(sweep)]
        counted = sort[advance.position] == OCTETS
        device = sweep.device[sweep.row[advance.position[counted]]]
        np.add.at(self._octets, device, advance.delta[counted].astype(np.int64))
        current = (self._fleet.generation[sweep.device] == sweep.generation) & ~np.isnan(sweep.answered_steady)
        told = np.flatnonzero((sort >= LEASES) & current[sweep.row] & ~np.isnan(readings))
        for number in _SORTS:
            at = told[sort[told] == number]
            if len(at):
                self._note_clients(number, sweep.device[sweep.row[at]], readings[at])

    def take(self) -> Used:
        """What was noted since the last call."""
        size = self._fleet.size
        octets = with_room(self._octets, size)
        most = {sort: with_room(values, size)[:size] - 1 for sort, values in self._most.items()}
        self._octets = np.zeros(size, np.int64)
        self._most = {sort: np.zeros(size, np.int32) for sort in _SORTS}
        return Used(octets[:size], most[LEASES], most[PPPOE], most[WIFI])

    def _note_clients(self, number: int, device: NDArray[np.int64], value: NDArray[np.float64]) -> None:
        """A device may tell them radio by radio: those of one sweep are added up."""
        devices, place = np.unique(device, return_inverse=True)
        now = np.bincount(place, value).astype(np.int32) + 1
        most = self._most[number] = with_room(self._most[number], self._fleet.size)
        most[devices] = np.maximum(most[devices], now)


def _sorts(plan: Plan) -> NDArray[np.uint8]:
    return np.array([_sort_of(column.quantity, column.instance) for column in plan.columns], np.uint8)


def _sort_of(quantity: str, instance: str) -> int:
    if quantity in RECEIVED:
        return OCTETS
    if quantity != CLIENTS:
        return 0
    folded = instance.casefold()
    if "lease" in folded:
        return LEASES
    return PPPOE if "pppoe" in folded else WIFI
