"""Who complains of what now, gathered to one fault for each cause and reason.

Knows no threshold: watchers say and withdraw. The mapping of faults stays one and the same object until one changes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from alerts.desk.faults import Fault, Key
from domain.incidents import Cause, Condition, Evidence, Urgency

REMEMBERED: Final = 1000
"""Faults that have gone whose evidence is kept, so that the word of their end can still say what it was."""

SOURCE: Final = "source"
"""Value of an evidence that tells which watcher said it: what makes a complaint findable again after a restart."""

_WEIGHT: Final = {Urgency.RECORD: 0, Urgency.DAY: 1, Urgency.PAGE: 2}

Who = tuple[str, str, str, str]
"""The watcher, the device (or site, or link), the reason, and the sensor where there are several."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing of one member. settle_seconds: what the desk is still to wait; watchers have been patient already."""

    cause: Cause
    reason: str
    members: frozenset[str]
    evidence: Evidence | None = None
    urgency: Urgency = Urgency.DAY
    settle_seconds: float = 0.0
    detail: str = ""

    @property
    def key(self) -> Key:
        return Condition.DEGRADED, self.cause, self.reason


class ComplaintBook:
    """`say` and `withdraw`, then `faults`. Saying the same again changes nothing."""

    def __init__(self) -> None:
        self._complaints: dict[Who, Complaint] = {}
        self._by_key: dict[Key, dict[Who, Complaint]] = {}
        self._of: dict[tuple[str, str], set[Who]] = {}
        self._faults: Mapping[Key, Fault] = {}
        self._touched: dict[Key, None] = {}
        self._gone: dict[Key, tuple[Evidence, ...]] = {}

    def __contains__(self, who: object) -> bool:
        return who in self._complaints

    def get(self, who: Who) -> Complaint | None:
        return self._complaints.get(who)

    def of(self, watcher: str, name: str) -> tuple[Who, ...]:
        """What one watcher says of one name now, sorted."""
        return tuple(sorted(self._of.get((watcher, name), ())))

    def all_of(self, watcher: str) -> tuple[Who, ...]:
        return tuple(sorted(who for who in self._complaints if who[0] == watcher))

    def say(self, who: Who, complaint: Complaint) -> None:
        """In place of what `who` said before."""
        before = self._complaints.get(who)
        if before == complaint:
            return
        if before is not None:
            self.withdraw(who)
        self._complaints[who] = complaint
        self._by_key.setdefault(complaint.key, {})[who] = complaint
        self._of.setdefault(who[:2], set()).add(who)
        self._touched[complaint.key] = None

    def withdraw(self, who: Who) -> None:
        """What was not said may be withdrawn."""
        complaint = self._complaints.pop(who, None)
        if complaint is None:
            return
        group = self._by_key[complaint.key]
        del group[who]
        if not group:
            del self._by_key[complaint.key]
        mine = self._of[who[:2]]
        mine.discard(who)
        if not mine:
            del self._of[who[:2]]
        self._touched[complaint.key] = None

    def faults(self) -> Mapping[Key, Fault]:
        """One for each cause and reason. The same object as long as nothing has changed."""
        if not self._touched:
            return self._faults
        touched, self._touched = self._touched, {}
        faults = dict(self._faults)
        for key in touched:
            group = self._by_key.get(key)
            if group:
                faults[key] = _fault(group)
                self._gone.pop(key, None)
            elif key in faults:
                self._remember(key, faults.pop(key).evidence)
        if faults != self._faults:
            self._faults = faults
        return self._faults

    def stands(self, key: Key) -> bool:
        return key in self._by_key

    def evidence(self, key: Key) -> tuple[Evidence, ...]:
        """What was found; of a fault that has gone what was found last."""
        fault = self.faults().get(key)
        return fault.evidence if fault else self._gone.get(key, ())

    def counts(self) -> Mapping[str, int]:
        """How many faults there are, by reason."""
        counts: dict[str, int] = {}
        for _condition, _cause, reason in self._faults:
            counts[reason] = counts.get(reason, 0) + 1
        return counts

    def _remember(self, key: Key, evidence: Iterable[Evidence]) -> None:
        self._gone.pop(key, None)
        self._gone[key] = tuple(evidence)
        while len(self._gone) > REMEMBERED:
            del self._gone[next(iter(self._gone))]


def _fault(group: Mapping[Who, Complaint]) -> Fault:
    ordered = [group[who] for who in sorted(group)]
    first = ordered[0]
    return Fault(
        condition=Condition.DEGRADED,
        cause=first.cause,
        reason=first.reason,
        members=frozenset().union(*(each.members for each in ordered)),
        evidence=tuple(each.evidence for each in ordered if each.evidence is not None),
        urgency=max((each.urgency for each in ordered), key=_WEIGHT.__getitem__),
        detail=next((each.detail for each in ordered if each.detail), ""),
        settle_seconds=min(each.settle_seconds for each in ordered),
    )
