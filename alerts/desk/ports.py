"""Whom the desk asks before it decides: what a fault means, who is liable, whether it may wake anybody."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from domain.incidents import Condition, Impact, Incident, Liable, Urgency, Verdict
from domain.time import Moment


@dataclass(frozen=True, slots=True)
class Opinion:
    """What kind of fault it is, and whose."""

    verdict: Verdict
    liable: Liable | None = None


class Advisor(Protocol):
    """Everything is pure and quick: evidence has been gathered before."""

    def impact(self, condition: Condition, names: Iterable[str]) -> Impact: ...

    def urgency(self, incident: Incident) -> Urgency: ...

    def opinion(self, incident: Incident, now: Moment, *, closing: bool) -> Opinion: ...

    def silenced_by(self, incident: Incident, now: Moment) -> str:
        """The maintenance window that mutes it, or ""."""
        ...
