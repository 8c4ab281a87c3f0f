"""Where each device's cells lie: one long row of cells for the whole fleet, ragged, whatever shapes are mixed.

A device keeps its index for as long as it is known. Its cells are the range [start, start + count); cell c of it
belongs to column c - start of its plan. Rooms keep arrays of their own beside it, `capacity` cells long, and register
with `watch` to forget what they knew of a range that is handed to somebody else.
"""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from domain.polling.plan import Kind, Plan

Forget = Callable[[int, int], None]
Scalar = TypeVar("Scalar", bound=np.generic)

_ZERO = np.int32(0)


class Fleet:
    """The layout. `start`, `count` and `generation` are indexed by device, the `cell_` arrays by cell.

    cell_bytes_per_second: inf where there is no limit (no octets, or a port that tells no speed).
    cell_discontinuity: distance from a counter to its interface's ifCounterDiscontinuityTime; 0: it has none.
    """

    def __init__(self) -> None:
        self._names: list[str] = []
        self._index: dict[str, int] = {}
        self._plans: list[Plan | None] = []
        self._free_devices: list[int] = []
        self._free_ranges: dict[int, list[int]] = {}
        self._watchers: list[Forget] = []
        self._used = 0
        self.start: NDArray[np.int64] = np.zeros(16, np.int64)
        self.count: NDArray[np.int64] = np.zeros(16, np.int64)
        self.generation: NDArray[np.int64] = np.zeros(16, np.int64)
        self.cell_kind: NDArray[np.uint8] = np.zeros(1024, np.uint8)
        self.cell_bytes_per_second: NDArray[np.float32] = np.full(1024, np.inf, np.float32)
        self.cell_discontinuity: NDArray[np.int32] = np.broadcast_to(_ZERO, 1024)  # no memory until a plan has one
        self._plan_cells: dict[int, tuple[Plan, NDArray[np.uint8], NDArray[np.float32], NDArray[np.int32]]] = {}

    def __len__(self) -> int:
        return len(self._index)

    def __contains__(self, name: object) -> bool:
        return name in self._index

    @property
    def size(self) -> int:
        """Device indices in use lie below this."""
        return len(self._names)

    @property
    def capacity(self) -> int:
        """Cells for which arrays must have room; grows by doubling, never shrinks."""
        return len(self.cell_kind)

    def index(self, name: str) -> int:
        """Raises KeyError for a name that is not in the fleet."""
        return self._index[name]

    def name(self, device: int) -> str:
        return self._names[device]

    def plan(self, device: int) -> Plan | None:
        """None before the device's first discovery and after its removal."""
        return self._plans[device]

    def watch(self, forget: Forget) -> None:
        """`forget(start, stop)` is called before a range of cells gets a new owner."""
        self._watchers.append(forget)

    def put(self, name: str, plan: Plan | None) -> int:
        """Add a device or give it another plan; the same plan again changes nothing. Returns its index."""
        device = self._index.get(name)
        if device is None:
            device = self._new_device(name)
        elif self._plans[device] is plan:
            return device
        self._release_cells(device)
        self._plans[device] = plan
        self.generation[device] += 1
        if plan is not None:
            self._take_cells(device, plan)
        return device

    def remove(self, name: str) -> None:
        """Raises KeyError for a name that is not in the fleet. The index may be given to another device later."""
        device = self._index.pop(name)
        self._release_cells(device)
        self._plans[device] = None
        self._names[device] = ""
        self.generation[device] += 1
        self._free_devices.append(device)

    def _new_device(self, name: str) -> int:
        if self._free_devices:
            device = self._free_devices.pop()
            self._names[device] = name
        else:
            device = len(self._names)
            self._names.append(name)
            self._plans.append(None)
            if device == len(self.start):
                for field in ("start", "count", "generation"):
                    setattr(self, field, np.concatenate([getattr(self, field), np.zeros(device, np.int64)]))
        self._index[name] = device
        return device

    def _release_cells(self, device: int) -> None:
        count = int(self.count[device])
        if count:
            self._free_ranges.setdefault(count, []).append(int(self.start[device]))
        self.count[device] = 0

    def _take_cells(self, device: int, plan: Plan) -> None:
        count = len(plan.columns)
        free = self._free_ranges.get(count)
        if free:
            start = free.pop()
            for forget in self._watchers:
                forget(start, start + count)
        else:
            start = self._used
            self._used += count
            self._grow_to(self._used)
        kinds, rates, discontinuities = self._cells_of_plan(plan)
        self.cell_kind[start : start + count] = kinds
        self.cell_bytes_per_second[start : start + count] = rates
        if self.cell_discontinuity.flags.writeable or discontinuities.any():
            self._write_discontinuities(start, discontinuities)
        self.start[device] = start
        self.count[device] = count

    def _grow_to(self, cells: int) -> None:
        size = self.capacity
        while size < cells:
            size *= 2
        if size > self.capacity:
            # what lies beyond the cells in use is never read: left unwritten, it costs no memory
            self.cell_kind = _longer(self.cell_kind, size)
            self.cell_bytes_per_second = _longer(self.cell_bytes_per_second, size)
            if self.cell_discontinuity.flags.writeable:
                self.cell_discontinuity = _longer(self.cell_discontinuity, size)
            else:
                self.cell_discontinuity = np.broadcast_to(_ZERO, size)

    def _write_discontinuities(self, start: int, discontinuities: NDArray[np.int32]) -> None:
        if not self.cell_discontinuity.flags.writeable:
            self.cell_discontinuity = np.zeros(self.capacity, np.int32)
        self.cell_discontinuity[start : start + len(discontinuities)] = discontinuities

    def _cells_of_plan(self, plan: Plan) -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.int32]]:
        known = self._plan_cells.get(id(plan))
        if known is None:
            kinds = np.array([column.kind for column in plan.columns], np.uint8)
            rates = np.array([column.port_bps / 8 or np.inf for column in plan.columns], np.float32)
            known = self._plan_cells[id(plan)] = (plan, kinds, rates, discontinuity_offsets(plan))
        return known[1], known[2], known[3]


def _longer(array: NDArray[Scalar], size: int) -> NDArray[Scalar]:
    longer = np.empty(size, array.dtype)
    longer[: len(array)] = array
    return longer


def discontinuity_offsets(plan: Plan) -> NDArray[np.int32]:
    """For each counter of an interface: how many columns away its ifCounterDiscontinuityTime stands; else 0."""
    place = {plan.columns[column].instance: column for column in plan.find("ifCounterDiscontinuityTime")}
    offsets = np.zeros(len(plan.columns), np.int32)
    for position, column in enumerate(plan.columns):
        if column.kind in (Kind.COUNTER32, Kind.COUNTER64):
            offsets[position] = place.get(column.instance, position) - position
    return offsets
