"""Pools are made, carved out of others and removed, inside a transaction that holds the plan's lock."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from domain.addressing import AddressingError, Allocation, Pool, blocks_of, check_pool
from domain.language import _, n_
from provisioning.addresses.errors import (
    OverlapError,
    PoolEmptyError,
    PoolExistsError,
    PoolInUseError,
    UnknownPoolError,
)
from provisioning.store import gaps
from provisioning.store.address_rows import allocation_of, make_space, pool_row, read_pools
from provisioning.store.allocation import free_expired
from provisioning.store.inventory_use import UsedAddresses, free_in, refresh
from provisioning.store.tables import address_allocation, address_gap, address_pool, address_space, address_used

SHOWN = 3


def add_pool(connection: Connection, pool: Pool, used: UsedAddresses, now: datetime) -> Pool:
    """As it stands then, its parent named. The very same pool once more changes nothing.

    Raises AddressPlanError, and AddressingError for a pool that cannot be.
    """
    check_pool(pool)
    known = {name: each for name, (each, _space) in read_pools(connection).items()}
    if pool.name in known:
        if known[pool.name] == replace(pool, parent=known[pool.name].parent):
            return known[pool.name]
        raise PoolExistsError(
            _("There is a pool {name} already ({span}). Choose another name: kentongan pool show {name}").format(
                name=pool.name, span=known[pool.name]
            )
        )
    parent, inside = _place(pool, [each for each in known.values() if each.space == pool.space])
    pool = replace(pool, parent=parent.name if parent else "")
    space = make_space(connection, pool.space)
    if parent is not None:
        free_expired(connection, parent.name, now)
        _refuse_given(connection, pool, parent)
        gaps.cut(connection, parent.name, pool.span)
    connection.execute(insert(address_pool).values(pool_row(pool, space)))
    for each in inside:
        connection.execute(update(address_pool).where(address_pool.c.name == each.name).values(parent=pool.name))
    # What counts as in use depends on the pools: a prefix that a pool was made of is not in use as a whole.
    refresh(connection, used, force=True)
    gaps.clear(connection, pool.name)
    free = free_in(connection, pool, space, pool.span)
    gaps.add(connection, pool.name, (block for span in free for block in blocks_of(span)))
    return pool


def carve(connection: Connection, parent: str, length: int, now: datetime) -> Pool:
    """The next free prefix of this length in a pool, as the parent with that span; nothing is taken yet."""
    known = read_pools(connection, address_pool.c.name == parent)
    if parent not in known:
        raise UnknownPoolError(_("There is no pool {name}. See: kentongan pool list").format(name=parent))
    outer = known[parent][0]
    size_bits = outer.kind.bits - length
    if not outer.kind.is_address or size_bits < 0 or 1 << size_bits >= outer.span.size:
        raise AddressingError(
            _("A /{length} cannot be carved out of {pool} ({span}).").format(length=length, pool=parent, span=outer)
        )
    free_expired(connection, parent, now)
    blocks = gaps.pick(connection, parent, size_bits, 1)
    if not blocks:
        raise PoolEmptyError(
            _("No /{length} is free in {pool} ({span}). See what is in it: kentongan pool show {pool}").format(
                length=length, pool=parent, span=outer
            )
        )
    gaps.put_back(connection, parent, [blocks[0].span])
    return replace(outer, span=blocks[0].span)


def remove_pool(connection: Connection, name: str, used: UsedAddresses, now: datetime) -> Pool:
    """What was carved out goes back to the pool around it. Raises PoolInUseError while anything in it is held."""
    known = read_pools(connection, address_pool.c.name == name)
    if name not in known:
        raise UnknownPoolError(_("There is no pool {name}. See: kentongan pool list").format(name=name))
    pool, space = known[name]
    free_expired(connection, name, now)
    _refuse_held(connection, pool)
    connection.execute(delete(address_pool).where(address_pool.c.name == name))
    connection.execute(delete(address_gap).where(address_gap.c.pool == name))
    connection.execute(update(address_pool).where(address_pool.c.parent == name).values(parent=pool.parent))
    if pool.parent:
        outer = read_pools(connection, address_pool.c.name == pool.parent)[pool.parent][0]
        gaps.put_back(connection, outer.name, free_in(connection, outer, space, pool.span))
    if connection.execute(select(address_pool.c.name).where(address_pool.c.space == space).limit(1)).first() is None:
        connection.execute(delete(address_used).where(address_used.c.space == space))
        connection.execute(delete(address_space).where(address_space.c.id == space))
    refresh(connection, used, force=True)
    return pool


def _place(pool: Pool, others: list[Pool]) -> tuple[Pool | None, list[Pool]]:
    """The smallest pool around it, and those that come to lie in it."""
    around: list[Pool] = []
    for other in others:
        if other.span == pool.span:
            raise PoolExistsError(_("{span} is the pool {name} already.").format(span=pool, name=other.name))
        if other.span.covers(pool.span):
            around.append(other)
        elif other.span.overlaps(pool.span) and not pool.span.covers(other.span):
            raise OverlapError(
                _("{span} lies across the pool {name} ({other}). Choose a range inside it or beside it.").format(
                    span=pool, name=other.name, other=other
                )
            )
    parent = min(around, key=lambda each: each.span.size) if around else None
    if pool.parent and (parent is None or parent.name != pool.parent):
        raise OverlapError(
            _("{span} does not lie in the pool {name} or lies in a smaller one in it.").format(
                span=pool, name=pool.parent
            )
        )
    outer = parent.name if parent else ""
    return parent, [other for other in others if pool.span.covers(other.span) and other.parent == outer]


def _refuse_given(connection: Connection, pool: Pool, parent: Pool) -> None:
    """A pool cannot be made of what its parent has given out."""
    held = address_allocation.c
    rows = connection.execute(
        select(address_allocation)
        .where(held.pool == parent.name, held.first <= pool.span.last, held.last >= pool.span.first)
        .order_by(held.first)
        .limit(SHOWN)
    )
    found = [allocation_of(row) for row in rows]
    if found:
        raise OverlapError(
            _("{span} is not free in the pool {name}: {who}. Choose another range, or release that first.").format(
                span=pool, name=parent.name, who=_named(found)
            )
        )


def _refuse_held(connection: Connection, pool: Pool) -> None:
    rows = connection.execute(select(address_allocation).where(address_allocation.c.pool == pool.name)).all()
    if not rows:
        return
    found = sorted((allocation_of(row) for row in rows), key=lambda each: each.block)
    raise PoolInUseError(
        n_(
            "The pool {name} cannot be removed: {count} allocation is in it ({who}).",
            "The pool {name} cannot be removed: {count} allocations are in it ({who}).",
            len(found),
        ).format(name=pool.name, count=len(found), who=_named(found[:SHOWN]))
        + " "
        + _("Release them first; to end a quarantine: kentongan pool release OWNER --quarantine 0")
    )


def _named(found: list[Allocation]) -> str:
    return ", ".join(f"{each.text} {each.owner} ({each.label})" for each in found)
