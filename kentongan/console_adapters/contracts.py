"""Contracts for the console, with what this month owes so far: worked out beside the page, kept for some minutes."""

import threading
from collections.abc import Callable, Collection, Sequence
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from alerts.store.trends import SqlQuotas
from console.ports.contracts import MonthSoFar, Owed, QuotaMonth
from domain.availability import By, month
from domain.network import Inventory
from kentongan.availability import open_month
from kentongan.installation import Installation

FRESH_SECONDS: Final = 900.0

log = structlog.get_logger(__name__)


def start_thread(work: Callable[[], None]) -> None:
    threading.Thread(target=work, name="contracts", daemon=True).start()


class InstalledContracts:
    """Implements console.ports.contracts.Contracts."""

    def __init__(self, installation: Installation, start: Callable[[Callable[[], None]], None] = start_thread) -> None:
        self._installation = installation
        self._start = start
        self._lock = threading.Lock()
        self._month = MonthSoFar()
        self._read_at = float("-inf")
        self._is_read = False
        self._inventory = Inventory()
        self._revision = -1

    def inventory(self) -> Inventory:
        with self._lock:
            revision = self._installation.inventory.revision()
            if revision != self._revision:
                self._inventory, self._revision = self._installation.inventory.read(stages=False), revision
            return self._inventory

    def used(self, links: Collection[str], since: str) -> Sequence[QuotaMonth]:
        kept = SqlQuotas(self._installation.database.engine).since(since, links)
        return [QuotaMonth(each.link, each.month, each.octets) for each in kept]

    def month(self) -> MonthSoFar:
        with self._lock:
            now = self._installation.clock.now().steady_seconds
            wanted = not self._is_read and now - self._read_at >= FRESH_SECONDS
            if wanted:
                self._is_read = True
        if wanted:
            self._start(self._work_out)
        with self._lock:
            return self._month

    def _work_out(self) -> None:
        try:
            found = self._read()
        except Exception as error:  # a thread of its own: nobody else would tell
            log.warning("contracts_failed", error=str(error))
            found = MonthSoFar(at=self._installation.clock.now().utc, problem=str(error))
        with self._lock:
            self._month, self._is_read = found, False
            self._read_at = self._installation.clock.now().steady_seconds

    def _read(self) -> MonthSoFar:
        at = self._installation.clock.now().utc
        zone = ZoneInfo(self._installation.loaded.settings.language.timezone)
        period = month(f"{at.astimezone(zone):%Y-%m}", zone, at)
        report = open_month(self._installation, period).reporter.report(By.PROVIDER)
        owed = {
            each.contract: Owed(each.availability_percent, each.from_detection, each.from_ticket, each.problem)
            for row in report.rows
            for each in row.restitutions
        }
        return MonthSoFar(period.label, owed, at)
