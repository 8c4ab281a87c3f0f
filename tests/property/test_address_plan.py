"""The address plan against a naive model: nothing overlaps, nothing lies outside, and what is free is found."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from domain.addressing import (
    AllocationState,
    Block,
    Kind,
    Pool,
    Range,
    Request,
    Space,
    blocks_of,
    clipped,
    merged,
    without,
)
from kentongan.database import Database
from provisioning.addresses.errors import AddressPlanError, OverlapError, PoolEmptyError
from provisioning.store.addresses import SqlAddressPlan

T0 = datetime(2026, 11, 22, tzinfo=UTC)
SIZE_BITS = 6  # a pool of 64
QUARANTINE_DAYS = 3

spans = st.tuples(st.integers(0, 70), st.integers(0, 12)).map(lambda pair: Range(pair[0], pair[0] + pair[1]))


def numbers(ranges: Sequence[Range]) -> set[int]:
    return {number for span in ranges for number in range(span.first, span.last + 1)}


@given(st.lists(spans), st.lists(spans), spans)
def test_ranges_are_sets_of_numbers(some: list[Range], others: list[Range], window: Range) -> None:
    left = without(some, others)
    assert numbers(left) == numbers(some) - numbers(others)
    assert merged(left) == left
    assert numbers(clipped(left, window)) == numbers(left) & numbers([window])
    blocks = [block for span in left for block in blocks_of(span)]
    assert numbers([block.span for block in blocks]) == numbers(left)
    assert all(block.first % (1 << block.size_bits) == 0 for block in blocks)
    assert not {(block.first, block.size_bits) for block in blocks} & {
        (block.buddy.first, block.buddy.size_bits) for block in blocks
    }


class SaidToBeUsed:
    """What an inventory would say; each change raises the revision."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.ranges: list[Range] = []
        self._revision = 0

    def say(self, ranges: list[Range]) -> None:
        self.ranges = ranges
        self._revision += 1

    def revision(self, connection: Connection) -> int:
        return self._revision

    def read(self, connection: Connection, pools: Sequence[Pool]) -> Mapping[Space, list[Range]]:
        return {self.space: list(self.ranges)}


class Model:
    """Every address of the pool, one by one."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], tuple[Block, datetime | None]] = {}  # until: in quarantine
        self.used: set[int] = set()
        self.pools: dict[str, Range] = {}
        self.quarantined: list[tuple[str, Block, datetime]] = []

    def taken(self, now: datetime) -> set[int]:
        blocks = [block for block, _until in self.held.values()]
        blocks += [block for _owner, block, until in self.quarantined if until > now]
        inner = numbers(list(self.pools.values()))
        return numbers([block.span for block in blocks]) | self.used | inner

    def fits(self, size_bits: int, now: datetime) -> bool:
        taken = self.taken(now)
        size = 1 << size_bits
        return any(not taken & set(range(at, at + size)) for at in range(0, 1 << SIZE_BITS, size))


@contextmanager
def plan_in_memory(template: Path, used: SaidToBeUsed) -> Iterator[SqlAddressPlan]:
    with Database("sqlite://") as database:
        source = sqlite3.connect(template)
        raw = database.engine.raw_connection()
        assert raw.driver_connection is not None
        source.backup(raw.driver_connection)
        raw.close()
        source.close()
        yield SqlAddressPlan(database.engine, used, lambda connection, action, subject, detail: None)


owners = st.sampled_from(["a", "b", "c", "d"])
steps = st.one_of(
    st.tuples(st.just("allocate"), owners, st.sampled_from(["x", "y"]), st.integers(0, 5)),
    st.tuples(st.just("exactly"), owners, st.sampled_from(["x", "y"]), st.integers(0, 63)),
    st.tuples(st.just("set"), owners, st.integers(0, 4), st.integers(0, 4)),
    st.tuples(st.just("release"), owners, st.sampled_from([None, 0])),
    st.tuples(st.just("wait"), st.integers(1, 4)),
    st.tuples(st.just("used"), st.lists(st.tuples(st.integers(0, 63), st.integers(0, 3)), max_size=3)),
    st.tuples(st.just("carve"), st.integers(2, 4)),
    st.tuples(st.just("remove")),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=15, max_size=40))
def test_the_plan_is_what_a_list_of_addresses_would_be(sqlite_template: Path, script: list[tuple]) -> None:  # type: ignore[type-arg]
    pool = Pool("p", Kind.IPV4, Range(0, 63), 32 - 2, "lan", quarantine_days=QUARANTINE_DAYS)
    used, model, now = SaidToBeUsed(pool.space), Model(), T0
    with plan_in_memory(sqlite_template, used) as plan:
        plan.add_pool(pool, now)
        for step in script:
            if step[0] == "wait":
                now += timedelta(days=step[1])
            else:
                play(plan, model, used, step, now)
            agree(plan, model, now)


def play(plan: SqlAddressPlan, model: Model, used: SaidToBeUsed, step: tuple, now: datetime) -> None:  # type: ignore[type-arg]
    match step:
        case ("allocate", owner, label, size_bits):
            allocate(plan, model, [(owner, label, size_bits)], now)
        case ("set", owner, first, second):
            allocate(plan, model, [(owner, "x", first), (owner, "y", second), (owner, "z", first)], now)
        case ("exactly", owner, label, number):
            exactly(plan, model, owner, label, Block(number, 0), now)
        case ("release", owner, days):
            release(plan, model, owner, days, now)
        case ("used", ranges):
            used.say([Range(at, min(63, at + length)) for at, length in ranges])
            model.used = numbers(used.ranges)
        case ("carve", size_bits):
            name = f"inner{len(model.pools)}-{now:%d}-{size_bits}"
            if name not in model.pools:
                carve(plan, model, name, size_bits, now)
        case ("remove",):
            if model.pools:
                name = min(model.pools)
                plan.remove_pool(name, now)
                del model.pools[name]


def allocate(plan: SqlAddressPlan, model: Model, wanted: list[tuple[str, str, int]], now: datetime) -> None:
    before = model.taken(now)
    requests = [Request(owner, label, "p", length=32 - bits) for owner, label, bits in wanted]
    own = {(owner, block) for owner, block, _until in model.quarantined}
    try:
        given = plan.allocate(requests, now)
    except PoolEmptyError:
        # One by one a naive hand may paint itself into a corner, but if all fit one after the other it is not empty.
        assert len(wanted) > 1 or not model.fits(wanted[0][2], now)
        return
    except AddressPlanError:
        assert any((owner, label) in model.held for owner, label, _bits in wanted)
        return
    fresh = [each for each in given if each.is_new]
    for each in given:
        assert each.block.last < 1 << SIZE_BITS
        key = (each.owner, each.label)
        if not each.is_new:
            assert model.held[key][0] == each.block
            continue
        assert each.block.size_bits == 32 - requests[given.index(each)].length
        if (each.owner, each.block) in own:
            model.quarantined = [one for one in model.quarantined if one[:2] != (each.owner, each.block)]
        else:
            assert not numbers([each.block.span]) & before
        model.held[key] = (each.block, None)
    assert len(numbers([each.block.span for each in fresh])) == sum(each.block.span.size for each in fresh)


def exactly(plan: SqlAddressPlan, model: Model, owner: str, label: str, block: Block, now: datetime) -> None:
    taken = model.taken(now)
    own = [one for one in model.quarantined if one[:2] == (owner, block)]
    try:
        (given,) = plan.allocate([Request(owner, label, "p", exactly=f"0.0.0.{block.first}/32")], now)
    except OverlapError:
        assert block.first in taken
    except AddressPlanError:
        assert (owner, label) in model.held
    else:
        assert given.block == block
        assert (owner, label) in model.held or own or block.first not in taken
        model.quarantined = [one for one in model.quarantined if one not in own]
        model.held[owner, label] = (block, None)


def release(plan: SqlAddressPlan, model: Model, owner: str, days: int | None, now: datetime) -> None:
    try:
        plan.release(owner, now, quarantine_days=days)
    except AddressPlanError:
        assert not any(key[0] == owner for key in model.held)
        return
    if days == 0:
        model.quarantined = [one for one in model.quarantined if one[0] != owner]
    for key in [key for key in model.held if key[0] == owner]:
        block, _until = model.held.pop(key)
        if days is None:
            model.quarantined.append((owner, block, now + timedelta(days=QUARANTINE_DAYS)))


def carve(plan: SqlAddressPlan, model: Model, name: str, size_bits: int, now: datetime) -> None:
    try:
        made = plan.add_pool(Pool(name, Kind.IPV4, Range(0, 0), 32, parent="p"), now, carve=32 - size_bits)
    except PoolEmptyError:
        assert not model.fits(size_bits, now)
        return
    assert not numbers([made.span]) & model.taken(now)
    model.pools[name] = made.span


def agree(plan: SqlAddressPlan, model: Model, now: datetime) -> None:
    assert plan.verify() == ()
    (use,) = plan.use(now, ["p"])
    taken = model.taken(now)
    assert use.free == 64 - len(taken)
    assert use.given == sum(block.span.size for block, _until in model.held.values())
    assert use.given + use.reserved + use.quarantined + use.used + use.pools + use.free == use.size == 64
    held = {each.block: each.owner for each in plan.allocations(pool="p") if each.state is AllocationState.GIVEN}
    assert held == {block: owner for (owner, _label), (block, _until) in model.held.items()}
