"""What a shift hands over: what was done to incidents, work that is announced, who took over. All of it blocks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Protocol

from domain.incidents import Act


@dataclass(frozen=True, slots=True)
class Work:
    """One stretch of announced work: ours, a provider's or PLN's; pages about it are silent meanwhile.

    ends_at: None for open-ended. names: (kind, name) of what is worked on: device, site, link, segment, feeder, area.
    """

    id: str
    kind: str
    names: tuple[tuple[str, str], ...]
    starts_at: datetime
    ends_at: datetime | None
    reason: str
    party: str
    made_by: str


@dataclass(frozen=True, slots=True)
class TakenOver:
    """regions: of who took it; none means the whole kabupaten."""

    at: datetime
    by: str
    regions: tuple[str, ...] = ()
    note: str = ""


class Shifts(Protocol):
    def begins(self) -> Sequence[time]:
        """When shifts begin, by the kabupaten's clock, sorted; at least one."""
        ...

    def acts(self, since: datetime, until: datetime) -> Sequence[Act]:
        """Of all incidents, in their order."""
        ...

    def works(self, since: datetime, until: datetime) -> Sequence[Work]: ...

    def taken(self, since: datetime) -> Sequence[TakenOver]:
        """The newest first."""
        ...

    def take(self, taken: TakenOver) -> None:
        """Written in the journal."""
        ...

    def on_duty(self) -> Sequence[str]:
        """Names of people.csv who are on duty now."""
        ...


@dataclass(frozen=True, slots=True)
class Span:
    """[since, until): what is handed over. key: as it is asked for."""

    key: str
    since: datetime
    until: datetime
    choices: tuple[str, ...] = field(default=())
