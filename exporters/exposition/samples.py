"""The last polled values of the fleet, each with the time of its poll. Knows numbers, no text.

Counters are held as uint64, readings as the bits of a float64, for columns that feed a metric. Times are kept per
device and table, because a budget may let a table be asked more rarely than the rest.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.polling import Fleet, Outcome, Sweep
from domain.polling.strips import with_room
from exporters.exposition.batch import BatchLines, Starts
from exporters.exposition.templates import SLOTS, TemplateBook, words_of
from exporters.exposition.words import Words

# Prometheus refuses samples an hour older than its newest one; a sample it has seen once need not be shown again.
LONGEST_SECONDS = 3300.0


@dataclass(frozen=True, slots=True, eq=False)
class Picked:
    """The numbers of some lines, torn out together. milliseconds: per group. present: per line."""

    bits: NDArray[np.uint64]
    present: NDArray[np.bool_]
    milliseconds: NDArray[np.float64]


class Samples:
    """Arrays by place of `series` (a word of a column that feeds a metric) and of `groups` (a table). Not locked: see
    Renderer.

    Steady times are above 0.
    """

    def __init__(self, fleet: Fleet, templates: TemplateBook, intervals: float) -> None:
        self._fleet = fleet
        self._intervals = intervals
        self.series = fleet.strip(words_of)
        self.groups = fleet.strip_by_plan(lambda plan: templates.of(plan).begins_table)
        self._counts = fleet.table(lambda plan: templates.of(plan).counts, np.bool_)
        self._long = fleet.table(lambda plan: templates.of(plan).long, np.bool_)
        self._slot_bit = fleet.table(lambda plan: templates.of(plan).slot_bit, np.uint8)
        self._words = Words()
        self._present: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._milliseconds: NDArray[np.float64] = np.zeros(0)
        self._polled: NDArray[np.float64] = np.zeros(0)  # steady seconds, 0: never or not any more
        self._keep: NDArray[np.float64] = np.zeros(0)
        self.starts = Starts(np.zeros(0, np.int64), np.zeros(0, np.int64))  # of adopted layouts
        self._generation: NDArray[np.int64] = np.zeros(0, np.int64)  # by device: of its layout, 0 if it has none
        self._dark: NDArray[np.float64] = np.zeros(0)  # by device: begin of the last poll without an answer

    @property
    def nbytes(self) -> int:
        arrays = (self._present, self._milliseconds, self._polled, self._keep, self._dark, self._generation)
        return self._words.nbytes + sum(array.nbytes for array in arrays)

    def make_room(self) -> None:
        """Grow to the fleet's size; what is held stays."""
        series, groups, devices = self.series.capacity, self.groups.capacity, self._fleet.size
        self._words.make_room(series)
        self._present = with_room(self._present, series)
        for field in ("_milliseconds", "_polled", "_keep"):
            setattr(self, field, with_room(getattr(self, field), groups))
        self.starts = Starts(with_room(self.starts.series, devices), with_room(self.starts.groups, devices))
        self._generation, self._dark = with_room(self._generation, devices), with_room(self._dark, devices)

    def clear_series(self, start: int, stop: int) -> None:
        self._present[start:stop] = False

    def clear_groups(self, start: int, stop: int) -> None:
        self._polled[start:stop] = 0

    def has(self, device: int) -> bool:
        """Whether the device's present layout was adopted."""
        return bool(self._generation[device] == self._fleet.generation[device])

    def adopt(self, device: int) -> None:
        """Its places are a new device's: no value yet."""
        self.forget(device)
        start, count = int(self.series.start[device]), int(self.series.count[device])
        self.clear_series(start, start + count)
        self.starts.series[device], self.starts.groups[device] = start, self.groups.start[device]
        self._generation[device] = self._fleet.generation[device]
        self._dark[device] = 0

    def keep(
        self, device: int, tables: tuple[str, ...], interval_seconds: float, table_seconds: dict[str, float]
    ) -> None:
        """How long its samples are shown: `intervals` times what lies between two polls of their table."""
        first = int(self.groups.start[device])
        for number, table in enumerate(tables):
            seconds = max(interval_seconds, table_seconds.get(table, 0.0))
            self._keep[first + min(number, SLOTS - 1)] = min(self._intervals * seconds, LONGEST_SECONDS)

    def forget(self, device: int) -> None:
        self._generation[device] = 0
        first = int(self.groups.start[device])
        self.clear_groups(first, first + int(self.groups.count[device]))

    def are_current(self, sweep: Sweep) -> NDArray[np.bool_]:
        """[n] rows whose device is known and still has the layout it was polled with."""
        current: NDArray[np.bool_] = self._generation[sweep.device] == sweep.generation
        return current

    def take_in(
        self,
        sweep: Sweep,
        current: NDArray[np.bool_],
        totals: NDArray[np.uint64],
        totals_valid: NDArray[np.bool_],
        readings: NDArray[np.float64],
    ) -> None:
        """`current`: [n] rows whose device still has the layout it was polled with."""
        answered = current & (sweep.outcome <= Outcome.PARTIAL)
        dark = current & ~answered
        self._dark[sweep.device[dark]] = sweep.started[dark]
        column = self._fleet.columns(sweep)
        shown = self.series.number.values[column] >= 0
        if not answered.all():
            shown &= answered[sweep.row]
        at = np.flatnonzero(shown)
        mine = column[at]
        counts, bits = self._counts.values[mine], readings.view(np.uint64)[at]
        place = self.series.places(sweep.device, sweep.row[at], mine)
        self._words.put(place, self._long.values[mine], counts, np.where(counts, totals[at], bits))
        self._present[place] = sweep.valid[at] & np.where(counts, totals_valid[at], ~np.isnan(readings[at]))
        self._time_tables(sweep, answered, self._slot_bit.values[column])

    def _time_tables(self, sweep: Sweep, answered: NDArray[np.bool_], slot_bit: NDArray[np.uint8]) -> None:
        bounds = sweep.bounds
        rows = np.flatnonzero(bounds[1:] > bounds[:-1])
        if not len(rows):
            return
        seen = np.bitwise_or.reduceat(slot_bit, bounds[rows])
        seen[~answered[rows]] = 0
        for slot in range(SLOTS):
            polled = rows[(seen & (1 << slot)) != 0]
            if len(polled):
                group = self.groups.start[sweep.device[polled]] + slot
                self._milliseconds[group] = np.rint(sweep.answered_at[polled] * 1000)
                self._polled[group] = sweep.answered_steady[polled]

    def fail_table(self, device: int, slot: int) -> None:
        self._polled[self.groups.start[device] + slot] = 0

    def pick(self, part: BatchLines, now_steady: float) -> Picked:
        """What the lines have to say now: nothing of a device that was silent since, nothing too old."""
        groups = part.groups
        polled = self._polled[groups]
        fresh = (polled > self._dark[part.devices]) & (now_steady - polled <= self._keep[groups])
        present = self._present[part.series] & fresh[part.group]
        bits = self._words.pick(part.series, part.long, counts=part.lines.integers)
        return Picked(bits, present, self._milliseconds[groups])
