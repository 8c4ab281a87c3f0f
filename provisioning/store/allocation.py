"""Giving out, inside a transaction that holds the plan's lock: everything that one call asks for, or an error."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from domain.addressing import Allocation, AllocationState, Block, Kind, Pool, Range, Request, without
from domain.language import _
from provisioning.addresses.choosing import Key, candidates, check_pools, check_requests, exact_block, size_bits_of
from provisioning.addresses.errors import DifferentAllocationError, OverlapError, PoolEmptyError, RequestError
from provisioning.addresses.refusing import not_free, nothing_left
from provisioning.store import gaps
from provisioning.store.address_rows import allocation_of, allocation_row, allocations_of, read_pools, used_in
from provisioning.store.tables import Number, address_allocation, address_pool
from provisioning.store.use import use_of

Pools = Mapping[str, tuple[Pool, int]]
Wanted = tuple[int, Request, tuple[Pool, ...]]
"""Position in the answer, what is wanted, the pools it may come from."""

_HELD: Final = address_allocation.c
_ADD: Final = insert(address_allocation)
_OVER: Final = select(_HELD.pool, _HELD.space, _HELD.first, _HELD.last).where(_HELD.until <= bindparam("now"))
_OVER_IN_POOL: Final = _OVER.where(_HELD.pool == bindparam("of_pool"))
_AT: Final = (_HELD.space == bindparam("of_space"), _HELD.first == bindparam("number", type_=Number))
_REMOVE: Final = delete(address_allocation).where(*_AT)
_HAND: Final = (
    update(address_allocation)
    .where(*_AT)
    .values(state=bindparam("new_state"), until=None, made_at=bindparam("new_made_at"))
)


def give(connection: Connection, requests: Sequence[Request], now: datetime) -> tuple[Allocation, ...]:
    """In the order of the requests. Raises AddressPlanError; the caller then rolls back."""
    check_requests(requests)
    pools = _pools_for(connection, requests)
    check_pools(requests, [pool for pool, _space in pools.values()])
    found: dict[int, Allocation] = {}
    wanted = _had_already(connection, requests, pools, now, found)
    fresh: list[Allocation] = []
    for name in dict.fromkeys(pool.name for _at, _request, choice in wanted for pool in choice):
        free_expired(connection, name, now)
    for at, request, choice in wanted:
        if request.exactly:
            fresh.append(_give_exactly(connection, request, choice, now))
            found[at] = fresh[-1]
    for together in _grouped(wanted):
        for (at, _request, _choice), allocation in zip(together, _give_alike(connection, together, now), strict=True):
            fresh.append(allocation)
            found[at] = allocation
    _store(connection, fresh, pools)
    return tuple(found[at] for at in range(len(requests)))


def free_expired(connection: Connection, pool: str, now: datetime) -> None:
    """Quarantine that is over, of one pool or (empty) of all: free again, but for what the inventory still uses."""
    query = _OVER_IN_POOL if pool else _OVER
    asked = {"now": now.timestamp(), **({"of_pool": pool} if pool else {})}
    for of_pool, space, first, last in connection.execute(query, asked).all():
        give_up(connection, of_pool, space, Range(first, last))


def give_up(connection: Connection, pool: str, space: int, span: Range) -> None:
    """An allocation goes and its addresses are free again."""
    connection.execute(_REMOVE, {"of_space": space, "number": span.first})
    gaps.put_back(connection, pool, without([span], used_in(connection, space, span)))


# -- what is asked for -----------------------------------------------------------------------------------------------


def _pools_for(connection: Connection, requests: Sequence[Request]) -> Pools:
    names = {request.pool for request in requests if request.pool}
    purposes = {request.purpose for request in requests if not request.pool}
    chosen: list[ColumnElement[bool]] = []
    if names:
        chosen.append(address_pool.c.name.in_(names))
    if purposes:
        kinds = {request.kind.value for request in requests if not request.pool}
        chosen.append(address_pool.c.kind.in_(kinds) & address_pool.c.purpose.in_(purposes))
    return read_pools(connection, or_(*chosen)) if chosen else {}


def _had_already(
    connection: Connection, requests: Sequence[Request], pools: Pools, now: datetime, found: dict[int, Allocation]
) -> list[Wanted]:
    """Fills `found` with what the owners have, or had and left in quarantine; returns the others."""
    held: dict[Key, Row[Any]] = {}
    left: dict[Key, list[Row[Any]]] = defaultdict(list)
    for row in allocations_of(connection, (request.owner for request in requests)):
        key = (row.owner, Kind(row.kind), row.label)
        if row.state == AllocationState.QUARANTINED:
            left[key].append(row)
        else:
            held[key] = row
    wanted: list[Wanted] = []
    asked: set[Key] = set()
    choices: dict[Request, tuple[Pool, ...]] = {}
    for at, request in enumerate(requests):
        choice = _choice(request, pools, choices)
        key = (request.owner, choice[0].kind, request.label)
        if key in asked:
            raise RequestError(
                _("{owner} asks for '{label}' ({kind}) twice in one call.").format(
                    owner=request.owner, label=request.label, kind=choice[0].kind.value
                )
            )
        asked.add(key)
        state = AllocationState.RESERVED if request.reserve else AllocationState.GIVEN
        if (has := held.get(key)) is not None:
            _check_same(request, choice, has)
            found[at] = _hand(connection, has, state, None) if _becomes_given(has, state) else allocation_of(has)
        elif (had := next((each for each in left[key] if _fits(request, choice, each)), None)) is not None:
            found[at] = _hand(connection, had, state, now)
        else:
            wanted.append((at, request, choice))
    return wanted


def _choice(request: Request, pools: Pools, known: dict[Request, tuple[Pool, ...]]) -> tuple[Pool, ...]:
    # Owner and label do not choose a pool: a large call works the choice out once.
    alike = replace(request, owner="", label="", exactly="", reserve=False, length=0)
    if alike not in known:
        known[alike] = candidates(request, (pool for pool, _space in pools.values()))
    return known[alike]


def _becomes_given(row: Row[Any], state: AllocationState) -> bool:
    return row.state == AllocationState.RESERVED and state is AllocationState.GIVEN


def _fits(request: Request, choice: Sequence[Pool], row: Row[Any]) -> bool:
    """Whether a row is what the request would get: of its pools, its size, its very place."""
    pool = next((each for each in choice if each.name == row.pool), None)
    if pool is None:
        return False
    if request.exactly:
        return exact_block(request, pool) == Block(row.first, row.size_bits)
    return bool(size_bits_of(request, pool) == row.size_bits)


def _check_same(request: Request, choice: Sequence[Pool], row: Row[Any]) -> None:
    """A request without a pool's name, a length or a place takes what its owner has."""
    differs = bool(request.pool) and row.pool != request.pool
    if (request.length and choice[0].kind.is_address) or request.exactly:
        differs = differs or not _fits(request, choice, row)
    if differs:
        raise DifferentAllocationError(
            _(
                "{owner} has {text} of the pool {pool} as '{label}', which is not what is asked for. Release it first "
                "(kentongan pool release {owner} {label}), or ask under another label."
            ).format(owner=row.owner, text=row.text, pool=row.pool, label=row.label)
        )


def _hand(connection: Connection, row: Row[Any], state: AllocationState, now: datetime | None) -> Allocation:
    """A reservation becomes given, or (with `now`) somebody gets back what they had left."""
    made_at = row.made_at if now is None else now.timestamp()
    values = {"of_space": row.space, "number": row.first, "new_state": state.value, "new_made_at": made_at}
    connection.execute(_HAND, values)
    before = allocation_of(row, is_new=True)
    return replace(before, state=state, until=None, made_at=before.made_at if now is None else now)


# -- what is given ---------------------------------------------------------------------------------------------------


def _grouped(wanted: Iterable[Wanted]) -> list[list[Wanted]]:
    """Those that come out of the same pools in the same size; the large ones first, so that they find whole blocks."""
    alike: dict[tuple[tuple[str, ...], int], list[Wanted]] = defaultdict(list)
    for each in wanted:
        _at, request, choice = each
        if not request.exactly:
            alike[tuple(pool.name for pool in choice), request.length].append(each)
    return sorted(alike.values(), key=lambda group: -size_bits_of(group[0][1], group[0][2][0]))


def _give_alike(connection: Connection, group: Sequence[Wanted], now: datetime) -> list[Allocation]:
    _at, first, choice = group[0]
    given: list[Allocation] = []
    for pool in choice:
        if len(given) == len(group):
            break
        size_bits = size_bits_of(first, pool)
        lowest = size_bits == pool.size_bits == 0
        blocks = gaps.pick(connection, pool.name, size_bits, len(group) - len(given), lowest=lowest)
        given += (
            _allocation(group[at][1], pool, block, now)
            for at, block in zip(range(len(given), len(group)), blocks, strict=False)
        )
    if len(given) < len(group):
        uses = use_of(connection, [pool.name for pool in choice])
        raise PoolEmptyError(nothing_left(first, uses, len(group) - len(given)))
    return given


def _give_exactly(connection: Connection, request: Request, choice: Sequence[Pool], now: datetime) -> Allocation:
    inside = [pool for pool in choice if _covers(request, pool)] or list(choice[:1])
    pool = inside[0]
    block = exact_block(request, pool)
    if not gaps.pick_exactly(connection, pool.name, block):
        span = block.span
        rows = connection.execute(
            select(address_allocation)
            .where(_HELD.pool == pool.name, _HELD.first <= span.last, _HELD.last >= span.first)
            .order_by(_HELD.first)
            .limit(3)
        )
        inner = connection.execute(
            select(address_pool.c.name)
            .where(address_pool.c.parent == pool.name)
            .where(address_pool.c.first <= span.last, address_pool.c.last >= span.first)
        )
        raise OverlapError(
            not_free(pool.text_of(block), pool, [allocation_of(row) for row in rows], list(inner.scalars()))
        )
    return _allocation(request, pool, block, now)


def _covers(request: Request, pool: Pool) -> bool:
    try:
        exact_block(request, pool)
    except RequestError:
        return False
    return True


def _allocation(request: Request, pool: Pool, block: Block, now: datetime) -> Allocation:
    state = AllocationState.RESERVED if request.reserve else AllocationState.GIVEN
    text = pool.text_of(block)
    return Allocation(request.owner, request.label, pool.name, pool.kind, block, text, state, now, is_new=True)


def _store(connection: Connection, fresh: Sequence[Allocation], pools: Pools) -> None:
    if not fresh:
        return
    try:
        connection.execute(_ADD, [allocation_row(each, pools[each.pool][1]) for each in fresh])
    except IntegrityError as error:
        # Never seen unless somebody writes past this program: the database holds what the free blocks promise.
        raise OverlapError(
            _(
                "The database refuses {text}: it is given already. Nothing was given. Look for it: kentongan check"
            ).format(text=", ".join(each.text for each in fresh[:3]))
        ) from error
