"""What the pages of one device, one link and one village ask for beyond the present look. Everything blocks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from domain.availability import Kind
from domain.incidents import Incident
from domain.states import StateChange


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Who is seen at a port. protocol: lldp, cdp, mndp."""

    protocol: str
    interface: str
    name: str
    port: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a device said of itself when it was discovered. errors: (table, why it could not be read)."""

    found_at: datetime
    platform: str
    model: str
    serial: str
    version: str
    name: str = ""
    interfaces: tuple[str, ...] = ()
    sensors: tuple[str, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    errors: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Light:
    """Light that comes in at one sensor: its median of each day, oldest first. dBm. limit: below it is lost."""

    device: str
    sensor: str
    interface: str
    days: tuple[tuple[date, float], ...]
    limit: float | None = None

    @property
    def now(self) -> float:
        return self.days[-1][1]

    @property
    def a_month(self) -> float | None:
        """Change in 30 days by a straight line through the days; None of less than a week."""
        if len(self.days) < 7:
            return None
        first = self.days[0][0]
        at = [(day - first).days for day, _dbm in self.days]
        middle, mean = sum(at) / len(at), sum(dbm for _day, dbm in self.days) / len(at)
        spread = sum((x - middle) ** 2 for x in at)
        fall = sum((x - middle) * (dbm - mean) for x, (_day, dbm) in zip(at, self.days, strict=True))
        return 30 * fall / spread if spread else None


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """shares: of the day, 0 to 1, of every kind that it had; what is missing to 1 has not been yet."""

    on: date
    shares: Mapping[Kind, float]


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """label: 2026-11. available, seen: in percent of the service time; None where nothing is known."""

    label: str
    available: float | None
    seen: float | None
    days: tuple[CalendarDay, ...]


@dataclass(frozen=True, slots=True)
class CorrectedFigure:
    """How a closed month reads since it was corrected."""

    at: datetime
    why: str
    available: float | None
    seen: float | None


@dataclass(frozen=True, slots=True)
class ClosedFigure:
    """Of one village in a month that somebody closed: as it was published. None: the month says nothing of it."""

    at: datetime
    available: float | None
    seen: float | None
    corrected: CorrectedFigure | None = None


@dataclass(frozen=True, slots=True)
class Users:
    """Of one village in one month; None: nobody told. peak: the most at one time; mean: of the days' peaks."""

    month: str
    peak: int | None
    mean: float | None


class Network(Protocol):
    """What was kept of devices, links and places."""

    def facts(self, device: str) -> Facts | None: ...

    def changes(self, devices: Sequence[str], since: datetime) -> Sequence[StateChange]:
        """Oldest first."""
        ...

    def light(self, devices: Sequence[str], since: date) -> Sequence[Light]: ...

    def incidents(self, names: Iterable[str], since: datetime) -> Sequence[Incident]:
        """That name one of these devices, sites, links or villages, oldest first."""
        ...

    def calendar(
        self, months: int, *, devices: Sequence[str] = (), sites: Sequence[str] = ()
    ) -> Sequence[CalendarMonth]:
        """Up to now, oldest first: of devices round the clock, up while any of them is; or of a place in its service
        hours, as the availability report counts it."""
        ...

    def reason(self, reason: str) -> str:
        """A reason of the catalogue in words of the active language."""
        ...


class Villages(Protocol):
    """What was kept of one village."""

    def coverage(self, code: str) -> Mapping[str, Any] | None:
        """Its row of the coverage document of today."""
        ...

    def closed(self, code: str, months: Sequence[str]) -> Mapping[str, ClosedFigure]:
        """By month, `2026-10`; those that are not closed are left out."""
        ...

    def users(self, code: str, months: int) -> Sequence[Users]: ...

    def outlines(self) -> Mapping[str, Any]:
        """A GeoJSON FeatureCollection of kecamatan with their code."""
        ...
