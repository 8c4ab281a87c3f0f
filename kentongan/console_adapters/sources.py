"""What the console sees, read from the database: states and incidents each time, the inventory when it changed.

Nothing here asks a device, and nothing disturbs the poller: the database is read, and its readiness asked by HTTP.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.dispatch.directory import Directory
from alerts.states.reasons import words as reason_words
from alerts.texts import Wording
from console.ports import Hush, Look, Silence, Words
from domain.incidents import Act, Incident, Notice, NoticeEvent, NoticeReason, Party
from domain.network import Inventory
from kentongan.console_adapters.beside import Beside
from kentongan.console_adapters.poller_client import poller_url, reasons_of
from kentongan.installation import Installation

MOST_WORDS = 2000
_DOT = " · "


class DatabaseSources:
    """Implements console.ports.Sources."""

    def __init__(self, installation: Installation, languages: Sequence[str]) -> None:
        self._installation = installation
        self._poller = Poller(installation)
        self._lock = threading.Lock()
        self._revision = -1
        self._inventory = Inventory()
        self._names: Mapping[str, str] = {}
        self._directory = Directory(Inventory(), {})
        self._seen: object = None
        self._mark = 0
        zone = ZoneInfo(installation.loaded.settings.language.timezone)
        self._wordings = {language: Wording(language, zone) for language in languages}
        self._words: dict[tuple[object, ...], tuple[Incident, Words]] = {}

    def look(self) -> Look:
        with self._lock:
            self._know()
            now = self._installation.clock.now()
            states = {state.name: state for state in self._installation.states.read()}
            open_ = self._installation.incidents.open()
            silent, since = self._poller.silence(now.steady_seconds, now.utc)
            seen = (self._revision, states, open_, silent)
            if seen != self._seen:
                self._seen, self._mark = seen, self._mark + 1
            return Look(now.utc, self._inventory, self._names, states, open_, silent, since, self._mark)

    def incident(self, id_: str) -> Incident | None:
        return self._installation.incidents.get(id_)

    def between(self, since: datetime, until: datetime) -> Sequence[Incident]:
        return self._installation.incidents.between(since, until)

    def timeline(self, id_: str) -> Sequence[Act]:
        return self._installation.acts.of(id_)

    def words(self, incident: Incident, language: str) -> Words:
        with self._lock:
            key = (incident.id, language, incident.cause, incident.impact)  # who sees a part of it has other words
            kept = self._words.get(key)
            if kept is not None and kept[0] == incident:
                return kept[1]
            words = self._said(incident, self._wordings.get(language) or next(iter(self._wordings.values())))
            if len(self._words) >= MOST_WORDS:
                self._words.clear()
            self._words[key] = (incident, words)
            return words

    def reason(self, reason: str) -> str:
        return reason_words(reason)

    def _said(self, incident: Incident, wording: Wording) -> Words:
        around = self._directory.around(incident)
        event, reason = NoticeEvent.OPENED, NoticeReason.NEW
        if not incident.is_open:
            event, reason = NoticeEvent.RESOLVED, NoticeReason.OVER
        at = incident.resolved_at or self._installation.clock.now().utc
        order = wording.message(Notice(incident.id, event, reason, at, incident), around)
        first, *lines = [line for line in order.splitlines() if line.strip()]
        state, _dot, rest = first.partition(_DOT)
        whose, _dot, actor = rest.partition(_DOT)
        evidence = tuple(dict.fromkeys(wording.evidence(each, around) for each in incident.verdict.evidence))
        theirs = incident.liable is not None and incident.liable.party is Party.PROVIDER
        ticket = wording.ticket(incident, at, around) if theirs else ""
        return Words(state, whose, actor, wording.title(incident, around), tuple(lines), evidence, order, ticket)

    def _know(self) -> None:
        revision = self._installation.inventory.revision()
        if revision == self._revision:
            return
        self._inventory, regions = self._installation.inventory.read(), self._installation.regions
        home = regions.home()
        self._names = {region.code: region.name for region in regions.within(home)} if home else {}
        self._directory = Directory(self._inventory, self._names)
        self._words.clear()
        self._revision = revision


class Poller:
    """Whether `kentongan run` can be believed now: asked at its own page, every few seconds, beside whoever looks."""

    def __init__(self, installation: Installation, ask: Callable[[str], Sequence[str]] | None = None) -> None:
        self._url = poller_url(installation, "/readyz")
        self._ask = ask or reasons_of
        away = Silence(Hush.GONE, self._url) if self._url else Silence(Hush.UNASKABLE)
        self._said: Beside[Silence | None] = Beside(self._why, away)
        self._since: datetime | None = None

    def silence(self, steady_seconds: float, now: datetime) -> tuple[Silence | None, datetime | None]:
        """(why, since when); (None, None) while it works."""
        silent = self._said.newest(steady_seconds)
        self._since = (self._since or now) if silent else None
        return silent, self._since

    def _why(self) -> Silence | None:
        if not self._url:
            return Silence(Hush.UNASKABLE)
        try:
            reasons = tuple(self._ask(self._url))
        except (OSError, ValueError):
            return Silence(Hush.GONE, self._url)
        return Silence(Hush.NOT_READY, self._url, reasons) if reasons else None
