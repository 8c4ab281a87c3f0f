"""Where each device's cells lie: one long row of cells for the whole fleet, ragged, whatever shapes are mixed.

A device keeps its index for as long as it is known. Its cells are the range [start, start + count); cell c of it
belongs to column c - start of its plan. Rooms keep arrays of their own beside it: by cell (`capacity` long), or by what
`table` and `strip` make. Whoever keeps anything by cell registers with `watch` to forget what it knew of a range that
is handed to somebody else.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from domain.polling.plan import Column, Plan
from domain.polling.strips import ColumnTable, Forget, Scalar, Strip, with_room
from domain.polling.sweep import Sweep


class Fleet:
    """The layout. `start`, `count` and `generation` are indexed by device."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._index: dict[str, int] = {}
        self._plans: list[Plan | None] = []
        self._free_devices: list[int] = []
        self._laid_out: dict[int, tuple[Plan, int]] = {}  # by the plan's id: where its columns begin in every table
        self._columns = 0
        self._base: NDArray[np.int64] = np.zeros(16, np.int64)  # the same by device
        self.generation: NDArray[np.int64] = np.zeros(16, np.int64)
        self._tables: list[ColumnTable[np.generic]] = []
        self._version = 0  # of the whole layout
        nobody = np.zeros(0, np.int64)
        self._asked = nobody, nobody, 0, nobody  # the last answer of `columns`, and what it was the answer to
        self._cells = Strip(lambda plan: [True] * len(plan.columns))
        self._strips = [self._cells]

    @property
    def start(self) -> NDArray[np.int32]:
        return self._cells.start

    @property
    def count(self) -> NDArray[np.int32]:
        return self._cells.count

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
        return self._cells.capacity

    @property
    def used(self) -> int:
        """Cells in use lie below this."""
        return self._cells.used

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
        self._cells.watch(forget)

    def table(self, of_plan: Callable[[Plan], NDArray[Scalar]], dtype: type[Scalar]) -> ColumnTable[Scalar]:
        """A table that is kept for all plans, those to come included."""
        made = ColumnTable(of_plan, dtype)
        for plan, first in self._laid_out.values():
            made.lay_out(plan, first)
        self._tables.append(made)  # type: ignore[arg-type]  # they are told of plans, not read here
        return made

    def strip(self, chosen: Callable[[Column], int]) -> Strip:
        """A strip that is kept for all devices, those to come included. Make it before anything is polled.

        chosen: how many places a column has; True is one."""
        return self.strip_by_plan(lambda plan: [chosen(column) for column in plan.columns])

    def strip_by_plan(self, chosen: Callable[[Plan], Sequence[int]]) -> Strip:
        """The same where it depends on the other columns too. chosen: for each column of a plan."""
        made = Strip(chosen)
        made.fit(len(self.generation))
        for plan, first in self._laid_out.values():
            made.lay_out(plan, first)
        for device, plan_of_device in enumerate(self._plans):
            if plan_of_device is not None:
                made.take(device, int(self._base[device]))
        self._strips.append(made)
        return made

    def first_column(self, device: int) -> int:
        """The entry of the first column of a device's plan in every table."""
        return int(self._base[device])

    def columns(self, sweep: Sweep) -> NDArray[np.int64]:
        """For each cell of a sweep the entry of its column in every table; 0 if its row is of an older layout."""
        cells, generation, version, column = self._asked
        if cells is sweep.cell and generation is sweep.generation and version == self._version:
            return column
        device = sweep.device
        column = (self._base[device] - self.start[device])[sweep.row]
        column += sweep.cell
        current = self.generation[device] == sweep.generation
        if not current.all():
            column[~current[sweep.row]] = 0
        column.flags.writeable = False  # every room that takes the sweep in asks for the same
        self._asked = (sweep.cell, sweep.generation, self._version, column)
        return column

    def put(self, name: str, plan: Plan | None) -> int:
        """Add a device or give it another plan; the same plan again changes nothing. Returns its index."""
        device = self._index.get(name)
        if device is None:
            device = self._new_device(name)
        elif self._plans[device] is plan:
            return device
        self._version += 1
        self._release_cells(device)
        self._plans[device] = plan
        self.generation[device] += 1
        if plan is not None:
            self._take_cells(device, plan)
        return device

    def remove(self, name: str) -> None:
        """Raises KeyError for a name that is not in the fleet. The index may be given to another device later."""
        device = self._index.pop(name)
        self._version += 1
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
            self._base, self.generation = with_room(self._base, device + 1), with_room(self.generation, device + 1)
            for strip in self._strips:
                strip.fit(device + 1)
        self._index[name] = device
        return device

    def _release_cells(self, device: int) -> None:
        for strip in self._strips:
            strip.release(device)

    def _take_cells(self, device: int, plan: Plan) -> None:
        first = self._base[device] = self._lay_out(plan)
        for strip in self._strips:
            strip.take(device, first)

    def _lay_out(self, plan: Plan) -> int:
        known = self._laid_out.get(id(plan))
        if known is not None:
            return known[1]
        first = self._columns
        self._columns += max(len(plan.columns), 1)  # no two plans begin at one entry
        self._laid_out[id(plan)] = (plan, first)
        for table in self._tables:
            table.lay_out(plan, first)
        for strip in self._strips:
            strip.lay_out(plan, first)
        return first
