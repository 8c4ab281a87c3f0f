"""Where cells lie: stable indices, ranges that are handed on only after everyone forgot them."""

import itertools

import numpy as np

from domain.polling import Budget, Column, Fleet, Kind, PlanBook


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
    assert (fleet.cell_kind[old : old + 4] == Kind.GAUGE32).all()


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
