"""How much of a link's monthly quota is used, and whether the month will see it out.

Octets come from the counters of one end of the link, both ways together, as a provider counts. What goes by while
Kentongan is off is not seen: the count may be too low, never too high.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alerts.degraded.cells import Cells
from alerts.degraded.complaints import SOURCE, Complaint, ComplaintBook, Who
from alerts.degraded.figures import shown
from alerts.degraded.measures import Measure, unit_of
from alerts.degraded.rulebook import NONE, Rulebook
from alerts.degraded.subjects import Subjects
from domain.incidents import Cause, CauseKind, Evidence, EvidenceKind
from domain.polling import Fleet, Plan
from domain.polling.speeds import OCTETS
from domain.polling.strips import with_room

GIGABYTE: Final = 1e9
FORESEEN_AFTER: Final = 0.15
"""Share of the month that must have gone by before its end is foreseen: four days and a half."""


@dataclass(frozen=True, slots=True)
class QuotaUse:
    """Of one link in one month (`2026-11`, of the kabupaten's zone), as it is kept."""

    link: str
    month: str
    octets: int


class QuotaWatch:
    """Counts with every sweep, judges with `review`. `lay_out` a device before its cells are noted."""

    def __init__(self, fleet: Fleet, rules: Rulebook, book: ComplaintBook, zone: tzinfo = UTC) -> None:
        self._fleet, self._rules, self._book, self._zone = fleet, rules, book, zone
        self._subjects = Subjects()
        self.strip = fleet.strip(lambda column: column.quantity in OCTETS)
        self._links: list[str] = [""]
        self._link: NDArray[np.uint16] = np.zeros(0, np.uint16)  # by place: the link's number; 0: none with a quota
        self._used: NDArray[np.float64] = np.zeros(1)
        self._month = ""
        self.strip.watch(self._forget)

    def know(self, subjects: Subjects) -> None:
        """Counts go on for links that keep their name."""
        used = dict(zip(self._links, self._used.tolist(), strict=True))
        self._subjects = subjects
        self._links = ["", *(name for name, link in sorted(subjects.links.items()) if link.quota_gb)]
        self._used = np.array([used.get(name, 0.0) for name in self._links])
        if self._link.any():
            self._link[:] = 0
        for measure in (Measure.QUOTA, Measure.QUOTA_FORECAST):
            for who in self._book.all_of(measure):
                if who[1] not in self._links:
                    self._book.withdraw(who)

    def restore(self, uses: Iterable[QuotaUse], now: datetime) -> None:
        """What was kept of this month; that of others is passed over."""
        self._turn_month(now)
        for use in uses:
            if use.month == self._month and use.link in self._links[1:]:
                self._used[self._links.index(use.link)] += use.octets

    def uses(self) -> tuple[QuotaUse, ...]:
        """To be kept."""
        pairs = zip(self._links[1:], self._used[1:].tolist(), strict=True)
        return tuple(QuotaUse(name, self._month, int(octets)) for name, octets in pairs) if self._month else ()

    def lay_out(self, device: int, name: str, plan: Plan) -> None:
        self._link = with_room(self._link, self.strip.capacity)
        start, count = int(self.strip.start[device]), int(self.strip.count[device])
        if self._link[start : start + count].any():  # what is never written costs no memory
            self._link[start : start + count] = 0
        if len(self._links) == 1:
            return
        octets = [column for column in plan.columns if column.quantity in OCTETS]
        for place, column in enumerate(octets, start):
            link = self._subjects.ends.get((name, column.interface))
            if link is not None and link.quota_gb and (name == link.a_device or not link.a_interface):
                self._link[place] = self._links.index(link.name)

    def note(self, cells: Cells) -> None:
        """Its devices have been laid out."""
        if len(self._links) == 1 or not len(cells.advance.position):
            return
        self._link = with_room(self._link, self.strip.capacity)
        at = cells.advance.position
        column = cells.column[at]
        mine = np.flatnonzero((self.strip.number.values[column] >= 0) & cells.current[cells.sweep.row[at]])
        place = self.strip.places(cells.sweep.device, cells.sweep.row[at[mine]], column[mine])
        link = self._link[place]
        some = np.flatnonzero(link)
        if len(some):
            np.add.at(self._used, link[some], cells.advance.delta[mine[some]].astype(np.float64))

    def review(self, now: datetime) -> None:
        """Say what is over, and begin a new month when it has come."""
        self._turn_month(now)
        gone, end = self._progress(now)
        for name, used in zip(self._links[1:], self._used[1:].tolist(), strict=True):
            quota = (self._subjects.links[name].quota_gb or 0.0) * GIGABYTE
            self._judge(Measure.QUOTA, name, used, used / quota * 100, quota, "")
            foreseen = used / gone if gone >= FORESEEN_AFTER else used
            runs_out = ""
            if used > 0 and used < quota < foreseen:
                last = end - timedelta(days=1) * self._days(now) * (1 - gone * quota / used)
                runs_out = f"{last:%Y-%m-%d}"
            self._judge(Measure.QUOTA_FORECAST, name, foreseen, foreseen / quota * 100, quota, runs_out)

    def _judge(self, measure: Measure, link: str, octets: float, percent: float, quota: float, runs_out: str) -> None:
        device = self._subjects.devices.get(self._subjects.links[link].a_device)
        kind = self._subjects.kind(device) if device else None
        number = self._rules.one(measure, device, kind)
        if number == NONE:
            return
        threshold = self._rules[number]
        who: Who = (measure, link, threshold.reason, "")
        held = who in self._book
        if not threshold.holds(percent, held):
            self._book.withdraw(who)
        elif not held:
            values = {
                SOURCE: measure.value,
                "what": link,
                "value": shown(octets / GIGABYTE),
                "limit": shown(quota / GIGABYTE),
                "unit": unit_of(measure),
            }
            values |= {"runs_out": runs_out} if runs_out else {}
            cause = Cause(CauseKind.LINK, link)
            member = frozenset({device.name if device else link})
            evidence = Evidence(EvidenceKind.THRESHOLD, link, None, values)
            self._book.say(who, Complaint(cause, threshold.reason, member, evidence, threshold.urgency))

    def _turn_month(self, now: datetime) -> None:
        month = f"{now.astimezone(self._zone):%Y-%m}"
        if month != self._month:
            if self._month:
                self._used[:] = 0
            self._month = month

    def _progress(self, now: datetime) -> tuple[float, datetime]:
        """Share of the month that has gone by, and when it ends."""
        local = now.astimezone(self._zone)
        begin = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        days = self._days(now)
        return (local - begin) / timedelta(days=days), begin + timedelta(days=days)

    def _days(self, now: datetime) -> int:
        local = now.astimezone(self._zone)
        return monthrange(local.year, local.month)[1]

    def _forget(self, start: int, stop: int) -> None:
        self._link[start:stop] = 0
