"""What the office of a history does with its papers: imports what has come in, announces its works, closes months."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.maintenance import Scope, ScopeKind, Window, WorkKind
from alerts.store.maintenance import SqlMaintenance
from alerts.store.months import SqlMonthStore
from domain.availability import month
from domain.language import _
from domain.network import Inventory
from inventory.exporting import export_tables
from inventory.importing import read_import
from kentongan.availability import close, open_month
from kentongan.errors import KentonganError
from kentongan.importing import keep_import
from kentongan.installation import Installation
from kentongan.run.telling import office_holidays
from lab.kabupaten.troubles import Trouble
from lab.kabupaten.unfolding import known_on, news

ANNOUNCED_SECONDS = 600.0


class HistoryImportError(KentonganError):
    """Rows that the import refused."""


@dataclass(slots=True)
class Office:
    """whole: everything that will ever be in its books."""

    installation: Installation
    whole: Inventory
    zone: ZoneInfo
    _known: Inventory | None = None

    def import_news(self, day: date) -> bool:
        """By the ordinary import, as files: what has come in since the last day. Whether anything has."""
        before = self._known or self.installation.inventory.read()
        self._known = known_on(self.whole, day)
        fresh = news(before, self._known)
        files = [(f"{name}", content) for name, content in export_tables(fresh).items() if content.count(b"\n") > 1]
        if not files:
            return False
        result = read_import(files, self.installation.inventory.read(), self.installation.regions)
        if result.errors:
            raise HistoryImportError(_("The history's own file was refused: {reason}").format(reason=result.errors[0]))
        keep_import(self.installation, result)
        return True

    def announce(self, work: Trouble) -> None:
        """Our own work on a segment or link, with a little more time than it takes."""
        scopes = tuple(Scope(self._kind(name), name) for name in work.names)
        starts_at = datetime.fromtimestamp(work.at - ANNOUNCED_SECONDS, UTC)
        ends_at = datetime.fromtimestamp(work.until + ANNOUNCED_SECONDS, UTC)
        window = Window(
            f"m-{starts_at:%y%m%d%H%M}",
            WorkKind.OWN,
            scopes,
            starts_at,
            ends_at,
            zone=self.zone.key,
            reason=work.words,
            made_by=self.installation.actor,
            made_at=self.installation.clock.now().utc,
        )
        SqlMaintenance(self.installation.database.engine).save(window)
        self.installation.record("maintenance announced", window.id)

    def close_month_before(self, day: date) -> str:
        """Freeze the last whole month before a day, unless that has been done. Its name; empty if there was nothing."""
        installation = self.installation
        label = f"{day.replace(day=1) - timedelta(days=1):%Y-%m}"
        now = installation.clock.now().utc
        if SqlMonthStore(installation.database.engine).get(label) is not None:
            return ""
        period = month(label, self.zone, now)
        if not installation.watches.between(period.start, period.until):
            return ""
        close(installation, open_month(installation, period, office_holidays(installation.loaded)))
        return label

    def _kind(self, name: str) -> ScopeKind:
        return ScopeKind.LINK if any(link.name == name for link in self.whole.links) else ScopeKind.SEGMENT
