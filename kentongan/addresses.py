"""The address plan wired up: what the inventory says is in use, and the audit journal in the same transaction."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from domain.addressing import (
    AddressingError,
    Allocation,
    Kind,
    Pool,
    Range,
    Space,
    merged,
    number_in,
    read_prefix,
    without,
)
from domain.audit import AuditEntry
from domain.language import _
from domain.network import DeviceStatus
from inventory.store.installation import read_revision
from inventory.store.tables import devices, prefixes
from kentongan.clock import WRITTEN
from kentongan.errors import KentonganError
from kentongan.installation import Installation
from provisioning.store.addresses import SqlAddressPlan

HOLDS_ITS_ADDRESS = (DeviceStatus.PLANNED, DeviceStatus.IN_USE)


class ClockError(KentonganError):
    """The machine's clock stands where it cannot be."""


@dataclass(frozen=True, slots=True)
class InUse:
    """One thing of the inventory that takes addresses, a number or a name. said: `prefix 10.14.3.0/24`."""

    space: Space
    span: Range
    site: str
    said: str


class InventoryUse:
    """Implements provisioning.store.inventory_use.UsedAddresses."""

    def revision(self, connection: Connection) -> int:
        return read_revision(connection)

    def read(self, connection: Connection, pools: Sequence[Pool]) -> Mapping[Space, Iterable[Range]]:
        """A prefix that a pool was made of is in use only where it is wider than the pool."""
        found: dict[Space, list[Range]] = defaultdict(list)
        spans = _spans(pools)
        for each in in_use(connection, pools):
            inside = _within(each.span, spans[each.space])
            found[each.space] += without([each.span], inside) if inside else (each.span,)
        return {space: merged(ranges) for space, ranges in found.items()}


def address_plan(installation: Installation) -> SqlAddressPlan:
    """Of an opened installation; every change in the journal by the same transaction."""

    def journal(connection: Connection, action: str, subject: str, detail: Mapping[str, object]) -> None:
        entry = AuditEntry(installation.clock.now(), installation.actor, action, subject, detail)
        installation.journal.record_in(connection, entry)

    return SqlAddressPlan(installation.database.engine, InventoryUse(), journal)


def trusted_now(installation: Installation) -> datetime:
    """The time for a quarantine. Raises ClockError where the clock has not been set since the power came back."""
    now = installation.clock.now().utc
    if now < WRITTEN:
        raise ClockError(
            _("The clock says {now:%Y-%m-%d}, which has been; a quarantine would end too early. Set the clock.").format(
                now=now
            )
        )
    return now


def in_use(connection: Connection, pools: Sequence[Pool]) -> Iterator[InUse]:
    """What devices.csv and prefixes.csv take in the spaces that have pools.

    A device's zone is a routing zone only if a pool says so; all else is in the common zone. A prefix is in the zone
    of its site's devices.
    """
    spaces = {pool.space for pool in pools}
    zones = {space.zone for space in spaces}
    names = [space for space in spaces if space.kind is Kind.NAME]
    zone_of_site: dict[str, str] = {}
    column = devices.c
    for row in connection.execute(select(column.name, column.site, column.address, column.zone, column.status)):
        zone = row.zone if row.zone in zones else ""
        zone_of_site.setdefault(row.site, zone)
        if row.status in HOLDS_ITS_ADDRESS:
            yield from _device(row.name, row.site, row.address, zone, spaces)
        # A name is a history: nobody else gets that of a lost one.
        for space in names:
            number = number_in(space.pattern, row.name)
            if number is not None:
                yield InUse(space, Range(number, number), row.site, _("device {name}").format(name=row.name))
    for prefix, site, vlan in connection.execute(select(prefixes.c.prefix, prefixes.c.site, prefixes.c.vlan)):
        zone = zone_of_site.get(site, "")
        said = _("prefix {prefix}").format(prefix=prefix)
        kind, span = read_prefix(prefix)
        for space, range_ in ((Space(kind, zone), span), (Space(Kind.VLAN, zone), _single(vlan))):
            if space in spaces and range_ is not None:
                yield InUse(space, range_, site, said)


def _device(name: str, site: str, address: str, zone: str, spaces: set[Space]) -> Iterator[InUse]:
    if not address:
        return
    try:
        kind, span = read_prefix(address)
    except AddressingError:
        return  # a scope (fe80::1%eth0) is no address of a plan
    if Space(kind, zone) in spaces:
        yield InUse(Space(kind, zone), span, site, _("device {name}, {address}").format(name=name, address=address))


def _spans(pools: Iterable[Pool]) -> Mapping[Space, list[Range]]:
    """In order."""
    found: dict[Space, list[Range]] = defaultdict(list)
    for pool in pools:
        found[pool.space].append(pool.span)
    return {space: sorted(spans) for space, spans in found.items()}


def _within(span: Range, ordered: Sequence[Range]) -> list[Range]:
    """Those that lie in the span: a country's devices are looked up one by one."""
    found = []
    at = bisect_left(ordered, span.first, key=lambda each: each.first)
    while at < len(ordered) and ordered[at].first <= span.last:
        if ordered[at].last <= span.last:
            found.append(ordered[at])
        at += 1
    return found


def _single(number: int | None) -> Range | None:
    return None if number is None else Range(number, number)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something of the inventory stands on what was given to another site."""

    used: InUse
    allocation: Allocation


def conflicts(used: Iterable[InUse], allocations: Iterable[Allocation], pools: Sequence[Pool]) -> tuple[Conflict, ...]:
    """By allocation. VLANs are left out: sites that share no cable use the same ones.

    A prefix that a pool was made of, or that belongs to no site, stands on nothing.
    """
    of_pool = {pool.name: pool for pool in pools}
    spans = _spans(pools)
    given: dict[Space, list[Allocation]] = defaultdict(list)
    for allocation in sorted(allocations, key=lambda each: each.block):
        given[of_pool[allocation.pool].space].append(allocation)
    found = []
    for each in used:
        if not each.site or each.space.kind is Kind.VLAN or _within(each.span, spans[each.space]):
            continue
        held = given[each.space]
        # Allocations lie apart, so that their ends are in order as well.
        at = bisect_left(held, each.span.first, key=lambda one: one.block.last)
        while at < len(held) and held[at].block.first <= each.span.last:
            if held[at].owner != each.site:
                found.append(Conflict(each, held[at]))
            at += 1
    return tuple(sorted(found, key=lambda one: (one.allocation.pool, one.allocation.block, one.used.said)))
