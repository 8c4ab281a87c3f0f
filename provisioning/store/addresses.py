"""The address plan in a database. Each call is one transaction under one lock; a killed one leaves nothing behind.

SQLite's lock is its only writer (BEGIN IMMEDIATE, which the wiring's engine says); PostgreSQL's is an advisory lock
that all writers of the plan take. Behind both stands the constraint of the table: no two allocations overlap.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, bindparam, select, text, update

from domain.addressing import Allocation, AllocationState, Block, Pool, Range, Request, Use, blocks_of
from domain.language import _
from provisioning.addresses.errors import NothingAllocatedError
from provisioning.store import gaps, pools
from provisioning.store.address_rows import allocation_of, allocations_of, read_pools
from provisioning.store.allocation import free_expired, give, give_up
from provisioning.store.inventory_use import UsedAddresses, free_in, refresh
from provisioning.store.tables import Number, address_allocation, address_pool
from provisioning.store.use import use_of

LOCK: Final = 0x616C616D  # 'alam', from alamat: any number that nobody else takes
Journal = Callable[[Connection, str, str, Mapping[str, object]], None]
"""Writes what was done into the audit journal: connection of the change, action, subject, detail."""

_HELD: Final = address_allocation.c
_LEAVE: Final = (
    update(address_allocation)
    .where(_HELD.space == bindparam("of_space"), _HELD.first == bindparam("number", type_=Number))
    .values(state=AllocationState.QUARANTINED.value, until=bindparam("new_until"))
)


class SqlAddressPlan:
    """Implements domain.addressing.AddressPlan."""

    def __init__(self, engine: Engine, used: UsedAddresses, journal: Journal) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)
        self._used = used
        self._journal = journal

    # -- giving and taking back --------------------------------------------------------------------------------------

    def allocate(self, requests: Sequence[Request], now: datetime, *, dry_run: bool = False) -> tuple[Allocation, ...]:
        """In the order of the requests. Raises AddressPlanError, and then nothing was given."""
        with self._transaction(dry_run) as connection:
            return self._allocate(connection, requests, now)

    def _allocate(self, connection: Connection, requests: Sequence[Request], now: datetime) -> tuple[Allocation, ...]:
        given = give(connection, requests, now)
        by_owner: dict[str, dict[str, str]] = {}
        for each in given:
            if each.is_new:
                by_owner.setdefault(each.owner, {})[f"{each.label} ({each.kind.value})"] = each.text
        for owner, detail in by_owner.items():
            self._journal(connection, "addresses allocated", owner, detail)
        return given

    def release(
        self,
        owner: str,
        now: datetime,
        *,
        labels: Sequence[str] = (),
        quarantine_days: int | None = None,
        dry_run: bool = False,
    ) -> tuple[Allocation, ...]:
        """What was released: in quarantine, or (no `until`) free at once. A reservation needs no quarantine.

        What is in quarantine already stays as it is unless `quarantine_days` is given. Raises NothingAllocatedError.
        """
        with self._transaction(dry_run) as connection:
            return self._release(connection, owner, now, labels, quarantine_days)

    def _release(
        self, connection: Connection, owner: str, now: datetime, labels: Sequence[str], quarantine_days: int | None
    ) -> tuple[Allocation, ...]:
        rows = allocations_of(connection, [owner])
        _check_labels(owner, labels, rows)
        known = read_pools(connection, address_pool.c.name.in_({row.pool for row in rows}))
        done = [
            _release(connection, row, known[row.pool][0], now, quarantine_days)
            for row in sorted(rows, key=lambda row: (row.kind, row.first))
            if not labels or row.label in labels
        ]
        detail = {
            f"{each.label} ({each.kind.value})": f"{each.text} until {each.until:%Y-%m-%d}" if each.until else each.text
            for each in done
            if each.is_new
        }
        if detail:
            self._journal(connection, "addresses released", owner, detail)
        return tuple(done)

    # -- pools -------------------------------------------------------------------------------------------------------

    def add_pool(self, pool: Pool, now: datetime, *, carve: int = 0, dry_run: bool = False) -> Pool:
        """carve: prefix length of the next free part of `pool.parent`, instead of the pool's own span.

        Raises AddressPlanError and AddressingError.
        """
        with self._transaction(dry_run) as connection:
            before = read_pools(connection)
            if carve and pool.name in before and _carved_alike(pool, before[pool.name][0], carve):
                return before[pool.name][0]
            if carve:
                outer = pools.carve(connection, pool.parent, carve, now)
                pool = replace(pool, kind=outer.kind, zone=outer.zone, span=outer.span)
            made = pools.add_pool(connection, pool, self._used, now)
            if made.name not in before:
                detail = {"range": str(made), "parent": made.parent, "purpose": made.purpose, "region": made.region}
                self._journal(connection, "address pool added", made.name, detail)
            return made

    def remove_pool(self, name: str, now: datetime, *, dry_run: bool = False) -> Pool:
        """Raises UnknownPoolError and PoolInUseError."""
        with self._transaction(dry_run) as connection:
            removed = pools.remove_pool(connection, name, self._used, now)
            self._journal(connection, "address pool removed", name, {"range": str(removed)})
            return removed

    # -- looking -----------------------------------------------------------------------------------------------------

    def pools(self) -> tuple[Pool, ...]:
        """By name."""
        with self._reader.connect() as connection:
            return tuple(pool for pool, _space in read_pools(connection).values())

    def allocations(self, owner: str = "", pool: str = "") -> tuple[Allocation, ...]:
        """By kind and number; all of them without an owner and a pool."""
        wanted = [column == value for column, value in ((_HELD.owner, owner), (_HELD.pool, pool)) if value]
        with self._reader.connect() as connection:
            rows = connection.execute(select(address_allocation).where(*wanted)).all()
        return tuple(sorted((allocation_of(row) for row in rows), key=lambda each: (each.kind, each.block)))

    def use(self, now: datetime, pools: Sequence[str] = ()) -> tuple[Use, ...]:
        """By name, or in the order of the names."""
        with self._transaction(dry_run=False) as connection:
            free_expired(connection, "", now)
            return use_of(connection, pools)

    def verify(self) -> tuple[str, ...]:
        """Pools whose free blocks are not what is left by all that is taken: none, unless somebody wrote past us."""
        found = []
        with self._transaction(dry_run=True) as connection:
            for pool, space in read_pools(connection).values():
                expected = [block for span in free_in(connection, pool, space, pool.span) for block in blocks_of(span)]
                if expected != list(gaps.gaps_of(connection, pool.name)):
                    found.append(pool.name)
        return tuple(found)

    @contextmanager
    def _transaction(self, dry_run: bool) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            self._prepare(connection)
            if not dry_run:
                yield connection
                return
            # What the inventory says stays known: of five hundred plans only the first one reads it.
            trial = connection.begin_nested()
            yield connection
            trial.rollback()

    def _prepare(self, connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        refresh(connection, self._used)


def _release(
    connection: Connection, row: Row[Any], pool: Pool, now: datetime, quarantine_days: int | None
) -> Allocation:
    had = allocation_of(row, is_new=True)
    if row.state == AllocationState.QUARANTINED and quarantine_days is None:
        return replace(had, is_new=False)
    days = pool.quarantine_days if quarantine_days is None else quarantine_days
    if row.state == AllocationState.RESERVED:
        days = 0
    # A clock that is behind what it said before must not shorten the quarantine.
    until = max(now, had.made_at) + timedelta(days=days)
    if days:
        values = {"of_space": row.space, "number": row.first, "new_until": until.timestamp()}
        connection.execute(_LEAVE, values)
    else:
        give_up(connection, row.pool, row.space, Range(row.first, row.last))
    return replace(had, state=AllocationState.QUARANTINED, until=until if days else None)


def _check_labels(owner: str, labels: Sequence[str], rows: Sequence[Row[Any]]) -> None:
    has = sorted({row.label for row in rows})
    missing = sorted(set(labels) - set(has))
    if not rows:
        raise NothingAllocatedError(
            _("Nothing is allocated to {owner}. See: kentongan pool show NAME").format(owner=owner)
        )
    if missing:
        raise NothingAllocatedError(
            _("{owner} has no '{label}'. It has: {labels}.").format(
                owner=owner, label="', '".join(missing), labels=", ".join(has)
            )
        )


def _carved_alike(pool: Pool, there: Pool, carve: int) -> bool:
    """Whether a pool that is there was carved by the same order."""
    size = Block(0, there.kind.bits - carve).span.size
    order = replace(pool, kind=there.kind, zone=there.zone, span=there.span)
    return order == there and there.span.size == size
