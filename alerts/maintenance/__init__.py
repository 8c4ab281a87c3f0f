"""Announced work: when it is, what it covers, whom it is charged to. Silences pages, hides nothing. Pure."""

from alerts.maintenance.covering import InventoryReach, Reach, silencing
from alerts.maintenance.recurrence import Recurrence, RecurrenceError, read_recurrence
from alerts.maintenance.villages import VillageMatch, VillageName, match_villages
from alerts.maintenance.windows import (
    Scope,
    ScopeKind,
    Window,
    WorkKind,
    active,
    charged_to,
    evidence_of,
    next_change,
    occurrences,
    window_id,
)

__all__ = [
    "InventoryReach",
    "Reach",
    "Recurrence",
    "RecurrenceError",
    "Scope",
    "ScopeKind",
    "VillageMatch",
    "VillageName",
    "Window",
    "WorkKind",
    "active",
    "charged_to",
    "evidence_of",
    "match_villages",
    "next_change",
    "occurrences",
    "read_recurrence",
    "silencing",
    "window_id",
]
