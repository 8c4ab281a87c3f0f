"""A pool: a range of addresses or numbers of one routing zone, from which blocks are given out for one purpose."""

import re
from dataclasses import dataclass
from typing import Final

from domain.addressing.kinds import NUMBER, AddressingError, Kind, name_of, written, written_span
from domain.addressing.ranges import Block, Range
from domain.language import _
from domain.network.regions import is_region_code

QUARANTINE_DAYS: Final = 30
_WORD: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


@dataclass(frozen=True, slots=True)
class Space:
    """Where numbers are unique: a kind in a routing zone (VRF; empty: the common one), for names their pattern."""

    kind: Kind
    zone: str = ""
    pattern: str = ""

    def __str__(self) -> str:
        return "/".join(part for part in (self.kind.value, self.zone, self.pattern) if part)


@dataclass(frozen=True, slots=True)
class Pool:
    """name: its key. region: Kemendagri code, empty for everywhere. parent: the pool that it was carved out of.

    length: prefix length of what is given unless the request says one; 0 for what is no prefix.
    quarantine_days: what is released is given to nobody else for so long.
    """

    name: str
    kind: Kind
    span: Range
    length: int = 0
    purpose: str = ""
    region: str = ""
    zone: str = ""
    parent: str = ""
    pattern: str = ""
    quarantine_days: int = QUARANTINE_DAYS
    note: str = ""

    @property
    def space(self) -> Space:
        return Space(self.kind, self.zone, self.pattern)

    @property
    def size_bits(self) -> int:
        """Of a block that is given unless the request says otherwise."""
        return self.kind.bits - self.length if self.kind.is_address else 0

    @property
    def giveable(self) -> Range:
        """What may be given: of single hosts neither the first (RFC 4291, 2.6.1: anycast) nor IPv4's broadcast."""
        if not self.kind.is_address or self.size_bits or self.span.size <= 2:
            return self.span
        return Range(self.span.first + 1, self.span.last - (self.kind is Kind.IPV4))

    def text_of(self, block: Block) -> str:
        return written(self.kind, block, self.pattern)

    def __str__(self) -> str:
        if self.kind is Kind.NAME:
            return f"{name_of(self.pattern, self.span.first)} … {name_of(self.pattern, self.span.last)}"
        return written_span(self.kind, self.span)


def check_pool(pool: Pool) -> None:
    """Raises AddressingError for a pool that cannot be."""
    for what, word in ((_("name"), pool.name), (_("purpose"), pool.purpose), (_("zone"), pool.zone)):
        if (word or what == _("name")) and not _WORD.fullmatch(word):
            raise AddressingError(
                _("'{word}' cannot be the {what} of a pool: small letters, digits, points and dashes.").format(
                    word=word, what=what
                )
            )
    if pool.region and not is_region_code(pool.region):
        raise AddressingError(_("'{code}' is no region code. Write 32.14 or 32.14.01.").format(code=pool.region))
    if pool.quarantine_days < 0:
        raise AddressingError(_("A quarantine cannot be shorter than no day."))
    if not pool.kind.widest.covers(pool.span):
        raise AddressingError(
            _("{kind} goes from {first} to {last}.").format(
                kind=pool.kind.value, first=pool.kind.widest.first, last=pool.kind.widest.last
            )
        )
    if pool.kind is Kind.NAME and len(NUMBER.findall(pool.pattern)) != 1:
        raise AddressingError(_("A pool of names needs a pattern with one number, like rtr-{number:04}."))
    _check_length(pool)


def _check_length(pool: Pool) -> None:
    if not pool.kind.is_address:
        return
    shortest = pool.kind.bits - (pool.span.size.bit_length() - 1)
    if not shortest <= pool.length <= pool.kind.bits:
        raise AddressingError(
            _("A /{length} cannot come out of {pool}: choose from /{shortest} to /{longest}.").format(
                length=pool.length, pool=pool, shortest=shortest, longest=pool.kind.bits
            )
        )
