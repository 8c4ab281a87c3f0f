"""A period's faults looked back on: how many of what kind, how quickly they were taken on and mended, which come again.

Pure counting. Who is liable and what people found is decided elsewhere and handed in.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from domain.incidents.causes import Cause, Liable
from domain.incidents.incidents import Condition
from domain.incidents.verdicts import VerdictKind

Key = TypeVar("Key", bound=Hashable)

HOUR: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Fault:
    """One incident. closing: the cause that people found, '' if nobody said. kecamatan: where the team went.

    acknowledged: when somebody first took it on; None: nobody did. resolved: None while it lasts.
    """

    id: str
    condition: Condition
    cause: Cause
    verdict: VerdictKind
    closing: str
    liable: Liable
    kecamatan: str
    villages: int
    opd: int
    services: int
    started: datetime
    detected: datetime
    acknowledged: datetime | None = None
    resolved: datetime | None = None

    def seconds(self, until: datetime) -> float:
        """How long it lasted, as far as `until`."""
        return max(0.0, (min(self.resolved or until, until) - self.started).total_seconds())


@dataclass(frozen=True, slots=True)
class Sum:
    """Of several faults. seconds: their durations added up. to_acknowledge, to_repair: means in seconds, of those that
    were taken on and of those that are over; None if there is none."""

    count: int
    open: int
    seconds: float
    longest: float
    acknowledged: int
    to_acknowledge: float | None
    to_repair: float | None


def sum_of(faults: Iterable[Fault], until: datetime) -> Sum:
    found = tuple(faults)
    taken = [max(0.0, (each.acknowledged - each.detected).total_seconds()) for each in found if each.acknowledged]
    mended = [(each.resolved - each.started).total_seconds() for each in found if each.resolved]
    lengths = [each.seconds(until) for each in found]
    return Sum(
        len(found),
        len(found) - len(mended),
        sum(lengths),
        max(lengths, default=0.0),
        len(taken),
        _mean(taken),
        _mean(mended),
    )


def grouped(faults: Iterable[Fault], key: Callable[[Fault], Key], until: datetime) -> list[tuple[Key, Sum]]:
    """Most of them first; then the longest."""
    groups: dict[Key, list[Fault]] = defaultdict(list)
    for fault in faults:
        groups[key(fault)].append(fault)
    sums = [(name, sum_of(found, until)) for name, found in groups.items()]
    return sorted(sums, key=lambda each: (-each[1].count, -each[1].seconds, str(each[0])))


def worst(faults: Iterable[Fault], until: datetime, count: int) -> list[Fault]:
    """By villages and agencies times hours; of equal ones the longer."""

    def weight(fault: Fault) -> tuple[float, float, str]:
        hours = fault.seconds(until) / HOUR
        return -(fault.villages + fault.opd + fault.services) * hours, -hours, fault.id

    return sorted(faults, key=weight)[:count]


def repeated(faults: Sequence[Fault], until: datetime, least: int = 2) -> list[tuple[Cause, Sum, datetime]]:
    """Causes that came `least` times or more, with when they began last."""
    last: dict[Cause, datetime] = {}
    for fault in faults:
        last[fault.cause] = max(fault.started, last.get(fault.cause, fault.started))
    return [(cause, sum_, last[cause]) for cause, sum_ in grouped(faults, _cause, until) if sum_.count >= least]


def _cause(fault: Fault) -> Cause:
    return fault.cause


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
