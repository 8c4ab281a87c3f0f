"""What closed months say of one village: the kept figures, and what was corrected later. Of closed months alone."""

import json
import threading
from collections.abc import Iterable, Mapping
from typing import Any

from alerts.store.months import ClosedMonth, Correction, SqlMonthStore
from console.ports.network import ClosedFigure, CorrectedFigure
from domain.availability import By
from kentongan.availability import frozen_rows
from kentongan.installation import Installation

Rows = Mapping[str, Mapping[str, Any]]


class ClosedMonths:
    """What is closed never changes: its rows are read once. Safe for threads."""

    def __init__(self, installation: Installation) -> None:
        self._store = SqlMonthStore(installation.database.engine)
        self._lock = threading.Lock()
        self._read: dict[str, tuple[ClosedMonth, Rows]] = {}

    def of(self, village: str, months: Iterable[str]) -> dict[str, ClosedFigure]:
        """By month, `2026-10`; those that are not closed are left out."""
        found = {}
        for label in months:
            known = self._month(label)
            if known is not None:
                month, rows = known
                row = rows.get(village, {})
                found[label] = ClosedFigure(
                    month.closed_at,
                    row.get("availabilityPercent"),
                    row.get("completenessPercent"),
                    _corrected(village, row, self._store.corrections(label)),
                )
        return found

    def _month(self, label: str) -> tuple[ClosedMonth, Rows] | None:
        with self._lock:
            if label not in self._read:
                month = self._store.get(label)
                if month is None:
                    return None
                self._read[label] = month, {row["key"]: row for row in frozen_rows(month, By.DESA)}
            return self._read[label]


def _corrected(village: str, row: Mapping[str, Any], corrections: Iterable[Correction]) -> CorrectedFigure | None:
    """As the last correction reads, which holds all that differs from the close; None if that is nothing here."""
    last = next(iter(reversed(tuple(corrections))), None)
    changes = json.loads(last.document)["changes"] if last else ()
    mine = next((each for each in changes if each["by"] == By.DESA.value and each["key"] == village), None)
    if last is None or mine is None:
        return None

    def now(name: str) -> float | None:
        change: Mapping[str, float | None] = mine["changed"].get(name, {"after": row.get(name)})
        return change["after"]

    return CorrectedFigure(last.at, last.why, now("availabilityPercent"), now("completenessPercent"))
