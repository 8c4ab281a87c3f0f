"""What the inventory says is in use, as the address plan knows it: taken in anew when the inventory has changed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Protocol

from sqlalchemy import Connection, delete, insert, select, update

from domain.addressing import Pool, Range, Space, blocks_of, clipped, merged, without
from provisioning.store import gaps
from provisioning.store.address_rows import given_in, read_pools, space_ids, used_in
from provisioning.store.tables import address_pool, address_seen, address_used

# Above so many changes in one pool its free blocks are worked out anew as a whole.
MOST_CUTS: Final = 64


class UsedAddresses(Protocol):
    """Tells what is in use without having been asked for here. Implemented by the wiring, from the inventory."""

    def revision(self, connection: Connection) -> int:
        """Rises with every change; asked at each allocation."""
        ...

    def read(self, connection: Connection, pools: Sequence[Pool]) -> Mapping[Space, Iterable[Range]]:
        """In any order, overlapping or not."""
        ...


def refresh(connection: Connection, used: UsedAddresses, *, force: bool = False) -> None:
    """Take in what changed since the last time. `force`: the pools have changed, so that other things count."""
    revision = used.revision(connection)
    seen = connection.execute(select(address_seen.c.revision)).scalar()
    if seen == revision and not force:
        return
    pools = read_pools(connection)
    found = used.read(connection, [pool for pool, _space in pools.values()])
    for space, number in space_ids(connection).items():
        _take_in(connection, number, merged(found.get(space, ())), pools.values())
    if seen is None:
        connection.execute(insert(address_seen).values(id=1, revision=revision))
    else:
        connection.execute(update(address_seen).values(revision=revision))


def _take_in(connection: Connection, space: int, new: Sequence[Range], pools: Iterable[tuple[Pool, int]]) -> None:
    rows = connection.execute(select(address_used.c.first, address_used.c.last).where(address_used.c.space == space))
    old = merged(Range(row[0], row[1]) for row in rows)
    if old == new:
        return
    connection.execute(delete(address_used).where(address_used.c.space == space))
    if new:
        values = [{"space": space, "first": each.first, "last": each.last} for each in new]
        connection.execute(insert(address_used), values)
    more, less = without(new, old), without(old, new)
    for pool, number in pools:
        if number == space:
            _change(connection, pool, space, clipped(more, pool.span), clipped(less, pool.span))


def _change(connection: Connection, pool: Pool, space: int, more: Sequence[Range], less: Sequence[Range]) -> None:
    if len(more) + len(less) > MOST_CUTS:
        rebuild(connection, pool, space)
        return
    for span in more:
        gaps.cut(connection, pool.name, span)
    for span in less:
        gaps.put_back(connection, pool.name, free_in(connection, pool, space, span))


def rebuild(connection: Connection, pool: Pool, space: int) -> None:
    """The pool's free blocks from what is taken."""
    gaps.clear(connection, pool.name)
    free = free_in(connection, pool, space, pool.span)
    gaps.add(connection, pool.name, (block for span in free for block in blocks_of(span)))


def free_in(connection: Connection, pool: Pool, space: int, span: Range) -> tuple[Range, ...]:
    """What of the span is free, worked out from all that is taken."""
    inside = address_pool.c.parent == pool.name
    rows = connection.execute(select(address_pool.c.first, address_pool.c.last).where(inside))
    pools = [Range(row[0], row[1]) for row in rows]
    taken = [*given_in(connection, space, span), *used_in(connection, space, span), *pools]
    return without(clipped((pool.giveable,), span), taken)
