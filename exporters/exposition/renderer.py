"""Polled values as Prometheus text: keeps what sweeps bring, writes it out when somebody scrapes.

Text is made at the scrape, not at the poll: a column at a time a line costs a tenth of a microsecond, polls in small
batches cost next to nothing, and a fleet that nobody scrapes costs no text at all (docs/decisions: exposition).

Sweeps come in on the event loop, a scrape is written in a thread; one lock, held for one batch at a time, keeps a
number and its timestamp together.
"""

from collections.abc import Iterator
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from domain.polling import Fleet, Sweep
from exporters.catalogue import POLLED, Metric, MetricType
from exporters.exposition.batch import BatchLines, DeviceBatch, Member, lay_out
from exporters.exposition.numbers import integer_field, reading_field, stamp_field
from exporters.exposition.samples import Picked, Samples
from exporters.exposition.templates import SLOTS, PlanTemplates, TemplateBook

KEEP_INTERVALS = 3.0


class Renderer:
    """The exposition of one fleet. `keep_intervals`: samples older than so many poll intervals are not shown."""

    def __init__(self, fleet: Fleet, keep_intervals: float = KEEP_INTERVALS) -> None:
        self._fleet = fleet
        self._templates = TemplateBook()
        self._samples = Samples(fleet, self._templates, keep_intervals)
        self._batches: list[DeviceBatch] = []
        self._batch_of: list[DeviceBatch | None] = []  # by device
        self._names: list[str] = []
        self._open: dict[str, DeviceBatch] = {}  # zone → the batch that takes the next device
        self._lock = Lock()
        self._samples.series.watch(self._clear_series)
        self._samples.groups.watch(self._clear_groups)

    def prepare(self, device: int, *, zone: str = "", interval_seconds: float) -> None:
        """Take up a device, or its new plan or name, after `Fleet.put`. Without a plan it has no samples.

        Call it before the next sweep is rendered, in the same step of the event loop as `Fleet.put`.
        """
        plan = self._fleet.plan(device)
        if plan is None:
            self.forget(device)
            return
        templates = self._templates.of(plan)
        with self._lock:
            self._samples.make_room()
            more = self._fleet.size - len(self._names)
            self._batch_of += [None] * more
            self._names += [""] * more
            self._place(device, templates, zone)
            self._samples.keep(device, templates.tables, interval_seconds, dict(plan.budget.table_seconds))

    def _place(self, device: int, templates: PlanTemplates, zone: str) -> None:
        batch, name = self._batch_of[device], self._fleet.name(device)
        if batch is None or self._names[device] != name or not self._samples.has(device):
            self._samples.adopt(device)
        elif batch.zone == zone:
            return
        if batch is not None and batch.zone != zone:
            self._take_off(device, batch)
            batch = None
        if batch is None:
            batch = self._batch_with_room(zone)
        self._names[device], self._batch_of[device] = name, batch
        batch.put(device, templates)

    def _take_off(self, device: int, batch: DeviceBatch) -> None:
        batch.take(device)
        if batch.members:
            self._open[batch.zone] = batch
            return
        self._batches.remove(batch)
        if self._open.get(batch.zone) is batch:
            del self._open[batch.zone]

    def forget(self, device: int) -> None:
        """Leave a device out from now on; one that was never prepared is no error."""
        with self._lock:
            batch = self._batch_of[device] if device < len(self._batch_of) else None
            if batch is not None:
                self._batch_of[device] = None
                self._take_off(device, batch)
                self._samples.forget(device)

    def render(
        self,
        sweep: Sweep,
        totals: NDArray[np.uint64],
        totals_valid: NDArray[np.bool_],
        readings: NDArray[np.float64],
    ) -> None:
        """Take in what a sweep brought. The arrays are aligned with `sweep.cell`.

        totals, totals_valid: exported totals of counters. readings: of everything else, NaN where absent. A device
        whose poll was not answered loses its samples; so does a cell that is not valid, and a table that failed.
        Rows polled with a layout that the device no longer has are left out.
        """
        with self._lock:
            self._samples.make_room()
            current = self._samples.are_current(sweep)
            if not current.any():
                return
            if current.all():
                self._samples.take_in(sweep, current, totals, totals_valid, readings)
            else:
                mine = current[sweep.row]
                self._samples.take_in(
                    _only(sweep, current, mine), current[current], totals[mine], totals_valid[mine], readings[mine]
                )
            for row, failed in sweep.failed_tables.items():
                if current[row]:
                    self._fail_tables(int(sweep.device[row]), failed)

    def _fail_tables(self, device: int, failed: tuple[str, ...]) -> None:
        batch = self._batch_of[device]
        tables = batch.members[device].tables if batch is not None else ()
        for slot in {min(tables.index(table), SLOTS - 1) for table in failed if table in tables}:
            self._samples.fail_table(device, slot)

    @property
    def zones(self) -> tuple[str, ...]:
        return tuple(sorted({batch.zone for batch in self._batches}))

    @property
    def series(self) -> int:
        """Prepared series, whether they have a value or not."""
        return sum(batch.series for batch in self._batches)

    @property
    def repeated(self) -> int:
        """Columns left out because another column of their device has the same metric and labels."""
        return sum(batch.repeated for batch in self._batches)

    @property
    def nbytes(self) -> int:
        """Memory of values and laid out lines."""
        return self._samples.nbytes + sum(batch.nbytes for batch in self._batches)

    def chunks(self, now_steady: float, zone: str | None = None) -> Iterator[bytes]:
        """The text of all families, one after the other, in pieces of a batch; of one zone if named.

        Safe to iterate in another thread while sweeps come in.
        """
        with self._lock:
            batches = [batch for batch in self._batches if zone is None or batch.zone == zone]
        for metric in POLLED:
            header = metric.header
            for batch in batches:
                text = self._text(batch, metric, now_steady)
                if text:
                    yield header + text
                    header = b""

    def _text(self, batch: DeviceBatch, metric: Metric, now_steady: float) -> bytes:
        torn_out = self._pick(batch, metric.name, now_steady)
        if torn_out is None:
            return b""
        part, picked = torn_out
        if metric.type is MetricType.COUNTER:
            numbers = integer_field(picked.bits)
        else:
            readings = np.where(picked.present, picked.bits.view(np.float64), 0.0)
            if part.factors is not None:
                times, over = part.factors
                readings = readings * times / over
            numbers = reading_field(readings)
        return part.lines.fill(numbers, stamp_field(picked.milliseconds)[part.group], picked.present)

    def _pick(self, batch: DeviceBatch, name: str, now_steady: float) -> tuple[BatchLines, Picked] | None:
        while True:
            with self._lock:
                version, (laid_out_version, families) = batch.version, batch.laid_out
                if laid_out_version == version:
                    part = families.get(name)
                    if part is None:
                        return None
                    picked = self._samples.pick(part, now_steady)
                    return (part, picked) if picked.present.any() else None
                members = [Member(device, self._names[device], each) for device, each in batch.members.items()]
                starts = self._samples.starts
            # a start that changes meanwhile is a member put anew: the version tells, and this is done again
            batch.laid_out = (version, lay_out(members, starts))

    def _clear_series(self, start: int, stop: int) -> None:
        with self._lock:
            self._samples.clear_series(start, stop)

    def _clear_groups(self, start: int, stop: int) -> None:
        with self._lock:
            self._samples.clear_groups(start, stop)

    def _batch_with_room(self, zone: str) -> DeviceBatch:
        batch = self._open.get(zone)
        if batch is None or batch.full:
            batch = self._open[zone] = DeviceBatch(zone)
            self._batches.append(batch)
        return batch


def _only(sweep: Sweep, rows: NDArray[np.bool_], cells: NDArray[np.bool_]) -> Sweep:
    """The sweep without the other rows; `texts` and `failed_tables` are left out."""
    number = np.cumsum(rows) - 1
    return Sweep(
        device=sweep.device[rows],
        generation=sweep.generation[rows],
        outcome=sweep.outcome[rows],
        started=sweep.started[rows],
        answered_at=sweep.answered_at[rows],
        answered_steady=sweep.answered_steady[rows],
        round_trip=sweep.round_trip[rows],
        attempts=sweep.attempts[rows],
        bytes_used=sweep.bytes_used[rows],
        row=number[sweep.row[cells]],
        cell=sweep.cell[cells],
        raw=sweep.raw[cells],
        valid=sweep.valid[cells],
    )
