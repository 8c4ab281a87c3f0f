"""What a shift hands over, for the console: the event log, announced work, and the journal that says who took over."""

from collections.abc import Sequence
from datetime import datetime, time

from alerts.maintenance import occurrences
from alerts.store.maintenance import SqlMaintenance
from console.ports.handover import TakenOver, Work
from domain.audit import AuditEntry
from domain.incidents import Act
from kentongan.console_adapters.people import Roster
from kentongan.installation import Installation
from kentongan.settings.sections.entering import shift_begins

ACTION = "shift taken over"
MOST = 2000


class InstalledShifts:
    """Implements console.ports.handover.Shifts."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    def begins(self) -> Sequence[time]:
        return shift_begins(self._installation.loaded.settings.console.shifts)

    def acts(self, since: datetime, until: datetime) -> Sequence[Act]:
        return self._installation.acts.between(since, until)

    def works(self, since: datetime, until: datetime) -> Sequence[Work]:
        windows = SqlMaintenance(self._installation.database.engine).read(since)
        found = []
        for each in windows:
            names = tuple((scope.kind.value, scope.name) for scope in each.scopes)
            for begin, end in occurrences(each, since, until)[:5]:
                # What runs now began before it was asked for, and may go on beyond.
                begins = each.starts_at if not each.every and begin == since else begin
                ends = each.until if end == until else end
                found.append(Work(each.id, each.kind.value, names, begins, ends, each.reason, each.party, each.made_by))
        return sorted(found, key=lambda work: (work.starts_at, work.id))

    def taken(self, since: datetime) -> Sequence[TakenOver]:
        entries = self._installation.journal.read(since.timestamp(), MOST)
        return [_taken(each) for each in reversed(entries) if each.action == ACTION]

    def take(self, taken: TakenOver) -> None:
        area = " ".join(taken.regions)
        self._installation.record_as(taken.by, ACTION, area, note=taken.note, regions=list(taken.regions))

    def on_duty(self) -> Sequence[str]:
        return [each.name for each in Roster(self._installation).roster() if each.now]


def _taken(entry: AuditEntry) -> TakenOver:
    regions = entry.detail.get("regions", [])
    assert isinstance(regions, list)
    return TakenOver(entry.at.utc, entry.actor, tuple(map(str, regions)), str(entry.detail.get("note", "")))
