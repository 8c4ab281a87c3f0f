"""Rows of the address plan as records, and back. Reads and writes whole pools and allocations; decides nothing."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, insert, select

from domain.addressing import Allocation, AllocationState, Block, Kind, Pool, Range, Space
from provisioning.store.tables import Number, address_allocation, address_pool, address_space, address_used

IN_ONE_QUERY: Final = 500
_HELD: Final = address_allocation.c
_SPAN_BEFORE: Final = (
    select(_HELD.first, _HELD.last)
    .where(_HELD.space == bindparam("space"), _HELD.first <= bindparam("number", type_=Number))
    .order_by(_HELD.first.desc())
    .limit(1)
)
_SPAN_WITHIN: Final = select(_HELD.first, _HELD.last).where(
    _HELD.space == bindparam("space"),
    _HELD.first > bindparam("number", type_=Number),
    _HELD.first <= bindparam("end", type_=Number),
)
_USED: Final = address_used.c
_USED_BEFORE: Final = (
    select(_USED.first, _USED.last)
    .where(_USED.space == bindparam("space"), _USED.first <= bindparam("number", type_=Number))
    .order_by(_USED.first.desc())
    .limit(1)
)
_USED_WITHIN: Final = select(_USED.first, _USED.last).where(
    _USED.space == bindparam("space"),
    _USED.first > bindparam("number", type_=Number),
    _USED.first <= bindparam("end", type_=Number),
)


def read_pools(connection: Connection, *where: Any) -> dict[str, tuple[Pool, int]]:
    """By name, each with the number of its space."""
    rows = connection.execute(select(address_pool).where(*where))
    found = {row.name: (pool_of(row), row.space) for row in rows}
    return dict(sorted(found.items()))


def pool_of(row: Row[Any]) -> Pool:
    return Pool(
        row.name,
        Kind(row.kind),
        Range(row.first, row.last),
        row.length,
        row.purpose,
        row.region,
        row.zone,
        row.parent,
        row.pattern,
        row.quarantine_days,
        row.note,
    )


def pool_row(pool: Pool, space: int) -> dict[str, object]:
    return {
        "name": pool.name,
        "space": space,
        "kind": pool.kind.value,
        "zone": pool.zone,
        "pattern": pool.pattern,
        "purpose": pool.purpose,
        "region": pool.region,
        "parent": pool.parent,
        "first": pool.span.first,
        "last": pool.span.last,
        "length": pool.length,
        "quarantine_days": pool.quarantine_days,
        "note": pool.note,
    }


def space_ids(connection: Connection) -> dict[Space, int]:
    rows = connection.execute(select(address_space))
    return {Space(Kind(row.kind), row.zone, row.pattern): row.id for row in rows}


def make_space(connection: Connection, space: Space) -> int:
    """Its number, which it is given now if it has none yet."""
    known = space_ids(connection).get(space)
    if known is not None:
        return known
    values = {"kind": space.kind.value, "zone": space.zone, "pattern": space.pattern}
    done = connection.execute(insert(address_space).values(values)).inserted_primary_key
    assert done is not None
    return int(done[0])


def allocation_of(row: Row[Any], *, is_new: bool = False) -> Allocation:
    return Allocation(
        row.owner,
        row.label,
        row.pool,
        Kind(row.kind),
        Block(row.first, row.size_bits),
        row.text,
        AllocationState(row.state),
        datetime.fromtimestamp(row.made_at, UTC),
        None if row.until is None else datetime.fromtimestamp(row.until, UTC),
        is_new,
    )


def allocation_row(allocation: Allocation, space: int) -> dict[str, object]:
    return {
        "space": space,
        "first": allocation.block.first,
        "last": allocation.block.last,
        "size_bits": allocation.block.size_bits,
        "pool": allocation.pool,
        "kind": allocation.kind.value,
        "text": allocation.text,
        "owner": allocation.owner,
        "label": allocation.label,
        "state": allocation.state.value,
        "made_at": allocation.made_at.timestamp(),
        "until": None if allocation.until is None else allocation.until.timestamp(),
    }


def allocations_of(connection: Connection, owners: Iterable[str]) -> list[Row[Any]]:
    """All that these owners have or had, with their spaces; many owners in pieces that a database takes."""
    names = list(dict.fromkeys(owners))
    found: list[Row[Any]] = []
    for at in range(0, len(names), IN_ONE_QUERY):
        some = names[at : at + IN_ONE_QUERY]
        chosen = _HELD.owner == some[0] if len(some) == 1 else _HELD.owner.in_(some)
        found += connection.execute(select(address_allocation).where(chosen))
    return found


def given_in(connection: Connection, space: int, span: Range) -> tuple[Range, ...]:
    """What of the span is allocated, quarantine included."""
    return _overlapping(connection, (_SPAN_BEFORE, _SPAN_WITHIN), space, span)


def used_in(connection: Connection, space: int, span: Range) -> tuple[Range, ...]:
    """What of the span the inventory says is in use."""
    return _overlapping(connection, (_USED_BEFORE, _USED_WITHIN), space, span)


def _overlapping(
    connection: Connection, queries: Sequence[Select[int, int]], space: int, span: Range
) -> tuple[Range, ...]:
    # Ranges of one table lie apart: of all that begin before the span only the last one can reach into it.
    asked = {"space": space, "number": span.first, "end": span.last}
    found = [Range(row[0], row[1]) for query in queries for row in connection.execute(query, asked)]
    return tuple(each for each in found if each.overlaps(span))
