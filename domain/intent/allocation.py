"""What a plan of a site asks of the address plan, and what it is given. The address plan itself is `domain/addressing`.

A need names what for, never which: two sites that are planned at once get different ranges.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class NeedKind(StrEnum):
    PREFIX = "prefix"
    VLAN = "vlan"


@dataclass(frozen=True, slots=True)
class Need:
    """One range or number. key: its name in the profile. length: of a prefix. family: 4 or 6."""

    key: str
    kind: NeedKind
    purpose: str
    length: int = 0
    family: int = 4


@dataclass(frozen=True, slots=True)
class Allotment:
    """value: a prefix or a number as text. held: the site has it already; else it would be taken by `apply`."""

    key: str
    kind: NeedKind
    value: str
    pool: str = ""
    held: bool = False


class AddressPlan(Protocol):
    """Answers what a site has or would get, without taking it."""

    def propose(self, site: str, region_code: str, needs: Sequence[Need]) -> tuple[Allotment, ...]:
        """One for each need, in its order. Raises the store's own error, with the pool's name, if one is empty."""
        ...
