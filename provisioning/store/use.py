"""How full pools are: counted by the database, by size of block, without reading what is in them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from domain.addressing import AllocationState, Pool, Use
from provisioning.store.address_rows import read_pools
from provisioning.store.tables import address_allocation, address_gap, address_pool


@dataclass(slots=True)
class _Count:
    """Of one pool, in single addresses; `free` and the like by state."""

    sizes: dict[str, int]
    blocks: int = 0
    largest_bits: int | None = None
    next_free: float | None = None
    pools: int = 0


def use_of(connection: Connection, names: Sequence[str]) -> tuple[Use, ...]:
    """Of the named pools in that order, without names of all by name. Quarantine that is over was ended before."""
    pools = read_pools(connection, *([address_pool.c.name.in_(names)] if names else []))
    counts = {name: _Count(defaultdict(int)) for name in pools}
    _count_gaps(connection, counts, names)
    _count_allocations(connection, counts, names)
    for inner, _space in read_pools(connection, address_pool.c.parent != "").values():
        if inner.parent in counts:
            counts[inner.parent].pools += inner.span.size
    return tuple(_use(pools[name][0], counts[name]) for name in (names or pools) if name in pools)


def _count_gaps(connection: Connection, counts: dict[str, _Count], names: Sequence[str]) -> None:
    gap = address_gap.c
    query = select(gap.pool, gap.size_bits, func.count()).group_by(gap.pool, gap.size_bits)
    for pool, bits, number in connection.execute(query.where(gap.pool.in_(names)) if names else query):
        count = counts[pool]
        count.sizes["free"] += number << bits
        count.largest_bits = max(bits, -1 if count.largest_bits is None else count.largest_bits)


def _count_allocations(connection: Connection, counts: dict[str, _Count], names: Sequence[str]) -> None:
    held = address_allocation.c
    query = select(held.pool, held.state, held.size_bits, func.count(), func.min(held.until)).group_by(
        held.pool, held.state, held.size_bits
    )
    for pool, state, bits, number, until in connection.execute(query.where(held.pool.in_(names)) if names else query):
        count = counts[pool]
        count.sizes[state] += number << bits
        count.blocks += number
        if state == AllocationState.QUARANTINED:
            count.next_free = until if count.next_free is None else min(until, count.next_free)


def _use(pool: Pool, count: _Count) -> Use:
    size, sizes = pool.giveable.size, count.sizes
    return Use(
        pool,
        size,
        given=sizes[AllocationState.GIVEN],
        reserved=sizes[AllocationState.RESERVED],
        quarantined=sizes[AllocationState.QUARANTINED],
        # Pools inside may reach over a first or last address that the outer one would not give.
        used=max(0, size - sum(sizes.values()) - count.pools),
        pools=count.pools,
        free=sizes["free"],
        largest_free_bits=count.largest_bits,
        next_free_at=None if count.next_free is None else datetime.fromtimestamp(count.next_free, UTC),
        allocations=count.blocks,
    )
