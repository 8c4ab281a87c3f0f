"""The morning: what the night brought to each kecamatan, and contracts that end. Each told once, also over restarts.

A machine that wakes late tells of the night for some hours; after that the evening before is no news.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from alerts.dispatch.digest import Night, contract_messages, digest_messages, digest_time, last_due
from alerts.dispatch.directory import Directory
from alerts.dispatch.memory import Memory
from alerts.dispatch.messages import Message
from alerts.dispatch.routing import Routing
from alerts.store.outbox import SqlOutbox
from alerts.store.tellings import SqlTellings
from domain.network import Check, Inventory, RegionLevel, Site, SiteKind, Stage, level_of
from domain.time import Moment
from kentongan.installation import Installation
from kentongan.run.telling import wording_of

log = structlog.get_logger(__name__)

DIGEST: Final = "digest"
CONTRACT: Final = "contract"
LAST: Final = "last"
NEWS_FOR: Final = timedelta(hours=6)
NIGHT: Final = timedelta(days=1)
FORGET_AFTER: Final = timedelta(days=400)  # a contract's last warning is long past, and it ends but once
WARN_AT: Final = "07.30"  # contracts, where no digest is wanted
VILLAGES: Final = (SiteKind.DESA, SiteKind.KELURAHAN)
IN_SERVICE: Final = (Stage.ACTIVE, Stage.HANDED_OVER)


@dataclass(frozen=True, slots=True)
class _Office:
    """What the inventory says, at one revision."""

    inventory: Inventory
    names: Mapping[str, str]
    routing: Routing
    directory: Directory


class Morning:
    """`know` each inventory, `turn` each minute. lit: whether a device answers now."""

    def __init__(self, installation: Installation, lit: Callable[[str], bool]) -> None:
        settings = installation.loaded.settings
        engine = installation.database.engine
        self._installation, self._lit = installation, lit
        self._outbox, self._tellings = SqlOutbox(engine), SqlTellings(engine)
        self._wording = wording_of(settings)  # its own: it is used in a thread
        self._zone = self._wording.speech.zone
        self._wants_digest = bool(settings.notify.digest_at)
        self._at = digest_time(settings.notify.digest_at or WARN_AT)
        self._office: _Office | None = None
        self._last: datetime | None = None  # as it is kept: else all memories were read each minute

    def know(self, inventory: Inventory, names: Mapping[str, str], routing: Routing) -> None:
        """names: of the kabupaten's regions, by code."""
        self._office = _Office(inventory, names, routing, Directory(inventory, names))

    async def turn(self, now: Moment) -> int:
        """Put what is due into the outbox; how many messages. Raises DatabaseError. The clock must be trusted."""
        if self._office is None or self._at is None:
            return 0
        due = last_due(self._at, now.utc, self._zone)
        if self._is_told(self._last, due, now.utc):
            return 0
        served = served_villages(self._office.inventory, self._office.directory, self._lit)
        return await asyncio.to_thread(self._tell, self._office, due, now.utc, served)

    def _tell(self, office: _Office, due: datetime, now: datetime, served: Mapping[str, tuple[int, int]]) -> int:
        told = {(memory.kind, memory.key): memory for memory in self._tellings.read()}
        last = _instant(told.get((DIGEST, LAST)))
        if self._is_told(last, due, now):
            self._last = last
            return 0
        messages: list[Message] = []
        warnings: list[Message] = []
        if now - due <= NEWS_FOR:
            if last is not None and self._wants_digest:  # before the first morning after `init` there was no night
                messages += self._digest(office, due, served)
            warnings = self._warnings(office, now, frozenset(key for kind, key in told if kind == CONTRACT))
            messages += warnings
        memories = [
            Memory(DIGEST, LAST, {"at": due.timestamp()}),
            *(Memory(CONTRACT, name, {"at": now.timestamp()}) for name in {each.topic for each in warnings}),
            *(Memory(each.kind, each.key) for each in _long_past(told.values(), now)),
        ]
        with self._installation.database.transaction() as connection:
            self._outbox.put_in(connection, messages)
            self._tellings.save_in(connection, memories)
        self._last = due
        if messages:
            log.info("morning_told", digests=len(messages) - len(warnings), warnings=len(warnings))
        return len(messages)

    def _is_told(self, last: datetime | None, due: datetime, now: datetime) -> bool:
        """A mark in the future is of a clock that was wrong."""
        return last is not None and due <= last <= now + NIGHT

    def _digest(self, office: _Office, due: datetime, served: Mapping[str, tuple[int, int]]) -> tuple[Message, ...]:
        since = due - NIGHT
        incidents = self._installation.incidents.between(since, due)
        home = self._installation.regions.home() or ""
        night = Night(since, due, incidents, served, home, office.names)
        return digest_messages(night, office.directory, office.inventory.contracts, office.routing, self._wording)

    def _warnings(self, office: _Office, now: datetime, told: frozenset[str]) -> list[Message]:
        today = now.astimezone(self._zone).date()
        messages = contract_messages(office.inventory, office.routing, self._wording, today, now)
        return [message for message in messages if message.topic not in told]


def served_villages(
    inventory: Inventory, directory: Directory, lit: Callable[[str], bool]
) -> dict[str, tuple[int, int]]:
    """Kecamatan's code → (villages of which a device answers, villages that we connect and watch)."""
    all_, served = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for site in inventory.sites:
        code = directory.district(site)
        if not code or not site.region_code or not _counts(site):
            continue
        watched = [each for each in inventory.used_at_site.get(site.slug, ()) if each.check is not Check.NONE]
        if not watched or level_of(code) is not RegionLevel.DISTRICT:
            continue
        all_[code].add(site.region_code)
        if any(lit(each.name) for each in watched):
            served[code].add(site.region_code)
    return {code: (len(served[code]), len(villages)) for code, villages in all_.items()}


def _counts(site: Site) -> bool:
    return site.kind in VILLAGES and site.counts_for_coverage and site.stage in IN_SERVICE


def _instant(memory: Memory | None) -> datetime | None:
    at = memory.document.get("at") if memory is not None else None
    return datetime.fromtimestamp(at, UTC) if isinstance(at, int | float) else None


def _long_past(memories: Iterable[Memory], now: datetime) -> list[Memory]:
    return [each for each in memories if each.kind == CONTRACT and now - (_instant(each) or now) > FORGET_AFTER]
