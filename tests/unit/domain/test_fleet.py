"""Where cells lie: stable indices, ranges that are handed on only after everyone forgot them."""

import itertools

import numpy as np

from domain.polling import Budget, Column, Fleet, Kind, Plan, PlanBook, Sweep
from domain.polling.strips import with_room


def sweep_of(fleet: Fleet, *names: str, lag: int = 0) -> Sweep:
    """All cells of these devices, as their layout was `lag` generations ago."""
    device = np.array([fleet.index(name) for name in names])
    row = np.repeat(np.arange(len(names)), fleet.count[device])
    nothing, numbers = np.zeros(len(names)), np.zeros(len(names), np.int64)
    return Sweep(
        device=device,
        generation=fleet.generation[device] - lag,
        outcome=numbers.astype(np.uint8),
        started=nothing,
        answered_at=nothing,
        answered_steady=nothing,
        round_trip=nothing,
        attempts=numbers,
        bytes_used=numbers,
        row=row,
        cell=np.concatenate([np.arange(fleet.start[one], fleet.start[one] + fleet.count[one]) for one in device]),
        raw=np.zeros(len(row), np.uint64),
        valid=np.ones(len(row), np.bool_),
    )


def columns(count: int, kind: Kind = Kind.COUNTER64) -> list[Column]:
    return [Column(f"1.3.6.1.2.1.{i}", kind, "interfaces", "ifHCInOctets", f"e{i}") for i in range(count)]


def test_equal_plans_are_one_plan() -> None:
    book = PlanBook()
    assert book.intern(columns(3), Budget()) is book.intern(columns(3), Budget())
    assert book.intern(columns(3), Budget(varbinds=10)) is not book.intern(columns(3), Budget())


def test_devices_keep_their_index_and_cells_do_not_overlap() -> None:
    book, fleet = PlanBook(), Fleet()
    sizes = [3, 500, 1, 0, 40]
    for i, size in enumerate(sizes):
        assert fleet.put(f"d{i}", book.intern(columns(size), Budget())) == i
    ranges = sorted((int(fleet.start[i]), int(fleet.count[i])) for i in range(len(sizes)) if fleet.count[i])
    for (start, count), (following, _) in itertools.pairwise(ranges):
        assert start + count <= following
    assert sum(count for _, count in ranges) == sum(sizes)


def test_the_same_plan_again_changes_nothing() -> None:
    book, fleet = PlanBook(), Fleet()
    plan = book.intern(columns(4), Budget())
    device = fleet.put("a", plan)
    generation = int(fleet.generation[device])
    assert fleet.put("a", plan) == device
    assert fleet.generation[device] == generation


def test_a_range_is_forgotten_before_it_gets_a_new_owner() -> None:
    book, fleet = PlanBook(), Fleet()
    forgotten: list[tuple[int, int]] = []
    fleet.watch(lambda start, stop: forgotten.append((start, stop)))
    fleet.put("a", book.intern(columns(4), Budget()))
    old = int(fleet.start[fleet.index("a")])
    fleet.put("a", book.intern(columns(9), Budget()))
    assert forgotten == []
    fleet.put("b", book.intern(columns(4, Kind.GAUGE32), Budget()))
    assert forgotten == [(old, old + 4)]
    assert fleet.start[fleet.index("b")] == old


def test_an_index_is_reused_with_another_generation() -> None:
    fleet = Fleet()
    first = fleet.put("a", None)
    before = int(fleet.generation[first])
    fleet.remove("a")
    assert "a" not in fleet
    assert fleet.put("b", None) == first
    assert fleet.generation[first] > before
    assert fleet.plan(first) is None


def test_arrays_grow_with_the_fleet() -> None:
    book, fleet = PlanBook(), Fleet()
    plan = book.intern(columns(122), Budget())
    for i in range(1000):
        fleet.put(f"d{i}", plan)
    assert fleet.capacity >= 122_000
    assert np.unique(fleet.start[:1000]).size == 1000


MIXED = Plan(tuple(Column(f"1.{i}", Kind.TEXT if i % 3 else Kind.GAUGE32, "t", f"q{i}") for i in range(7)))
PLAIN = Plan(tuple(columns(4)))
EMPTY = Plan(())


def is_text(column: Column) -> bool:
    return column.kind is Kind.TEXT


def test_what_plans_say_of_columns_is_found_by_cell() -> None:
    fleet = Fleet()
    before = fleet.table(lambda plan: np.array([column.kind for column in plan.columns], np.uint8), np.uint8)
    for name, plan in (("empty", EMPTY), ("plain", PLAIN), ("mixed", MIXED), ("again", PLAIN)):
        fleet.put(name, plan)
    after = fleet.table(lambda plan: np.array([len(column.oid) for column in plan.columns], np.int64), np.int64)
    sweep = sweep_of(fleet, "again", "empty", "mixed", "plain")
    asked = [*PLAIN.columns, *MIXED.columns, *PLAIN.columns]
    assert before.values[fleet.columns(sweep)].tolist() == [column.kind for column in asked]
    assert after.values[fleet.columns(sweep)].tolist() == [len(column.oid) for column in asked]
    assert fleet.columns(sweep_of(fleet, "mixed", lag=1)).tolist() == [0] * 7


def test_a_strip_has_a_place_for_each_chosen_column_and_no_other() -> None:
    fleet = Fleet()
    fleet.put("first", MIXED)
    strip = fleet.strip(is_text)
    for name, plan in (("empty", EMPTY), ("plain", PLAIN), ("second", MIXED)):
        fleet.put(name, plan)
    sweep = sweep_of(fleet, "second", "plain", "first")
    column = fleet.columns(sweep)
    chosen = np.flatnonzero(strip.number.values[column] >= 0)
    assert [MIXED.columns[i].kind for i in (1, 2, 4, 5)] == [Kind.TEXT] * 4
    assert chosen.tolist() == [1, 2, 4, 5, 12, 13, 15, 16]
    places = strip.places(sweep.device, sweep.row[chosen], column[chosen])
    assert sorted(places.tolist()) == list(range(8))
    assert strip.used == 8
    assert strip.count[[fleet.index(name) for name in ("first", "empty", "plain", "second")]].tolist() == [4, 0, 0, 4]


def test_places_of_a_strip_are_forgotten_before_they_get_a_new_owner() -> None:
    fleet = Fleet()
    strip = fleet.strip(is_text)
    forgotten: list[tuple[int, int]] = []
    strip.watch(lambda start, stop: forgotten.append((start, stop)))
    fleet.put("a", MIXED)
    fleet.put("a", PLAIN)
    assert strip.count[fleet.index("a")] == 0
    assert forgotten == []
    fleet.put("b", MIXED)
    assert forgotten == [(0, 4)]


def test_a_column_of_a_strip_may_have_two_places_beside_each_other() -> None:
    fleet = Fleet()
    strip = fleet.strip(lambda column: 2 if is_text(column) else column.kind is Kind.COUNTER64)
    for name in ("first", "second"):
        fleet.put(name, MIXED)
    sweep = sweep_of(fleet, "second")
    column = fleet.columns(sweep)
    widths = [2 if is_text(each) else int(each.kind is Kind.COUNTER64) for each in MIXED.columns]
    places = strip.places(sweep.device, sweep.row, column)
    taken = [place + each for place, width in zip(places.tolist(), widths, strict=True) for each in range(width)]
    assert taken == list(range(sum(widths), 2 * sum(widths)))
    assert strip.count[fleet.index("first")] == sum(widths)
    assert strip.used == 2 * sum(widths)


def test_an_array_with_room_keeps_what_it_holds() -> None:
    held = np.arange(16)
    assert with_room(held, 16) is held
    assert with_room(held, 17).tolist() == [*range(16), 0, 0]
    assert with_room(held, 20, -1).tolist() == [*range(16), -1, -1, -1, -1]
    assert with_room(np.zeros((0, 2), np.int64), 3).shape == (3, 2)
