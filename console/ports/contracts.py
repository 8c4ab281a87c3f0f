"""What the pages of contracts need. It blocks; the month's figures are worked out beside it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from domain.network import Inventory


@dataclass(frozen=True, slots=True)
class Owed:
    """Of one contract in this month so far. problem: why there is no sum, in words; then both sums are None."""

    available_percent: float | None
    from_detection: Decimal | None
    from_ticket: Decimal | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class MonthSoFar:
    """owed: by contract. at: when it was worked out; None while that is done for the first time."""

    period: str = ""
    owed: Mapping[str, Owed] = field(default_factory=dict)
    at: datetime | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class QuotaMonth:
    """What a link carried in one month (`2026-11`, of the kabupaten's zone), both ways together."""

    link: str
    month: str
    octets: int


class Contracts(Protocol):
    def inventory(self) -> Inventory:
        """Whole: links and contracts are cut by the page."""
        ...

    def used(self, links: Collection[str], since: str) -> Sequence[QuotaMonth]:
        """Of these links, from this month (`2026-11`) on; a month in which nothing was counted is left out."""
        ...

    def month(self) -> MonthSoFar:
        """The newest that is known; an old one is worked out anew meanwhile."""
        ...
