"""What the page of one village asks the database for: its row of the coverage, its users, the kecamatan's outlines."""

import threading
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from console.ports.network import ClosedFigure, Users
from inventory.store.coverage import SqlCoverageStore
from kentongan.console_adapters.closed_months import ClosedMonths
from kentongan.console_adapters.coverage import BookCoverage
from kentongan.console_adapters.outlines import Outlines
from kentongan.installation import Installation

FRESH_SECONDS = 300.0


class DatabaseVillages:
    """Implements console.ports.network.Villages."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._book = BookCoverage(installation)
        self._months = ClosedMonths(installation)
        self._lock = threading.Lock()
        self._rows: tuple[date | None, float, dict[str, Mapping[str, Any]]] = (None, 0.0, {})
        self._outlines = Outlines(installation)

    def coverage(self, code: str) -> Mapping[str, Any] | None:
        with self._lock:
            today, now = self._installation.today(), self._installation.clock.now().steady_seconds
            on, read_at, rows = self._rows
            if on != today or now - read_at > FRESH_SECONDS:
                rows = {each["code"]: each for each in self._book.document(today, None)["villages"]}
                self._rows = today, now, rows
            return rows.get(code)

    def closed(self, code: str, months: Sequence[str]) -> Mapping[str, ClosedFigure]:
        return self._months.of(code, months)

    def users(self, code: str, months: int) -> Sequence[Users]:
        today = self._installation.today()
        since = (today.replace(day=1) - timedelta(days=31 * (months - 1))).replace(day=1)
        found = SqlCoverageStore(self._installation.database.engine).use_months(since, today)
        return [Users(each.month, each.users, each.mean_users) for each in found if each.region_code == code]

    def outlines(self) -> Mapping[str, Any]:
        return self._outlines.document()
