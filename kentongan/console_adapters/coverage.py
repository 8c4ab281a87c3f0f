"""Coverage for the console: read again when the inventory changed, on another day, and every few minutes anyway."""

import threading
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from domain.coverage.candidates import Assumptions
from kentongan.console_adapters.outlines import Outlines
from kentongan.coverage import CoverageBook, open_coverage
from kentongan.coverage_plan import build_plan, plain_plan
from kentongan.installation import Installation

FRESH_SECONDS = 300.0


class BookCoverage:
    """Implements console.ports.Coverage."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._lock = threading.Lock()
        self._book: CoverageBook | None = None
        self._key: object = None
        self._read_at = 0.0
        self._outlines = Outlines(installation)

    def document(self, on: date, since: date | None) -> Mapping[str, Any]:
        with self._lock:
            return self._open().document(on, since=since)

    def curve(self, on: date) -> Sequence[tuple[date, int]]:
        with self._lock:
            return self._open().curve(on)

    def plan(self, budget: int) -> Mapping[str, Any]:
        with self._lock:
            return plain_plan(build_plan(self._open(), self._installation.inventory.read(), budget, Assumptions()))

    def outlines(self) -> Mapping[str, Any]:
        return self._outlines.document()

    def _open(self) -> CoverageBook:
        now = self._installation.clock.now().steady_seconds
        key = (self._installation.inventory.revision(), self._installation.today())
        if self._book is None or key != self._key or now - self._read_at > FRESH_SECONDS:
            self._book, self._key, self._read_at = open_coverage(self._installation), key, now
        return self._book
