"""What is free in a pool, as aligned blocks: taking the best fit, cutting out, giving back and joining. Inside a
transaction that holds the plan's lock; a pool is never walked through.
"""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select

from domain.addressing import Block, Range, Taken, blocks_of, take, without
from provisioning.store.tables import Number, address_gap

_GAP: Final = address_gap.c
_POOL: Final = _GAP.pool == bindparam("pool")
_FIT: Final = (
    select(_GAP.first, _GAP.size_bits)
    .where(_POOL, _GAP.size_bits >= bindparam("bits"))
    .order_by(_GAP.size_bits, _GAP.first)
    .limit(bindparam("count"))
)
_LOWEST: Final = select(_GAP.first, _GAP.size_bits).where(_POOL).order_by(_GAP.first).limit(bindparam("count"))
_BEFORE: Final = (
    select(_GAP.first, _GAP.size_bits)
    .where(_POOL, _GAP.first <= bindparam("number", type_=Number))
    .order_by(_GAP.first.desc())
    .limit(1)
)
_WITHIN: Final = select(_GAP.first, _GAP.size_bits).where(
    _POOL, _GAP.first >= bindparam("number", type_=Number), _GAP.first <= bindparam("end", type_=Number)
)
_IS_FREE: Final = select(_GAP.first).where(
    _POOL, _GAP.first == bindparam("number", type_=Number), _GAP.size_bits == bindparam("bits")
)
_REMOVE: Final = delete(address_gap).where(_POOL, _GAP.first == bindparam("number", type_=Number))
_CLEAR: Final = delete(address_gap).where(_POOL)
_ADD: Final = insert(address_gap)


def pick(connection: Connection, pool: str, size_bits: int, count: int, *, lowest: bool = False) -> tuple[Block, ...]:
    """Up to `count` blocks of one size, best fit first; they are no longer free. Fewer where the pool is empty.

    `lowest`: single numbers in their order, for a pool that gives nothing larger, so that no large block need be kept.
    """
    assert not (lowest and size_bits)
    query = _LOWEST if lowest else _FIT
    rows = connection.execute(query, {"pool": pool, "count": count, **({} if lowest else {"bits": size_bits})})
    taken: Taken = take((Block(row[0], row[1]) for row in rows), size_bits, count)
    remove(connection, pool, taken.used)
    add(connection, pool, taken.rest)
    return taken.given


def pick_exactly(connection: Connection, pool: str, block: Block) -> bool:
    """This very block; False and nothing changed where it is not free as a whole."""
    row = connection.execute(_BEFORE, {"pool": pool, "number": block.first}).first()
    if row is None or not Block(row[0], row[1]).span.covers(block.span):
        return False
    cut(connection, pool, block.span)
    return True


def cut(connection: Connection, pool: str, span: Range) -> None:
    """Nothing of the span is free any more, whatever was."""
    found = [
        *connection.execute(_BEFORE, {"pool": pool, "number": span.first}),
        *connection.execute(_WITHIN, {"pool": pool, "number": span.first + 1, "end": span.last}),
    ]
    gaps = [gap for row in found if (gap := Block(row[0], row[1])).span.overlaps(span)]
    remove(connection, pool, gaps)
    left = without((gap.span for gap in gaps), [span])
    add(connection, pool, (block for each in left for block in blocks_of(each)))


def put_back(connection: Connection, pool: str, spans: Iterable[Range]) -> None:
    """The spans, which were not free, are: each block joins the other half of a larger one where that is free too."""
    for span in spans:
        for block in blocks_of(span):
            while _is_free(connection, pool, block.buddy):
                remove(connection, pool, [block.buddy])
                block = block.parent
            add(connection, pool, [block])


def _is_free(connection: Connection, pool: str, block: Block) -> bool:
    wanted = {"pool": pool, "number": block.first, "bits": block.size_bits}
    return connection.execute(_IS_FREE, wanted).first() is not None


def add(connection: Connection, pool: str, blocks: Iterable[Block]) -> None:
    rows = [{"pool": pool, "first": block.first, "size_bits": block.size_bits} for block in blocks]
    if rows:
        connection.execute(_ADD, rows)


def remove(connection: Connection, pool: str, blocks: Iterable[Block]) -> None:
    rows = [{"pool": pool, "number": block.first} for block in blocks]
    if rows:
        connection.execute(_REMOVE, rows)


def clear(connection: Connection, pool: str) -> None:
    connection.execute(_CLEAR, {"pool": pool})


def gaps_of(connection: Connection, pool: str) -> tuple[Block, ...]:
    """All of a pool, in order: for looking a plan through."""
    rows = connection.execute(select(_GAP.first, _GAP.size_bits).where(_POOL).order_by(_GAP.first), {"pool": pool})
    return tuple(Block(row[0], row[1]) for row in rows)
