"""A piece of announced work: once, coming back, or open-ended; our own, a provider's, or PLN's.

Only our own is 'planned' in the figures: what a provider or PLN announces silences pages and stays charged to them.
"""

import hashlib
from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from alerts.maintenance.recurrence import Recurrence, read_recurrence
from domain.incidents import Evidence, EvidenceKind, Liable, Party

_LOOK_AHEAD: Final = timedelta(days=70)  # a monthly window is at most 62 days away


class WorkKind(StrEnum):
    OWN = "own"
    PROVIDER = "provider"
    PLN = "pln"


class ScopeKind(StrEnum):
    DEVICE = "device"
    SITE = "site"
    LINK = "link"
    SEGMENT = "segment"
    FEEDER = "feeder"
    AREA = "area"  # a region's code


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """What is worked on; everything behind it is covered too. name: its key in the inventory."""

    kind: ScopeKind
    name: str

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.name}"


@dataclass(frozen=True, slots=True)
class Window:
    """ends_at: None for open-ended. every: a rhythm within [starts_at, ends_at), as people write it; empty: once.

    party: the provider by name. ended_at: ended by hand before its time.
    """

    id: str
    kind: WorkKind
    scopes: tuple[Scope, ...]
    starts_at: datetime
    ends_at: datetime | None = None
    every: str = ""
    zone: str = "Asia/Jakarta"
    reason: str = ""
    party: str = ""
    made_by: str = ""
    made_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""

    @property
    def until(self) -> datetime | None:
        """Its end by time or by hand, whichever is first."""
        ends = [at for at in (self.ends_at, self.ended_at) if at is not None]
        return min(ends, default=None)

    @property
    def recurrence(self) -> Recurrence | None:
        return read_recurrence(self.every) if self.every else None


def window_id(kind: WorkKind, scopes: Iterable[Scope], made_at: datetime) -> str:
    """Short enough to be typed: m-abcd."""
    text = f"{kind}|{'|'.join(sorted(map(str, scopes)))}|{made_at.timestamp():.6f}"
    return f"m-{b32encode(hashlib.sha256(text.encode()).digest()).decode().lower()[:5]}"


def occurrences(window: Window, since: datetime, until: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """The stretches of work inside [since, until), in UTC, sorted, apart from each other."""
    begin = max(since, window.starts_at)
    end = until if window.until is None else min(until, window.until)
    if begin >= end:
        return ()
    recurrence = window.recurrence
    if recurrence is None:
        return ((begin.astimezone(UTC), end.astimezone(UTC)),)
    return recurrence.intervals(begin, end, ZoneInfo(window.zone))


def active(window: Window, now: datetime) -> bool:
    return bool(occurrences(window, now, now + timedelta(microseconds=1)))


def next_change(windows: Iterable[Window], now: datetime) -> datetime | None:
    """When the next of them begins or ends; None: nothing changes in the next weeks."""
    found: list[datetime] = []
    for window in windows:
        for begin, end in occurrences(window, now, now + _LOOK_AHEAD)[:2]:
            found += [at for at in (begin, end) if now < at < now + _LOOK_AHEAD]
    return min(found, default=None)


def charged_to(window: Window) -> Liable:
    match window.kind:
        case WorkKind.OWN:
            return Liable(Party.PLANNED)
        case WorkKind.PROVIDER:
            return Liable(Party.PROVIDER, window.party)
        case WorkKind.PLN:
            return Liable(Party.PLN)
        case _:
            assert_never(window.kind)


def evidence_of(window: Window, subject: str, now: datetime) -> Evidence | None:
    """What an announcement is worth as a witness; our own work is no evidence of anybody's fault."""
    kinds = {WorkKind.PROVIDER: EvidenceKind.PROVIDER_NOTICE, WorkKind.PLN: EvidenceKind.PLN_NOTICE}
    if window.kind not in kinds or not active(window, now):
        return None
    values = {"window": window.id}
    if window.until is not None:
        values["until"] = f"{window.until.astimezone(ZoneInfo(window.zone)):%H.%M}"
    return Evidence(kinds[window.kind], subject, window.starts_at, values)
