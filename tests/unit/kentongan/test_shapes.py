"""A changed ifNumber or ifTableLastChange is noticed once, a first reading and a new plan are not."""

import numpy as np

from domain.polling import Budget, Column, Fleet, Kind, Outcome, PlanBook, Sweep
from kentongan.run.shapes import ShapeWatch

COLUMNS = [
    Column("1.3.6.1.2.1.1.3.0", Kind.TIMETICKS, "system", "sysUpTime"),
    Column("1.3.6.1.2.1.2.1.0", Kind.INTEGER, "system", "ifNumber"),
    Column("1.3.6.1.2.1.31.1.5.0", Kind.TIMETICKS, "system", "ifTableLastChange"),
]


def sweep(fleet: Fleet, rows: list[tuple[int, list[int | None]]]) -> Sweep:
    device = np.array([d for d, _ in rows], np.int64)
    values = [v for _, vs in rows for v in vs]
    n = len(rows)
    return Sweep(
        device=device,
        generation=fleet.generation[device],
        outcome=np.full(n, Outcome.OK, np.uint8),
        started=np.zeros(n),
        answered_at=np.zeros(n),
        answered_steady=np.zeros(n),
        round_trip=np.zeros(n),
        attempts=np.ones(n, np.int64),
        bytes_used=np.zeros(n, np.int64),
        row=np.repeat(np.arange(n), [len(vs) for _, vs in rows]),
        cell=np.concatenate([fleet.start[d] + np.arange(len(vs)) for d, vs in rows]).astype(np.int64),
        raw=np.array([v or 0 for v in values], np.uint64),
        valid=np.array([v is not None for v in values], np.bool_),
    )


def test_changes_are_told_from_first_readings_and_silence() -> None:
    fleet, book = Fleet(), PlanBook()
    plan = book.intern(COLUMNS, Budget())
    a, b = fleet.put("a", plan), fleet.put("b", plan)
    watch = ShapeWatch(fleet)
    assert watch.changed(sweep(fleet, [(a, [100, 12, 5]), (b, [100, 3, 5])])).tolist() == []
    assert watch.changed(sweep(fleet, [(b, [200, 3, 5]), (a, [200, 13, 5])])).tolist() == [a]
    assert watch.changed(sweep(fleet, [(a, [300, None, None])])).tolist() == []
    assert watch.changed(sweep(fleet, [(a, [400, 13, 6])])).tolist() == [a]
    assert watch.changed(sweep(fleet, [(a, [500, 13, 6])])).tolist() == []


def test_a_new_plan_begins_anew() -> None:
    fleet, book = Fleet(), PlanBook()
    a = fleet.put("a", book.intern(COLUMNS, Budget()))
    watch = ShapeWatch(fleet)
    watch.changed(sweep(fleet, [(a, [100, 12, 5])]))
    fleet.put("a", book.intern(COLUMNS, Budget(varbinds=3)))
    assert watch.changed(sweep(fleet, [(a, [200, 99, 9])])).tolist() == []
    fleet.put("a", book.intern(COLUMNS[:1], Budget()))
    assert watch.changed(sweep(fleet, [(a, [300])])).tolist() == []


def test_a_sweep_of_silence_has_no_cells() -> None:
    fleet = Fleet()
    a = fleet.put("a", None)
    assert ShapeWatch(fleet).changed(sweep(fleet, [(a, [])])).tolist() == []
