"""What is asked of the address plan, what it gives, and the port that gives it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.addressing.kinds import Kind, written
from domain.addressing.pools import Pool
from domain.addressing.ranges import Block


class AllocationState(StrEnum):
    GIVEN = "given"
    RESERVED = "reserved"  # kept free for its owner, not in use yet; asking again without `reserve` makes it given
    QUARANTINED = "quarantined"  # released; nobody but its old owner gets it before `until`


@dataclass(frozen=True, slots=True)
class Request:
    """One thing that an owner (a site's slug) wants under a label (`lan`, `loopback`, `rtr`).

    Owner, kind and label together are the key: asked for again, the same answer comes. Either a `pool` is named, or
    `kind`, `purpose` and `region` choose: pools of the region itself, then of what it lies in, by name; one that is
    empty is passed over. length: prefix length, 0 for the pool's own. exactly: this very prefix or number and no other.
    """

    owner: str
    label: str
    pool: str = ""
    kind: Kind = Kind.IPV4
    purpose: str = ""
    region: str = ""
    zone: str = ""
    length: int = 0
    exactly: str = ""
    reserve: bool = False


@dataclass(frozen=True, slots=True)
class Allocation:
    """What an owner has. text: as it is written into a configuration, `10.14.3.0/27`, `120`, `rtr-0007`."""

    owner: str
    label: str
    pool: str
    kind: Kind
    block: Block
    text: str
    state: AllocationState
    made_at: datetime
    until: datetime | None = None
    is_new: bool = False

    @property
    def gateway(self) -> str:
        """The first host of a prefix as `10.14.3.1/27`; a single host itself; empty for a number or a name."""
        if not self.kind.is_address:
            return ""
        host = self.block.first + (self.block.size_bits > 1)
        return f"{written(self.kind, Block(host, 0)).partition('/')[0]}/{self.kind.bits - self.block.size_bits}"


@dataclass(frozen=True, slots=True)
class Use:
    """How full a pool is, in single addresses or numbers; the parts make up `size`.

    used: taken by what the inventory says and nobody asked for here. pools: carved out for pools inside it.
    largest_free_bits: of the largest free block, None where nothing is free. next_free_at: when quarantine ends next.
    """

    pool: Pool
    size: int
    given: int
    reserved: int
    quarantined: int
    used: int
    pools: int
    free: int
    largest_free_bits: int | None = None
    next_free_at: datetime | None = None
    allocations: int = 0

    @property
    def share(self) -> float:
        """From 0 (empty) to 1 (nothing can be given)."""
        return 1 - self.free / self.size


class AddressPlan(Protocol):
    """Gives out addresses, numbers and names. Every call is one transaction: all of it or nothing."""

    def allocate(self, requests: Sequence[Request], now: datetime, *, dry_run: bool = False) -> tuple[Allocation, ...]:
        """In the order of the requests. `dry_run` answers what would be given and gives nothing."""
        ...

    def release(
        self,
        owner: str,
        now: datetime,
        *,
        labels: Sequence[str] = (),
        quarantine_days: int | None = None,
        dry_run: bool = False,
    ) -> tuple[Allocation, ...]:
        """All that an owner has, or only these labels. quarantine_days: other than the pool's."""
        ...

    def allocations(self, owner: str = "", pool: str = "") -> tuple[Allocation, ...]: ...

    def pools(self) -> tuple[Pool, ...]: ...

    def use(self, now: datetime, pools: Sequence[str] = ()) -> tuple[Use, ...]: ...
