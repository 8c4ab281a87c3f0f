"""The speed of every port, as the port tells it at each poll: a port that renegotiates is believed at once.

A plan says what a port carried when it was discovered; between two looks ifHighSpeed and ifSpeed (IF-MIB, RFC 2863) say
it. Knows the speeds in force; judges no counter.
"""

import numpy as np
from numpy.typing import NDArray

from domain.polling.fleet import Fleet
from domain.polling.plan import Plan
from domain.polling.strips import with_room
from domain.polling.sweep import Sweep

UNITS = {"ifHighSpeed": 125_000.0, "ifSpeed": 1 / 8}
"""Quantity → bytes a second of one unit: megabits and bits."""

NONSENSE = {"ifHighSpeed": 10_000_000, "ifSpeed": 2**32 - 1}
"""From here on it is no speed: above 10 Tbit/s, and faster than ifSpeed can say."""

OCTETS = frozenset({"ifHCInOctets", "ifHCOutOctets", "ifInOctets", "ifOutOctets"})

Pending = list[tuple[NDArray[np.int64], float]]
"""Counters of a port, by place, and what it carries from the next poll on."""


class PortSpeeds:
    """`meet` before a sweep's counters are judged, `settle` after: what went through until now may have gone at either
    speed, so the higher one counts for the sweep that brings the change.

    4 octets for each counter of octets, 8 for each speed, written only for ports that told another than the plan's.
    """

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._octets = fleet.strip(lambda column: column.quantity in OCTETS)
        self._tellers = fleet.strip(lambda column: column.quantity in UNITS)
        self._planned = fleet.table(_planned, np.float64)
        self._unit = fleet.table(_units, np.float64)
        self._told = np.zeros(0)  # by teller: bytes a second, plus 1; 0: what the plan says
        self._carries = np.zeros(0, np.float32)  # by counter of octets: bytes a second; 0: what the plan says
        self._renegotiated = False  # anybody, ever
        self._octets.watch(lambda start, stop: self._carries[start:stop].fill(0))
        self._tellers.watch(lambda start, stop: self._told[start:stop].fill(0))

    def bytes_per_second(
        self, device: NDArray[np.int64], row: NDArray[np.int64], column: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Of columns, each of device[row]; inf where there is no limit: no octets, or a port that tells no speed."""
        rates: NDArray[np.float64] = self._planned.values[column]
        if self._renegotiated:
            octets = np.flatnonzero(self._octets.number.values[column] >= 0)
            carries = self._carries[self._octets.places(device, row[octets], column[octets])]
            told = carries > 0
            rates[octets[told]] = carries[told]
        return rates

    def meet(self, sweep: Sweep, gauge: NDArray[np.int64], column: NDArray[np.int64]) -> Pending:
        """gauge: where in the sweep cells of kind GAUGE32 stand, of the present layout alone; column: of these."""
        self._make_room()
        tells = (self._tellers.number.values[column] >= 0) & sweep.valid[gauge]
        at, column = gauge[tells], column[tells]
        place = self._tellers.places(sweep.device, sweep.row[at], column)
        unit, last = self._unit.values[column], self._told[place] - 1
        planned = self._planned.values[column]
        last = np.where(last >= 0, last, np.where(np.isfinite(planned), planned, 0.0))
        told = sweep.raw[at] * unit
        # less than a unit: ifHighSpeed rounds to the megabit, and discovery knew it better from ifSpeed
        changed = np.flatnonzero(np.abs(told - last) >= unit)
        pending: Pending = []
        for one in changed.tolist():
            self._told[place[one]] = told[one] + 1
            device = int(sweep.device[sweep.row[at[one]]])
            pending += self._changed(device, int(sweep.cell[at[one]]), int(sweep.raw[at[one]]))
        return pending

    def settle(self, pending: Pending) -> None:
        for places, rate in pending:
            self._carries[places] = rate

    def _changed(self, device: int, cell: int, raw: int) -> Pending:
        plan = self._fleet.plan(device)
        assert plan is not None, "its cell was read"
        teller = plan.columns[cell - int(self._fleet.start[device])]
        if raw >= NONSENSE[teller.quantity]:
            return []
        octets = [column for column in plan.columns if column.quantity in OCTETS]
        mine = np.array([i for i, column in enumerate(octets) if column.instance == teller.instance], np.int64)
        places = self._octets.start[device] + mine
        rate = raw * UNITS[teller.quantity] or np.inf
        before = np.array([octets[i].port_bps / 8 or np.inf for i in mine.tolist()])
        before = np.where(self._carries[places] > 0, self._carries[places], before)
        self._carries[places] = np.maximum(before, rate)
        self._renegotiated = True
        return [(places, rate)]

    def _make_room(self) -> None:
        self._told = with_room(self._told, self._tellers.capacity)
        self._carries = with_room(self._carries, self._octets.capacity)


def _planned(plan: Plan) -> NDArray[np.float64]:
    """Bytes a second that the plan knows of each column's port; of a column that tells a speed, of its port too."""
    rates = np.array([column.port_bps / 8 or np.inf for column in plan.columns], np.float64)
    carried = {
        column.instance: rate
        for column, rate in zip(plan.columns, rates.tolist(), strict=True)
        if column.quantity in OCTETS
    }
    for place, column in enumerate(plan.columns):
        if column.quantity in UNITS:
            rates[place] = carried.get(column.instance, np.inf)
    return rates


def _units(plan: Plan) -> NDArray[np.float64]:
    return np.array([UNITS.get(column.quantity, 0.0) for column in plan.columns], np.float64)
