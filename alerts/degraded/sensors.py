"""Readings and rates against their thresholds, in columns: patience and hysteresis for every cell of a sweep.

Says what began and what is over to the book of complaints. A device that does not answer keeps what was said of it.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from alerts.degraded.cells import Cells, Places
from alerts.degraded.complaints import SOURCE, Complaint, ComplaintBook, Who
from alerts.degraded.figures import shown
from alerts.degraded.measures import Measure, measure_of, unit_of
from alerts.degraded.rulebook import NONE, Rulebook
from alerts.degraded.subjects import Subjects
from domain.incidents import Evidence, EvidenceKind
from domain.polling import Column, Fleet, Plan
from domain.polling.speeds import OCTETS
from domain.polling.strips import with_room

WATCHER: Final = "sensor"

_RAISED: Final = np.uint8(0x80)
_COUNT: Final = np.uint8(0x7F)

Carries = Callable[[Places, Places, Places], NDArray[np.float64]]
"""(device, row, column) → octets a second that the port of each column carries, inf where nobody knows."""


class SensorWatch:
    """Nine octets for each cell that a threshold may be about, but nothing that is usual is ever written there. Which
    threshold holds is kept once for devices of one plan. `lay_out` a device before its cells are noted."""

    def __init__(self, fleet: Fleet, rules: Rulebook, book: ComplaintBook, carries: Carries | None = None) -> None:
        self._fleet, self._rules, self._book = fleet, rules, book
        self._carries = carries or self._planned
        self._subjects = Subjects()
        self.strip = fleet.strip(lambda column: measure_of(column) in rules.measures)
        self._is_octets = fleet.table(_octets, np.bool_)
        self._speed = fleet.table(_speeds, np.float64)
        self._numbers: NDArray[np.uint16] = np.zeros(64, np.uint16)  # of thresholds, by column of each layout
        self._used = 0
        self._laid_out: dict[int, tuple[NDArray[np.uint16], int]] = {}  # where each begins there, by its id
        self._shift: NDArray[np.int64] = np.zeros(0, np.int64)  # by device: from the fleet's columns to those
        self._flag: NDArray[np.uint8] = np.zeros(0, np.uint8)  # how many in a row say the contrary; high bit: raised
        self._since: NDArray[np.float32] = np.zeros(0, np.float32)  # of the first of them, seconds after `_epoch`
        self._epoch = -1.0
        self._paid: NDArray[np.float32] = np.zeros(
            0, np.float32
        )  # octets a second that a link is rented for, 0: it is not
        self.strip.watch(self._forget)

    def know(self, subjects: Subjects) -> None:
        """A new inventory: what is said of devices that have left it is withdrawn."""
        self._subjects = subjects
        for who in self._book.all_of(WATCHER):
            if who[1] not in subjects.devices:
                self._book.withdraw(who)

    def lay_out(self, device: int, name: str, plan: Plan) -> None:
        """The device has another plan, or other thresholds; what is said of its sensors is carried over."""
        self._make_room()
        known = self._subjects.devices.get(name)
        start, count = int(self.strip.start[device]), int(self.strip.count[device])
        _clear(self._flag, start, start + count)
        _clear(self._paid, start, start + count)
        first = self._fleet.first_column(device)
        if known is None:
            self._shift[device] = self._begin_of(self._nothing(plan)) - first
            return
        fitting = self._rules.fitting(known, self._subjects.kind(known))
        numbers = self._rules.of_columns(plan, fitting, self._subjects.linked.get(name, frozenset()))
        self._shift[device] = self._begin_of(numbers) - first
        chosen = self.strip.number.values[first : first + len(plan.columns)]
        columns = np.flatnonzero(chosen >= 0)
        self._note_paid(name, plan, start + chosen[columns].astype(np.int64), columns)
        standing = dict.fromkeys(self._book.of(WATCHER, name))
        if not standing:
            return
        for place in columns.tolist():
            number = int(numbers[place])
            if number == NONE:
                continue
            who = self._who(name, number, plan.columns[place])
            if who in standing:
                self._flag[start + int(chosen[place])] = _RAISED
                self._carry_over(who, number, plan.columns[place])
                del standing[who]
        for who in standing:
            self._book.withdraw(who)

    def _begin_of(self, numbers: NDArray[np.uint16]) -> int:
        """Layouts come from the rulebook, the same object for the same shape."""
        known = self._laid_out.get(id(numbers))
        if known is None:
            begin, self._used = self._used, self._used + len(numbers)
            known = self._laid_out[id(numbers)] = numbers, begin
            self._numbers = with_room(self._numbers, self._used)
            self._numbers[begin : self._used] = numbers
        return known[1]

    def _nothing(self, plan: Plan) -> NDArray[np.uint16]:
        return self._rules.of_columns(plan, (), frozenset())

    def _carry_over(self, who: Who, number: int, column: Column) -> None:
        complaint = self._book.get(who)
        subject = self._subjects.about(who[1], self._rules[number].measure, column)
        if complaint is not None and complaint.cause != subject.cause:
            self._book.say(who, replace(complaint, cause=subject.cause, members=frozenset({subject.member})))

    def note(self, cells: Cells) -> None:
        """Its devices have been laid out."""
        self._make_room()
        at, place = cells.on(self.strip)
        if not len(at):
            return
        sweep = cells.sweep
        rule = self._numbers[cells.column[at] + self._shift[sweep.device][sweep.row[at]]]
        ruled = np.flatnonzero(rule)
        at, place, rule = at[ruled], place[ruled], rule[ruled]
        value = cells.value[at]
        self._to_percent(cells, at, place, value)
        levels = self._rules.levels
        raises = (value >= levels.raise_above[rule]) | (value <= levels.raise_below[rule])
        flag = self._flag[place]
        busy = np.flatnonzero(raises | (flag != 0))
        if len(busy):
            self._weigh(cells, at[busy], place[busy], rule[busy], value[busy], raises[busy], flag[busy])

    def _weigh(
        self,
        cells: Cells,
        at: Places,
        place: Places,
        rule: NDArray[np.uint16],
        value: NDArray[np.float64],
        raises: NDArray[np.bool_],
        flag: NDArray[np.uint8],
    ) -> None:
        """Those that are over a level, were lately, or stand."""
        levels = self._rules.levels
        known = (value >= levels.believe_from[rule]) & (value <= levels.believe_to[rule])
        clears = (value < levels.clear_below[rule]) & (value > levels.clear_above[rule])
        now = cells.sweep.answered_steady[cells.sweep.row[at]]
        if self._epoch < 0:
            self._epoch = float(now.min())
        now = now - self._epoch
        raised = flag & _RAISED
        contrary = np.where(raised, clears, raises)
        count = np.where(contrary, np.minimum((flag & _COUNT) + np.uint8(1), _COUNT), np.uint8(0))
        begins = place[known & (count == 1)]
        self._since[begins] = now[known & (count == 1)]
        patient = (count >= levels.polls[rule]) & (now - self._since[place] >= levels.seconds[rule])
        turned = known & contrary & patient
        self._flag[place[known]] = np.where(turned, raised ^ _RAISED, raised | count)[known]
        for one in np.flatnonzero(turned).tolist():
            self._turn(cells, int(at[one]), int(rule[one]), float(value[one]), begins=not raised[one])

    def _turn(self, cells: Cells, at: int, number: int, value: float, *, begins: bool) -> None:
        device = int(cells.sweep.device[cells.sweep.row[at]])
        plan = self._fleet.plan(device)
        assert plan is not None, "its cell was read"
        name = self._fleet.name(device)
        column = plan.columns[int(cells.sweep.cell[at] - self._fleet.start[device])]
        who = self._who(name, number, column)
        if not begins:
            self._book.withdraw(who)
            return
        threshold = self._rules[number]
        subject = self._subjects.about(name, threshold.measure, column)
        label = column.instance if threshold.measure not in (Measure.SATURATION, *_TROUBLES) else column.interface
        values = {
            SOURCE: WATCHER,
            "sensor": who[3],
            "what": f"{name} {label}".strip(),
            "value": shown(value),
            "unit": unit_of(threshold.measure),
            "limit": shown(threshold.bound(value)),
        }
        evidence = Evidence(EvidenceKind.THRESHOLD, name, None, values)
        self._book.say(
            who,
            Complaint(
                subject.cause,
                threshold.reason,
                frozenset({subject.member}),
                evidence,
                threshold.urgency,
            ),
        )

    def _who(self, name: str, number: int, column: Column) -> Who:
        return WATCHER, name, self._rules[number].reason, f"{column.quantity}|{column.instance}"

    def _to_percent(self, cells: Cells, at: Places, place: Places, value: NDArray[np.float64]) -> None:
        """Octets a second into percent of what the link is paid for, or the port carries."""
        octets = np.flatnonzero(self._is_octets.values[cells.column[at]])
        if not len(octets):
            return
        cell = at[octets]
        carried = self._carries(cells.sweep.device, cells.sweep.row[cell], cells.column[cell])
        paid = self._paid[place[octets]]
        value[octets] *= 100.0 / np.where(paid > 0, np.minimum(carried, paid), carried)

    def _note_paid(self, name: str, plan: Plan, places: Places, columns: Places) -> None:
        """What the inventory says that links carry, for the counters of octets at their ends."""
        for interface in self._subjects.linked.get(name, ()):
            link = self._subjects.ends[name, interface]
            for place, column in zip(places.tolist(), columns.tolist(), strict=True):
                each = plan.columns[column]
                if each.interface == interface and each.quantity in OCTETS:
                    inward = ("In" in each.quantity) == (link.a_device == name)
                    mbps = link.capacity_mbps or (link.cir_down_mbps if inward else link.cir_up_mbps)
                    self._paid[place] = mbps * 125_000 if mbps else 0

    def _planned(self, _device: Places, _row: Places, column: Places) -> NDArray[np.float64]:
        return self._speed.values[column]

    def _make_room(self) -> None:
        self._shift = with_room(self._shift, self._fleet.size)
        size = self.strip.capacity
        if len(self._flag) < size:
            self._flag = with_room(self._flag, size)
            self._since = with_room(self._since, size)
            self._paid = with_room(self._paid, size)

    def _forget(self, start: int, stop: int) -> None:
        _clear(self._flag, start, stop)
        _clear(self._paid, start, stop)


_TROUBLES: Final = (Measure.ERRORS, Measure.DISCARDS)


def _clear(array: NDArray[Any], start: int, stop: int) -> None:
    if array[start:stop].any():
        array[start:stop] = 0


def _octets(plan: Plan) -> NDArray[np.bool_]:
    return np.array([column.quantity in OCTETS for column in plan.columns], np.bool_)


def _speeds(plan: Plan) -> NDArray[np.float64]:
    return np.array([column.port_bps / 8 or np.inf for column in plan.columns], np.float64)
